//! What came of an act on a wallet. A time-out is no failure: it is not known, and is asked about under the same key.

use serde::{Deserialize, Serialize};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "reason")]
pub enum Outcome {
    /// The wallet confirmed it, or there was nothing to do it to.
    Done,
    /// The wallet said no, for good.
    Declined(Decline),
    /// Sent, and no usable answer came.
    Unknown,
    /// The wallet could not be reached: nothing was sent.
    NotSent,
}

/// Why a wallet said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decline {
    /// A rule of the wallet forbids it.
    ByRule,
    /// The wallet does not offer it.
    NotSupported,
}

impl Outcome {
    /// The outcome on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Declined(_) => "declined",
            Self::Unknown | Self::NotSent => "unknown",
        }
    }
}
