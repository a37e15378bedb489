//! What personal data is read for. Every entry of the audit log about such a reading names one; it never says whose data it was.

use serde::{Deserialize, Serialize};

/// Why somebody read personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To help the customer of a contact one takes part in.
    Service,
    /// To find out whether it is the customer.
    Verification,
    /// To keep an account from harm while somebody waits: a freeze.
    Emergency,
    /// To lead and check the work of agents.
    Supervision,
    /// To check that the rules were kept.
    Audit,
    /// To answer a complaint.
    Complaint,
    /// To hand records to another program of the operator.
    Export,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 7] =
        [Self::Service, Self::Verification, Self::Emergency, Self::Supervision, Self::Audit, Self::Complaint, Self::Export];

    /// The purpose's name on the wire and in the log's hashes: never changed once entries hold it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Verification => "verification",
            Self::Emergency => "emergency",
            Self::Supervision => "supervision",
            Self::Audit => "audit",
            Self::Complaint => "complaint",
            Self::Export => "export",
        }
    }
}
