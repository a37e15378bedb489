//! The outbox: whatever crosses to another company. An errand is committed with the decision it follows from, so that a crash
//! cannot lose it; whoever runs it claims it first, so that two never run it at once. Running it twice must do no harm, and does
//! not: acts on a wallet carry a key that the wallet knows again, and a message said twice is better than one never said.

use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    account_act::AccountAct,
    actor::Actor,
    ids::{ContactId, ErrandId, OperationId, RefundId, RunId},
    language::Language,
    phrase::Words,
    pii::Pii,
    subject::Subject,
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};

mod budget;
mod delivery;

pub use budget::{Budget, Caps, OverBudget};
pub use delivery::{Delivery, DeliveryState, REFERENCE_MAX, Report};

/// How long a claimed errand is nobody else's. Longer than any request to another company may take.
pub const LEASE: Span = Span::from_s(60);

/// First wait before an errand is tried again; doubles each time.
const RETRY_FIRST: Span = Span::from_s(1);

/// Longest wait before an errand is tried again.
const RETRY_MAX: Span = Span::from_s(60);

/// Something to be done at another company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    /// Its identifier.
    pub id: ErrandId,
    /// The wallet it is for.
    pub wallet: String,
    /// The contact it came from.
    pub contact: Option<ContactId>,
    /// What is to be done.
    pub job: Job,
    /// Times it was begun.
    pub attempts: u32,
    /// The run of the program that claimed it. When that run is known to be over, its lease is ended at once: only the next start
    /// over the same data folder knows that.
    pub held_by: Option<RunId>,
    /// When it is to be run; a claimed one is pushed out by its lease.
    pub due_at: Wall,
    /// After this it is given up.
    pub give_up_at: Wall,
}

/// What an errand does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Carry out a committed act on a wallet.
    Operate {
        /// The act.
        operation: OperationId,
        /// Whose account, E.164.
        msisdn: Pii<String>,
        /// The language of the contact, for whoever is told what came of it.
        language: Language,
    },
    /// Do what is to be done about a refund now: send it, or find out what became of it.
    Refund {
        /// Which.
        refund: RefundId,
        /// It is followed to its end; otherwise looked at once, because the wallet called back.
        follow: bool,
    },
    /// See whether a refund still waits for its decision when the time for it is over.
    RefundLapse {
        /// Which.
        refund: RefundId,
    },
    /// See whether a transaction has moved, and have its customer told when it has.
    Watch {
        /// Whose account, E.164.
        msisdn: Pii<String>,
        /// The same as a keyed hash, for the case that may come of it.
        subject: Subject,
        /// The transaction.
        transaction: String,
        /// How far it was when it was first watched.
        seen: String,
        /// In which language they are told.
        language: Language,
    },
    /// Ask the wallet for every registered address of an account, and tell each of them.
    Notify {
        /// Whose account, E.164.
        msisdn: Pii<String>,
        /// What they are told.
        message: Message,
        /// The language of the contact, for addresses that name none.
        language: Language,
    },
    /// Send a message.
    Message {
        /// By which way.
        channel: Channel,
        /// The number or address.
        to: Pii<String>,
        /// What it says.
        message: Message,
        /// In which language.
        language: Language,
    },
}

impl Job {
    /// The job's name in the audit log and in metrics.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Operate { .. } => "operation",
            Self::Refund { .. } => "refund_errand",
            Self::RefundLapse { .. } => "refund_lapse",
            Self::Watch { .. } => "watch",
            Self::Notify { .. } => "notice",
            Self::Message { .. } => "message",
        }
    }
}

/// A way to reach a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Text message.
    Sms,
    /// Mail.
    Mail,
}

impl Channel {
    /// The channel's name, as it stands in rows and on screens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Mail => "mail",
        }
    }
}

