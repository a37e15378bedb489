//! What a call can be about before it is made: the five services of the menu, each in finer topics. A flow says where each of them
//! leads.

use crate::call::Service;
use serde::{Deserialize, Serialize};

/// What a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Topic {
    /// Opening an account.
    #[serde(rename = "account.register")]
    Register,
    /// Logging in.
    #[serde(rename = "account.login")]
    LogIn,
    /// A locked account, or a password that was forgotten.
    #[serde(rename = "account.locked")]
    Locked,
    /// An account in other hands.
    #[serde(rename = "account.stolen")]
    Stolen,
    /// Closing an account.
    #[serde(rename = "account.close")]
    Close,
    /// Where one transaction stands.
    #[serde(rename = "transactions.status")]
    Status,
    /// A payment that the customer did not make.
    #[serde(rename = "transactions.unknown")]
    Unknown,
    /// A wrong amount, a wrong payee, a payment made twice.
    #[serde(rename = "transactions.wrong")]
    Wrong,
    /// Two-step log-in.
    #[serde(rename = "security.two_step")]
    TwoStep,
    /// Protecting an account.
    #[serde(rename = "security.protect")]
    Protect,
    /// A suspicious call, number or message.
    #[serde(rename = "security.suspicious")]
    Suspicious,
    /// Money back.
    #[serde(rename = "refunds.refund")]
    Refund,
    /// A complaint.
    #[serde(rename = "refunds.complaint")]
    Complaint,
    /// A complaint about the hotline itself.
    #[serde(rename = "refunds.hotline")]
    Hotline,
    /// A suggestion.
    #[serde(rename = "refunds.suggestion")]
    Suggestion,
    /// What is new.
    #[serde(rename = "features.new")]
    New,
    /// How to use something.
    #[serde(rename = "features.how")]
    How,
}

impl Topic {
    /// Every topic, by service.
    pub const ALL: [Self; 17] = [
        Self::Register,
        Self::LogIn,
        Self::Locked,
        Self::Stolen,
        Self::Close,
        Self::Status,
        Self::Unknown,
        Self::Wrong,
        Self::TwoStep,
        Self::Protect,
        Self::Suspicious,
        Self::Refund,
        Self::Complaint,
        Self::Hotline,
        Self::Suggestion,
        Self::New,
        Self::How,
    ];

    /// Its name on the wire, in flows and in rows.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Register => "account.register",
            Self::LogIn => "account.login",
            Self::Locked => "account.locked",
            Self::Stolen => "account.stolen",
            Self::Close => "account.close",
            Self::Status => "transactions.status",
            Self::Unknown => "transactions.unknown",
            Self::Wrong => "transactions.wrong",
            Self::TwoStep => "security.two_step",
            Self::Protect => "security.protect",
            Self::Suspicious => "security.suspicious",
            Self::Refund => "refunds.refund",
            Self::Complaint => "refunds.complaint",
            Self::Hotline => "refunds.hotline",
            Self::Suggestion => "refunds.suggestion",
            Self::New => "features.new",
            Self::How => "features.how",
        }
    }

    /// The topic of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }

    /// The service of the menu it belongs to.
    #[must_use]
    pub const fn service(self) -> Service {
        match self {
            Self::Register | Self::LogIn | Self::Locked | Self::Stolen | Self::Close => Service::Account,
            Self::Status | Self::Unknown | Self::Wrong => Service::Transactions,
            Self::TwoStep | Self::Protect | Self::Suspicious => Service::Security,
            Self::Refund | Self::Complaint | Self::Hotline | Self::Suggestion => Service::Refunds,
            Self::New | Self::How => Service::Features,
        }
    }

    /// A transaction can be named with it.
    #[must_use]
    pub const fn is_about_a_transaction(self) -> bool {
        matches!(self, Self::Status | Self::Unknown | Self::Wrong | Self::Refund | Self::Complaint)
    }
}
