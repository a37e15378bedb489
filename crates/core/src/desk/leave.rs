//! An agent leaves the call to the others on it. When the one who leads it goes, a transfer is complete.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// The last agent cannot leave: the customer would be left alone.
pub(crate) fn leave(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    let leads = board.talks_with(agent, contact);
    if !leads && !board.is_guest(agent, contact) {
        return Err(ActRefusal::NotYourContact);
    }
    if leads && !board.has_company(contact) {
        return Err(ActRefusal::Alone);
    }
    board.leave(work, agent, contact);
    Ok(ActReply::Done)
}
