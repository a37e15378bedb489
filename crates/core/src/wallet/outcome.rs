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
    /// More must be shown for this account, or a second person must agree.
    NeedsMore,
    /// Something keeps the account as it is: money in it, a payment on its way, a dispute.
    Obstacles,
}

impl Decline {
    /// Why, on the wire and in the record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ByRule => "declined",
            Self::NotSupported => "not_supported",
            Self::NeedsMore => "needs_more",
            Self::Obstacles => "obstacles",
        }
    }
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
