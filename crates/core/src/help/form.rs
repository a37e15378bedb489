//! A form of the help pages becomes a case: a complaint, a payment that was not made, a payment that went wrong. The contact, its record, the
//! case, what was written, the count against the number's limit and the receipt become durable together. Nobody is asked whether there is
//! such a customer or such a payment, and the case is always one of its own: a stranger who knows a number learns nothing of the cases of
//! the person it belongs to, and cannot put words into them.

use super::complaint::Reported;
use super::record::case_noted;
use crate::call::{CallerIdTrust, Channel, Contact, Disposition, Fact, Service, TimelineEntry};
use crate::cases::{Case, Grounds, NewCase, Statement, Told};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    assurance::Level,
    ids::{ContactId, ErrandId},
    pii::Pii,
    subject::Subject,
    tally::{Counted, TALLY_KEPT, Tally},
    time::{Span, Wall},
};
use crate::outbox::{Errand, Job, Message};

/// Cases of forms that name one number within a day. More of them are no customer's.
const NUMBER_MAX: usize = 20;

/// Receipts for one number within a day: each goes to somebody who may not have asked for it.
const RECEIPTS_MAX: usize = 3;

/// How long a receipt is worth sending.
const RECEIPT_WITHIN: Span = Span::from_s(24 * 3_600);

/// A form as it was sent, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormSent {
    /// The wallet.
    pub wallet: String,
    /// Its line: where the contact would have come in by phone.
    pub line: String,
    /// What is reported.
    pub what: Reported,
    /// What was told.
    pub told: Told,
    /// Names the form, as a keyed hash.
    pub form: String,
    /// The number that is claimed, as the customer whom it would name.
    pub claimed: Option<Subject>,
}

/// What is made at the edge for a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// The case.
    pub case: NewCase,
    /// The contact.
    pub contact: ContactId,
    /// The contact as the one who is in it: nobody else is known by it.
    pub subject: Subject,
    /// The receipt.
    pub receipt: ErrandId,
    /// How long contacts are kept.
    pub retention: Span,
}

/// Too many forms name one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many forms name this number today")]
pub struct NotFiled;

/// Makes a case of a form. `count` is what was lately done against the number that is claimed.
///
/// # Errors
/// [`NotFiled`]: nothing is kept.
pub fn file_form(sent: FormSent, count: Option<(Version, Tally)>, new: Filing, now: Wall) -> Result<(Case, Commit), NotFiled> {
    let FormSent { wallet, line, what, told, form, claimed } = sent;
    let filed = count.as_ref().map_or(0, |(_, tally)| tally.count(Counted::FormFiled, now, TALLY_KEPT));
    if filed >= NUMBER_MAX {
        return Err(NotFiled);
    }
    let (contact, language) = (new.contact, told.language);
    let mut case = Case::open(new.case, what.kind(), wallet.clone(), new.subject, told.transaction.clone(), contact, now);
    case.grounds = what.grounds();
    let row = Contact {
        id: contact,
        line,
        wallet: wallet.clone(),
        channel: Channel::Form,
        caller: told.number.clone().unwrap_or_else(|| Pii::new(String::new())),
        caller_id: CallerIdTrust::None,
        language: Some(language),
        service: Some(Service::Refunds),
        level: Level::A0,
        risk: Vec::new(),
        case: None,
        opened_at: now,
        answered_at: None,
        queued_at: None,
        connected_at: None,
        ended_at: Some(now),
        agents: Vec::new(),
        disposition: Some(match what {
            Reported::Complaint => Disposition::Complaint,
            Reported::Unauthorised | Reported::Dispute(_) => Disposition::DisputeOpened,
        }),
        expires_at: now + new.retention,
    };
    let ended = Fact::Ended { by: "caller".to_owned(), disposition: row.disposition };
    let line = |seq, fact| Change::Timeline(contact, TimelineEntry { seq, at: now, fact });
    let came = vec![Change::Contact(0, Box::new(row)), line(0, Fact::Form { about: name_of(what).to_owned() }), line(1, ended)];
    let receipt = told.number.clone().filter(|_| filed < RECEIPTS_MAX).map(|msisdn| {
        let message = Message::CaseOpened { reference: case.reference.to_string() };
        let job = Job::Notify { msisdn, message, language };
        Change::Errand(0, Box::new(Errand::new(new.receipt, wallet, Some(contact), job, now, now + RECEIPT_WITHIN)))
    });
    let counted = count.zip(claimed).map(|((version, mut tally), claimed)| {
        tally.note(Counted::FormFiled, now, &claimed);
        Change::Tally(version, tally)
    });
    let statement = Statement { case: case.id, form, told, sent_at: now, expires_at: case.expires_at };
    let kept = Commit::new(Entry::new(now, Actor::Visitor, "form.filed", case.id), vec![Change::Statement(Box::new(statement))]);
    let commit = Commit::new(Entry::new(now, Actor::Visitor, "contact.opened", contact), came)
        .and(case.written(0, Actor::Visitor, "opened", now).with(case_noted(0, &case, contact, now)))
        .and(kept.with(receipt).with(counted));
    Ok((case, commit))
}

