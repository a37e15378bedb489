//! Refunds on the wire, as the API's operations. A customer is named by nothing here: a reference opens what is to be done, not whose it is.

use super::{Level, Time, names::names};
use crate::refunds::{self, Decision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::kernel::ids::{ContactId, StaffId};
use walletline_core::kernel::money::Money;
use walletline_core::kernel::pii::Pii;
use walletline_core::money::{self, Policy};

names! {
    /// How far a refund has come.
    RefundState = money::State {
        Draft "draft", Requested "requested", EligibilityChecked "eligibility_checked", Rejected "rejected",
        AwaitingApproval "awaiting_approval", Declined "declined", Expired "expired", Approved "approved",
        Submitting "submitting", Submitted "submitted", Pending "pending", ActionNeeded "action_needed", Unknown "unknown",
        Succeeded "succeeded", Failed "failed", Cancelled "cancelled",
    }
    /// Who has to agree to a refund.
    RefundTier = money::Tier { Rule "rule", Checker "checker", Supervisor "supervisor" }
    /// Why a transaction does not allow a refund.
    RefundUnfit = money::Unfit {
        NotThePayer "not_the_payer", NotCompleted "not_completed", Reversed "reversed", NotRefundable "not_refundable",
        OtherCurrency "other_currency", MoreThanIsLeft "more_than_is_left",
    }
    /// What was decided on a refund.
    RefundVerdict = money::Verdict {
        Asked "asked", EvidenceTaken "evidence_taken", Approved "approved", Declined "declined",
        ProposedDone "proposed_done", ProposedUndone "proposed_undone", Confirmed "confirmed", Rejected "rejected",
    }
    /// What became of a refund that the wallet cannot account for.
    ResolvedAs = money::ResolvedAs { Done "done", Undone "undone" }
}

/// What kind of operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OperationType {
    /// Money goes back to where it came from.
    Refund,
}

/// `POST operations`: an operation is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OperationAsked {
    /// What kind.
    #[serde(rename = "type")]
    #[expect(dead_code, reason = "there is one kind, and a request that names another is refused")]
    kind: OperationType,
    /// One's own live contact with the customer.
    #[schema(value_type = String)]
    contact: ContactId,
    /// The transaction: its whole number, or its last six digits.
    #[schema(example = "261118000486")]
    transaction: String,
    /// How much, in the transaction's currency; all that is left where it is not said.
    #[schema(example = "19.90")]
    amount: Option<String>,
    /// Why: 1 to 500 characters.
    reason: String,
}

/// Digits of a transaction.
const TRANSACTION_CHARS_MAX: usize = 64;

impl OperationAsked {
    /// What is asked for.
    pub(crate) fn read(self) -> Result<refunds::Asked, &'static str> {
        let is_number =
            |text: &str| text.len() >= 6 && text.len() <= TRANSACTION_CHARS_MAX && text.bytes().all(|b| b.is_ascii_digit());
        if !is_number(&self.transaction) {
            return Err("transaction: its whole number, or its last six digits");
        }
        let Self { contact, transaction, amount, reason, .. } = self;
        Ok(refunds::Asked { contact, transaction, amount, reason: Pii::new(reason) })
    }
}

/// A sum.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Sum {
    /// Decimal.
    #[schema(example = "19.90")]
    amount: String,
    /// ISO 4217.
    #[schema(example = "CNY")]
    currency: String,
}

impl From<Money> for Sum {
    fn from(money: Money) -> Self {
        Self { amount: money.amount(), currency: money.currency.to_string() }
    }
}

/// What the customer showed for it.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RefundEvidence {
    /// The level it came to.
    level: Level,
    /// In which contact.
    contact: String,
    /// How many factors prove it.
    factors: usize,
    /// When.
    at: Time,
}

/// A decision on a refund.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RefundDecision {
    /// What was decided.
    verdict: RefundVerdict,
    /// By the person of this number; null by rule, and by the customer.
    #[schema(required = true)]
    by: Option<String>,
    /// Why.
    #[schema(required = true)]
    reason: Option<String>,
    /// When.
    at: Time,
}

