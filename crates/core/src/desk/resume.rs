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
    board.leads_connected(agent, contact)?;
    board.resume(work, contact);
    Ok(ActReply::Done)
}
