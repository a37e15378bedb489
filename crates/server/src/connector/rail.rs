//! The ways by which money goes back: one shape for every provider. Whatever one of them says is told in the words of `core/money`, and
//! none of them repeats anything by itself.

use futures_util::future::BoxFuture;
use walletline_core::kernel::money::Money;
use walletline_core::money::{Refund, Reported};

/// What a provider has to know of a refund. No customer, no reason, and no destination: money goes back where it came from.
#[derive(Debug, Clone, Copy)]
pub struct GiveBack<'a> {
    /// The key under which the provider knows it again: a UUID.
    pub key: &'a str,
    /// Of which transaction.
    pub transaction: &'a str,
    /// How much.
    pub amount: Money,
    /// Where the provider may tell its end.
    pub callback_url: Option<&'a str>,
}

/// A provider that gives money back under a key, and says by that key what became of it.
///
/// What it reports must be true of money: [`Reported::Refused`] only where nothing was given back and nothing will be under this key,
/// [`Reported::NotReached`] only where nothing was done and the same key may be sent again, [`Reported::NoAnswer`] for every doubt.
pub trait RefundRail: Send + Sync {
    /// Asks for a refund under its key.
    fn give_back<'a>(&'a self, refund: GiveBack<'a>) -> BoxFuture<'a, Reported>;

    /// What became of it, by its key.
    fn outcome<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Reported>;
}

impl<'a> GiveBack<'a> {
    /// What of this refund leaves the house.
    #[must_use]
    pub fn of(refund: &'a Refund, callback_url: Option<&'a str>) -> Self {
        Self { key: &refund.key, transaction: &refund.transaction, amount: refund.amount, callback_url }
    }
}
