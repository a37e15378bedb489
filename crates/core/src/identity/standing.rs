//! What one contact has shown of who is calling. It belongs to the contact and survives a transfer between agents. Its level follows
//! from what was shown: there is no way to set it, so nobody raises it but a factor that counts, and nobody waives what an act needs.

use super::acts::Guarded;
use super::app_transfer::Linked;
use super::ladder::{Ladder, Signal};
use super::permit::{AccountPermit, NotPermitted, Permit};
use crate::kernel::account_act::AccountAct;
use crate::kernel::assurance::{Factor, Level};
use crate::kernel::ids::{ChallengeId, ContactId};
use crate::kernel::pii::Pii;
use crate::kernel::subject::Subject;
use crate::kernel::time::{Mono, Now, Span, Wall};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Factors remembered of one contact: more than all there are, each shown a few times.
const PROOFS_MAX: usize = 32;

/// Whom a contact says it speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The wallet, by id.
    pub wallet: String,
    /// The phone number, E.164.
    pub msisdn: Pii<String>,
    /// The same as a keyed hash.
    pub subject: Subject,
}

/// A factor that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Which.
    pub factor: Factor,
    /// The row that says so.
    pub evidence: ChallengeId,
}

/// Approvals remembered of one contact that were given for one operation each: more than an app is made to ask in one.
const APPROVALS_MAX: usize = 4;

/// An approval in the app that was given for one operation. It raises no level: it counts for that operation alone, and not for long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// For what.
    pub linked: Linked,
    /// The level that the contact has for it.
    pub level: Level,
    /// The row that says so.
    pub evidence: ChallengeId,
}

/// What one contact has shown.
#[derive(Debug)]
pub struct Standing {
    contact: ContactId,
    ladder: Arc<Ladder>,
    /// What there is without any factor.
    claimed: Level,
    claim: Option<Claim>,
    /// Oldest first.
    proofs: Vec<Proof>,
    /// What was approved for one operation each, by what, and when; oldest first.
    approvals: Vec<(Linked, Vec<Proof>, Wall)>,
    signals: BTreeSet<Signal>,
    idle: Idle,
}

/// Time without a key, an app act or a desk operation, while connected.
#[derive(Debug, Default)]
struct Idle {
    /// Up to the last time it stopped counting.
    spent: Span,
    /// Since when it counts.
    since: Option<Now>,
}

impl Idle {
    fn so_far(&self, now: Now) -> Span {
        // Whichever clock says more: the wall clock may be set, the other one stands still while the machine sleeps.
        let running = self.since.map(|since| (now.mono - since.mono).max(now.wall - since.wall));
        Span(self.spent.0.saturating_add(running.unwrap_or_default().0))
    }
}

impl Standing {
    /// A contact whose number was shown, or that shows nothing. Whatever was shown in another contact counts for nothing here.
    #[must_use]
    pub fn new(contact: ContactId, shows_number: bool, ladder: Arc<Ladder>) -> Self {
        let claimed = if shows_number { Level::A1 } else { Level::A0 };
        let (proofs, approvals) = (Vec::new(), Vec::new());
        Self { contact, ladder, claimed, claim: None, proofs, approvals, signals: BTreeSet::new(), idle: Idle::default() }
    }

    /// The level reached.
    #[must_use]
    pub fn level(&self) -> Level {
        self.ladder.level(self.claimed, self.proofs.iter().map(|proof| proof.factor), &self.signals)
    }

    /// Whom the contact speaks for.
    #[must_use]
    pub const fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// What was shown, oldest first.
    #[must_use]
    pub fn proofs(&self) -> &[Proof] {
        &self.proofs
    }

    /// The rules it goes by.
    #[must_use]
    pub fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// A number was named. What was proved for another customer proves nothing for this one, and what spoke against that one's phone does
    /// not speak against this one's.
    pub fn claims(&mut self, claim: Claim) {
        if self.claim.as_ref().is_none_or(|known| known.subject != claim.subject) {
            self.claimed = Level::A1;
            self.proofs.clear();
            self.approvals.clear();
            self.signals.retain(|signal| signal.is_of_caller());
            self.claim = Some(claim);
        }
    }

