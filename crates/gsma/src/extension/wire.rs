//! What travels over the extension API. Unknown fields are passed over and unknown words are kept, as in the rest of the crate.

use crate::Private;
use crate::wire::words;
use serde::{Deserialize, Serialize};

words! {
    /// What the wallet says of a code.
    Verdict {
        /// It is the customer's, and fresh.
        Accepted = "accepted",
        /// It is not; or it was used before; or there is no second factor, or no such account.
        Refused = "refused",
        /// Too many were refused: none is taken for a while.
        Blocked = "blocked",
    }
}

words! {
    /// A kind of second factor.
    SecondFactorKind {
        /// Time-based one-time passwords, RFC 6238.
        Totp = "totp",
    }
}

words! {
    /// How a second factor stands.
    SecondFactorState {
        /// Its codes are taken.
        Active = "active",
        /// The customer was invited and has not finished.
        Invited = "invited",
        /// Too many codes were refused.
        Blocked = "blocked",
    }
}

words! {
    /// What a link is for.
    LinkPurpose {
        /// A new password, because the old one is forgotten.
        Reset = "reset",
        /// A new password, which also ends a lock after failed log-ins.
        Unlock = "unlock",
    }
}

words! {
    /// Whether an account is being closed.
    ClosingState {
        /// It is not.
        None = "none",
        /// It is, and the customer may still change their mind.
        Closing = "closing",
    }
}

words! {
    /// What keeps an account from being closed.
    Obstacle {
        /// There is money in it.
        Balance = "balance",
        /// Something is on its way.
        PendingTransactions = "pending_transactions",
        /// Something is disputed.
        OpenDispute = "open_dispute",
    }
}

words! {
    /// How a code stands that is to be carried over into the app.
    ApprovalState {
        /// The customer has not typed it.
        Pending = "pending",
        /// They typed it, and agreed to what the app showed.
        Approved = "approved",
        /// They refused, or typed too many wrong ones.
        Refused = "refused",
        /// Its time is over.
        Expired = "expired",
    }
}

/// `GET …/secondfactors`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactors {
    /// All there are.
    pub second_factors: Vec<SecondFactor>,
}

/// A second factor of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactor {
    /// What kind.
    pub kind: SecondFactorKind,
    /// How it stands.
    pub state: SecondFactorState,
    /// Since when, RFC 3339.
    pub since: String,
}

/// `POST …/secondfactors/verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactorCode {
    /// As keyed.
    pub code: Private,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// What the code is worth.
    pub result: Verdict,
}

/// `POST …/passwordresets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkAsked {
    /// What for.
    pub purpose: LinkPurpose,
}

/// A page of the wallet's that can be opened once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// Where it is. Whoever has it may use it: it goes to a registered address and nowhere else.
    pub url: Private,
    /// Until when, RFC 3339.
    pub expires_at: String,
}

/// `GET …/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sessions {
    /// All that are open.
    pub sessions: Vec<Session>,
}

/// An open session of the app or the web.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The wallet's name of it.
    pub session_id: String,
    /// The device it is on.
    pub device_id: String,
    /// Since when, RFC 3339.
    pub since: String,
}

/// `GET …/devices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Devices {
    /// All that are bound.
    pub devices: Vec<Device>,
}

/// A bound device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// The wallet's name of it.
    pub device_id: String,
    /// What the customer calls it.
    pub name: Private,
    /// Since when, RFC 3339.
    pub bound_at: String,
}

/// `GET …/closing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Closing {
    /// Whether it is being closed.
    pub state: ClosingState,
    /// What keeps it from being closed; empty when nothing does.
    pub obstacles: Vec<Obstacle>,
    /// When it will be, RFC 3339, where it is being closed: until then the customer may change their mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<String>,
}

/// `POST …/approvals`: what the app shows, and the code that the customer must carry over to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalAsked {
    /// Two or three digits.
    pub code: Private,
    /// The number of the agent who asks.
    pub agent: String,
    /// What is to be done, in a word of the two companies.
    pub operation: String,
    /// How much, where money moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// ISO 4217, with an amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// To whom, where money moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<Private>,
}

/// `GET …/approvals/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// The wallet's name of it.
    pub approval_id: String,
    /// How it stands.
    pub state: ApprovalState,
    /// Until when the app takes the code, RFC 3339.
    pub expires_at: String,
    /// Since when the device is bound on which it was approved, RFC 3339; none before, and where the app is on no bound device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound_at: Option<String>,
}
