//! What a second person decides on a refund, and what the customer shows later. Each is ruled on the rows as they stand, again when they
//! had changed meanwhile.

use super::{RULINGS_MAX, RefundError, Refunds};
use walletline_core::agent::{FreshFactor, NotFresh, Staff};
use walletline_core::commit::Version;
use walletline_core::help::{checker_of, follow_ruling, take_refund_evidence};
use walletline_core::kernel::ids::{ContactId, RefundId};
use walletline_core::kernel::time::Wall;
use walletline_core::money::{Checker, Refund, ResolvedAs, Ruled};
use walletline_store::CommitError;

/// What a person decides.
#[derive(Debug, Clone)]
pub enum Decision {
    /// It is to be carried out.
    Approve {
        /// Why, where they say so.
        reason: Option<String>,
    },
    /// It is not.
    Decline {
        /// Why.
        reason: String,
    },
    /// They found out what became of it, and another is to confirm it.
    Propose {
        /// What became of it.
        outcome: ResolvedAs,
        /// How they know.
        reason: String,
    },
    /// They confirm what another found out, or do not.
    Conclude {
        /// Whether they confirm it.
        confirms: bool,
        /// How they know.
        reason: String,
    },
}

impl Refunds {
    /// A second person decides, and has shown lately who they are: `fresh` proves it for a moment. It is asked last, so that whoever may not
    /// decide at all is not asked to confirm it.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn decide(
        &self,
        staff: &Staff,
        id: RefundId,
        decision: &Decision,
        fresh: impl Fn(Wall) -> Result<FreshFactor, NotFresh> + Send,
    ) -> Result<Refund, RefundError> {
        for _ in 0..RULINGS_MAX {
            let (version, refund) = self.store.refund(id).await?.ok_or(RefundError::NotFound)?;
            let everybody = self.staff().await?;
            let checker = checker_of(staff, self.certificates_of(staff.id).await?, &refund, &everybody);
            let ruled = self.rule_decision((version, &refund), &checker, decision).await?;
            fresh(self.clock.wall())?;
            if let Some(refund) = self.keep_ruling(ruled, (version, &refund)).await? {
                return Ok(refund);
            }
        }
        Err(RefundError::Conflict)
    }

    async fn rule_decision(
        &self,
        (version, refund): (Version, &Refund),
        checker: &Checker,
        decision: &Decision,
    ) -> Result<Ruled, RefundError> {
        let now = self.clock.wall();
        Ok(match decision {
            Decision::Approve { reason } => {
                let guards = self.guards(refund).await?;
                refund.approve(version, checker, guards, (reason.as_deref(), &self.policy), now)?
            }
            Decision::Decline { reason } => refund.decline(version, checker, reason, now)?,
            Decision::Propose { outcome, reason } => refund.propose(version, checker, *outcome, reason, &self.policy, now)?,
            Decision::Conclude { confirms, reason } => refund.conclude(version, checker, *confirms, reason, &self.policy, now)?,
        })
    }

    /// The customer shows more in a later contact of this agent's.
    ///
    /// # Errors
    /// [`RefundError`].
    pub async fn take_evidence(&self, staff: &Staff, id: RefundId, contact: ContactId) -> Result<Refund, RefundError> {
        let (permit, _) = self.engine.permit_refund(staff.id, contact).await?;
        let shown = permit.redeem(self.clock.wall())?;
        for _ in 0..RULINGS_MAX {
            let (version, refund) = self.store.refund(id).await?.ok_or(RefundError::NotFound)?;
            let (case, guards) = (self.case(&refund).await?, self.guards(&refund).await?);
            let now = self.clock.wall();
            let rows = (version, refund);
            let ruled = take_refund_evidence(rows, (&shown, staff.id), (case, guards), self.errands(now), &self.policy, now)?;
            match self.store.commit(ruled.commit).await {
                Ok(()) => return Ok(ruled.refund),
                Err(CommitError::Conflict(_)) => {}
                Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => return Err(error.into()),
            }
        }
        Err(RefundError::Conflict)
    }

    /// Commits a ruling with all that follows from it. None when a row had changed meanwhile.
    async fn keep_ruling(&self, ruled: Ruled, (version, before): (Version, &Refund)) -> Result<Option<Refund>, RefundError> {
        let case = self.case(before).await?;
        let source = self.store.refund_source(&before.wallet, &before.transaction).await?;
        let now = self.clock.wall();
        let ruled = follow_ruling(ruled, (version, before.state), (case, source), self.errands(now), now);
        match self.store.commit(ruled.commit).await {
            Ok(()) => {
                metrics::counter!("walletline_refunds_total", "state" => ruled.refund.state.name()).increment(1);
                Ok(Some(ruled.refund))
            }
            Err(CommitError::Conflict(_)) => Ok(None),
            Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => Err(error.into()),
        }
    }
}
