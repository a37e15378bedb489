//! Refunds at a wallet: what it says of the transaction, the reversal under its key, and what became of it by that key. It repeats nothing
//! and names no destination.

use super::super::rail::{GiveBack, RefundRail};
use super::{Looked, Unavailable, Wallet, is_party_in};
use futures_util::future::BoxFuture;
use walletline_core::kernel::{
    money::{Currency, Money},
    pii::Pii,
};
use walletline_core::money::{Original, Reported};
use walletline_gsma::wire::{ErrorCategory, ErrorCode, ReversalRequest, Transaction, TransactionStatus, TransactionType};
use walletline_gsma::{AccountRef, Amount, Error, ReversalState};

/// What a customer's transactions answer to a number that is to be refunded.
#[derive(Debug, PartialEq)]
pub enum Refundable {
    /// None of them has it, or not in a way that money can be counted.
    Nothing,
    /// This one.
    One(Box<Original>),
    /// Their numbers end the same.
    Several,
}

impl Wallet {
    /// A transaction of this customer as a source of money, by its whole number or its last six digits.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn original(&self, msisdn: &Pii<String>, id: &str) -> Result<Refundable, Unavailable> {
        let account = AccountRef::Msisdn(msisdn.expose().clone());
        // Which transaction is meant is answered by the customer's own list alone, as for its status.
        let seen = match self.transaction(msisdn, id).await? {
            Looked::Nothing => return Ok(Refundable::Nothing),
            Looked::Several => return Ok(Refundable::Several),
            Looked::One(seen) => seen,
        };
        let (found, holder) =
            (self.ask(self.client.transaction(&seen.id)).await?, self.ask(self.client.account(&account)).await?);
        let (Some(transaction), Some(holder)) = (found, holder) else { return Ok(Refundable::Nothing) };
        let is_payer = is_party_in(&transaction.debit_party, &holder);
        Ok(original(&transaction, is_payer).map_or(Refundable::Nothing, |original| Refundable::One(Box::new(original))))
    }

    /// How its refunds go: as reversals at the wallet itself, unless the configuration names a provider for them.
    #[must_use]
    pub fn rail(&self) -> &dyn RefundRail {
        self.wechat_pay.as_ref().map_or(self, |provider| provider)
    }

    async fn reverse(&self, refund: GiveBack<'_>) -> Reported {
        let Ok(amount) = Amount::from_minor(refund.amount.minor, refund.amount.currency.decimals()) else {
            return Reported::NotReached;
        };
        let request = ReversalRequest::of(amount, refund.amount.currency.to_string());
        let said = self.client.reverse(refund.transaction, &request, refund.key, refund.callback_url).await;
        self.note(&said);
        match said {
            Ok(state) => reported(state),
            // Turned away at the door: nothing was done, and the same request is taken another time.
            Err(Error::Refused(refused)) if turned_away(&refused.error_category, &refused.error_code) => Reported::NotReached,
            Err(Error::Refused(_)) => Reported::Refused,
            Err(Error::NotSent(_)) => Reported::NotReached,
            Err(Error::Unclear(_)) => Reported::NoAnswer,
        }
    }

    async fn reversal(&self, key: &str) -> Reported {
        let said = self.client.reversal(key).await;
        self.note(&said);
        // Whatever keeps the wallet from answering says nothing of what it did.
        said.map_or(Reported::NoAnswer, reported)
    }

    fn note<T>(&self, said: &Result<T, Error>) {
        let answered = matches!(said, Ok(_) | Err(Error::Refused(_)));
        self.breaker.note(answered, self.clock.now().mono);
    }
}

impl RefundRail for Wallet {
    fn give_back<'a>(&'a self, refund: GiveBack<'a>) -> BoxFuture<'a, Reported> {
        Box::pin(self.reverse(refund))
    }

    fn outcome<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Reported> {
        Box::pin(self.reversal(key))
    }
}

fn reported(state: ReversalState) -> Reported {
    match state {
        ReversalState::NotReceived => Reported::NotReceived,
        ReversalState::Completed(reference) => Reported::Done(reference),
        ReversalState::Pending => Reported::Pending,
        ReversalState::Failed => Reported::Refused,
        ReversalState::Unfamiliar => Reported::Unfamiliar,
    }
}

fn turned_away(category: &ErrorCategory, code: &ErrorCode) -> bool {
    *category == ErrorCategory::Authorisation || matches!(code, ErrorCode::RateLimitError | ErrorCode::ClientAuthorisationError)
}

/// None when the wallet writes an amount that cannot be counted exactly.
fn original(transaction: &Transaction, is_payer: bool) -> Option<Original> {
    let currency: Currency = transaction.currency.parse().ok()?;
    let minor = transaction.amount.to_minor(currency.decimals()).ok().filter(|minor| *minor > 0)?;
    let said = transaction.custom_data.get("refundable").map(|word| word.eq_ignore_ascii_case("true"));
    let by_kind = matches!(transaction.transaction_type, TransactionType::MerchantPayment | TransactionType::BillPayment);
    Some(Original {
        transaction: transaction.transaction_reference.expose().to_owned(),
        captured: Money::new(minor, currency),
        is_payer,
        is_completed: transaction.transaction_status == TransactionStatus::Completed,
        // What a wallet says of the transaction goes before what its kind says.
        is_refundable: said.unwrap_or(by_kind),
        is_reversed: transaction.transaction_status == TransactionStatus::Reversed,
    })
}
