//! An agent looks at what protects the account of their customer: devices, sessions, the second factor. It shows what revoking them needs.

use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// What is there comes onto the card.
pub(crate) fn look_at_account(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
) -> Result<ActReply, ActRefusal> {
    board.leads_connected(agent, contact)?;
    board.look_at_account(work, (agent, contact))?;
    Ok(ActReply::Done)
}
