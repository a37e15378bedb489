//! A request to be called back: the case, the request, the text message with its reference and the counts against its limits become
//! durable together. The same number asked for again is the same case. Opening one says nothing of whether there is an account.

use crate::call::Service;
use crate::cases::{Callback, Case, CaseKind, NewCase};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, ErrandId},
    language::Language,
    phrase::Words,
    pii::Pii,
    subject::Subject,
    tally::{Counted, TALLY_KEPT, Tally},
    time::{Span, Wall},
};
use crate::outbox::{Channel, Errand, Job, Message};

/// Requests for one number within a day: each sends a text message to somebody who has proved nothing.
const NUMBER_MAX: usize = 3;

/// Requests of one caller within a day.
const CALLER_MAX: usize = 5;

/// How long the text message is worth sending.
const TEXT_WITHIN: Span = Span::from_s(3_600);

/// Who is to be called back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackAsked {
    /// The wallet.
    pub wallet: String,
    /// The number as a customer of this wallet.
    pub subject: Subject,
    /// The number, E.164.
    pub number: Pii<String>,
    /// The language of the call.
    pub language: Language,
    /// What it is about.
    pub service: Option<Service>,
    /// The contact in which it was asked for.
    pub contact: ContactId,
    /// A text message can reach the number.
    pub texts: bool,
}

/// The rows a request is ruled on.
#[derive(Debug, Clone)]
pub struct CallbackRows {
    /// What was lately done against the number: two who ask for it at the same moment meet on this row.
    pub account: (Version, Tally),
    /// What the caller did lately.
    pub caller: (Version, Tally),
    /// An earlier request for the same number: the case and the request.
    pub earlier: Option<((Version, Case), (Version, Callback))>,
}

/// Too many requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests to be called back for one number or from one caller")]
pub struct TooManyCallbacks;

/// Notes a request, with words for a phrase where it needs new ones.
///
/// # Errors
/// [`TooManyCallbacks`]: nothing is noted.
pub fn request_callback(
    asked: CallbackAsked,
    rows: CallbackRows,
    new: NewCase,
    (errand, words): (ErrandId, Words),
    now: Wall,
) -> Result<(Case, Commit), TooManyCallbacks> {
    let CallbackAsked { wallet, subject, number, language, service, contact, texts } = asked;
    let CallbackRows { account: (account_version, mut account), caller: (caller_version, mut caller), earlier } = rows;
    let count = |tally: &Tally| tally.count(Counted::Callback, now, TALLY_KEPT);
    if count(&account) >= NUMBER_MAX || count(&caller) >= CALLER_MAX {
        return Err(TooManyCallbacks);
    }
    let (case_version, case, callback_version, callback, verb) = match earlier {
        Some(((case_version, case), (version, callback))) => {
            let (case, callback) =
                (case.raised_again(contact, &new.keep, now), callback.asked_again((language, words), service, now));
            (case_version, case, version, callback, "raised_again")
        }
        None => {
            let case = Case::open(new, CaseKind::Callback, wallet.clone(), subject.clone(), None, contact, now);
            let callback = Callback::asked(case.id, wallet.clone(), number.clone(), (language, words), service, now);
            (0, case, 0, callback, "opened")
        }
    };
    account.note(Counted::Callback, now, &subject);
    caller.note(Counted::Callback, now, &subject);
    let mut changes = vec![Change::Tally(account_version, account), Change::Tally(caller_version, caller)];
    if texts {
        let message = Message::CallbackNoted { reference: case.reference.to_string(), phrase: callback.good_words(now) };
        let job = Job::Message { channel: Channel::Sms, to: number, message, language };
        let errand = Errand::new(errand, wallet, Some(contact), job, now, now + TEXT_WITHIN);
        changes.push(Change::Errand(0, Box::new(errand)));
    }
    let counted = Commit::new(Entry::new(now, Actor::Caller, "callback.counted", contact), changes);
    let commit = case
        .written(case_version, Actor::Caller, verb, now)
        .and(callback.written(callback_version, Actor::Caller, "asked", now))
        .and(counted);
    Ok((case, commit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{Keep, Reference};

    fn asked() -> CallbackAsked {
        CallbackAsked {
            wallet: "w".to_owned(),
            subject: Subject::new("hash".to_owned()),
            number: Pii::new("+8619000000001".to_owned()),
            language: Language::En,
            service: Some(Service::Refunds),
            contact: 1.into(),
            texts: true,
        }
    }

    fn rows(account: Tally, caller: Tally) -> CallbackRows {
        CallbackRows { account: (0, account), caller: (0, caller), earlier: None }
    }

    fn new(random: u64) -> NewCase {
        NewCase { id: 7.into(), reference: Reference::draw(random), keep: Keep::default() }
    }

    #[test]
    fn a_request_becomes_a_case_with_a_text_message() {
        let rows = rows(Tally::new("account:a".to_owned()), Tally::new("caller:c".to_owned()));
        let (case, commit) = request_callback(asked(), rows, new(1), (9.into(), Words::draw(3)), Wall(5)).unwrap();
        assert_eq!((case.kind, case.contacts.as_slice()), (CaseKind::Callback, [1.into()].as_slice()));
        let texts = commit.changes().iter().any(|change| {
            matches!(change, Change::Errand(0, errand) if matches!(&errand.job,
                Job::Message { message: Message::CallbackNoted { reference, phrase }, .. }
                    if *reference == case.reference.to_string() && *phrase == Some(Words::draw(3))))
        });
        assert!(texts);
        assert!(commit.changes().iter().any(|change| matches!(change, Change::Callback(0, _))));
        let quiet = CallbackAsked { texts: false, ..asked() };
        let rows = self::rows(Tally::new("account:a".to_owned()), Tally::new("caller:c".to_owned()));
        let (_, commit) = request_callback(quiet, rows, new(1), (9.into(), Words::draw(3)), Wall(5)).unwrap();
        assert!(!commit.changes().iter().any(|change| matches!(change, Change::Errand(..))));
    }

    #[test]
    fn the_same_number_asked_for_again_is_the_same_case() {
        let first = rows(Tally::new("account:a".to_owned()), Tally::new("caller:c".to_owned()));
        let (case, commit) = request_callback(asked(), first, new(1), (9.into(), Words::draw(3)), Wall(5)).unwrap();
        let callback = commit.changes().iter().find_map(|change| match change {
            Change::Callback(_, callback) => Some((**callback).clone()),
            _ => None,
        });
        let mut again = rows(Tally::new("account:a".to_owned()), Tally::new("caller:c".to_owned()));
        again.earlier = Some(((1, case.clone()), (1, callback.unwrap())));
        let (same, _) =
            request_callback(CallbackAsked { contact: 2.into(), ..asked() }, again, new(2), (10.into(), Words::draw(4)), Wall(6))
                .unwrap();
        assert_eq!((same.reference, same.contacts.len()), (case.reference, 2));
    }

    #[test]
    fn a_number_is_not_flooded() {
        let mut account = Tally::new("account:a".to_owned());
        for at in 0..3 {
            account.note(Counted::Callback, Wall(at), &asked().subject);
        }
        let full = rows(account.clone(), Tally::new("caller:c".to_owned()));
        assert_eq!(request_callback(asked(), full, new(1), (9.into(), Words::draw(3)), Wall(5)), Err(TooManyCallbacks));
        let tomorrow = rows(account, Tally::new("caller:c".to_owned()));
        assert!(request_callback(asked(), tomorrow, new(1), (9.into(), Words::draw(3)), Wall(3) + TALLY_KEPT).is_ok());
    }
}
