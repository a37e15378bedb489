//! What two people establish when the wallet cannot tell what became of a refund. One says it, a supervisor confirms it, and neither is
//! whoever asked for the refund. Nothing is sent afterwards.

use super::approval::Verdict;
use super::people::Checker;
use super::policy::Policy;
use super::refund::{Refund, RefundRefusal, Ruled, check_reason};
use super::step_table::Happening;
use crate::commit::Version;
use crate::kernel::{ids::StaffId, time::Wall};
use serde::{Deserialize, Serialize};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResolvedAs {
    /// The money is back.
    Done,
    /// It is not, and will not be by this refund.
    Undone,
}

/// What one person says became of it, before another confirms it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Who says so.
    pub by: StaffId,
    /// What.
    pub outcome: ResolvedAs,
    /// When.
    pub at: Wall,
}

impl Refund {
    /// Somebody who may check says what became of a refund that the wallet cannot account for.
    ///
    /// # Errors
    /// [`RefundRefusal`].
    pub fn propose(
        &self,
        version: Version,
        by: &Checker,
        outcome: ResolvedAs,
        reason: &str,
        policy: &Policy,
        now: Wall,
    ) -> Result<Ruled, RefundRefusal> {
        self.may_resolve(by, policy, now)?;
        check_reason(reason)?;
        if self.proposal.is_some() {
            return Err(RefundRefusal::AlreadyProposed);
        }
        let mut next = self.clone();
        next.proposal = Some(Proposal { by: by.id, outcome, at: now });
        let verdict = match outcome {
            ResolvedAs::Done => Verdict::ProposedDone,
            ResolvedAs::Undone => Verdict::ProposedUndone,
        };
        Ok(next.decided(version, verdict, Some(by.id), Some(reason), now))
    }

    /// A supervisor confirms what another person said, or does not. Confirmed, the refund is over; a sum that was not given back is free again.
    ///
    /// # Errors
    /// [`RefundRefusal`].
    pub fn conclude(
        &self,
        version: Version,
        by: &Checker,
        confirms: bool,
        reason: &str,
        policy: &Policy,
        now: Wall,
    ) -> Result<Ruled, RefundRefusal> {
        self.may_resolve(by, policy, now)?;
        check_reason(reason)?;
        let proposal = self.proposal.ok_or(RefundRefusal::NothingProposed)?;
        match () {
            () if proposal.by == by.id => return Err(RefundRefusal::OwnProposal),
            () if by.is_under_proposer => return Err(RefundRefusal::UnderProposer),
            () if !by.supervises => return Err(RefundRefusal::SupervisorNeeded),
            () => {}
        }
        let mut next = self.clone();
        next.proposal = None;
        if !confirms {
            return Ok(next.decided(version, Verdict::Rejected, Some(by.id), Some(reason), now));
        }
        let happening = match proposal.outcome {
            ResolvedAs::Done => Happening::FoundDone,
            ResolvedAs::Undone => Happening::FoundUndone,
        };
        let next = next.after(happening, now).ok_or(RefundRefusal::NotInThisState)?;
        Ok(next.decided(version, Verdict::Confirmed, Some(by.id), Some(reason), now))
    }

    fn may_resolve(&self, by: &Checker, policy: &Policy, now: Wall) -> Result<(), RefundRefusal> {
        let since = self.doubtful_since.filter(|_| self.state.is_doubtful()).ok_or(RefundRefusal::NotInThisState)?;
        self.is_second(by)?;
        if now - since < policy.resolve_after { Err(RefundRefusal::AskedFurther) } else { Ok(()) }
    }
}
