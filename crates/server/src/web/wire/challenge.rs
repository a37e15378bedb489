//! A code that a customer keys during a conversation, on the wire: who is asked, and how it stands. There is no field for a code: nobody
//! but the customer keys one.

use super::{ChallengeState, DeliveryState, Factor, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::kernel::pii::Pii;
use walletline_core::switchboard::live;

/// Characters of a phone number with room for blanks and signs.
const NUMBER_MAX: usize = 32;

/// Have the customer show who they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChallengeAct {
    /// By what: `sms_code`; or, after that, `second_factor`.
    pub(crate) factor: Factor,
    /// The registered phone number as the customer said it; without it, the one they named before, or else call from.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 32)]
    #[serde(default)]
    number: Option<Pii<String>>,
}

/// A code that is keyed in a conversation: how it stands, and nothing of what is keyed.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ChallengeView {
    /// What was asked for.
    factor: Factor,
    state: ChallengeState,
    /// Tries that this contact has left.
    tries_left: u8,
    /// No message was sent: too many were, or too many codes were wrong.
    limited: bool,
    /// When it ends by itself.
    expires_at: Time,
    /// How far the message with the code is. Nothing is known of one to a number that is not registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<MessageView>,
}

/// How far a message to the customer is.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct MessageView {
    state: DeliveryState,
    /// When a gateway took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Time>,
    /// When it arrived, or was known not to.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_at: Option<Time>,
}

impl ChallengeAct {
    /// The number, when one is told; an error when nothing that long is one.
    pub(crate) fn number(self) -> Result<Option<Pii<String>>, &'static str> {
        match self.number {
            Some(number) if number.expose().trim().is_empty() || number.expose().chars().count() > NUMBER_MAX => {
                Err("a phone number has 1 to 32 characters: leave it out for the number the customer named, or calls from")
            }
            number => Ok(number),
        }
    }
}

impl From<&live::ProofView> for ChallengeView {
    fn from(view: &live::ProofView) -> Self {
        Self {
            factor: view.factor.into(),
            state: view.state.into(),
            tries_left: view.tries_left,
            limited: view.limited,
            expires_at: view.expires_at.into(),
            message: view.message.as_ref().map(|message| MessageView {
                state: message.state.into(),
                sent_at: message.sent_at.map(Into::into),
                settled_at: message.settled_at.map(Into::into),
            }),
        }
    }
}
