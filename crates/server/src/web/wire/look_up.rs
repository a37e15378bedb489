//! Masked numbers shown in full, on the wire.

use super::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::call::LookUp;

/// Why a number is to be shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookUpReason {
    /// 4 to 200 characters; read by whoever sees the look-up afterwards.
    #[schema(min_length = 4, max_length = 200)]
    pub(crate) reason: String,
}

/// A number in full.
#[derive(Serialize, ToSchema)]
pub(crate) struct NumberShown {
    /// The number.
    pub(crate) number: String,
    /// When the screen masks it again.
    pub(crate) until: Time,
}

/// A look-up that waits to be seen.
#[derive(Serialize, ToSchema)]
pub(crate) struct LookUpView {
    /// Identifier.
    id: String,
    /// The number of whoever looked up.
    agent: String,
    /// Of which contact.
    contact: String,
    /// Why, in their words.
    reason: String,
    at: Time,
}

impl LookUpView {
    /// `agent` is the number of whoever looked up.
    pub(crate) fn new(look_up: &LookUp, agent: String) -> Self {
        Self {
            id: look_up.id.to_string(),
            agent,
            contact: look_up.contact.to_string(),
            reason: look_up.reason.expose().clone(),
            at: look_up.at.into(),
        }
    }
}
