//! An agent ends the call with the customer; or a supervisor one that no agent is on any more.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// Asking again once the call is over changes nothing: the customer may have been quicker.
pub(crate) fn hang_up(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    if board.wraps_up(agent, contact) {
        return Ok(ActReply::Done);
    }
    if board.may_end(agent, contact) {
        board.end_away(work, agent, contact);
        return Ok(ActReply::Done);
    }
    if !board.talks_with(agent, contact) {
        return Err(ActRefusal::NotYourContact);
    }
    board.hang_up(work, agent, contact);
    Ok(ActReply::Done)
}
