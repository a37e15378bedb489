//! An act on a wallet as a row. It cannot be built without a permit, carries its idempotency key from before the first request, and
//! is checked once more before it is sent.

use super::outcome::{Decline, Outcome};
use super::step_table::{Happening, State};
use crate::commit::{Change, Commit, Entry, Version};
use crate::identity::{FreezeAccount, Guarded, Redeemed, RedeemedAct};
use crate::kernel::{
    account_act::AccountAct,
    actor::Actor,
    assurance::Level,
    ids::{CaseId, ChallengeId, ContactId, ErrandId, OperationId, StaffId},
    pii::Pii,
    purpose::Purpose,
    subject::Subject,
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long an act is tried before a person has to decide.
const SEND_WITHIN: Span = Span::from_s(24 * 3_600);

/// How long the row of an act is kept: as long as the audit log.
pub const KEPT: Span = Span::from_s(7 * 365 * 24 * 3_600);

/// A committed act on a wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its identifier.
    pub id: OperationId,
    /// The key under which the wallet knows it again: a UUID, durable before the first request.
    pub key: String,
    /// What is done.
    pub act: String,
    /// At which wallet.
    pub wallet: String,
    /// To whose account.
    pub subject: Subject,
    /// The case that follows it.
    pub case: CaseId,
    /// The contact that asked for it.
    pub contact: ContactId,
    /// The level it was permitted at.
    pub level: Level,
    /// The codes that proved it.
    pub evidence: Vec<ChallengeId>,
    /// When its permit would have expired.
    pub permit_expires_at: Wall,
    /// SHA-256 over key, act, wallet and account, in hexadecimal digits.
    pub digest: String,
    /// After this it is not sent any more.
    pub send_by: Wall,
    /// How far it has come.
    pub state: State,
    /// Why the wallet said no, where it did and gave a reason.
    #[serde(default)]
    pub declined: Option<Decline>,
    /// The agent who asked for it, where a second one has to agree.
    #[serde(default)]
    pub maker: Option<StaffId>,
    /// The second person, once they decided.
    #[serde(default)]
    pub checker: Option<StaffId>,
    /// What carries it out once they agree.
    #[serde(default)]
    pub errand: Option<ErrandId>,
    /// When it was decided.
    pub created_at: Wall,
    /// When it came to its end.
    pub settled_at: Option<Wall>,
}

/// The names of a new act, made at the edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOperation {
    /// Its identifier.
    pub id: OperationId,
    /// Its idempotency key.
    pub key: String,
}

/// What an act is to be done to, as the outbox carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// E.164.
    pub msisdn: Pii<String>,
}

/// What the outbox carries is not what was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the errand does not carry what was permitted: it is not sent")]
pub struct BadDigest;

impl Operation {
    /// A freeze, permitted and ready to be committed.
    #[must_use]
    pub fn freeze(permitted: &Redeemed<FreezeAccount>, new: NewOperation, case: CaseId, now: Wall) -> (Self, Target) {
        Self::of(FreezeAccount::NAME, permitted, new, case, now)
    }

    /// Another act on an account, permitted and ready to be committed.
    #[must_use]
    pub fn on_account(redeemed: &RedeemedAct, new: NewOperation, case: CaseId, now: Wall) -> (Self, Target) {
        Self::of(redeemed.act().name(), redeemed.permitted(), new, case, now)
    }

    fn of<A>(act: &str, permitted: &Redeemed<A>, new: NewOperation, case: CaseId, now: Wall) -> (Self, Target) {
        let claim = permitted.claim.clone();
        let digest = digest(&new.key, act, &claim.wallet, &claim.msisdn);
        let operation = Self {
            id: new.id,
            key: new.key,
            act: act.to_owned(),
            wallet: claim.wallet,
            subject: claim.subject,
            case,
            contact: permitted.contact,
            level: permitted.level,
            evidence: permitted.evidence.clone(),
            permit_expires_at: permitted.expires_at,
            digest,
            send_by: now + SEND_WITHIN,
            state: State::Committed,
            declined: None,
            maker: None,
            checker: None,
            errand: None,
            created_at: now,
            settled_at: None,
        };
        (operation, Target { msisdn: claim.msisdn })
    }

    /// The same act, waiting until a second person agrees.
    #[must_use]
    pub fn waiting_for_second(self, maker: StaffId, errand: ErrandId) -> Self {
        Self { state: State::AwaitingSecond, maker: Some(maker), errand: Some(errand), ..self }
    }

    /// A second person agrees, or does not. None when it does not wait for one.
    #[must_use]
    pub fn decided(&self, version: Version, checker: StaffId, agrees: bool, now: Wall) -> Option<(Self, Commit)> {
        let happening = if agrees { Happening::Agreed } else { Happening::Disagreed };
        let declined = (!agrees).then_some(Decline::ByRule);
        let (next, commit) = Self { checker: Some(checker), declined, ..self.clone() }.step(version, happening, now)?;
        let verb = if agrees { "agreed" } else { "disagreed" };
        let entry = Entry::new(now, Actor::Staff { id: checker }, &format!("{}.{verb}", self.act), self.id);
        Some((next, commit.and(Commit::new(entry, Vec::new()))))
    }

