//! What customers report becomes a case with the contact in which they do, so that its recording stays: a complaint, a payment they did
//! not make, a payment that went wrong. One that is open already comes up again. Nothing is looked up for it, and nothing is told.

use crate::cases::{Case, CaseKind, CaseState, Grounds, NewCase};
use crate::commit::{Commit, Version};
use crate::kernel::{actor::Actor, ids::ContactId, luhn, subject::Subject, time::Wall};

/// Digits of a transaction's number.
const TRANSACTION_DIGITS: usize = 12;

/// What is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    /// Something to complain of.
    Complaint,
    /// A payment that the customer did not make.
    Unauthorised,
    /// A payment that went wrong.
    Dispute(Grounds),
}

impl Reported {
    /// The kind of case it becomes.
    #[must_use]
    pub const fn kind(self) -> CaseKind {
        match self {
            Self::Complaint => CaseKind::Complaint,
            Self::Unauthorised => CaseKind::Unauthorised,
            Self::Dispute(_) => CaseKind::Dispute,
        }
    }

    pub(super) const fn grounds(self) -> Option<Grounds> {
        match self {
            Self::Complaint | Self::Unauthorised => None,
            Self::Dispute(grounds) => Some(grounds),
        }
    }
}

/// A report, with the payment where one was named. Whether there is such a payment, and whose it is, is not asked here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What.
    pub what: Reported,
    /// The payment's number, as it was named.
    pub transaction: Option<String>,
    /// Who opens the case: the customer with a key, or the agent they tell.
    pub by: Actor,
}

/// Who reports, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The wallet.
    pub wallet: String,
    /// The customer, as far as the contact tells; else the contact itself.
    pub subject: Subject,
    /// The contact in which they report it.
    pub contact: ContactId,
    /// What.
    pub report: Report,
}

/// Whether something can be the number of a transaction: that says nothing of whether there is one.
#[must_use]
pub fn is_transaction_number(text: &str) -> bool {
    let (body, check) = text.split_at_checked(TRANSACTION_DIGITS - 1).unwrap_or_default();
    text.len() == TRANSACTION_DIGITS
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && check == luhn::check_digit(body).to_string()
}

/// Opens a case, or has the customer's `latest` one of this kind come up again when that is still open and about the same payment, or
/// about one that nobody has named yet. One that is closed was answered: what is said now is another.
#[must_use]
pub fn take_complaint(made: Complaint, latest: Option<(Version, Case)>, new: NewCase, now: Wall) -> (Case, Commit) {
    let Complaint { wallet, subject, contact, report: Report { what, transaction, by } } = made;
    let same = |case: &Case| transaction.is_none() || case.transaction.is_none() || case.transaction == transaction;
    let (version, mut case, verb) = match latest.filter(|(_, case)| case.state == CaseState::Open && same(case)) {
        Some((version, case)) => (version, case.raised_again(contact, &new.keep, now), "raised_again"),
        None => (0, Case::open(new, what.kind(), wallet, subject, None, contact, now), "opened"),
    };
    case.transaction = transaction.or(case.transaction.take());
    case.grounds = what.grounds().or(case.grounds);
    let commit = case.written(version, by, verb, now);
    (case, commit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{Keep, Keeps, Reference};
    use crate::kernel::{actor::Role, time::Span};

    fn made(contact: u128) -> Complaint {
        reported(contact, Reported::Complaint, None)
    }

    fn reported(contact: u128, what: Reported, transaction: Option<&str>) -> Complaint {
        let report = Report { what, transaction: transaction.map(str::to_owned), by: Actor::Caller };
        Complaint { wallet: "w".to_owned(), subject: Subject::new("hash".to_owned()), contact: contact.into(), report }
    }

    fn new(random: u64) -> NewCase {
        NewCase { id: u128::from(random).into(), reference: Reference::draw(random), keep: Keep::default() }
    }

    #[test]
    fn an_open_complaint_comes_up_again_and_a_closed_one_stays_closed() {
        let (first, _) = take_complaint(made(1), None, new(1), Wall(5));
        assert_eq!((first.kind, first.keeps()), (CaseKind::Complaint, Keeps::WhileOpen));
        let (again, _) = take_complaint(made(2), Some((1, first.clone())), new(2), Wall(6));
        assert_eq!((again.id, again.contacts), (first.id, vec![1.into(), 2.into()]));
        let closed = first.closed(Wall(7));
        let (other, _) = take_complaint(made(3), Some((2, closed.clone())), new(3), Wall(8));
        assert_ne!(other.id, closed.id);
    }

    #[test]
    fn a_payment_is_named_once_and_another_one_is_another_case() {
        let (first, _) = take_complaint(reported(1, Reported::Unauthorised, None), None, new(1), Wall(5));
        assert_eq!((first.kind, first.transaction.as_deref()), (CaseKind::Unauthorised, None));
        let named = reported(1, Reported::Unauthorised, Some("261118000486"));
        let (named, _) = take_complaint(named, Some((1, first.clone())), new(2), Wall(6));
        assert_eq!((named.id, named.transaction.as_deref()), (first.id, Some("261118000486")), "named later in the same matter");
        let (again, _) = take_complaint(reported(2, Reported::Unauthorised, None), Some((2, named.clone())), new(3), Wall(7));
        assert_eq!((again.id, &again.transaction), (named.id, &named.transaction));
        let other = reported(3, Reported::Unauthorised, Some("261118000502"));
        let (other, _) = take_complaint(other, Some((3, named)), new(4), Wall(8));
        assert_ne!(other.id, first.id);
    }

    #[test]
    fn a_dispute_says_what_went_wrong_and_who_opened_it() {
        let staff = Actor::Staff { id: 7.into() };
        let mut made = reported(1, Reported::Dispute(Grounds::Duplicate), None);
        made.report.by = staff;
        let (case, commit) = take_complaint(made, None, new(1), Wall(5));
        assert_eq!((case.kind, case.grounds), (CaseKind::Dispute, Some(Grounds::Duplicate)));
        assert_eq!(commit.entries()[0].actor, staff);
    }

    #[test]
    fn a_number_with_a_wrong_digit_is_none() {
        assert!(is_transaction_number("261118000486"));
        for text in ["261118000487", "26111800048", "2611180004866", "26111800048x", "", "２６１１１８０００４８６"] {
            assert!(!is_transaction_number(text), "{text}");
        }
    }

    #[test]
    fn its_recording_stays_three_years_and_its_file_five() {
        let year = Span::from_s(365 * 24 * 3_600);
        let closed = take_complaint(made(1), None, new(1), Wall(5)).0.closed(Wall(7));
        assert_eq!(closed.keeps(), Keeps::Until(Wall(7) + year + year + year));
        assert_eq!(closed.expires_at, Wall(7) + year + year + year + year + year);
    }

    #[test]
    fn no_agent_and_no_supervisor_looks_a_complaint_up() {
        let readers = [Role::Handler, Role::Auditor, Role::Compliance];
        let others = [Role::Agent, Role::Checker, Role::Supervisor, Role::Admin];
        assert!(readers.into_iter().all(|role| CaseKind::Complaint.is_open_to(role)));
        assert!(others.into_iter().all(|role| !CaseKind::Complaint.is_open_to(role) && CaseKind::Freeze.is_open_to(role)));
    }
}
