//! The only key to an act on a wallet. A permit is minted here from what a contact has shown, cannot be copied or written down, and
//! is used up by the act it opens.

use super::app_transfer::Linked;
use super::standing::{Approved, Claim};
use crate::kernel::account_act::AccountAct;
use crate::kernel::assurance::Level;
use crate::kernel::ids::{ChallengeId, ContactId};
use crate::kernel::time::{Span, Wall};
use std::marker::PhantomData;

/// How long a permit may wait for its act.
const PERMIT_KEPT: Span = Span::from_s(60);

/// Leave to do one act for one customer, once.
#[derive(Debug, PartialEq, Eq)]
pub struct Permit<A> {
    level: Level,
    contact: ContactId,
    claim: Claim,
    evidence: Vec<ChallengeId>,
    approvals: Vec<Approved>,
    expires_at: Wall,
    act: PhantomData<fn() -> A>,
}

/// Why no permit was minted, or why one opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPermitted {
    /// Nobody was named.
    #[error("no customer was named in this contact: ask for the phone number first")]
    NobodyNamed,
    /// The contact has not shown enough.
    #[error("this needs {need:?} and the contact stands at {have:?}: verify the customer first")]
    NotEnough {
        /// What the act needs.
        need: Level,
        /// What the contact has.
        have: Level,
    },
    /// The permit is too old.
    #[error("the permit has expired: ask again")]
    Expired,
}

impl<A> Permit<A> {
    pub(super) fn mint(
        contact: ContactId,
        (have, need): (Level, Level),
        claim: Option<&Claim>,
        (evidence, approvals): (Vec<ChallengeId>, Vec<Approved>),
        now: Wall,
    ) -> Result<Self, NotPermitted> {
        let claim = claim.ok_or(NotPermitted::NobodyNamed)?.clone();
        if have < need {
            return Err(NotPermitted::NotEnough { need, have });
        }
        let expires_at = now + PERMIT_KEPT;
        Ok(Self { level: have, contact, claim, evidence, approvals, expires_at, act: PhantomData })
    }

    /// The level it was minted at.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// Uses the permit up: what it stands for, when it has not expired.
    ///
    /// # Errors
    /// [`NotPermitted::Expired`].
    pub fn redeem(self, now: Wall) -> Result<Redeemed<A>, NotPermitted> {
        if now > self.expires_at {
            return Err(NotPermitted::Expired);
        }
        let Self { level, contact, claim, evidence, approvals, expires_at, act } = self;
        Ok(Redeemed { level, contact, claim, evidence, approvals, expires_at, act })
    }
}

/// A used permit: what it stood for. A ruling that has to be made again is made with the same one; nobody else can make one.
#[derive(Debug, PartialEq, Eq)]
pub struct Redeemed<A> {
    /// The level it was minted at.
    pub level: Level,
    /// The contact.
    pub contact: ContactId,
    /// For whom.
    pub claim: Claim,
    /// The codes that proved it.
    pub evidence: Vec<ChallengeId>,
    /// What the customer approved in the app for one operation each.
    approvals: Vec<Approved>,
    /// When the permit would have expired.
    pub expires_at: Wall,
    act: PhantomData<fn() -> A>,
}

impl<A> Redeemed<A> {
    /// The level, and what proved it, for an operation as it is: what was approved for it counts, what was approved for another one, or for
    /// another amount, does not.
    #[must_use]
    pub fn shown_for(&self, operation: &Linked) -> (Level, Vec<ChallengeId>) {
        let approved = self.approvals.iter().filter(|approved| approved.linked == *operation && approved.level > self.level);
        match approved.max_by_key(|approved| approved.level) {
            Some(approved) => (approved.level, self.evidence.iter().copied().chain([approved.evidence]).collect()),
            None => (self.level, self.evidence.clone()),
        }
    }
}

/// One of the acts on an account: a permit for it carries which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnAccount;

/// Leave to do one act on one customer's account, once.
#[derive(Debug, PartialEq, Eq)]
pub struct AccountPermit {
    act: AccountAct,
    permit: Permit<OnAccount>,
}

/// A used permit for an act on an account.
#[derive(Debug, PartialEq, Eq)]
pub struct RedeemedAct {
    act: AccountAct,
    permitted: Redeemed<OnAccount>,
}

impl AccountPermit {
    pub(super) const fn new(act: AccountAct, permit: Permit<OnAccount>) -> Self {
        Self { act, permit }
    }

    /// What it is leave for.
    #[must_use]
    pub const fn act(&self) -> AccountAct {
        self.act
    }

    /// The level it was minted at.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.permit.level()
    }

    /// Uses the permit up: what it stands for, when it has not expired.
    ///
    /// # Errors
    /// [`NotPermitted::Expired`].
    pub fn redeem(self, now: Wall) -> Result<RedeemedAct, NotPermitted> {
        Ok(RedeemedAct { act: self.act, permitted: self.permit.redeem(now)? })
    }
}

impl RedeemedAct {
    /// What it was leave for.
    #[must_use]
    pub const fn act(&self) -> AccountAct {
        self.act
    }

    /// What it stood for.
    #[must_use]
    pub const fn permitted(&self) -> &Redeemed<OnAccount> {
        &self.permitted
    }
}
