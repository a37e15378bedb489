//! A complaint becomes a case with the contact in which it is made, so that its recording stays. One that is open already comes up again.

use crate::cases::{Case, CaseKind, CaseState, NewCase};
use crate::commit::{Commit, Version};
use crate::kernel::{actor::Actor, ids::ContactId, subject::Subject, time::Wall};

/// Who complains, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The wallet.
    pub wallet: String,
    /// The customer, as far as the contact tells; else the contact itself.
    pub subject: Subject,
    /// The contact in which they complain.
    pub contact: ContactId,
}

/// Opens a case, or has the customer's `latest` complaint come up again when that is still open. One that is closed was answered: what is
/// said now is another.
#[must_use]
pub fn take_complaint(made: Complaint, latest: Option<(Version, Case)>, new: NewCase, now: Wall) -> (Case, Commit) {
    let Complaint { wallet, subject, contact } = made;
    let (version, case, verb) = match latest.filter(|(_, case)| case.state == CaseState::Open) {
        Some((version, case)) => (version, case.raised_again(contact, &new.keep, now), "raised_again"),
        None => (0, Case::open(new, CaseKind::Complaint, wallet, subject, None, contact, now), "opened"),
    };
    let commit = case.written(version, Actor::Caller, verb, now);
    (case, commit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{Keep, Keeps, Reference};
    use crate::kernel::{actor::Role, time::Span};

    fn made(contact: u128) -> Complaint {
        Complaint { wallet: "w".to_owned(), subject: Subject::new("hash".to_owned()), contact: contact.into() }
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
