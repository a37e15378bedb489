//! What an agent is doing, on the wire.

use super::{NotReadyReason, PresenceName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::agent::{PresenceState, Reason};

/// What an agent is doing, and why not when not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = State)]
pub(crate) struct Presence {
    /// What.
    pub(crate) state: PresenceName,
    /// Why, with `not_ready` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<NotReadyReason>,
}

impl From<PresenceState> for Presence {
    fn from(presence: PresenceState) -> Self {
        let (state, reason) = match presence {
            PresenceState::LoggedOut => (PresenceName::LoggedOut, None),
            PresenceState::NotReady(reason) => (PresenceName::NotReady, Some(reason.into())),
            PresenceState::Ready => (PresenceName::Ready, None),
            PresenceState::Ringing => (PresenceName::Ringing, None),
            PresenceState::Talking => (PresenceName::Talking, None),
            PresenceState::Hold => (PresenceName::Hold, None),
            PresenceState::WrapUp => (PresenceName::WrapUp, None),
            PresenceState::NotResponding => (PresenceName::NotResponding, None),
        };
        Self { state, reason }
    }
}

impl Presence {
    /// The state an agent asks for; none for those that only the hotline itself enters. Without a reason it is a break.
    pub(crate) fn asked_for(self) -> Option<PresenceState> {
        match (self.state, self.reason) {
            (PresenceName::LoggedOut, None) => Some(PresenceState::LoggedOut),
            (PresenceName::NotReady, reason) => Some(PresenceState::NotReady(reason.map_or(Reason::Break, Into::into))),
            (PresenceName::Ready, None) => Some(PresenceState::Ready),
            _ => None,
        }
    }
}
