//! Personal data as a type: it cannot reach a log by accident, and what a screen shows of it is made here.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Personal data. `Debug` and `Display` say nothing of it; whoever needs the value calls [`Pii::expose`] and is seen doing so.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Marks a value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: for the wire, the row and the person it belongs to, never for a log.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

impl<T> fmt::Display for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

impl Pii<String> {
    /// A phone number as a screen may show it: `+86 138****5678` for a Chinese mobile, else the country code as far as it can
    /// be told and the last four digits. Fewer than eight digits (short codes, extensions) are hidden but for the last two.
    #[must_use]
    pub fn mask_number(&self) -> String {
        let digits: String = self.0.chars().filter(char::is_ascii_digit).collect();
        let plus = self.0.starts_with('+');
        match digits.len() {
            0 => String::new(),
            1..=7 => format!("****{}", &digits[digits.len().saturating_sub(2)..]),
            13 if plus && digits.starts_with("861") => format!("+86 {}****{}", &digits[2..5], &digits[9..]),
            11 if !plus && digits.starts_with('1') => format!("{}****{}", &digits[..3], &digits[7..]),
            n if plus => format!("+{}****{}", &digits[..2], &digits[n - 4..]),
            n => format!("****{}", &digits[n - 4..]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_says_nothing_of_itself() {
        let number = Pii::new("+8619000000001".to_owned());
        assert_eq!(format!("{number} {number:?}"), "[personal] [personal]");
    }

    #[test]
    fn numbers_are_masked() {
        for (number, shown) in [
            ("+8619000000001", "+86 190****0001"),
            ("13812345678", "138****5678"),
            ("+447700900003", "+44****0003"),
            ("02012345678", "****5678"),
            ("1001", "****01"),
            ("1", "****1"),
            ("", ""),
            ("anonymous", ""),
        ] {
            assert_eq!(Pii::new(number.to_owned()).mask_number(), shown, "{number}");
        }
    }
}
