//! An agent has something done to the account of their customer. What was shown decides; what is missing goes on record.

use crate::kernel::account_act::AccountAct;
use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// Once more while it is under way asks for nothing new.
pub(crate) fn act_on_account(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
    act: AccountAct,
) -> Result<ActReply, ActRefusal> {
    board.leads_connected(agent, contact)?;
    board.act_on_account(work, (agent, contact), act)?;
    Ok(ActReply::Done)
}
