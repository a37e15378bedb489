//! An agent has the customer show who they are: a code, keyed where nobody hears it.

use crate::kernel::assurance::Factor;
use crate::kernel::ids::{ContactId, StaffId};
use crate::kernel::pii::Pii;
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// Once more while the customer is at it sends another code.
pub(crate) fn challenge(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
    factor: Factor,
    number: Option<Pii<String>>,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    board.may_challenge(agent, contact, factor, number.as_ref(), work.now.wall)?;
    board.challenge(work, contact, factor, number);
    Ok(ActReply::Done)
}
