//! An agent is told of a payment that the customer did not make, of one that went wrong, or of something to complain of: a case is opened.

use crate::help::{Reported, is_transaction_number};
use crate::kernel::ids::{ContactId, StaffId};
use crate::switchboard::event::ActRefusal;
use crate::switchboard::{ActReply, Switchboard, Work};

/// Told again, it is the same case. Nothing is said of whether there is such a payment: that is asked once the customer has shown who they
/// are.
pub(crate) fn report(
    board: &mut Switchboard,
    work: &mut Work,
    agent: StaffId,
    contact: ContactId,
    what: Reported,
    transaction: Option<String>,
) -> Result<ActReply, ActRefusal> {
    board.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
    if !board.talks_with(agent, contact) {
        return Err(ActRefusal::NotYourContact);
    }
    if transaction.as_deref().is_some_and(|number| !is_transaction_number(number)) {
        return Err(ActRefusal::NoTransactionNumber);
    }
    board.report(work, contact, what, transaction);
    Ok(ActReply::Done)
}
