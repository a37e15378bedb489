//! The rows that sums are guarded on: one for each transaction money is given back of, and one for each person and customer and the day.
//! Whoever changes a sum names the version of the row it was ruled on, so that of two who do at once one has to rule again.

use crate::commit::Version;
use crate::kernel::{
    ids::{RefundId, StaffId},
    money::{Currency, Money},
    subject::Subject,
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};

/// The window of daily sums.
const DAY: Span = Span::from_s(24 * 3_600);

/// More than there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than is left of it")]
pub struct Overdrawn;

/// A transaction of which money is given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The wallet it is of.
    pub wallet: String,
    /// Its number there.
    pub transaction: String,
    /// What was paid.
    pub captured: Money,
    /// What is back, on its way, or approved; minor units.
    pub held: i64,
}

impl Source {
    /// A transaction of which nothing was given back yet.
    #[must_use]
    pub const fn new(wallet: String, transaction: String, captured: Money) -> Self {
        Self { wallet, transaction, captured, held: 0 }
    }

    /// What its row is called.
    #[must_use]
    pub fn key(&self) -> String {
        Self::key_of(&self.wallet, &self.transaction)
    }

    /// What the row of a transaction is called.
    #[must_use]
    pub fn key_of(wallet: &str, transaction: &str) -> String {
        format!("source:{wallet}:{transaction}")
    }

    /// What can still be given back.
    #[must_use]
    pub fn left(&self) -> Money {
        Money::new(self.captured.minor.saturating_sub(self.held).max(0), self.captured.currency)
    }

    /// With this sum held.
    ///
    /// # Errors
    /// [`Overdrawn`] when that is more than is left, another currency, or no sum.
    pub fn hold(mut self, sum: Money) -> Result<Self, Overdrawn> {
        if sum.minor <= 0 || sum.currency != self.captured.currency || sum.minor > self.left().minor {
            return Err(Overdrawn);
        }
        self.held += sum.minor;
        Ok(self)
    }

    /// With this sum given free again.
    ///
    /// # Errors
    /// [`Overdrawn`] when less is held.
    pub fn free(mut self, sum: Money) -> Result<Self, Overdrawn> {
        if sum.minor <= 0 || sum.currency != self.captured.currency || sum.minor > self.held {
            return Err(Overdrawn);
        }
        self.held -= sum.minor;
        Ok(self)
    }
}

/// A refund that counts against a daily sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpentOn {
    /// Which.
    pub refund: RefundId,
    /// How much, in minor units.
    pub minor: i64,
    /// When it was approved.
    pub at: Wall,
}

/// What was approved of late, for one customer or at one person's request, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// What the row is called. Names nobody.
    pub key: String,
    /// Oldest first.
    pub entries: Vec<SpentOn>,
}

impl Spent {
    /// Nothing yet.
    #[must_use]
    pub const fn new(key: String) -> Self {
        Self { key, entries: Vec::new() }
    }

    /// The row of a customer.
    #[must_use]
    pub fn key_of_customer(wallet: &str, subject: &Subject, currency: Currency) -> String {
        format!("spent:customer:{wallet}:{}:{currency}", subject.as_str())
    }

    /// The row of whoever asks for refunds.
    #[must_use]
    pub fn key_of_maker(maker: StaffId, currency: Currency) -> String {
        format!("spent:maker:{maker}:{currency}")
    }

    /// What was approved within the last day, in minor units.
    #[must_use]
    pub fn within_a_day(&self, now: Wall) -> i64 {
        let recent = self.entries.iter().filter(|entry| now - entry.at < DAY);
        recent.fold(0, |sum, entry| sum.saturating_add(entry.minor))
    }

    /// With a refund more. What is older than a day is forgotten: the bounds keep the rest short.
    #[must_use]
    pub fn with(mut self, refund: RefundId, minor: i64, now: Wall) -> Self {
        self.entries.retain(|entry| now - entry.at < DAY);
        self.entries.push(SpentOn { refund, minor, at: now });
        self
    }

    /// Without a refund that ended and gave nothing back. None where it does not count any more.
    #[must_use]
    pub fn without(mut self, refund: RefundId) -> Option<Self> {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.refund != refund);
        (self.entries.len() < before).then_some(self)
    }

    /// When nothing of it counts any more.
    #[must_use]
    pub fn expires_at(&self) -> Wall {
        self.entries.iter().map(|entry| entry.at + DAY).max().unwrap_or(Wall(0))
    }
}

/// What a refund holds while it may give money back: the row of its transaction, where there is one, and the days of its customer and of
/// whoever asked for it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Held {
    /// Of the transaction.
    pub source: Option<(Version, Source)>,
    /// Of the customer, and of whoever asked.
    pub days: Vec<(Version, Spent)>,
}
