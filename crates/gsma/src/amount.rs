//! Amounts as the specification writes them: decimal text of at most 23 characters. They are never floats, and nothing is
//! rounded: what does not fit exactly is refused.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Digits before the point, at most: the specification's pattern.
const WHOLE_DIGITS_MAX: usize = 18;

/// Digits after the point, at most: the specification's pattern.
const FRACTION_DIGITS_MAX: usize = 4;

/// A decimal amount of the form `^([0]|([1-9][0-9]{0,17}))([.][0-9]{0,3}[0-9])?$`. Never negative.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(String);

/// Why a text is no amount, or an amount no sum of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The text is not of the specification's pattern.
    #[error("not an amount: write up to 18 digits without leading zeros and up to 4 after a point")]
    Malformed,
    /// The amount has more decimals than the currency.
    #[error("the amount has more decimals than its currency")]
    Inexact,
    /// The amount does not fit into 64 bits of minor units.
    #[error("the amount is too large for this currency's minor units")]
    TooLarge,
}

impl Amount {
    /// The amount as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The amount in minor units of a currency with so many decimals (ISO 4217: CNY 2, JPY 0, BHD 3), exactly.
    ///
    /// # Errors
    /// When the currency has fewer decimals than the amount needs, or the sum does not fit.
    pub fn to_minor(&self, exponent: u8) -> Result<i64, AmountError> {
        let (whole, fraction) = self.0.split_once('.').unwrap_or((&self.0, ""));
        let exponent = usize::from(exponent);
        let kept = fraction.len().min(exponent);
        if fraction[kept..].bytes().any(|digit| digit != b'0') {
            return Err(AmountError::Inexact);
        }
        let digits = format!("{whole}{}{}", &fraction[..kept], "0".repeat(exponent - kept));
        digits.parse().map_err(|_| AmountError::TooLarge)
    }

    /// An amount of so many minor units.
    ///
    /// # Errors
    /// When the sum is negative, or its currency has more decimals than the specification writes.
    pub fn from_minor(minor: i64, exponent: u8) -> Result<Self, AmountError> {
        let exponent = usize::from(exponent);
        if minor < 0 || exponent > FRACTION_DIGITS_MAX {
            return Err(AmountError::Malformed);
        }
        let digits = format!("{minor:0>width$}", width = exponent + 1);
        let (whole, fraction) = digits.split_at(digits.len() - exponent);
        let text = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
        text.parse().map_err(|_| AmountError::TooLarge)
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for Amount {
    type Error = AmountError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text.as_str(), None),
        };
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let whole_fits = whole == "0" || ((1..=WHOLE_DIGITS_MAX).contains(&whole.len()) && !whole.starts_with('0'));
        let fraction_fits = fraction.is_none_or(|part| (1..=FRACTION_DIGITS_MAX).contains(&part.len()) && all_digits(part));
        if whole_fits && all_digits(whole) && fraction_fits { Ok(Self(text)) } else { Err(AmountError::Malformed) }
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_pattern_of_the_specification_is_kept() {
        for good in ["0", "0.0", "0.0001", "15.21", "999999999999999999.9999", "1.5"] {
            assert_eq!(good.parse::<Amount>().unwrap().as_str(), good);
        }
        for bad in
            ["", ".", "1.", ".5", "00", "01.5", "-1", "+1", "1.00000", "1000000000000000000", "1,5", "１", "1e3", " 1", "1.2.3"]
        {
            assert_eq!(bad.parse::<Amount>(), Err(AmountError::Malformed), "{bad:?}");
        }
    }

    #[test]
    fn minor_units_are_exact_or_refused() {
        let minor = |text: &str, exponent| text.parse::<Amount>().unwrap().to_minor(exponent);
        assert_eq!(minor("128.00", 2), Ok(12_800));
        assert_eq!(minor("950.5", 2), Ok(95_050));
        assert_eq!(minor("0.0300", 2), Ok(3));
        assert_eq!(minor("500", 0), Ok(500));
        assert_eq!(minor("500.00", 0), Ok(500));
        assert_eq!(minor("1.234", 3), Ok(1_234));
        assert_eq!(minor("0.005", 2), Err(AmountError::Inexact));
        assert_eq!(minor("999999999999999999", 2), Err(AmountError::TooLarge));
        assert_eq!(Amount::from_minor(-1, 2), Err(AmountError::Malformed));
        assert_eq!(Amount::from_minor(5, 2).unwrap().as_str(), "0.05");
        assert_eq!(Amount::from_minor(i64::MAX, 0), Err(AmountError::TooLarge));
    }

    #[test]
    fn a_number_is_no_amount() {
        assert!(serde_json::from_str::<Amount>("15.21").is_err(), "a float has lost its cents already");
    }

    proptest! {
        #[test]
        fn minor_units_come_back(minor in 0..=99_999_999_999_999_999_i64, exponent in 0_u8..=4) {
            prop_assert_eq!(Amount::from_minor(minor, exponent).unwrap().to_minor(exponent), Ok(minor));
        }

        #[test]
        fn any_text_is_judged_without_panic(text in "\\PC{0,30}|[0-9.]{0,30}", exponent in any::<u8>()) {
            if let Ok(amount) = text.parse::<Amount>() {
                prop_assert!(amount.as_str().len() <= 23);
                let _judged = amount.to_minor(exponent);
            }
        }
    }
}
