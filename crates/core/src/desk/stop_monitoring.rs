//! A supervisor listens to a call no more.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// Asking again changes nothing: the call may have been over first.
pub(crate) fn stop_monitoring(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    board.stop_watching(work, agent, contact);
    Ok(ActReply::Done)
}
