//! A refund as a row, and what people decide on it. It cannot be built without a permit, carries its key from before the first request,
//! and names no destination: money goes back where it came from.

use super::approval::{Approval, Verdict};
use super::eligibility::Unfit;
use super::guard::{Source, Spent};
use super::people::{Checker, Maker};
use super::policy::{Policy, Tier};
use super::resolution::Proposal;
use super::step_table::{Happening, State};
use crate::commit::{Change, Commit, Entry, Version};
use crate::identity::{Guarded, Redeemed, RequestRefund};
use crate::kernel::{
    actor::Actor,
    assurance::Level,
    ids::{CaseId, ChallengeId, ContactId, RefundId, StaffId},
    language::Language,
    money::Money,
    pii::Pii,
    purpose::Purpose,
    subject::Subject,
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long the row of a refund is kept: as long as the audit log.
pub const REFUND_KEPT: Span = Span::from_s(7 * 365 * 24 * 3_600);

/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 500;

/// What carries it out needs the customer to have shown so much.
const EVIDENCE_LEVEL: Level = Level::A3;

/// What the customer showed, and in which contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The level it came to.
    pub level: Level,
    /// In which contact.
    pub contact: ContactId,
    /// The factors that prove it, by their rows.
    pub factors: Vec<ChallengeId>,
    /// When.
    pub at: Wall,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Its identifier.
    pub id: RefundId,
    /// The key under which the wallet knows it again: a UUID, durable before the first request.
    pub key: String,
    /// Names the request that asked for it: asked once more, it is found by this. A hash over the person and their own key.
    pub request_key: String,
    /// What that request said, as a hash: another one under the same key is refused.
    pub request_digest: String,
    /// At which wallet.
    pub wallet: String,
    /// To whose account.
    pub subject: Subject,
    /// Their number, E.164, for those who are told.
    pub msisdn: Pii<String>,
    /// In which language they are told.
    pub language: Language,
    /// The case that follows it.
    pub case: CaseId,
    /// The contact it was asked for in.
    pub contact: ContactId,
    /// Of which transaction.
    pub transaction: String,
    /// How much.
    pub amount: Money,
    /// Why, in the agent's words; empty where the customer asked.
    pub reason: Pii<String>,
    /// Who asked for it; none where its customer did, with nobody between.
    pub maker: Option<StaffId>,
    /// The level it was asked for at.
    pub level: Level,
    /// The customer's A3; none while it is missing.
    pub evidence: Option<Evidence>,
    /// SHA-256 over key, act, wallet, account, transaction, amount and currency, in hexadecimal digits.
    pub digest: String,
    /// How far it has come.
    pub state: State,
    /// Why the transaction does not allow it.
    pub unfit: Option<Unfit>,
    /// Lines of its decisions so far.
    pub lines: i64,
    /// Who approved it; none by rule, or while nobody did.
    pub checker: Option<StaffId>,
    /// Times somebody set out to send it and may have reached the wallet.
    pub sends: u32,
    /// What the wallet calls what it did.
    pub wallet_reference: Option<String>,
    /// What somebody says became of it, and nobody has confirmed.
    pub proposal: Option<Proposal>,
    /// When it was asked for.
    pub asked_at: Wall,
    /// Until when it waits for its decision.
    pub decide_by: Wall,
    /// After this it is not sent any more; none while it is not approved.
    pub send_by: Option<Wall>,
    /// Since when nobody knows what became of it.
    pub doubtful_since: Option<Wall>,
    /// When it came to its end.
    pub settled_at: Option<Wall>,
}

/// The names of a new refund, made at the edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRefund {
    /// Its identifier.
    pub id: RefundId,
    /// Its key.
    pub key: String,
    /// Names the request that asks for it.
    pub request_key: String,
    /// What that request says, as a hash.
    pub request_digest: String,
    /// Its case.
    pub case: CaseId,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundTarget {
    /// Of which transaction, by its whole number.
    pub transaction: String,
    /// How much.
    pub amount: Money,
    /// Why; nobody asks a customer for a reason.
    pub reason: Pii<String>,
}

