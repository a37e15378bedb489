//! A transaction is watched for its customer: the wallet is asked again and again, further apart each time, and the customer is told once, when
//! it has moved, or when it missed its hard deadline and became a case by itself.

use super::status::{FollowUp, follow_up};
use crate::call::{AddedLine, Fact};
use crate::cases::{Case, CaseKind, NewCase};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, ErrandId},
    language::Language,
    pii::Pii,
    subject::Subject,
    time::{Span, Wall},
};
use crate::outbox::{Errand, Job, Message};

/// First wait before the wallet is asked again; doubles each time, up to the longest.
const ASK_FIRST: Span = Span::from_s(60);
const ASK_MAX: Span = Span::from_s(30 * 60);

/// How long a transaction is watched: every window of ours has a hard deadline before that.
const WATCHED: Span = Span::from_s(45 * 24 * 3_600);

/// How long its customer is tried to be told.
const TOLD_WITHIN: Span = Span::from_s(24 * 3_600);

/// What the record calls it.
const ACT: &str = "watch_transaction";

/// What is watched, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchAsked {
    /// The wallet.
    pub wallet: String,
    /// The customer's number, E.164.
    pub msisdn: Pii<String>,
    /// The customer.
    pub subject: Subject,
    /// The transaction.
    pub transaction: String,
    /// How far it is now, in the wallet's word.
    pub seen: String,
    /// In which language they are told.
    pub language: Language,
    /// The contact in which they asked for it.
    pub contact: ContactId,
}

/// What a look at a watched transaction showed.
#[derive(Debug, Clone, PartialEq)]
pub enum Sight {
    /// Nothing new, or nobody answered.
    Same,
    /// It is further than it was: this is what its customer is told.
    Moved(Message),
    /// It missed its hard deadline, under the case that is known of that, if one is; the message is told when there is a new one.
    Missed {
        /// The case that is known of that.
        known: Option<(Version, Case)>,
        /// When the transaction was made.
        transacted_at: Wall,
    },
    /// The customer has no such transaction any more.
    Gone,
}

/// Starts to watch. `errand` follows from the wallet and the transaction, so that a second one is a conflict.
#[must_use]
pub fn watch(asked: WatchAsked, errand: ErrandId, now: Wall) -> Commit {
    let WatchAsked { wallet, msisdn, subject, transaction, seen, language, contact } = asked;
    let job = Job::Watch { msisdn, subject, transaction, seen, language };
    let mut errand = Errand::new(errand, wallet, Some(contact), job, now, now + WATCHED);
    errand.due_at = now + ASK_FIRST;
    let fact = Fact::WalletAct { operation: ACT.to_owned(), outcome: "started".to_owned(), correlation_id: String::new() };
    let line = AddedLine { name: format!("watch.{}", errand.id), at: now, fact };
    let changes = vec![Change::Errand(0, Box::new(errand)), Change::Added(contact, line)];
    Commit::new(Entry::new(now, Actor::Caller, "watch.started", contact), changes)
}

