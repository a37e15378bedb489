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
    /// Finishes the record of the last call.
    WrapUp,
    /// The desk stopped answering, or two offers were missed; gets no offers.
    NotResponding,
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