/// What a ruling made of a refund.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruled {
    /// The refund as it is now.
    pub refund: Refund,
    /// What makes it so.
    pub commit: Commit,
}

/// Why a refund is not asked for, or not decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefusal {
    /// The person holds no certificate for it.
    #[error("this needs a certificate for refunds that is valid today")]
    NoCertificate,
    /// Whoever asked cannot decide.
    #[error("somebody else must decide: you asked for this refund")]
    OwnRefund,
    /// The second person is led by the first.
    #[error("somebody else must decide: whoever asked for this refund leads you")]
    UnderMaker,
    /// The sum is beyond one checker.
    #[error("a supervisor with the certificate of a checker must decide on this")]
    SupervisorNeeded,
    /// The customer's A3 is missing.
    #[error("the customer's two factors are missing: take them in a call within the time, then decide")]
    NoEvidence,
    /// What was shown is too little.
    #[error("this needs A3: have the customer show a second factor first")]
    TooLittleShown,
    /// It is another customer's.
    #[error("this contact is with another customer than the refund's")]
    OtherCustomer,
    /// Something else can happen to it now, or nothing.
    #[error("as the refund stands now this cannot be done: load it again")]
    NotInThisState,
    /// Its time is over.
    #[error("the time to decide is over: ask for the refund again")]
    TooLate,
    /// Nothing of this currency is given back.
    #[error("no limits are set for this currency: write them into [refunds], or refund at the wallet")]
    CurrencyNotOffered,
    /// No sum.
    #[error("the amount must be more than nothing")]
    NoAmount,
    /// The reason is missing or too long.
    #[error("give a reason of 1 to 500 characters")]
    BadReason,
    /// The transaction has no more.
    #[error("more than is left of the transaction")]
    MoreThanIsLeft,
    /// The customer had enough for today.
    #[error("the customer's daily limit for refunds is reached: try again tomorrow")]
    CustomerLimit,
    /// Whoever asks did so often enough today.
    #[error("your daily limit for refunds is reached: have a colleague ask for it")]
    MakerLimit,
    /// The wallet is still being asked.
    #[error("the wallet is still being asked: people decide only when it cannot tell")]
    AskedFurther,
    /// Somebody has said what became of it.
    #[error("somebody has said what became of it: confirm or reject that")]
    AlreadyProposed,
    /// Nobody has.
    #[error("nobody has said what became of it yet")]
    NothingProposed,
    /// Whoever confirms is led by whoever said it.
    #[error("somebody else must confirm it: whoever said what became of it leads you")]
    UnderProposer,
    /// Whoever said it cannot confirm it.
    #[error("somebody else must confirm what you said became of it")]
    OwnProposal,
}

/// The rows on which the sums of an approval are guarded.
#[derive(Debug, Clone, PartialEq)]
pub struct Guards {
    /// Of the transaction.
    pub source: (Version, Source),
    /// Of the customer and the day.
    pub customer: (Version, Spent),
    /// Of whoever asked and the day; none where the customer did.
    pub maker: Option<(Version, Spent)>,
}

