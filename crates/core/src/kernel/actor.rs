//! Who did something: stands in every audit entry.

use super::ids::StaffId;
use super::purpose::Purpose;
use serde::{Deserialize, Serialize};

/// Whoever caused a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// The customer on the line.
    Caller,
    /// Somebody on the public pages.
    Visitor,
    /// A member of staff.
    Staff {
        /// Which one.
        id: StaffId,
    },
    /// The hotline itself: a timer, a start, a stop.
    System,
    /// Whoever may run commands on the machine.
    Operator,
}

/// What a member of staff is here for. One role each; rights follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes calls.
    Agent,
    /// Approves what another prepared.
    Checker,
    /// Handles complaints.
    Handler,
    /// Leads agents.
    Supervisor,
    /// Reads everything, changes nothing.
    Auditor,
    /// Sees to what must be kept: finds recordings, and holds them.
    Compliance,
    /// Configures the program.
    Admin,
}

impl Role {
    /// Every role, for command lines and forms.
    pub const ALL: [Self; 7] =
        [Self::Agent, Self::Checker, Self::Handler, Self::Supervisor, Self::Auditor, Self::Compliance, Self::Admin];

    /// The role's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Checker => "checker",
            Self::Handler => "handler",
            Self::Supervisor => "supervisor",
            Self::Auditor => "auditor",
            Self::Compliance => "compliance",
            Self::Admin => "admin",
        }
    }

    /// May be offered calls.
    #[must_use]
    pub const fn takes_calls(self) -> bool {
        matches!(self, Self::Agent | Self::Supervisor)
    }

    /// Leads agents: sees their calls, and may listen to them.
    #[must_use]
    pub const fn supervises(self) -> bool {
        matches!(self, Self::Supervisor)
    }

    /// Places and lifts legal holds.
    #[must_use]
    pub const fn holds_recordings(self) -> bool {
        matches!(self, Self::Compliance)
    }

    /// What this role reads records for that it took no part in.
    #[must_use]
    pub const fn reads_for(self) -> Purpose {
        match self {
            Self::Agent | Self::Checker | Self::Admin => Purpose::Service,
            Self::Handler => Purpose::Complaint,
            Self::Supervisor => Purpose::Supervision,
            Self::Auditor | Self::Compliance => Purpose::Audit,
        }
    }
}
