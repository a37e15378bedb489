//! Sums of money: whole minor units of a currency. Never a float, never negative, and never added across currencies.

use serde::{Deserialize, Deserializer, Serialize, de};
use std::fmt;
use std::str::FromStr;

/// A currency by its code of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Not the code of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three capital letters of ISO 4217: CNY")]
pub struct BadCurrency;

/// Currencies without a minor unit, and those with three or four decimals (ISO 4217, list one). All others have two.
const WHOLE: [&[u8; 3]; 17] = [
    b"BIF", b"CLP", b"DJF", b"GNF", b"ISK", b"JPY", b"KMF", b"KRW", b"PYG", b"RWF", b"UGX", b"UYI", b"VND", b"VUV", b"XAF",
    b"XOF", b"XPF",
];
const THREE: [&[u8; 3]; 7] = [b"BHD", b"IQD", b"JOD", b"KWD", b"LYD", b"OMR", b"TND"];
const FOUR: [&[u8; 3]; 2] = [b"CLF", b"UYW"];

impl Currency {
    /// Decimals of its minor unit.
    #[must_use]
    pub fn decimals(self) -> u8 {
        let is_in = |list: &[&[u8; 3]]| list.iter().any(|code| **code == self.0);
        if is_in(&WHOLE) {
            0
        } else if is_in(&THREE) {
            3
        } else if is_in(&FOUR) {
            4
        } else {
            2
        }
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> &str {
        // Made of capital letters alone; XXX is ISO 4217's own word for no currency.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl FromStr for Currency {
    type Err = BadCurrency;

    fn from_str(text: &str) -> Result<Self, BadCurrency> {
        let code: [u8; 3] = text.as_bytes().try_into().map_err(|_| BadCurrency)?;
        if code.iter().all(u8::is_ascii_uppercase) { Ok(Self(code)) } else { Err(BadCurrency) }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; never negative.
    pub minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

/// Why a text is no sum of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadMoney {
    /// Not digits, and at most one point between them.
    #[error("an amount is digits with at most one point: 128.00")]
    Malformed,
    /// More decimals than the currency has.
    #[error("the amount has more decimals than its currency")]
    Inexact,
    /// Beyond what is ever moved.
    #[error("the amount is too large")]
    TooLarge,
}

impl Money {
    /// A sum.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// A sum as people write it, exactly: `128`, `128.5`, `128.00`.
    ///
    /// # Errors
    /// When the text is no amount of this currency.
    pub fn read(text: &str, currency: Currency) -> Result<Self, BadMoney> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || text.ends_with('.') {
            return Err(BadMoney::Malformed);
        }
        let decimals = usize::from(currency.decimals());
        let kept = fraction.len().min(decimals);
        if fraction[kept..].bytes().any(|digit| digit != b'0') {
            return Err(BadMoney::Inexact);
        }
        let minor = format!("{whole}{}{}", &fraction[..kept], "0".repeat(decimals - kept));
        minor.parse().map(|minor| Self { minor, currency }).map_err(|_| BadMoney::TooLarge)
    }

    /// The sum without its currency, as it is read back by [`Money::read`].
    #[must_use]
    pub fn amount(&self) -> String {
        let decimals = usize::from(self.currency.decimals());
        let digits = format!("{:0>width$}", self.minor.max(0), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, code: &str) -> Result<i64, BadMoney> {
        Money::read(text, code.parse().unwrap()).map(|money| money.minor)
    }

    #[test]
    fn a_sum_is_read_exactly_or_not_at_all() {
        for (text, code, minor) in
            [("128", "CNY", 12_800), ("128.5", "CNY", 12_850), ("0.010", "CNY", 1), ("500", "JPY", 500), ("1.234", "BHD", 1_234)]
        {
            assert_eq!(read(text, code), Ok(minor), "{text} {code}");
        }
        for text in ["", ".", ".5", "1.", "-1", "+1", "1,5", "1e3", " 1", "1.2.3", "１"] {
            assert_eq!(read(text, "CNY"), Err(BadMoney::Malformed), "{text:?}");
        }
        assert_eq!(read("0.005", "CNY"), Err(BadMoney::Inexact));
        assert_eq!(read("0.5", "JPY"), Err(BadMoney::Inexact));
        assert_eq!(read("99999999999999999999", "CNY"), Err(BadMoney::TooLarge));
    }

    #[test]
    fn a_sum_is_written_as_it_is_read() {
        for (minor, code, text) in
            [(5, "CNY", "0.05 CNY"), (12_800, "CNY", "128.00 CNY"), (0, "JPY", "0 JPY"), (7, "UYW", "0.0007 UYW")]
        {
            let money = Money::new(minor, code.parse().unwrap());
            assert_eq!(money.to_string(), text);
            assert_eq!(Money::read(&money.amount(), money.currency), Ok(money));
        }
        for bad in ["", "CN", "cny", "CNYY", "C1Y", "元元元"] {
            assert_eq!(bad.parse::<Currency>(), Err(BadCurrency), "{bad}");
        }
    }
}
