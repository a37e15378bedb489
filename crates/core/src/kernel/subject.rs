//! Whom a row is about, without saying who: a keyed hash of a wallet and a phone number. Rows that count what was tried against an
//! account hold this and no number, and an account that does not exist is counted like any other.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A customer of a wallet, as a keyed hash. Made at the edge, which holds the key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// A subject from its hash in hexadecimal digits.
    #[must_use]
    pub const fn new(hash: String) -> Self {
        Self(hash)
    }

    /// The hash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