/// What follows from a look: later again, or the customer is told and it is over. `status` makes the message for the case that is opened.
#[must_use]
pub fn look_at_watch(
    (version, errand): (Version, Errand),
    sight: Sight,
    new: NewCase,
    notice: ErrandId,
    status: impl FnOnce(&Case) -> Message,
    now: Wall,
) -> Commit {
    let Job::Watch { msisdn, subject, transaction, language, .. } = errand.job.clone() else { return errand.done(version, now) };
    let tell = |message: Message| {
        let job = Job::Notify { msisdn: msisdn.clone(), message, language };
        let told = Errand::new(notice, errand.wallet.clone(), errand.contact, job, now, now + TOLD_WITHIN);
        let about = errand.contact.map_or_else(|| errand.id.to_string(), |contact| contact.to_string());
        Commit::new(Entry::new(now, Actor::System, "notice.committed", about), vec![Change::Errand(0, Box::new(told))])
    };
    match (sight, errand.contact) {
        (Sight::Same, _) if now < errand.give_up_at => {
            let wait = ASK_FIRST.0.saturating_mul(1 << errand.attempts.min(16)).min(ASK_MAX.0);
            errand.clone().again(version, now + Span(wait), now)
        }
        (Sight::Same | Sight::Gone, _) | (Sight::Missed { .. }, None) => errand.done(version, now),
        (Sight::Moved(message), _) => errand.done(version, now).and(tell(message)),
        (Sight::Missed { known, transacted_at }, Some(contact)) => {
            let (kind, wallet) = (CaseKind::TransactionOverdue, errand.wallet.clone());
            let asked = FollowUp { kind, wallet, subject, transaction, transacted_at, contact };
            let (case, opened) = follow_up(asked, known, new, now);
            errand.done(version, now).and(opened).and(tell(status(&case)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{Keep, Reference};

    fn started() -> Errand {
        let asked = WatchAsked {
            wallet: "w".to_owned(),
            msisdn: Pii::new("+8619000000001".to_owned()),
            subject: Subject::new("hash".to_owned()),
            transaction: "261118000486".to_owned(),
            seen: "pending".to_owned(),
            language: Language::En,
            contact: 3.into(),
        };
        let commit = watch(asked, 5.into(), Wall(0));
        let [Change::Errand(0, errand), Change::Added(..)] = commit.changes() else { panic!("{commit:?}") };
        (**errand).clone()
    }

    fn looked(errand: Errand, sight: Sight, now: Wall) -> Commit {
        let new = NewCase { id: 7.into(), reference: Reference::draw(1), keep: Keep::default() };
        look_at_watch(
            (1, errand),
            sight,
            new,
            9.into(),
            |case| Message::CaseOpened { reference: case.reference.to_string() },
            now,
        )
    }

    #[test]
    fn the_wallet_is_asked_further_apart_each_time_and_not_for_ever() {
        let (mut errand, mut waits, mut now) = (started(), Vec::new(), Wall(0) + ASK_FIRST);
        assert_eq!(errand.due_at, now);
        for _ in 0..7 {
            let (claimed, _) = errand.claim(1, 1.into(), now);
            let commit = looked(claimed, Sight::Same, now);
            let [Change::Errand(1, next)] = commit.changes() else { panic!("{commit:?}") };
            waits.push((next.due_at - now).as_s());
            (errand, now) = ((**next).clone(), next.due_at);
        }
        assert_eq!(waits, [120, 240, 480, 960, 1_800, 1_800, 1_800]);
        let over = looked(errand, Sight::Same, Wall(0) + WATCHED);
        assert!(matches!(over.changes(), [Change::ErrandOver(1, _)]));
    }

    #[test]
    fn a_movement_is_told_once() {
        let commit = looked(started(), Sight::Moved(Message::CodesBlocked), Wall(9));
        let told = commit.changes().iter().filter(|change| {
            matches!(change, Change::Errand(0, told) if matches!(told.job, Job::Notify { message: Message::CodesBlocked, .. }))
        });
        assert_eq!(told.count(), 1);
        assert!(commit.changes().iter().any(|change| matches!(change, Change::ErrandOver(1, id) if *id == 5.into())));
    }

    #[test]
    fn a_missed_deadline_is_a_case_by_itself_and_is_told() {
        let commit = looked(started(), Sight::Missed { known: None, transacted_at: Wall(2) }, Wall(9));
        let case = commit.changes().iter().find_map(|change| match change {
            Change::Case(0, case) => Some(case),
            _ => None,
        });
        let case = case.unwrap();
        assert_eq!((case.kind, case.transaction.as_deref()), (CaseKind::TransactionOverdue, Some("261118000486")));
        assert_eq!(case.transacted_at, Some(Wall(2)));
        let reference = case.reference.to_string();
        let told = commit.changes().iter().any(|change| {
            matches!(change, Change::Errand(0, told) if matches!(&told.job,
                Job::Notify { message: Message::CaseOpened { reference: told }, .. } if *told == reference))
        });
        assert!(told);
    }
}
