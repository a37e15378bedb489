//! One code sent out, from the decision to send it to the last try. Rulings over rows: the challenge itself, and the tallies of the
//! account and of the caller on which the limits are guarded. A number that has no account gets the same rows, the same words and
//! the same tries as one that has.

use super::ladder::{Ladder, Signal};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    assurance::Factor,
    ids::{ChallengeId, ContactId, ErrandId},
    language::Language,
    pii::Pii,
    purpose::Purpose,
    subject::Subject,
    tally::{Counted, TALLY_KEPT, Tally},
    time::{Span, Wall},
};
use crate::outbox::{Channel, Delivery, Errand, Job, Message};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The keyed hash of a code and its challenge, as hexadecimal digits.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeHash(String);

impl CodeHash {
    /// From hexadecimal digits.
    #[must_use]
    pub const fn new(hash: String) -> Self {
        Self(hash)
    }
}

impl PartialEq for CodeHash {
    /// In constant time: how far two hashes agree is nobody's to learn.
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.0.as_bytes(), other.0.as_bytes());
        a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (x, y)| differ | (x ^ y)) == 0
    }
}

impl Eq for CodeHash {}

impl std::fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[code]")
    }
}

/// A code that was sent, or that nobody will ever receive; or one of the wallet's second factor, as the wallet judged it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Its identifier.
    pub id: ChallengeId,
    /// The contact it was asked in.
    pub contact: ContactId,
    /// The wallet.
    pub wallet: String,
    /// Whom it proves.
    pub subject: Subject,
    /// What it is.
    pub factor: Factor,
    /// What comes back must hash to this; empty where nothing was sent, which no keyed code hashes to.
    pub code: CodeHash,
    /// It was sent to a registered phone and is worth something when it comes back.
    pub counts: bool,
    /// Why it counts for nothing, for the audit and the agent; none when it counts or no account is there.
    pub signal: Option<String>,
    /// When it was made.
    pub sent_at: Wall,
    /// When it is worth nothing any more.
    pub expires_at: Wall,
    /// Wrong tries so far.
    pub wrong: u8,
    /// How it stands.
    pub state: ChallengeState,
    /// When its row must be gone.
    pub kept_until: Wall,
}

/// How a challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChallengeState {
    /// A right code passes it.
    Open,
    /// The code came back: used up.
    Passed,
    /// Too many wrong tries.
    Failed,
}

/// Bounds on codes (domain: assurance ladder, factors and limits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeLimits {
    /// How long a code is good for.
    pub lifetime: Span,
    /// The least time between two codes to one account.
    pub pause: Span,
    /// Codes to one account in an hour.
    pub hourly_max: usize,
    /// Codes to one account in a day.
    pub daily_max: usize,
    /// Codes one calling number may ask for in a day.
    pub caller_daily_max: usize,
    /// Wrong tries of one code.
    pub tries_max: u8,
    /// Wrong tries against one account in a day, over all contacts; then codes are refused for a day.
    pub wrong_daily_max: usize,
    /// How long a challenge's row is kept.
    pub kept: Span,
}

impl Default for CodeLimits {
    fn default() -> Self {
        Self {
            lifetime: Span::from_s(10 * 60),
            pause: Span::from_s(60),
            hourly_max: 5,
            daily_max: 10,
            caller_daily_max: 20,
            tries_max: 5,
            wrong_daily_max: 5,
            kept: Span::from_s(2 * 365 * 24 * 3_600),
        }
    }
}

/// A fresh code with its names, made at the edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCode {
    /// The challenge it belongs to.
    pub challenge: ChallengeId,
    /// The errand that carries it.
    pub errand: ErrandId,
    /// Six digits.
    pub code: Pii<String>,
    /// Their hash.
    pub hash: CodeHash,
}

/// An account's registered phone, and what speaks against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// E.164.
    pub phone: Pii<String>,
    /// Risk signals that count.
    pub signals: BTreeSet<Signal>,
}

/// What a code is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// In which contact.
    pub contact: ContactId,
    /// At which wallet.
    pub wallet: String,
    /// For whom.
    pub subject: Subject,
    /// The language of the message.
    pub language: Language,
    /// The registered phone; none when there is no such account, or the wallet did not say.
    pub addressee: Option<Addressee>,
}

/// Whether the limits let another code be sent, whoever the account's is, and whether or not there is one.
#[must_use]
pub fn may_send_code(account: &Tally, caller: &Tally, limits: &CodeLimits, now: Wall) -> bool {
    let within = |span: Span, max: usize| account.count(Counted::CodeSent, now, span) < max;
    within(limits.pause, 1)
        && within(Span::from_s(3_600), limits.hourly_max)
        && within(TALLY_KEPT, limits.daily_max)
        && caller.count(Counted::CodeSent, now, TALLY_KEPT) < limits.caller_daily_max
        && account.count(Counted::CodesBlocked, now, TALLY_KEPT) == 0
}