impl Refund {
    /// A refund that a customer who may asks for.
    ///
    /// # Errors
    /// [`RefundRefusal`].
    pub fn ask(
        permitted: &Redeemed<RequestRefund>,
        maker: &Maker,
        target: RefundTarget,
        new: NewRefund,
        language: Language,
        policy: &Policy,
        now: Wall,
    ) -> Result<Self, RefundRefusal> {
        if matches!(maker, Maker::Staff { certificates, .. } if !certificates.refund_maker) {
            return Err(RefundRefusal::NoCertificate);
        }
        if target.amount.minor <= 0 {
            return Err(RefundRefusal::NoAmount);
        }
        if maker.id().is_some() {
            check_reason(target.reason.expose())?;
        }
        if !policy.limits.contains_key(&target.amount.currency) {
            return Err(RefundRefusal::CurrencyNotOffered);
        }
        let RefundTarget { transaction, amount, reason } = target;
        let claim = permitted.claim.clone();
        let evidence = (permitted.level >= EVIDENCE_LEVEL).then(|| evidence_of(permitted, now));
        let mut refund = Self {
            id: new.id,
            key: new.key,
            request_key: new.request_key,
            request_digest: new.request_digest,
            wallet: claim.wallet,
            subject: claim.subject,
            msisdn: claim.msisdn,
            language,
            case: new.case,
            contact: permitted.contact,
            transaction,
            amount,
            reason,
            maker: maker.id(),
            level: permitted.level,
            evidence,
            digest: String::new(),
            state: State::Draft,
            unfit: None,
            lines: 0,
            checker: None,
            sends: 0,
            wallet_reference: None,
            proposal: None,
            asked_at: now,
            decide_by: now + policy.decide_within,
            send_by: None,
            doubtful_since: None,
            settled_at: None,
        };
        refund.digest = refund.digest_now();
        refund.after(Happening::Asked, now).ok_or(RefundRefusal::NotInThisState)
    }

    /// The same refund after something happened; none when that cannot happen in its state.
    #[must_use]
    pub(super) fn after(&self, happening: Happening, now: Wall) -> Option<Self> {
        let mut next = self.clone();
        next.state = self.state.after(happening)?;
        next.settled_at = next.state.is_over().then_some(now);
        next.doubtful_since = match (next.state.is_doubtful(), self.doubtful_since) {
            (false, _) => None,
            (true, None) => Some(now),
            (true, since) => since,
        };
        if !next.state.is_doubtful() {
            next.proposal = None;
        }
        Some(next)
    }

    /// Held against the transaction: it waits for people, or the transaction does not allow it.
    ///
    /// # Errors
    /// [`RefundRefusal::NotInThisState`].
    pub fn checked(&self, fit: Result<(), Unfit>, now: Wall) -> Result<Self, RefundRefusal> {
        let happening = if fit.is_ok() { Happening::Admitted } else { Happening::Unfit };
        let next = self.after(Happening::Checked, now).and_then(|next| next.after(happening, now));
        let next = next.ok_or(RefundRefusal::NotInThisState)?;
        Ok(Self { unfit: fit.err(), ..next })
    }

    /// What makes it durable that it was asked for, and how it was held against its transaction: each of its first steps stands in the
    /// audit log.
    #[must_use]
    pub fn asked(self, now: Wall) -> Ruled {
        let (id, state, maker) = (self.id, self.state, self.asker());
        let (maker_id, reason) = (self.maker, self.reason.expose().clone());
        let reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
        let ruled = self.decided(0, Verdict::Asked, maker_id, reason, now);
        let step =
            |actor: Actor, state: State| Commit::new(Entry::new(now, actor, &format!("refund.{}", state.name()), id), Vec::new());
        let steps =
            step(maker, State::Requested).and(step(Actor::System, State::EligibilityChecked)).and(step(Actor::System, state));
        Ruled { refund: ruled.refund, commit: ruled.commit.and(steps) }
    }

    /// Whoever asked for it, for the audit.
    fn asker(&self) -> Actor {
        self.maker.map_or(Actor::Caller, |id| Actor::Staff { id })
    }

    /// Who has to agree, as the customer's day stands.
    ///
    /// # Errors
    /// [`RefundRefusal::CurrencyNotOffered`].
    pub fn tier(&self, customer: &Spent, policy: &Policy, now: Wall) -> Result<Tier, RefundRefusal> {
        let limits = policy.limits.get(&self.amount.currency).ok_or(RefundRefusal::CurrencyNotOffered)?;
        Ok(limits.tier(customer.within_a_day(now).saturating_add(self.amount.minor)))
    }

