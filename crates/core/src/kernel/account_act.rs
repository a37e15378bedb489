//! What a customer can have done to their account through this hotline, as every area says it. What each needs stands in the ladder,
//! and how it is done is the wallet's.

use serde::{Deserialize, Serialize};

/// An act on an account, besides the emergency freeze.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountAct {
    /// Send a link to the wallet's page for a new password to an address that is registered already.
    SendLink,
    /// End a lock after failed log-ins; the password stays.
    Unlock,
    /// A link to the wallet's page for a new password, after the customer showed who they are.
    ResetPassword,
    /// End every session and unbind every device.
    RevokeSessions,
    /// Stop an account that is in other hands: frozen, its sessions ended, its devices unbound.
    SecureAccount,
    /// A link to the wallet's page where a second factor is set up.
    EnrolFactor,
    /// Close the account, after the days in which the customer may change their mind.
    CloseAccount,
    /// The customer has changed their mind about closing.
    KeepOpen,
    /// End a lock for fraud, or a freeze: a second agent has to agree.
    UnlockFraud,
}

impl AccountAct {
    /// Every act.
    pub const ALL: [Self; 9] = [
        Self::SendLink,
        Self::Unlock,
        Self::ResetPassword,
        Self::RevokeSessions,
        Self::SecureAccount,
        Self::EnrolFactor,
        Self::CloseAccount,
        Self::KeepOpen,
        Self::UnlockFraud,
    ];

    /// The act on the wire and in the audit log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SendLink => "send_link",
            Self::Unlock => "unlock",
            Self::ResetPassword => "reset_password",
            Self::RevokeSessions => "revoke_sessions",
            Self::SecureAccount => "secure_account",
            Self::EnrolFactor => "enrol_factor",
            Self::CloseAccount => "close_account",
            Self::KeepOpen => "keep_open",
            Self::UnlockFraud => "unlock_fraud",
        }
    }

    /// The act of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }

    /// It gives the account back to whoever asks for it: where a second factor is enrolled, one factor is not enough.
    #[must_use]
    pub const fn is_recovery(self) -> bool {
        match self {
            Self::Unlock | Self::ResetPassword => true,
            Self::SendLink
            | Self::RevokeSessions
            | Self::SecureAccount
            | Self::EnrolFactor
            | Self::CloseAccount
            | Self::KeepOpen
            | Self::UnlockFraud => false,
        }
    }

    /// An agent asks for it, and a second one has to agree before anything is done.
    #[must_use]
    pub const fn needs_second_person(self) -> bool {
        matches!(self, Self::UnlockFraud)
    }
}
