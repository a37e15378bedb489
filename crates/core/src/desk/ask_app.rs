//! An agent has the customer carry a code over to the wallet's app, which shows them what it is for.

use crate::identity::Linked;
use crate::kernel::ids::{ContactId, StaffId};
use crate::kernel::pii::Pii;
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

pub(crate) fn ask_app(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
    number: Option<Pii<String>>,
    linked: Linked,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    board.may_ask_app(agent, contact, number.is_some(), &linked)?;
    board.ask_app(work, contact, number, linked);
    Ok(ActReply::Done)
}