    /// The customer showed enough in a later contact.
    ///
    /// # Errors
    /// [`RefundRefusal`].
    pub fn take_evidence(
        &self,
        version: Version,
        shown: &Redeemed<RequestRefund>,
        by: Option<StaffId>,
        now: Wall,
    ) -> Result<Ruled, RefundRefusal> {
        self.is_waiting(now)?;
        if shown.claim.subject != self.subject || shown.claim.wallet != self.wallet {
            return Err(RefundRefusal::OtherCustomer);
        }
        if shown.level < EVIDENCE_LEVEL {
            return Err(RefundRefusal::TooLittleShown);
        }
        let next = Self { evidence: Some(evidence_of(shown, now)), ..self.clone() };
        Ok(next.decided(version, Verdict::EvidenceTaken, by, None, now))
    }

    /// A second person approves it: its sum is held from here on.
    ///
    /// # Errors
    /// [`RefundRefusal`].
    pub fn approve(
        &self,
        version: Version,
        checker: &Checker,
        guards: Guards,
        (reason, policy): (Option<&str>, &Policy),
        now: Wall,
    ) -> Result<Ruled, RefundRefusal> {
        self.is_second(checker)?;
        let tier = self.tier(&guards.customer.1, policy, now)?;
        if tier == Tier::Supervisor && !checker.supervises {
            return Err(RefundRefusal::SupervisorNeeded);
        }
        self.approved(version, Some(checker.id), guards, (reason, policy), now)
    }

    /// The house's rule approves it, because the sum is small. None when it takes a person.
    ///
    /// # Errors
    /// [`RefundRefusal`].
    pub fn approve_by_rule(
        &self,
        version: Version,
        guards: Guards,
        policy: &Policy,
        now: Wall,
    ) -> Result<Option<Ruled>, RefundRefusal> {
        if self.evidence.is_none() || self.tier(&guards.customer.1, policy, now)? != Tier::Rule {
            return Ok(None);
        }
        self.approved(version, None, guards, (None, policy), now).map(Some)
    }

    fn approved(
        &self,
        version: Version,
        by: Option<StaffId>,
        guards: Guards,
        (reason, policy): (Option<&str>, &Policy),
        now: Wall,
    ) -> Result<Ruled, RefundRefusal> {
        self.is_waiting(now)?;
        if self.evidence.is_none() {
            return Err(RefundRefusal::NoEvidence);
        }
        self.is_within_limits(&guards, policy, now)?;
        let Guards { source: (source_version, source), customer: (customer_version, customer), maker } = guards;
        let source = source.hold(self.amount).map_err(|_| RefundRefusal::MoreThanIsLeft)?;
        let mut next = self.after(Happening::Approved, now).ok_or(RefundRefusal::NotInThisState)?;
        (next.checker, next.send_by) = (by, Some(now + policy.send_within));
        let mut ruled = next.decided(version, Verdict::Approved, by, reason, now);
        let spent = [Some((customer_version, customer)), maker].into_iter().flatten();
        let spent = spent.map(|(version, spent)| (version, spent.with(self.id, self.amount.minor, now)));
        ruled.commit = ruled.commit.with([Change::RefundSource(source_version, Box::new(source))]);
        ruled.commit = ruled.commit.with(spent.map(|(version, spent)| Change::RefundSpent(version, Box::new(spent))));
        Ok(ruled)
    }

    /// Whether the customer's day and the maker's have room for it.
    ///
    /// # Errors
    /// [`RefundRefusal`], the limit that is reached.
    pub fn is_within_limits(&self, guards: &Guards, policy: &Policy, now: Wall) -> Result<(), RefundRefusal> {
        let limits = policy.limits.get(&self.amount.currency).ok_or(RefundRefusal::CurrencyNotOffered)?;
        let with_this = |spent: &Spent| spent.within_a_day(now).saturating_add(self.amount.minor);
        match () {
            () if with_this(&guards.customer.1) > limits.customer_daily_max => Err(RefundRefusal::CustomerLimit),
            () if guards.maker.as_ref().is_some_and(|(_, spent)| with_this(spent) > limits.maker_daily_max) => {
                Err(RefundRefusal::MakerLimit)
            }
            () => Ok(()),
        }
    }