    /// A factor was shown. Says nothing of another customer than the one it is of.
    pub fn proved(&mut self, subject: &Subject, proof: Proof, now: Now) {
        if self.claim.as_ref().is_some_and(|claim| claim.subject == *subject) {
            if self.proofs.len() == PROOFS_MAX {
                self.proofs.remove(0);
            }
            self.proofs.push(proof);
            self.act(now);
        }
    }

    /// The customer agreed in the app to one operation that it showed them. Says nothing of another customer, nor of another operation.
    pub fn approved(&mut self, subject: &Subject, linked: Linked, proofs: Vec<Proof>, now: Now) {
        if self.claim.as_ref().is_some_and(|claim| claim.subject == *subject) {
            if self.approvals.len() == APPROVALS_MAX {
                self.approvals.remove(0);
            }
            self.approvals.push((linked, proofs, now.wall));
            self.act(now);
        }
    }

    /// What was approved for one operation each and still counts, with the level that the contact has for it.
    #[must_use]
    pub fn approvals(&self, now: Wall) -> Vec<Approved> {
        let fresh = self.approvals.iter().filter(|(_, _, at)| now - *at < self.ladder.idle());
        let approved = fresh.filter_map(|(linked, proofs, _)| {
            let shown = self.proofs.iter().chain(proofs).map(|proof| proof.factor);
            let level = self.ladder.level(self.claimed, shown, &self.signals);
            Some(Approved { linked: linked.clone(), level, evidence: proofs.first()?.evidence })
        });
        approved.collect()
    }

    /// Something speaks against a factor or the caller. It stays so to the end of the contact, or until another customer is named.
    pub fn suspects(&mut self, signal: Signal) {
        self.signals.insert(signal);
    }

    /// A key was pressed, or an app or a desk did something.
    pub fn act(&mut self, now: Now) {
        self.idle = Idle { spent: Span(0), since: self.idle.since.map(|_| now) };
    }

    /// Whether idle time counts from here on: not in a queue, while it rings, or while we keep the customer on hold.
    pub fn count_idle(&mut self, counts: bool, now: Now) {
        if counts != self.idle.since.is_some() {
            self.idle = Idle { spent: self.idle.so_far(now), since: counts.then_some(now) };
        }
    }

    /// Forgets what was shown besides the first factor, when nothing was heard for too long. True when the level fell.
    pub fn decay(&mut self, now: Now) -> bool {
        let before = self.level();
        if before < Level::A3 || self.idle.so_far(now) < self.ladder.idle() {
            return false;
        }
        let kept = self.proofs.iter().copied().find(|proof| self.ladder.counts(proof.factor, &self.signals));
        self.proofs = kept.into_iter().collect();
        self.level() < before
    }

    /// When [`Standing::decay`] is due.
    #[must_use]
    pub fn decays_at(&self) -> Option<Mono> {
        let since = self.idle.since.filter(|_| self.level() >= Level::A3)?;
        Some(since.mono + Span(self.ladder.idle().0.saturating_sub(self.idle.spent.0)))
    }

    /// A permit for an act.
    ///
    /// # Errors
    /// When nobody was named, or too little was shown.
    pub fn permit<A: Guarded>(&self, now: Wall) -> Result<Permit<A>, NotPermitted> {
        let evidence = self.proofs.iter().map(|proof| proof.evidence).collect();
        let shown = (evidence, self.approvals(now));
        Permit::mint(self.contact, (self.level(), self.ladder.needs(A::ACT)), self.claim.as_ref(), shown, now)
    }

    /// A permit for an act on the account of the customer who was named.
    ///
    /// # Errors
    /// When nobody was named, or too little was shown.
    pub fn permit_act(&self, act: AccountAct, now: Wall) -> Result<AccountPermit, NotPermitted> {
        let evidence = self.proofs.iter().map(|proof| proof.evidence).collect();
        let levels = (self.level(), self.ladder.needs(act.into()));
        // What was approved in the app was approved for one refund, and opens nothing else.
        let shown = (evidence, Vec::new());
        Ok(AccountPermit::new(act, Permit::mint(self.contact, levels, self.claim.as_ref(), shown, now)?))
    }
}

#[cfg(test)]
mod tests;
