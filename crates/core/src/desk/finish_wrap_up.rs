//! An agent has finished the record of the last contact.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

pub(crate) fn finish_wrap_up(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    if board.talks_with(agent, contact) {
        return Err(ActRefusal::Busy);
    }
    if !board.wraps_up(agent, contact) {
        return Err(ActRefusal::NotYourContact);
    }
    board.finish_wrap_up(work, agent);
    Ok(ActReply::Done)
}