    /// A second person says no.
    ///
    /// # Errors
    /// [`RefundRefusal`].
    pub fn decline(&self, version: Version, checker: &Checker, reason: &str, now: Wall) -> Result<Ruled, RefundRefusal> {
        self.is_second(checker)?;
        check_reason(reason)?;
        self.is_waiting(now)?;
        let next = self.after(Happening::Declined, now).ok_or(RefundRefusal::NotInThisState)?;
        Ok(next.decided(version, Verdict::Declined, Some(checker.id), Some(reason), now))
    }

    /// Nobody decided in time. None when somebody did, or the time is not over.
    #[must_use]
    pub fn lapse(&self, version: Version, now: Wall) -> Option<Ruled> {
        let next = self.after(Happening::Lapsed, now).filter(|_| now > self.decide_by)?;
        let entry = Entry::new(now, Actor::System, "refund.expired", self.id);
        let commit = Commit::new(entry, vec![Change::Refund(version, Box::new(next.clone()))]);
        Some(Ruled { refund: next, commit })
    }

    /// Whether this is a second person: certified, another one, and not under the first.
    pub(super) fn is_second(&self, checker: &Checker) -> Result<(), RefundRefusal> {
        match () {
            () if Some(checker.id) == self.maker => Err(RefundRefusal::OwnRefund),
            () if !checker.certificates.refund_checker => Err(RefundRefusal::NoCertificate),
            () if checker.is_under_maker => Err(RefundRefusal::UnderMaker),
            () => Ok(()),
        }
    }

    fn is_waiting(&self, now: Wall) -> Result<(), RefundRefusal> {
        match self.state {
            State::AwaitingApproval if now > self.decide_by => Err(RefundRefusal::TooLate),
            State::AwaitingApproval => Ok(()),
            State::Draft
            | State::Requested
            | State::EligibilityChecked
            | State::Rejected
            | State::Declined
            | State::Expired
            | State::Approved
            | State::Submitting
            | State::Submitted
            | State::Pending
            | State::ActionNeeded
            | State::Unknown
            | State::Succeeded
            | State::Failed
            | State::Cancelled => Err(RefundRefusal::NotInThisState),
        }
    }

    /// This refund with one decision more, and what makes it durable.
    pub(super) fn decided(
        mut self,
        version: Version,
        verdict: Verdict,
        by: Option<StaffId>,
        reason: Option<&str>,
        now: Wall,
    ) -> Ruled {
        self.lines += 1;
        let line = Approval { refund: self.id, number: self.lines, verdict, by, reason: reason.map(str::to_owned), at: now };
        let actor = match (by, verdict) {
            (Some(id), _) => Actor::Staff { id },
            // What a customer does, they do themselves where nobody did it for them.
            (None, Verdict::Asked | Verdict::EvidenceTaken) => Actor::Caller,
            (None, _) => Actor::System,
        };
        let entry = Entry::new(now, actor, &format!("refund.{}", verdict.name()), self.id).for_purpose(Purpose::Service);
        let changes = vec![Change::Refund(version, Box::new(self.clone())), Change::Approval(Box::new(line))];
        Ruled { refund: self, commit: Commit::new(entry, changes) }
    }

    /// Whether the row still says what was asked for.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.digest == self.digest_now()
    }

    fn digest_now(&self) -> String {
        let (minor, currency) = (self.amount.minor.to_string(), self.amount.currency.to_string());
        let mut hash = Sha256::new();
        for part in [&self.key, RequestRefund::NAME, &self.wallet, self.msisdn.expose(), &self.transaction, &minor, &currency] {
            // Lengths first: two different lists of parts never make one text.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn evidence_of(shown: &Redeemed<RequestRefund>, now: Wall) -> Evidence {
    Evidence { level: shown.level, contact: shown.contact, factors: shown.evidence.clone(), at: now }
}

pub(super) fn check_reason(reason: &str) -> Result<(), RefundRefusal> {
    let fits = (1..=REASON_CHARS_MAX).contains(&reason.trim().chars().count()) && reason.chars().count() <= REASON_CHARS_MAX;
    if fits { Ok(()) } else { Err(RefundRefusal::BadReason) }
}
