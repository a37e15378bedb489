//! A length of time as rules and people write it: `30 min`, `24 h`, `2 business days`. It never turns one kind into the other:
//! how long a business day is, only a calendar and an instant can tell.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// No window or clock is longer than this; whatever is written longer is a slip.
const DAYS_MAX: u32 = 400;
const SECONDS_PER_DAY: u32 = 86_400;

/// A length of time, in one of the two ways it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Length {
    /// Elapsed time, whatever the day.
    Seconds(u32),
    /// Business days, to the end of the last one.
    BusinessDays(u16),
}

/// The text is no length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLength {
    /// Not a whole number and a unit.
    #[error(
        "`{0}` is not a length of time: write a whole number and a unit, such as `10 s`, `30 min`, `24 h` or `2 business days`"
    )]
    Form(String),
    /// Neither 24 hours nor a business day.
    #[error("`{0}`: a day can be elapsed time or a business day: write `24 h` or `1 business day`")]
    PlainDays(String),
    /// Longer than anything this is for.
    #[error("`{0}` is longer than {DAYS_MAX} days: write a shorter length")]
    TooLong(String),
}

impl FromStr for Length {
    type Err = BadLength;

    fn from_str(text: &str) -> Result<Self, BadLength> {
        let form = || BadLength::Form(text.to_owned());
        let too_long = || BadLength::TooLong(text.to_owned());
        let (number, unit) = text.trim().split_once(' ').ok_or_else(form)?;
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(form());
        }
        let number: u32 = number.parse().map_err(|_| too_long())?;
        let seconds = |each: u32| {
            let whole = number.checked_mul(each).filter(|&seconds| seconds <= DAYS_MAX * SECONDS_PER_DAY);
            whole.map(Self::Seconds).ok_or_else(too_long)
        };
        match unit.trim() {
            "s" => seconds(1),
            "min" => seconds(60),
            "h" => seconds(3_600),
            "business day" | "business days" => {
                let days = u16::try_from(number).ok().filter(|&days| u32::from(days) <= DAYS_MAX);
                days.map(Self::BusinessDays).ok_or_else(too_long)
            }
            "d" | "day" | "days" => Err(BadLength::PlainDays(text.to_owned())),
            _ => Err(form()),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Seconds(s) if s != 0 && s % 3_600 == 0 => write!(f, "{} h", s / 3_600),
            Self::Seconds(s) if s != 0 && s % 60 == 0 => write!(f, "{} min", s / 60),
            Self::Seconds(s) => write!(f, "{s} s"),
            Self::BusinessDays(1) => f.write_str("1 business day"),
            Self::BusinessDays(days) => write!(f, "{days} business days"),
        }
    }
}

impl TryFrom<String> for Length {
    type Error = BadLength;
    fn try_from(text: String) -> Result<Self, BadLength> {
        text.parse()
    }
}

impl From<Length> for String {
    fn from(length: Length) -> Self {
        length.to_string()
    }
}

impl Length {
    /// Whether this length ends no later than `other`, from every instant and on every calendar. Business days never count as
    /// shorter than elapsed time: a holiday can make them longer than any number of hours.
    #[must_use]
    pub fn always_within(self, other: Self) -> bool {
        match (self, other) {
            (Self::Seconds(a), Self::Seconds(b)) => a <= b,
            (Self::BusinessDays(a), Self::BusinessDays(b)) => a <= b,
            (Self::Seconds(a), Self::BusinessDays(b)) => a <= u32::from(b) * SECONDS_PER_DAY,
            (Self::BusinessDays(_), Self::Seconds(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_length_is_read_as_it_is_written() {
        let cases = [
            ("10 s", Ok(Length::Seconds(10))),
            ("30 min", Ok(Length::Seconds(1_800))),
            ("24 h", Ok(Length::Seconds(86_400))),
            ("0 s", Ok(Length::Seconds(0))),
            ("1 business day", Ok(Length::BusinessDays(1))),
            (" 2  business days ", Ok(Length::BusinessDays(2))),
            ("2 days", Err(BadLength::PlainDays("2 days".to_owned()))),
            ("soon", Err(BadLength::Form("soon".to_owned()))),
            ("-1 s", Err(BadLength::Form("-1 s".to_owned()))),
            ("+1 s", Err(BadLength::Form("+1 s".to_owned()))),
            ("1.5 h", Err(BadLength::Form("1.5 h".to_owned()))),
            ("1 fortnight", Err(BadLength::Form("1 fortnight".to_owned()))),
            ("401 business days", Err(BadLength::TooLong("401 business days".to_owned()))),
            ("9999999999 s", Err(BadLength::TooLong("9999999999 s".to_owned()))),
            ("1200000 h", Err(BadLength::TooLong("1200000 h".to_owned()))),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Length>(), expected, "{text}");
        }
    }

    #[test]
    fn an_order_holds_on_every_calendar_or_not_at_all() {
        let order = |a: &str, b: &str| a.parse::<Length>().unwrap().always_within(b.parse().unwrap());
        assert!(order("30 min", "24 h") && !order("24 h", "30 min"));
        assert!(order("24 h", "1 business day") && !order("25 h", "1 business day"));
        assert!(order("1 business day", "1 business day") && !order("2 business days", "1 business day"));
        assert!(!order("1 business day", "2400 h"), "a holiday may last longer");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(length in prop_oneof![
            (0..=DAYS_MAX * SECONDS_PER_DAY).prop_map(Length::Seconds),
            (0..=400_u16).prop_map(Length::BusinessDays),
        ]) {
            prop_assert_eq!(length.to_string().parse(), Ok(length));
        }
    }
}