/// What somebody says became of a refund, and nobody has confirmed.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RefundProposal {
    /// The person's number.
    by: String,
    /// What became of it.
    outcome: ResolvedAs,
    /// When they said so.
    at: Time,
}

/// A refund.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Operation {
    /// Identifier.
    id: String,
    /// What kind.
    #[serde(rename = "type")]
    kind: OperationType,
    /// What the customer calls it by.
    #[schema(example = "R123456782")]
    reference: String,
    /// How far it has come.
    state: RefundState,
    /// The wallet, by id.
    wallet: String,
    /// The contact it was asked for in.
    contact: String,
    /// The transaction of which money goes back.
    transaction: String,
    /// How much.
    amount: Sum,
    /// What was paid; null where nothing was ever held of the transaction.
    #[schema(required = true)]
    captured: Option<Sum>,
    /// What can still be given back of it.
    #[schema(required = true)]
    left: Option<Sum>,
    /// Why it was asked for.
    reason: String,
    /// The number of whoever asked for it; null where its customer did, without an agent.
    #[schema(required = true)]
    maker: Option<String>,
    /// The level of the contact when it was asked for.
    level: Level,
    /// What the customer showed for it; null while that is missing.
    #[schema(required = true)]
    evidence: Option<RefundEvidence>,
    /// Who has to agree; null when nobody has to any more.
    #[schema(required = true)]
    needs: Option<RefundTier>,
    /// What is missing before it is carried out: `evidence`, `approval`.
    missing: Vec<String>,
    /// Why the transaction does not allow it.
    #[schema(required = true)]
    unfit: Option<RefundUnfit>,
    /// What the customer may still be given back today.
    #[schema(required = true)]
    customer_left: Option<Sum>,
    /// What whoever asked may still ask for today; null where the customer did.
    #[schema(required = true)]
    maker_left: Option<Sum>,
    /// The key under which the wallet knows it.
    correlation_id: String,
    /// What the wallet calls what it did.
    #[schema(required = true)]
    wallet_reference: Option<String>,
    /// What somebody says became of it.
    #[schema(required = true)]
    proposal: Option<RefundProposal>,
    /// What was decided, oldest first.
    decisions: Vec<RefundDecision>,
    /// When it was asked for.
    asked_at: Time,
    /// Until when it waits for its decision.
    decide_by: Time,
    /// Since when nobody knows what became of it.
    #[schema(required = true)]
    doubtful_since: Option<Time>,
    /// When it came to its end.
    #[schema(required = true)]
    settled_at: Option<Time>,
}

impl Operation {
    /// A refund with all that somebody who decides on it has to see.
    pub(crate) fn new(shown: refunds::Shown, policy: &Policy, number_of: &impl Fn(StaffId) -> String) -> Self {
        let refunds::Shown { refund, reference, source, customer_day, maker_day, needs, decisions } = shown;
        let limits = policy.limits.get(&refund.amount.currency);
        let left = |max: i64, spent: i64| Sum::from(Money::new(max.saturating_sub(spent).max(0), refund.amount.currency));
        let waits = refund.state == money::State::AwaitingApproval;
        let missing = [
            (waits && refund.evidence.is_none()).then_some("evidence"),
            (waits && needs != Some(money::Tier::Rule)).then_some("approval"),
        ];
        let decision = |line: money::Approval| RefundDecision {
            verdict: line.verdict.into(),
            by: line.by.map(number_of),
            reason: line.reason,
            at: line.at.into(),
        };
        Self {
            id: refund.id.to_string(),
            kind: OperationType::Refund,
            reference,
            state: refund.state.into(),
            wallet: refund.wallet,
            contact: refund.contact.to_string(),
            transaction: refund.transaction,
            amount: refund.amount.into(),
            captured: source.as_ref().map(|source| source.captured.into()),
            left: source.as_ref().map(|source| source.left().into()),
            reason: refund.reason.expose().clone(),
            maker: refund.maker.map(number_of),
            level: refund.level.into(),
            evidence: refund.evidence.map(|shown| RefundEvidence {
                level: shown.level.into(),
                contact: shown.contact.to_string(),
                factors: shown.factors.len(),
                at: shown.at.into(),
            }),
            needs: needs.map(Into::into),
            missing: missing.into_iter().flatten().map(str::to_owned).collect(),
            unfit: refund.unfit.map(Into::into),
            customer_left: limits.map(|limits| left(limits.customer_daily_max, customer_day)),
            maker_left: limits.zip(maker_day).map(|(limits, spent)| left(limits.maker_daily_max, spent)),
            correlation_id: refund.key,
            wallet_reference: refund.wallet_reference,
            proposal: refund.proposal.map(|proposal| RefundProposal {
                by: number_of(proposal.by),
                outcome: proposal.outcome.into(),
                at: proposal.at.into(),
            }),
            decisions: decisions.into_iter().map(decision).collect(),
            asked_at: refund.asked_at.into(),
            decide_by: refund.decide_by.into(),
            doubtful_since: refund.doubtful_since.map(Into::into),
            settled_at: refund.settled_at.map(Into::into),
        }
    }
}

