//! What requests are addressed by, checked before anything is sent.

use super::{Error, NotSent};
use std::fmt;

/// The specification's bound for an identifier in a path.
const IDENTIFIER_CHARS_MAX: usize = 256;

/// How an account is named. It does not print the number or the account.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum AccountRef {
    /// By its phone number, E.164 with `+`: `identifierType` `msisdn`.
    Msisdn(String),
    /// By the wallet's id of it: `identifierType` `accountid`.
    AccountId(String),
}

impl AccountRef {
    pub(crate) fn path(&self) -> (&'static str, &str) {
        match self {
            Self::Msisdn(number) => ("msisdn", number),
            Self::AccountId(id) => ("accountid", id),
        }
    }
}

impl fmt::Debug for AccountRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, _) = self.path();
        write!(f, "AccountRef({kind})")
    }
}

/// `.` and `..` would move the path to another resource.
pub(crate) fn check_segment(text: &str) -> Result<(), Error> {
    let fits = (1..=IDENTIFIER_CHARS_MAX).contains(&text.chars().count());
    let moves = [".", ".."].contains(&text);
    if fits && !moves && !text.chars().any(char::is_control) { Ok(()) } else { Err(Error::NotSent(NotSent::Identifier)) }
}

pub(crate) fn check_correlation_id(text: &str) -> Result<(), Error> {
    if is_uuid(text) { Ok(()) } else { Err(Error::NotSent(NotSent::CorrelationId)) }
}

/// The specification's form of a UUID: five groups of hexadecimal digits, any version.
pub(crate) fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let groups: Vec<&str> = text.splitn(lengths.len() + 1, '-').collect();
    groups.len() == lengths.len()
        && groups.iter().zip(lengths).all(|(group, length)| group.len() == length && group.bytes().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_five_groups() {
        assert!(is_uuid("0197a1b2-0000-7000-8000-00000000000A"));
        for bad in
            ["", "0197a1b2", "0197a1b2-0000-7000-8000-00000000000", "0197a1b2-0000-7000-8000-00000000000g", "{0197a1b2}-0-0-0-0"]
        {
            assert!(!is_uuid(bad), "{bad}");
        }
    }

    #[test]
    fn an_identifier_cannot_move_the_path() {
        for bad in ["", ".", "..", "a\nb", &"9".repeat(257)] {
            assert_eq!(check_segment(bad), Err(Error::NotSent(NotSent::Identifier)), "{bad:?}");
        }
        assert_eq!(check_segment("+8619000000001"), Ok(()));
        assert_eq!(check_segment("../W100001"), Ok(()), "a slash is written as %2F");
    }

    #[test]
    fn a_reference_prints_no_number() {
        assert_eq!(format!("{:?}", AccountRef::Msisdn("+8619000000001".to_owned())), "AccountRef(msisdn)");
    }
}