/// What is reported, as the record names it.
const fn name_of(what: Reported) -> &'static str {
    match what {
        Reported::Complaint => "complaint",
        Reported::Unauthorised => "unauthorised",
        Reported::Dispute(Grounds::WrongPayee) => "wrong_payee",
        Reported::Dispute(Grounds::WrongAmount) => "wrong_amount",
        Reported::Dispute(Grounds::Duplicate) => "duplicate",
        Reported::Dispute(Grounds::NotReceived) => "not_received",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{CaseKind, Keep, Reference};
    use crate::kernel::language::Language;

    const NUMBER: &str = "+8619000000001";

    fn sent(what: Reported, number: Option<&str>) -> FormSent {
        let told = Told {
            language: Language::En,
            number: number.map(|number| Pii::new(number.to_owned())),
            transaction: Some("261118000486".to_owned()),
            text: Pii::new("It was not me.".to_owned()),
            hotline: false,
            agent: None,
        };
        let claimed = number.map(|_| Subject::new("hash".to_owned()));
        FormSent { wallet: "w".to_owned(), line: "8000".to_owned(), what, told, form: "form".to_owned(), claimed }
    }

    fn filing(random: u64) -> Filing {
        let case = NewCase { id: u128::from(random).into(), reference: Reference::draw(random), keep: Keep::default() };
        Filing {
            case,
            contact: 9.into(),
            subject: Subject::new("own".to_owned()),
            receipt: 8.into(),
            retention: Span::from_s(60),
        }
    }

    fn receipts(commit: &Commit) -> usize {
        commit.changes().iter().filter(|change| matches!(change, Change::Errand(0, _))).count()
    }

    #[test]
    fn a_payment_that_was_not_made_is_a_case_at_once_with_its_contact_and_its_receipt() {
        let tally = Tally::new("account:hash".to_owned());
        let (case, commit) = file_form(sent(Reported::Unauthorised, Some(NUMBER)), Some((0, tally)), filing(1), Wall(5)).unwrap();
        assert_eq!((case.kind, case.transaction.as_deref()), (CaseKind::Unauthorised, Some("261118000486")));
        assert_eq!(case.subject, Subject::new("own".to_owned()), "a claim names nobody");
        let contact = commit.changes().iter().find_map(|change| match change {
            Change::Contact(0, contact) => Some(contact),
            _ => None,
        });
        let contact = contact.unwrap();
        assert_eq!((contact.channel, contact.level, contact.ended_at), (Channel::Form, Level::A0, Some(Wall(5))));
        assert_eq!(receipts(&commit), 1);
        assert!(commit.changes().iter().any(|change| matches!(change, Change::Statement(_))));
    }

    #[test]
    fn a_number_has_few_receipts_a_day_and_more_cases_and_not_any_number_of_them() {
        let mut tally = Tally::new("account:hash".to_owned());
        let mut told = 0;
        for n in 0..NUMBER_MAX {
            let at = Wall(i64::try_from(n).unwrap());
            let (_, commit) =
                file_form(sent(Reported::Unauthorised, Some(NUMBER)), Some((1, tally.clone())), filing(n as u64), at).unwrap();
            told += receipts(&commit);
            let counted = commit.changes().iter().find_map(|change| match change {
                Change::Tally(1, tally) => Some(tally.clone()),
                _ => None,
            });
            tally = counted.unwrap();
        }
        assert_eq!(told, RECEIPTS_MAX);
        let more = file_form(sent(Reported::Unauthorised, Some(NUMBER)), Some((1, tally.clone())), filing(99), Wall(99));
        assert_eq!(more.err(), Some(NotFiled));
        let day = Wall(99) + TALLY_KEPT;
        assert!(file_form(sent(Reported::Unauthorised, Some(NUMBER)), Some((1, tally)), filing(99), day).is_ok());
    }

    #[test]
    fn whoever_names_no_number_is_sent_nothing_and_still_has_a_case() {
        let (case, commit) = file_form(sent(Reported::Complaint, None), None, filing(1), Wall(5)).unwrap();
        assert_eq!((case.kind, receipts(&commit)), (CaseKind::Complaint, 0));
        let (case, _) = file_form(sent(Reported::Dispute(Grounds::Duplicate), None), None, filing(1), Wall(5)).unwrap();
        assert_eq!(case.grounds, Some(Grounds::Duplicate));
    }
}