/// What an operation would be: nothing was written, and nobody was told.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct OperationPreview {
    /// The transaction, by its whole number.
    transaction: String,
    /// What was paid.
    captured: Sum,
    /// What can still be given back.
    left: Sum,
    /// What would go back.
    amount: Sum,
    /// Why the transaction does not allow it.
    #[schema(required = true)]
    unfit: Option<RefundUnfit>,
    /// Who would have to agree; null where nothing of its currency is given back.
    #[schema(required = true)]
    needs: Option<RefundTier>,
    /// What is missing before it is carried out: `certificate`, `evidence`, `approval`.
    missing: Vec<String>,
    /// What the customer may still be given back today.
    #[schema(required = true)]
    customer_left: Option<Sum>,
    /// What may still be asked for today.
    #[schema(required = true)]
    maker_left: Option<Sum>,
}

impl From<refunds::Preview> for OperationPreview {
    fn from(preview: refunds::Preview) -> Self {
        let missing = [
            (!preview.is_certified).then_some("certificate"),
            (!preview.has_evidence).then_some("evidence"),
            (preview.needs != Some(money::Tier::Rule)).then_some("approval"),
        ];
        Self {
            transaction: preview.transaction,
            captured: preview.captured.into(),
            left: preview.left.into(),
            amount: preview.amount.into(),
            unfit: preview.unfit.map(Into::into),
            needs: preview.needs.map(Into::into),
            missing: missing.into_iter().flatten().map(str::to_owned).collect(),
            customer_left: preview.customer_left.map(Into::into),
            maker_left: preview.maker_left.map(Into::into),
        }
    }
}

/// A second person decides on an operation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum OperationDecision {
    /// It is to be carried out.
    Approve {
        /// Why.
        reason: Option<String>,
    },
    /// It is not.
    Decline {
        /// Why: 1 to 500 characters.
        reason: String,
    },
    /// The wallet cannot account for it, and this is what became of it.
    Propose {
        /// What became of it.
        outcome: ResolvedAs,
        /// How it is known: 1 to 500 characters.
        reason: String,
    },
    /// What another person found out is so.
    Confirm {
        /// How it is known: 1 to 500 characters.
        reason: String,
    },
    /// What another person found out is not so.
    Reject {
        /// Why: 1 to 500 characters.
        reason: String,
    },
}

impl From<OperationDecision> for Decision {
    fn from(decision: OperationDecision) -> Self {
        match decision {
            OperationDecision::Approve { reason } => Self::Approve { reason },
            OperationDecision::Decline { reason } => Self::Decline { reason },
            OperationDecision::Propose { outcome, reason } => Self::Propose { outcome: outcome.into(), reason },
            OperationDecision::Confirm { reason } => Self::Conclude { confirms: true, reason },
            OperationDecision::Reject { reason } => Self::Conclude { confirms: false, reason },
        }
    }
}

/// The customer of one's own live contact shows what an operation still lacks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidenceAct {
    /// The contact.
    #[schema(value_type = String)]
    pub(crate) contact: ContactId,
}
