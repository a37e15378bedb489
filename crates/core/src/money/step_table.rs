//! The steps of a refund, as one table. What is not listed cannot happen, and is refused by name.

use serde::{Deserialize, Serialize};

/// How far a refund has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being put together; never durable.
    Draft,
    /// Asked for by a customer who may.
    Requested,
    /// Held against what the wallet says of the transaction.
    EligibilityChecked,
    /// The transaction does not allow it.
    Rejected,
    /// Waits for the second person, and for what else is missing.
    AwaitingApproval,
    /// The second person said no.
    Declined,
    /// Nobody decided in time.
    Expired,
    /// Decided: it is to be carried out. Nothing was sent, or certainly nothing arrived.
    Approved,
    /// On its way to the wallet.
    Submitting,
    /// The wallet took it, and has not said more.
    Submitted,
    /// The wallet works on it.
    Pending,
    /// The wallet says something that a person has to look at. Not an end: it is asked about further.
    ActionNeeded,
    /// Sent, and what came of it is not known.
    Unknown,
    /// The money is back.
    Succeeded,
    /// The wallet will not do it, or it was certainly never sent.
    Failed,
    /// The wallet took it back before it was carried out.
    Cancelled,
}

/// What can happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Happening {
    /// A customer who may asked for it.
    Asked,
    /// The wallet's facts were read.
    Checked,
    /// They do not allow it.
    Unfit,
    /// They do: people decide.
    Admitted,
    /// The second person said no.
    Declined,
    /// Nobody decided in time.
    Lapsed,
    /// It was approved, by a person or by rule.
    Approved,
    /// Somebody sets out to carry it out. In `Submitting`: whoever did before is gone.
    Begun,
    /// The wallet could not be reached: nothing was sent, now or before.
    NotReached,
    /// It was never sent, and its time is over.
    NeverSent,
    /// Sent, but no usable answer.
    NoAnswer,
    /// Asked by its key, the wallet says it never received it: it is sent again, under the same key.
    NotReceived,
    /// The wallet took it.
    Accepted,
    /// The wallet still works on it.
    StillPending,
    /// The wallet says something that is not known.
    Unfamiliar,
    /// The wallet did it.
    Confirmed,
    /// The wallet refuses it for good.
    Refused,
    /// The wallet took it back.
    Withdrawn,
    /// Two people established that it was done.
    FoundDone,
    /// Two people established that it was not done, and will not be.
    FoundUndone,
}

use Happening as H;
use State as S;

/// Every step there is.
pub(super) const STEPS: &[(State, Happening, State)] = &[
    (S::Draft, H::Asked, S::Requested),
    (S::Requested, H::Checked, S::EligibilityChecked),
    (S::EligibilityChecked, H::Unfit, S::Rejected),
    (S::EligibilityChecked, H::Admitted, S::AwaitingApproval),
    (S::AwaitingApproval, H::Declined, S::Declined),
    (S::AwaitingApproval, H::Lapsed, S::Expired),
    (S::AwaitingApproval, H::Approved, S::Approved),
    (S::Approved, H::Begun, S::Submitting),
    (S::Approved, H::NeverSent, S::Failed),
    // Whoever set out is gone: the wallet is asked by the key before anything is sent again.
    (S::Submitting, H::Begun, S::Unknown),
    (S::Submitting, H::NotReached, S::Approved),
    (S::Submitting, H::NoAnswer, S::Unknown),
    (S::Submitting, H::Accepted, S::Submitted),
    (S::Submitting, H::Unfamiliar, S::ActionNeeded),
    (S::Submitting, H::Confirmed, S::Succeeded),
    (S::Submitting, H::Refused, S::Failed),
    (S::Submitted, H::StillPending, S::Pending),
    (S::Submitted, H::Unfamiliar, S::ActionNeeded),
    (S::Submitted, H::Confirmed, S::Succeeded),
    (S::Submitted, H::Refused, S::Failed),
    (S::Submitted, H::Withdrawn, S::Cancelled),
    (S::Submitted, H::NotReceived, S::ActionNeeded),
    (S::Pending, H::StillPending, S::Pending),
    (S::Pending, H::Unfamiliar, S::ActionNeeded),
    (S::Pending, H::Confirmed, S::Succeeded),
    (S::Pending, H::Refused, S::Failed),
    (S::Pending, H::Withdrawn, S::Cancelled),
    (S::Pending, H::NotReceived, S::ActionNeeded),
    (S::ActionNeeded, H::StillPending, S::Pending),
    (S::ActionNeeded, H::Unfamiliar, S::ActionNeeded),
    // The wallet took it once and now says it does not know it: nothing is ever sent again by itself.
    (S::ActionNeeded, H::NotReceived, S::ActionNeeded),
    (S::ActionNeeded, H::Confirmed, S::Succeeded),
    (S::ActionNeeded, H::Refused, S::Failed),
    (S::ActionNeeded, H::Withdrawn, S::Cancelled),
    (S::ActionNeeded, H::FoundDone, S::Succeeded),
    (S::ActionNeeded, H::FoundUndone, S::Failed),
    (S::Unknown, H::NoAnswer, S::Unknown),
    (S::Unknown, H::NotReceived, S::Submitting),
    (S::Unknown, H::StillPending, S::Pending),
    (S::Unknown, H::Unfamiliar, S::ActionNeeded),
    (S::Unknown, H::Confirmed, S::Succeeded),
    (S::Unknown, H::Refused, S::Failed),
    (S::Unknown, H::Withdrawn, S::Cancelled),
    (S::Unknown, H::FoundDone, S::Succeeded),
    (S::Unknown, H::FoundUndone, S::Failed),
];

