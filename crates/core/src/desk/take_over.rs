//! A supervisor takes a call over from the agent who leads it.

use crate::kernel::ids::{ContactId, LegId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// `leg` is the browser leg about to be connected; whoever listens already has one.
pub(crate) fn take_over(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
    leg: LegId,
) -> Result<ActReply, ActRefusal> {
    board.may_take_over(agent, contact)?;
    if board.watches(agent, contact) {
        board.take_over(work, agent, contact);
        return Ok(ActReply::Done);
    }
    board.watch(work, agent, contact, leg, None);
    Ok(ActReply::Accepted { contact })
}
