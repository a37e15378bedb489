//! Whether a transaction allows money to be given back: the wallet's facts, and what was given back of it before.

use super::guard::Source;
use crate::kernel::money::Money;
use serde::{Deserialize, Serialize};

/// What the wallet says of the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its number there.
    pub transaction: String,
    /// What was paid.
    pub captured: Money,
    /// The customer paid it: money goes back to its source, and they are that.
    pub is_payer: bool,
    /// It is completed.
    pub is_completed: bool,
    /// The wallet reverses transactions of its kind.
    pub is_refundable: bool,
    /// It was undone already.
    pub is_reversed: bool,
}

/// Why a transaction does not allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unfit {
    /// The customer did not pay it.
    NotThePayer,
    /// It is not completed: a failed one comes back by itself, a pending one is waited for.
    NotCompleted,
    /// It was undone already.
    Reversed,
    /// The wallet does not reverse such a transaction.
    NotRefundable,
    /// Another currency than it was paid in.
    OtherCurrency,
    /// More than is left of it.
    MoreThanIsLeft,
}

impl Unfit {
    /// The reason on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotThePayer => "not_the_payer",
            Self::NotCompleted => "not_completed",
            Self::Reversed => "reversed",
            Self::NotRefundable => "not_refundable",
            Self::OtherCurrency => "other_currency",
            Self::MoreThanIsLeft => "more_than_is_left",
        }
    }
}

/// Whether this sum of it may be given back, as the row of the transaction stands.
///
/// # Errors
/// [`Unfit`], the first reason that applies.
pub fn judge(original: &Original, source: &Source, amount: Money) -> Result<(), Unfit> {
    let currencies = [original.captured.currency, source.captured.currency];
    let held_against_less = source.captured != original.captured;
    match () {
        () if !original.is_payer => Err(Unfit::NotThePayer),
        () if original.is_reversed => Err(Unfit::Reversed),
        () if !original.is_completed => Err(Unfit::NotCompleted),
        () if !original.is_refundable => Err(Unfit::NotRefundable),
        () if currencies.iter().any(|currency| *currency != amount.currency) => Err(Unfit::OtherCurrency),
        // A wallet that tells another sum than before is not believed: a person looks.
        () if held_against_less || amount.minor > source.left().minor => Err(Unfit::MoreThanIsLeft),
        () => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_completed_payment_of_the_customers_goes_back_and_no_more_than_is_left() {
        let cny = "CNY".parse().unwrap();
        let captured = Money::new(19_900, cny);
        let good = Original {
            transaction: "261118000486".to_owned(),
            captured,
            is_payer: true,
            is_completed: true,
            is_refundable: true,
            is_reversed: false,
        };
        let source = Source::new("w".to_owned(), good.transaction.clone(), captured).hold(Money::new(9_900, cny)).unwrap();
        let ask = |original: &Original, minor| judge(original, &source, Money::new(minor, cny));
        assert_eq!(ask(&good, 10_000), Ok(()));
        assert_eq!(ask(&good, 10_001), Err(Unfit::MoreThanIsLeft));
        assert_eq!(ask(&Original { is_payer: false, ..good.clone() }, 1), Err(Unfit::NotThePayer));
        assert_eq!(ask(&Original { is_completed: false, ..good.clone() }, 1), Err(Unfit::NotCompleted));
        assert_eq!(ask(&Original { is_reversed: true, ..good.clone() }, 1), Err(Unfit::Reversed));
        assert_eq!(ask(&Original { is_refundable: false, ..good.clone() }, 1), Err(Unfit::NotRefundable));
        assert_eq!(ask(&Original { captured: Money::new(99_900, cny), ..good.clone() }, 1), Err(Unfit::MoreThanIsLeft));
        assert_eq!(judge(&good, &source, Money::new(1, "EUR".parse().unwrap())), Err(Unfit::OtherCurrency));
    }
}