impl State {
    /// Every state.
    pub const ALL: [Self; 16] = [
        S::Draft,
        S::Requested,
        S::EligibilityChecked,
        S::Rejected,
        S::AwaitingApproval,
        S::Declined,
        S::Expired,
        S::Approved,
        S::Submitting,
        S::Submitted,
        S::Pending,
        S::ActionNeeded,
        S::Unknown,
        S::Succeeded,
        S::Failed,
        S::Cancelled,
    ];

    /// The state after something happened; none when that cannot happen here.
    #[must_use]
    pub fn after(self, happening: Happening) -> Option<Self> {
        STEPS.iter().find(|(from, by, _)| *from == self && *by == happening).map(|(_, _, to)| *to)
    }

    /// Nothing more happens.
    #[must_use]
    pub const fn is_over(self) -> bool {
        match self {
            S::Rejected | S::Declined | S::Expired | S::Succeeded | S::Failed | S::Cancelled => true,
            S::Draft
            | S::Requested
            | S::EligibilityChecked
            | S::AwaitingApproval
            | S::Approved
            | S::Submitting
            | S::Submitted
            | S::Pending
            | S::ActionNeeded
            | S::Unknown => false,
        }
    }

    /// Its sum counts against the transaction: the money is back, may be on its way, or will be.
    #[must_use]
    pub const fn holds_money(self) -> bool {
        match self {
            S::Approved | S::Submitting | S::Submitted | S::Pending | S::ActionNeeded | S::Unknown | S::Succeeded => true,
            S::Draft
            | S::Requested
            | S::EligibilityChecked
            | S::Rejected
            | S::AwaitingApproval
            | S::Declined
            | S::Expired
            | S::Failed
            | S::Cancelled => false,
        }
    }

    /// The wallet may have it, and has not said how it ended.
    #[must_use]
    pub const fn is_doubtful(self) -> bool {
        matches!(self, S::Unknown | S::ActionNeeded)
    }

    /// The state on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            S::Draft => "draft",
            S::Requested => "requested",
            S::EligibilityChecked => "eligibility_checked",
            S::Rejected => "rejected",
            S::AwaitingApproval => "awaiting_approval",
            S::Declined => "declined",
            S::Expired => "expired",
            S::Approved => "approved",
            S::Submitting => "submitting",
            S::Submitted => "submitted",
            S::Pending => "pending",
            S::ActionNeeded => "action_needed",
            S::Unknown => "unknown",
            S::Succeeded => "succeeded",
            S::Failed => "failed",
            S::Cancelled => "cancelled",
        }
    }
}