/// What a message says. The words are templates per language, at the edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Message {
    /// A code to key.
    Code {
        /// Six digits.
        code: Pii<String>,
    },
    /// Too many wrong codes: none are sent for a day.
    CodesBlocked,
    /// The account was frozen by the hotline.
    Frozen {
        /// The request's reference.
        reference: String,
    },
    /// Where a transaction stands.
    Status {
        /// Its last digits.
        transaction: String,
        /// What is known: one of `on_time`, `late`, `overdue`, `refund_due`, `unknown`, `completed`, `failed`.
        verdict: String,
        /// The date that matters for it, in the wallet's zone, as `YYYY-MM-DD HH:MM` or `YYYY-MM-DD`.
        by: Option<String>,
        /// What the expectation rests on, in words.
        basis: Option<String>,
        /// The case that follows it up.
        reference: Option<String>,
    },
    /// A request to be called back was noted.
    CallbackNoted {
        /// Its reference.
        reference: String,
        /// What whoever calls says first.
        #[serde(default)]
        phrase: Option<Words>,
    },
    /// A case was opened.
    CaseOpened {
        /// Its reference.
        reference: String,
    },
    /// Something was done to the account.
    Account {
        /// What.
        act: AccountAct,
        /// The request's reference.
        reference: String,
    },
    /// Where to go on: a page of the wallet's that can be opened once. Whoever has it may use it.
    Link {
        /// Where it is.
        url: Pii<String>,
        /// The request's reference.
        reference: String,
    },
    /// What was credited to the account before it is known who is right, or that it was taken back.
    Credit {
        /// Which of the two.
        given: bool,
        /// The case's reference.
        reference: String,
        /// How much, with its currency.
        amount: String,
    },
    /// A step of a refund.
    Refund {
        /// Which.
        step: RefundStep,
        /// Its reference.
        reference: String,
        /// How much, with its currency.
        amount: String,
        /// The last digits of the transaction.
        transaction: String,
        /// Where its customer may see how it stands.
        #[serde(default)]
        link: String,
    },
}

/// A step of a refund that its customer is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStep {
    /// It was asked for, and a person decides.
    Asked,
    /// The transaction does not allow it.
    Rejected,
    /// The second person said no.
    Declined,
    /// Nobody decided in time.
    Expired,
    /// It is approved and on its way.
    Approved,
    /// The money is back.
    Done,
    /// It could not be carried out; a person follows it up.
    Failed,
}

impl RefundStep {
    /// Every step.
    pub const ALL: [Self; 7] =
        [Self::Asked, Self::Rejected, Self::Declined, Self::Expired, Self::Approved, Self::Done, Self::Failed];
}

impl Message {
    /// What it is about, by name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Code { .. } => "code",
            Self::CodesBlocked => "codes_blocked",
            Self::Frozen { .. } => "frozen",
            Self::Status { .. } => "status",
            Self::CallbackNoted { .. } => "callback_noted",
            Self::CaseOpened { .. } => "case_opened",
            Self::Account { .. } => "account",
            Self::Link { .. } => "link",
            Self::Credit { .. } => "credit",
            Self::Refund { .. } => "refund",
        }
    }

    /// The case that it tells of, by its reference, where the customer can follow that by a link.
    #[must_use]
    pub fn case(&self) -> Option<&str> {
        match self {
            Self::CaseOpened { reference } | Self::Credit { reference, .. } | Self::Status { reference: Some(reference), .. } => {
                Some(reference)
            }
            Self::Code { .. }
            | Self::CodesBlocked
            | Self::Frozen { .. }
            | Self::Status { .. }
            | Self::CallbackNoted { .. }
            | Self::Account { .. }
            | Self::Link { .. }
            | Self::Refund { .. } => None,
        }
    }

    /// It opens something to whoever holds it: it goes to one address that nothing speaks against, and never to all.
    #[must_use]
    pub const fn is_key(&self) -> bool {
        match self {
            Self::Code { .. } | Self::Link { .. } => true,
            Self::CodesBlocked
            | Self::Frozen { .. }
            | Self::Status { .. }
            | Self::CallbackNoted { .. }
            | Self::CaseOpened { .. }
            | Self::Account { .. }
            | Self::Credit { .. }
            | Self::Refund { .. } => false,
        }
    }

    /// Whether it may go this way. A code that verifies goes to a phone alone: a mailbox is no factor (domain: factors and limits).
    #[must_use]
    pub const fn may_go_by(&self, channel: Channel) -> bool {
        match (self, channel) {
            (Self::Code { .. }, Channel::Mail) => false,
            (
                Self::Code { .. }
                | Self::CodesBlocked
                | Self::Frozen { .. }
                | Self::Status { .. }
                | Self::CallbackNoted { .. }
                | Self::CaseOpened { .. }
                | Self::Account { .. }
                | Self::Link { .. }
                | Self::Credit { .. }
                | Self::Refund { .. },
                Channel::Sms | Channel::Mail,
            ) => true,
        }
    }
}

impl Errand {
    /// A new errand, due at once.
    #[must_use]
    pub const fn new(id: ErrandId, wallet: String, contact: Option<ContactId>, job: Job, now: Wall, give_up_at: Wall) -> Self {
        Self { id, wallet, contact, job, attempts: 0, held_by: None, due_at: now, give_up_at }
    }

