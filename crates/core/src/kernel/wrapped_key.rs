//! A file's own key, sealed under the master key, as it stands in the row of the file. Whoever destroys it destroys the file.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A sealed key. Opens nothing by itself, and prints nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WrappedKey(String);

impl WrappedKey {
    /// As it was sealed.
    #[must_use]
    pub const fn new(sealed: String) -> Self {
        Self(sealed)
    }

    /// For whoever holds the master key.
    #[must_use]
    pub fn sealed(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrappedKey")
    }
}
