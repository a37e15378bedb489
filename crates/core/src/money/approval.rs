//! What was decided on a refund, by whom, and on what grounds: lines that are only ever added.

use crate::kernel::{
    ids::{RefundId, StaffId},
    time::Wall,
};
use serde::{Deserialize, Serialize};

/// A line of a refund's decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Of which refund.
    pub refund: RefundId,
    /// Its place among the lines of this refund, from 1. Two who decide at once want the same one, and one of them gets it.
    pub number: i64,
    /// What was decided.
    pub verdict: Verdict,
    /// By whom; none by rule.
    pub by: Option<StaffId>,
    /// Why, in the person's own words.
    pub reason: Option<String>,
    /// When.
    pub at: Wall,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was asked for.
    Asked,
    /// The customer's A3 was taken as evidence.
    EvidenceTaken,
    /// It is to be carried out.
    Approved,
    /// It is not.
    Declined,
    /// Somebody says that it was done, and a second person is to confirm it.
    ProposedDone,
    /// Somebody says that it was not done, and a second person is to confirm it.
    ProposedUndone,
    /// The second person says so too.
    Confirmed,
    /// The second person does not.
    Rejected,
}

impl Verdict {
    /// The verdict on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::EvidenceTaken => "evidence_taken",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::ProposedDone => "proposed_done",
            Self::ProposedUndone => "proposed_undone",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
        }
    }
}
