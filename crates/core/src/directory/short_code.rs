//! What short codes of a country are for. They are no numbers of the world's plan (E.164), so no library of phone numbers knows
//! them. The rows are an operator's file, each with its source; a code without a row is simply not known.

use crate::kernel::source::Mark;
use serde::Deserialize;

/// What a short code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// Police, fire, ambulance.
    Emergency,
    /// Public services and advice, the police's anti-fraud line among them.
    PublicService,
    /// A telephone company's own customer service.
    Carrier,
    /// A company's customer service: banks, insurers, couriers.
    Company,
    /// Text messages of companies.
    Messages,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    begins: String,
    /// Shortest and longest whole code.
    digits: [usize; 2],
    #[serde(rename = "use")]
    what: Use,
    /// Where it was read; every row must say.
    source: String,
    /// How well it is known.
    mark: Mark,
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortCodes {
    #[serde(rename = "code")]
    rows: Vec<Row>,
}

impl ShortCodes {
    /// What these digits are for where they are a short code; none when they are none, or not known.
    #[must_use]
    pub fn in_use(&self, digits: &str) -> Option<Use> {
        let fits = |row: &&Row| {
            let [shortest, longest] = row.digits;
            digits.starts_with(&row.begins) && (shortest..=longest).contains(&digits.len())
        };
        self.rows.iter().find(fits).map(|row| row.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_codes_are_told_apart_by_their_beginning_and_length() {
        let table: ShortCodes = toml::from_str(include_str!("../../../../numbering/short-codes.toml")).unwrap();
        for (digits, found) in [
            ("110", Some(Use::Emergency)),
            ("1100", None),
            ("12345", Some(Use::PublicService)),
            ("96110", Some(Use::PublicService)),
            ("95588", Some(Use::Company)),
            ("951600", Some(Use::Company)),
            ("95", None),
            ("955881234", None),
            ("10086", Some(Use::Carrier)),
            ("1069123456", Some(Use::Messages)),
            ("8000", None),
            ("", None),
        ] {
            assert_eq!(table.in_use(digits), found, "{digits}");
        }
    }
}
