//! Money back, asked for on the phone: what a transaction allows, the request, and what is shown for one asked for before. What is read of a
//! transaction is written down before it is read.

use super::{Call, Helper};
use crate::refunds::{Allowed, RefundError};
use walletline_core::commit::{Commit, Entry};
use walletline_core::identity::{Permit, RequestRefund};
use walletline_core::kernel::{actor::Actor, purpose::Purpose};
use walletline_core::switchboard::help::Helped;

/// Finds out what can go back of a transaction.
pub(super) async fn find(helper: &Helper, call: &Call, permit: Permit<RequestRefund>, id: &str) {
    let read = Entry::new(helper.clock.wall(), Actor::Caller, "transaction.read", call.contact).for_purpose(Purpose::Service);
    let help = match helper.store.commit(Commit::new(read, Vec::new())).await {
        Err(_) => Helped::Unavailable,
        Ok(()) => match helper.refunds.allowed(permit, id).await {
            Ok(Allowed::Offer(offer)) => Helped::Refundable(offer),
            Ok(Allowed::Nothing { tail, hurdle }) => Helped::NotRefundable { tail, hurdle },
            Ok(Allowed::Person) => Helped::PersonNeeded,
            Err(error) => refused(&error),
        },
    };
    call.answer(helper, help).await;
}

/// Asks for all that can go back of a transaction.
pub(super) async fn ask(helper: &Helper, call: &Call, permit: Permit<RequestRefund>, transaction: &str) {
    let named = (call.contact, call.number);
    let taken = helper.refunds.ask_by_customer(permit, named, call.language, transaction).await;
    call.answer(helper, taken.map_or_else(|error| refused(&error), Helped::RefundTaken)).await;
}

/// Writes down what was shown for a refund that was asked for before.
pub(super) async fn show(helper: &Helper, call: &Call, permit: Permit<RequestRefund>, transaction: &str) {
    let taken = helper.refunds.show_by_customer(permit, transaction).await;
    call.answer(helper, taken.map_or_else(|error| refused(&error), Helped::RefundTaken)).await;
}

/// What a caller is told: a rule is a person's to explain, and what does not answer is said as such.
fn refused(error: &RefundError) -> Helped {
    match error {
        RefundError::NoTransaction => Helped::NotFound,
        RefundError::SeveralTransactions => Helped::Several,
        RefundError::Refused(_)
        | RefundError::Permit(_)
        | RefundError::Expired(_)
        | RefundError::NotFresh(_)
        | RefundError::Amount(_)
        | RefundError::NotFound
        | RefundError::KeyReused
        | RefundError::NotConnected => Helped::PersonNeeded,
        RefundError::WalletSilent | RefundError::Conflict | RefundError::Unavailable(_) => {
            tracing::warn!(%error, "a refund could not be asked for on the phone");
            Helped::Unavailable
        }
    }
}
