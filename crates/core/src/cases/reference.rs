//! What a customer calls a case by: `R` and nine digits, the last one a check digit. Drawn at random, so that it tells nobody how
//! many cases there are.

use crate::kernel::luhn;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::fmt;
use std::str::FromStr;

/// Digits before the check digit.
const BODY: u64 = 100_000_000;

/// A reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Reference(String);

/// The text is no reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reference is R and nine digits, as it was read out: check it digit by digit")]
pub struct BadReference;

impl Reference {
    /// The reference that follows from a random number.
    #[must_use]
    pub fn draw(random: u64) -> Self {
        let body = format!("{:08}", random % BODY);
        Self(format!("R{body}{}", luhn::check_digit(&body)))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Reference {
    type Err = BadReference;

    /// Reads a reference as people write it: small letters, spaces and dashes are taken.
    fn from_str(text: &str) -> Result<Self, BadReference> {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_uppercase();
        let digits = text.strip_prefix('R').filter(|digits| digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit()));
        let (body, check) = digits.and_then(|digits| digits.split_at_checked(8)).ok_or(BadReference)?;
        if check == luhn::check_digit(body).to_string() { Ok(Self(text)) } else { Err(BadReference) }
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_back_however_it_is_written() {
        let reference = Reference::draw(12_345_678);
        assert_eq!(reference.as_str(), "R123456782");
        for text in ["R123456782", "r123 456 782", " R-123-456-782 "] {
            assert_eq!(text.parse(), Ok(reference.clone()), "{text}");
        }
        for text in ["", "R", "R123456783", "R12345678", "123456782", "R1234567822", "R12345678é"] {
            assert_eq!(text.parse::<Reference>(), Err(BadReference), "{text}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_found() {
        let right = Reference::draw(90_210_555);
        for place in 1..10 {
            for digit in '0'..='9' {
                let mut text: Vec<char> = right.as_str().chars().collect();
                text[place] = digit;
                let text: String = text.into_iter().collect();
                assert_eq!(text.parse::<Reference>().is_ok(), text == right.as_str());
            }
        }
    }
}
