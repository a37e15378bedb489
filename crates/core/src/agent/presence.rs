//! What an agent is doing.

use serde::{Deserialize, Serialize};

/// What an agent is doing, and why not when not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", content = "reason", rename_all = "snake_case")]
pub enum PresenceState {
    /// Not at work.
    LoggedOut,
    /// At work, takes no calls.
    NotReady(Reason),
    /// Can be offered a call.
    Ready,
    /// Is offered a call: the desk or the phone rings.
    Ringing,
    /// Speaks with a customer.
    Talking,
    /// The customer of the call at hand hears music.
    Hold,
    /// Finishes the record of the last call.
    WrapUp,
    /// The desk stopped answering, or two offers were missed; gets no offers.
    NotResponding,
}

impl PresenceState {
    /// The names of all states, for metrics.
    pub const NAMES: [&'static str; 8] =
        ["logged_out", "not_ready", "ready", "ringing", "talking", "hold", "wrap_up", "not_responding"];

    /// The state's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LoggedOut => "logged_out",
            Self::NotReady(_) => "not_ready",
            Self::Ready => "ready",
            Self::Ringing => "ringing",
            Self::Talking => "talking",
            Self::Hold => "hold",
            Self::WrapUp => "wrap_up",
            Self::NotResponding => "not_responding",
        }
    }
}

/// Why an agent takes no calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the field's own words")]
pub enum Reason {
    Break,
    Meal,
    Training,
    Meeting,
    Coaching,
    System,
}
