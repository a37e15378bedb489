//! A supervisor listens to another agent's call, speaks to the agent alone, or to both.

use crate::kernel::ids::{ContactId, LegId, StaffId};
use crate::switchboard::event::{ActRefusal, Monitor};
use crate::switchboard::{ActReply, Switchboard, Work};

/// `leg` is the browser leg about to be connected; whoever listens already only changes how, and needs none.
pub(crate) fn monitor(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
    mode: Monitor,
    leg: LegId,
) -> Result<ActReply, ActRefusal> {
    board.may_watch(agent, contact)?;
    if board.watches(agent, contact) {
        board.change_monitor(work, agent, contact, mode);
        return Ok(ActReply::Done);
    }
    board.watch(work, agent, contact, leg, Some(mode));
    Ok(ActReply::Accepted { contact })
}