    /// Which act on an account it is; none for a freeze.
    #[must_use]
    pub fn account_act(&self) -> Option<AccountAct> {
        AccountAct::named(&self.act)
    }

    /// The transaction that makes the decision durable, without what follows from it.
    #[must_use]
    pub fn committed(&self, now: Wall) -> Commit {
        let purpose = if self.account_act().is_some() { Purpose::Service } else { Purpose::Emergency };
        let entry = Entry::new(now, Actor::Caller, &format!("{}.committed", self.act), self.id).for_purpose(purpose);
        Commit::new(entry, vec![Change::Operation(0, Box::new(self.clone()))])
    }

    /// Whether an errand carries what was permitted.
    ///
    /// # Errors
    /// [`BadDigest`].
    pub fn check(&self, target: &Target) -> Result<(), BadDigest> {
        let carried = digest(&self.key, &self.act, &self.wallet, &target.msisdn);
        if carried == self.digest { Ok(()) } else { Err(BadDigest) }
    }

    /// Sets out to carry it out. None when it is over already, or its time is.
    #[must_use]
    pub fn begin(&self, version: Version, now: Wall) -> Option<(Self, Commit)> {
        if now > self.send_by {
            return None;
        }
        self.step(version, Happening::Begun, now)
    }

    /// Writes down what came of it. None when that cannot happen in its state.
    #[must_use]
    pub fn settle(&self, version: Version, outcome: Outcome, now: Wall) -> Option<(Self, Commit)> {
        let (happening, declined) = match outcome {
            Outcome::Done => (Happening::Confirmed, None),
            Outcome::Declined(why) => (Happening::Refused, Some(why)),
            Outcome::Unknown => (Happening::NoAnswer, None),
            Outcome::NotSent => (Happening::NotReached, None),
        };
        Self { declined, ..self.clone() }.step(version, happening, now)
    }

    /// Gives it up. None when it is over already.
    #[must_use]
    pub fn give_up(&self, version: Version, now: Wall) -> Option<(Self, Commit)> {
        self.step(version, Happening::TimeOver, now)
    }

    fn step(&self, version: Version, happening: Happening, now: Wall) -> Option<(Self, Commit)> {
        let state = self.state.after(happening)?;
        let mut next = self.clone();
        next.state = state;
        next.settled_at = state.is_over().then_some(now);
        let entry = Entry::new(now, Actor::System, &format!("{}.{}", self.act, state.name()), self.id);
        let commit = Commit::new(entry, vec![Change::Operation(version, Box::new(next.clone()))]);
        Some((next, commit))
    }
}

fn digest(key: &str, act: &str, wallet: &str, msisdn: &Pii<String>) -> String {
    let mut hash = Sha256::new();
    for part in [key, act, wallet, msisdn.expose()] {
        // Lengths first: two different lists of parts never make one text.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Claim, Standing};
    use std::sync::Arc;

    fn freeze() -> (Operation, Target) {
        let mut standing = Standing::new(1.into(), false, Arc::default());
        let (msisdn, subject) = (Pii::new("+8619000000001".to_owned()), Subject::new("s".to_owned()));
        standing.claims(Claim { wallet: "jinqiao".to_owned(), msisdn, subject });
        let new = NewOperation { id: 5.into(), key: "k".to_owned() };
        Operation::freeze(&standing.permit(Wall(0)).unwrap().redeem(Wall(1)).unwrap(), new, 9.into(), Wall(1))
    }

    #[test]
    fn an_errand_that_carries_another_account_is_not_sent() {
        let (operation, target) = freeze();
        assert_eq!(operation.check(&target), Ok(()));
        let other = Target { msisdn: Pii::new("+8619000000002".to_owned()) };
        assert_eq!(operation.check(&other), Err(BadDigest));
        assert_eq!(Operation { key: "other".to_owned(), ..operation }.check(&target), Err(BadDigest));
    }

    #[test]
    fn nothing_is_sent_after_its_time_and_nothing_happens_after_its_end() {
        let (operation, _) = freeze();
        assert!(operation.begin(1, operation.send_by + Span(1)).is_none());
        let (sending, _) = operation.begin(1, Wall(2)).unwrap();
        let (done, commit) = sending.settle(2, Outcome::Done, Wall(3)).unwrap();
        assert_eq!((done.state, done.settled_at), (State::Done, Some(Wall(3))));
        assert_eq!(commit.entries()[0].action, "freeze.done");
        assert!(done.begin(3, Wall(4)).is_none() && done.settle(3, Outcome::Unknown, Wall(4)).is_none());
    }
}
