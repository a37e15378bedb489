//! How far a fact of the world can be trusted: every figure that an operator may change carries where it was read.

use serde::{Deserialize, Serialize};

/// How well a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mark {
    /// Read in a primary or near-primary text.
    #[serde(rename = "S")]
    Primary,
    /// Read in a secondary text.
    #[serde(rename = "s")]
    Secondary,
    /// Common knowledge of the trade.
    #[serde(rename = "K")]
    Known,
    /// Our own default.
    #[serde(rename = "D")]
    Default,
}

impl Mark {
    /// The letter it is written with in a file.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Primary => 'S',
            Self::Secondary => 's',
            Self::Known => 'K',
            Self::Default => 'D',
        }
    }
}
