//! An agent takes the customer back from hold.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// Asking again once they hear each other changes nothing.
pub(crate) fn resume(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    if !board.talks_with(agent, contact) {
        return Err(ActRefusal::NotYourContact);
    }
    if !board.is_connected(contact) {
        return Err(ActRefusal::NotConnected);
    }
    board.resume(work, contact);
    Ok(ActReply::Done)
}
