//! An agent has the impression that somebody tells the caller what to do. Nothing is said about it to the caller.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// Once more changes nothing.
pub(crate) fn suspect_pressure(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    if !board.talks_with(agent, contact) {
        return Err(ActRefusal::NotYourContact);
    }
    board.suspect_pressure(work, contact);
    Ok(ActReply::Done)
}
