//! Why personal data is read or used. Whoever does names it, and the audit log keeps it.

use serde::{Deserialize, Serialize};

/// A purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To serve the customer of a contact.
    Service,
    /// To find out whether a caller is who they say.
    Verification,
    /// To freeze an account in an emergency.
    Emergency,
    /// To lead and check those who serve.
    Supervision,
    /// To check the records.
    Audit,
}

impl Purpose {
    /// The purpose on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Verification => "verification",
            Self::Emergency => "emergency",
            Self::Supervision => "supervision",
            Self::Audit => "audit",
        }
    }
}