/// Decides whether a code is sent. The caller hears the same either way, and the same rows are written either way.
#[must_use]
pub fn send_code(
    asked: Sending,
    account: (Version, Tally),
    caller: (Version, Tally),
    new: NewCode,
    limits: &CodeLimits,
    ladder: &Ladder,
    now: Wall,
) -> (Challenge, Commit) {
    let Sending { contact, wallet, subject, language, addressee } = asked;
    let ((account_version, mut account), (caller_version, mut caller)) = (account, caller);
    let allowed = may_send_code(&account, &caller, limits, now);
    let signal = addressee.as_ref().and_then(|to| ladder.against(Factor::SmsCode, &to.signals)).map(Signal::name);
    let phone = addressee.filter(|to| allowed && ladder.counts(Factor::SmsCode, &to.signals)).map(|to| to.phone);
    let challenge = Challenge {
        id: new.challenge,
        contact,
        wallet: wallet.clone(),
        subject: subject.clone(),
        factor: Factor::SmsCode,
        code: new.hash,
        counts: phone.is_some(),
        signal: signal.map(str::to_owned),
        sent_at: now,
        expires_at: now + limits.lifetime,
        wrong: 0,
        state: ChallengeState::Open,
        kept_until: now + limits.kept,
    };
    let mut changes = vec![Change::Challenge(0, Box::new(challenge.clone()))];
    if allowed {
        account.note(Counted::CodeSent, now, &subject);
        caller.note(Counted::CodeSent, now, &subject);
        changes.extend([Change::Tally(account_version, account), Change::Tally(caller_version, caller)]);
    }
    if let Some(to) = phone {
        let job = Job::Message { channel: Channel::Sms, to, message: Message::Code { code: new.code }, language };
        let errand = Errand::new(new.errand, wallet, Some(contact), job, now, challenge.expires_at);
        let delivery = Delivery::queued(&errand, Some(challenge.id), now);
        changes.extend(delivery.map(|delivery| Change::Delivery(0, Box::new(delivery))));
        changes.push(Change::Errand(0, Box::new(errand)));
    }
    let action = match (challenge.counts, allowed) {
        (true, _) => "code.sent",
        (false, true) => "code.withheld",
        (false, false) => "code.refused",
    };
    let entry = Entry::new(now, Actor::Caller, action, contact).for_purpose(Purpose::Verification);
    (challenge, Commit::new(entry, changes))
}

/// The code that what is keyed is checked against, of those that a contact asked for, oldest first: the newest that was sent to this
/// customer and still stands. One that was refused sounds the same and brings no message, so it leaves the earlier message good. The
/// newest asked for when none stands; none when none was for this customer.
#[must_use]
pub fn standing_code(asked: Vec<(Version, Challenge)>, subject: &Subject, now: Wall) -> Option<(Version, Challenge)> {
    let stands = |row: &Challenge| row.counts && row.state == ChallengeState::Open && now <= row.expires_at;
    let mut of_customer: Vec<_> = asked.into_iter().filter(|(_, row)| row.subject == *subject).collect();
    let standing = of_customer.iter().rposition(|(_, row)| stands(row));
    let at = standing.or_else(|| of_customer.len().checked_sub(1))?;
    Some(of_customer.swap_remove(at))
}

/// What a keyed code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It proves the number.
    Right,
    /// It proves nothing. Which element was wrong is not said.
    Wrong,
}

/// Decides what a keyed code proves, and counts it when it proves nothing. `notice` tells the customer when codes are refused from
/// here on.
#[must_use]
pub fn check_code(
    (version, mut challenge): (Version, Challenge),
    (account_version, mut account): (Version, Tally),
    keyed: &CodeHash,
    notice: Option<Errand>,
    limits: &CodeLimits,
    now: Wall,
) -> (Checked, Commit) {
    let blocked = account.count(Counted::CodesBlocked, now, TALLY_KEPT) > 0;
    // The hash is compared whatever else speaks against the code, so that every try does the same work.
    let matches = challenge.code == *keyed;
    let open = challenge.state == ChallengeState::Open && now <= challenge.expires_at && !blocked;
    let contact = challenge.contact;
    let entry = |action: &str| Entry::new(now, Actor::Caller, action, contact).for_purpose(Purpose::Verification);
    if matches && open && challenge.counts {
        challenge.state = ChallengeState::Passed;
        return (Checked::Right, Commit::new(entry("code.passed"), vec![Change::Challenge(version, Box::new(challenge))]));
    }
    challenge.wrong = challenge.wrong.saturating_add(1);
    if challenge.wrong >= limits.tries_max && challenge.state == ChallengeState::Open {
        challenge.state = ChallengeState::Failed;
    }
    let blocks = count_wrong(&mut account, &challenge.subject, limits, now);
    let rows = vec![Change::Challenge(version, Box::new(challenge)), Change::Tally(account_version, account)];
    let commit = Commit::new(entry("code.wrong"), rows);
    if !blocks {
        return (Checked::Wrong, commit);
    }
    let told = notice.map(|errand| Change::Errand(0, Box::new(errand)));
    (Checked::Wrong, commit.and(Commit::new(entry("codes.blocked"), told.into_iter().collect())))
}

/// Counts a code that proves nothing, of whatever kind; true when codes are refused from here on.
pub(super) fn count_wrong(account: &mut Tally, subject: &Subject, limits: &CodeLimits, now: Wall) -> bool {
    let blocked = account.count(Counted::CodesBlocked, now, TALLY_KEPT) > 0;
    account.note(Counted::CodeWrong, now, subject);
    let blocks = !blocked && account.count(Counted::CodeWrong, now, TALLY_KEPT) >= limits.wrong_daily_max;
    if blocks {
        account.note(Counted::CodesBlocked, now, subject);
    }
    blocks
}

#[cfg(test)]
mod tests;
