//! What is wrong with the configuration, in one line: the key first, then what to do. It never repeats a secret value.

use std::fmt;

/// A configuration that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    key: String,
    what: String,
}

impl ConfigError {
    /// An error about `key` (`section.key`, or the environment variable that set it).
    pub fn new(key: impl Into<String>, what: impl fmt::Display) -> Self {
        // A message of another crate may span lines; the promise is one line.
        let what = what.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        Self { key: key.into(), what }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.what)
    }
}

impl std::error::Error for ConfigError {}
