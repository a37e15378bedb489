//! A code that a customer keys during a conversation, on the wire: who is asked, and how it stands. There is no field for a code: nobody
//! but the customer keys one.

use super::{ChallengeState, DeliveryState, Factor, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::identity::Linked;
use walletline_core::kernel::{
    money::{Currency, Money},
    pii::Pii,
};
use walletline_core::switchboard::live;

/// Characters of a phone number with room for blanks and signs.
const NUMBER_MAX: usize = 32;

/// Digits of a transaction's number at most.
const TRANSACTION_MAX: usize = 32;

/// Have the customer show who they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChallengeAct {
    /// By what: `sms_code`; after that, `second_factor`; or `app_transfer`.
    pub(crate) factor: Factor,
    /// With `app_transfer`: what the app shows that it is for, and all that it is good for then. Without it, who is calling.
    #[serde(default)]
    pub(crate) operation: Option<LinkedOperation>,
    /// The registered phone number as the customer said it; without it, the one they named before, or else call from.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 32)]
    #[serde(default)]
    number: Option<Pii<String>>,
}

/// One operation that the customer agrees to in the app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum LinkedOperation {
    /// A refund.
    Refund {
        /// The whole number of the transaction.
        #[schema(example = "261118000486")]
        transaction: String,
        /// How much.
        #[schema(example = "19.90")]
        amount: String,
        /// ISO 4217.
        #[schema(example = "CNY")]
        currency: String,
    },
}

impl LinkedOperation {
    /// As it is asked for and compared; an error when there is no such amount, or no such number.
    pub(crate) fn linked(self) -> Result<Linked, &'static str> {
        let Self::Refund { transaction, amount, currency } = self;
        if transaction.is_empty() || transaction.len() > TRANSACTION_MAX || !transaction.bytes().all(|b| b.is_ascii_digit()) {
            return Err("transaction: the whole number, in digits");
        }
        let currency: Currency = currency.parse().map_err(|_| "currency: three capital letters, ISO 4217")?;
        let amount = Money::read(&amount, currency).map_err(|_| "amount: a sum in this currency, as in 19.90")?;
        Ok(Linked::Refund { transaction, amount })
    }
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
    /// Of `app_transfer`, while the app asks: the code to read out. On the screen of the agent who asked alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "427")]
    code: Option<String>,
    /// Of `app_transfer`: what the app shows that it is for, `verify` or `refund`.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
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
            code: view.code.as_ref().map(|code| code.expose().clone()),
            operation: view.operation.clone(),
        }
    }
}