    /// What the errand is about, for the audit log.
    fn about(&self) -> String {
        match &self.job {
            Job::Operate { operation, .. } => operation.to_string(),
            Job::Refund { refund, .. } | Job::RefundLapse { refund } => refund.to_string(),
            Job::Watch { .. } | Job::Notify { .. } | Job::Message { .. } => {
                self.contact.map_or_else(|| self.id.to_string(), |contact| contact.to_string())
            }
        }
    }

    /// Takes the errand for as long as a lease, so that nobody else runs it meanwhile.
    #[must_use]
    pub fn claim(mut self, version: Version, run: RunId, now: Wall) -> (Self, Commit) {
        self.attempts = self.attempts.saturating_add(1);
        (self.held_by, self.due_at) = (Some(run), now + LEASE);
        let entry = Entry::new(now, Actor::System, &format!("{}.begun", self.job.name()), self.about());
        (self.clone(), Commit::new(entry, vec![Change::Errand(version, Box::new(self))]))
    }

    /// The errand is done; nothing of it is kept.
    #[must_use]
    pub fn done(&self, version: Version, now: Wall) -> Commit {
        let entry = Entry::new(now, Actor::System, &format!("{}.done", self.job.name()), self.about());
        Commit::new(entry, vec![Change::ErrandOver(version, self.id)])
    }

    /// The errand is not over and not failed: it is looked at again at a moment of the ruling's own.
    #[must_use]
    pub fn again(mut self, version: Version, at: Wall, now: Wall) -> Commit {
        (self.held_by, self.due_at) = (None, at);
        let entry = Entry::new(now, Actor::System, &format!("{}.postponed", self.job.name()), self.about());
        Commit::new(entry, vec![Change::Errand(version, Box::new(self))])
    }

    /// The errand did not succeed: later again, or given up.
    #[must_use]
    pub fn failed(mut self, version: Version, now: Wall) -> (Retry, Commit) {
        let wait = RETRY_FIRST.0.saturating_mul(1 << self.attempts.saturating_sub(1).min(16)).min(RETRY_MAX.0);
        let next = now + Span(wait);
        let (retry, verb) = if next > self.give_up_at { (Retry::GivenUp, "given_up") } else { (Retry::Later, "postponed") };
        let entry = Entry::new(now, Actor::System, &format!("{}.{verb}", self.job.name()), self.about());
        let change = match retry {
            Retry::GivenUp => Change::ErrandOver(version, self.id),
            Retry::Later => {
                (self.held_by, self.due_at) = (None, next);
                Change::Errand(version, Box::new(self))
            }
        };
        (retry, Commit::new(entry, vec![change]))
    }
}

/// Sets an errand aside whose row was changed by other hands: it is not run, and the row stays as it was found. The next start looks at
/// it again, because a wrong key looks the same.
#[must_use]
pub fn refuse_errand(version: Version, errand: ErrandId, now: Wall) -> Commit {
    let entry = Entry::new(now, Actor::System, "errand.refused", errand);
    Commit::new(entry, vec![Change::ErrandRefused { errand, version, at: now }])
}

/// Ends the leases of a run of the program that is over. Never for one that may still live: of several programs on one database each
/// ends only those of the run before it over its own data folder, which no two programs use at once.
#[must_use]
pub fn end_leases(run: RunId, now: Wall) -> Commit {
    Commit::new(Entry::new(now, Actor::System, "errands.freed_after_restart", run), vec![Change::LeasesEnded { run, at: now }])
}

/// What becomes of an errand that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It is tried again.
    Later,
    /// Its time is over.
    GivenUp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errand() -> Errand {
        let job = Job::Notify { msisdn: Pii::new("+1".to_owned()), message: Message::CodesBlocked, language: Language::En };
        Errand::new(1.into(), "w".to_owned(), None, job, Wall(0), Wall(200_000_000))
    }

    #[test]
    fn retries_grow_apart_and_end() {
        let (mut errand, mut waits, mut now) = (errand(), Vec::new(), Wall(0));
        loop {
            let (claimed, commit) = errand.claim(1, 7.into(), now);
            assert_eq!(commit.entries()[0].action, "notice.begun");
            let claimed_by = claimed.held_by;
            let (retry, commit) = claimed.failed(2, now);
            match (retry, commit.changes()) {
                (Retry::Later, [Change::Errand(2, next)]) => {
                    waits.push((next.due_at - now).as_s());
                    assert_eq!((claimed_by, next.held_by), (Some(7.into()), None));
                    now = next.due_at;
                    errand = (**next).clone();
                }
                (Retry::GivenUp, [Change::ErrandOver(2, _)]) => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    }
}
