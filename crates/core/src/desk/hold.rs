//! An agent puts the customer on hold: they hear music, and nothing of what is said at the desk.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// Asking again while the customer is on hold changes nothing: desk and phone may both have asked.
pub(crate) fn hold(board: &mut Switchboard, work: &mut Work, agent: StaffId, contact: ContactId) -> Result<ActReply, ActRefusal> {
    board.leads_connected(agent, contact)?;
    board.hold(work, contact);
    Ok(ActReply::Done)
}
