//! An agent calls a transfer off, or sends the other agents away, and is with the customer again.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

pub(crate) fn take_back(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
) -> Result<ActReply, ActRefusal> {
    board.leads_connected(agent, contact)?;
    board.take_back(work, agent, contact);
    Ok(ActReply::Done)
}
