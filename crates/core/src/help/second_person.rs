//! A second person decides on an act that an agent asked for: never the one who asked, nor anybody they lead, and not without the
//! certificate for it. What they decide, what carries it out and its line in the record become durable together.

use super::record::{act_noted, concerned};
use crate::agent::Staff;
use crate::cases::Case;
use crate::commit::{Commit, Version};
use crate::kernel::{actor::Actor, ids::StaffId, time::Wall};
use crate::outbox::Errand;
use crate::wallet::{Operation, State};

/// The rows a decision is ruled on.
#[derive(Debug, Clone)]
pub struct WaitingRows {
    /// The act.
    pub operation: (Version, Operation),
    /// Its case.
    pub case: Option<(Version, Case)>,
    /// What carries it out.
    pub errand: (Version, Errand),
}

/// Whoever decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondPerson {
    /// Who.
    pub id: StaffId,
    /// They were examined in finding out who is calling, and that counts today.
    pub is_certified: bool,
    /// Whoever asked leads them.
    pub is_under_maker: bool,
}

/// What they decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is to be carried out.
    Agree,
    /// It is not.
    Disagree,
}

/// Why nothing is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotDecided {
    /// It does not wait for a second person any more.
    #[error("this does not wait for a second person any more: load it again")]
    NotInThisState,
    /// Whoever asked cannot agree.
    #[error("somebody else must decide: you asked for this")]
    Own,
    /// The second person is led by the first.
    #[error("somebody else must decide: whoever asked for this leads you")]
    UnderMaker,
    /// They hold no certificate for it.
    #[error("this needs a certificate for identity verification that is valid today")]
    NoCertificate,
}

/// A decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// The act as it is now.
    pub operation: Operation,
    /// What makes it so.
    pub commit: Commit,
}

impl SecondPerson {
    /// Somebody as the second person for an act, among all there are.
    #[must_use]
    pub fn of(person: &Staff, is_certified: bool, operation: &Operation, staff: &[Staff]) -> Self {
        let maker = staff.iter().find(|member| Some(member.id) == operation.maker);
        let leads = |maker: &Staff| maker.id != person.id && maker.role.supervises() && maker.teams.cover(&person.teams);
        Self { id: person.id, is_certified, is_under_maker: maker.is_some_and(leads) }
    }
}

/// Rules on a decision.
///
/// # Errors
/// [`NotDecided`].
pub fn decide_act(rows: WaitingRows, person: SecondPerson, decision: Decision, now: Wall) -> Result<Decided, NotDecided> {
    let WaitingRows { operation: (version, operation), case, errand: (errand_version, errand) } = rows;
    if operation.state != State::AwaitingSecond || now > operation.send_by {
        return Err(NotDecided::NotInThisState);
    }
    if operation.maker == Some(person.id) {
        return Err(NotDecided::Own);
    }
    if person.is_under_maker {
        return Err(NotDecided::UnderMaker);
    }
    if !person.is_certified {
        return Err(NotDecided::NoCertificate);
    }
    let agrees = decision == Decision::Agree;
    let (operation, commit) = operation.decided(version, person.id, agrees, now).ok_or(NotDecided::NotInThisState)?;
    let carried = if agrees { errand.again(errand_version, now, now) } else { errand.done(errand_version, now) };
    let told = act_noted(&operation, concerned(case.as_ref().map(|(_, case)| case), &operation), now);
    let commit = commit.and(carried).with(told);
    let commit = match case {
        Some((version, case)) => commit.and(case.written(version, Actor::Staff { id: person.id }, "decided", now)),
        None => commit,
    };
    Ok(Decided { operation, commit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{CaseKind, Keep, NewCase, Reference};
    use crate::commit::Change;
    use crate::identity::{Claim, Proof, Standing};
    use crate::kernel::account_act::AccountAct;
    use crate::kernel::assurance::Factor;
    use crate::kernel::language::Language;
    use crate::kernel::pii::Pii;
    use crate::kernel::subject::Subject;
    use crate::kernel::time::{Mono, Now, Span};
    use crate::outbox::Job;
    use crate::wallet::NewOperation;
    use std::sync::Arc;

    const NOW: Wall = Wall(1_795_000_000_000_000);
    const MAKER: u128 = 1024;

    fn waiting() -> WaitingRows {
        let mut standing = Standing::new(1.into(), false, Arc::default());
        let (msisdn, subject) = (Pii::new("+8619000000005".to_owned()), Subject::new("c".to_owned()));
        standing.claims(Claim { wallet: "w".to_owned(), msisdn: msisdn.clone(), subject: subject.clone() });
        for (evidence, factor) in [(1_u128, Factor::SmsCode), (2, Factor::SecondFactor)] {
            standing.proved(&subject, Proof { factor, evidence: evidence.into() }, Now { mono: Mono(0), wall: NOW });
        }
        let redeemed = standing.permit_act(AccountAct::UnlockFraud, NOW).unwrap().redeem(NOW).unwrap();
        let new = NewOperation { id: 5.into(), key: "k".to_owned() };
        let operation = Operation::on_account(&redeemed, new, 9.into(), NOW).0.waiting_for_second(MAKER.into(), 7.into());
        let named = NewCase { id: 9.into(), reference: Reference::draw(3), keep: Keep::default() };
        let case = Case::open(named, CaseKind::Account, "w".to_owned(), subject, None, 1.into(), NOW);
        let job = Job::Operate { operation: operation.id, msisdn, language: Language::En };
        let errand = Errand::new(7.into(), "w".to_owned(), Some(1.into()), job, operation.send_by, operation.send_by);
        WaitingRows { operation: (1, operation), case: Some((1, case)), errand: (1, errand) }
    }

    fn person(id: u128) -> SecondPerson {
        SecondPerson { id: id.into(), is_certified: true, is_under_maker: false }
    }

    fn actions(commit: &Commit) -> Vec<&str> {
        commit.entries().iter().map(|entry| entry.action.as_str()).collect()
    }

    #[test]
    fn nobody_agrees_with_themselves_with_their_leader_or_without_a_certificate() {
        for (who, refused) in [
            (person(MAKER), NotDecided::Own),
            (SecondPerson { is_under_maker: true, ..person(2) }, NotDecided::UnderMaker),
            (SecondPerson { is_certified: false, ..person(2) }, NotDecided::NoCertificate),
        ] {
            assert_eq!(decide_act(waiting(), who, Decision::Agree, NOW), Err(refused));
        }
    }

    #[test]
    fn what_a_second_person_agrees_to_is_carried_out_at_once_and_decided_once() {
        let decided = decide_act(waiting(), person(2), Decision::Agree, NOW).unwrap();
        assert_eq!((decided.operation.state, decided.operation.checker), (State::Committed, Some(2.into())));
        let due = decided.commit.changes().iter().find_map(|change| match change {
            Change::Errand(1, errand) => Some(errand.due_at),
            _ => None,
        });
        assert_eq!(due, Some(NOW));
        assert_eq!(
            actions(&decided.commit),
            ["unlock_fraud.committed", "unlock_fraud.agreed", "operation.postponed", "case.decided"]
        );
        let again = WaitingRows { operation: (2, decided.operation), ..waiting() };
        assert_eq!(decide_act(again, person(3), Decision::Disagree, NOW), Err(NotDecided::NotInThisState));
    }

    #[test]
    fn what_a_second_person_does_not_agree_to_is_not_carried_out_and_its_case_stays_open() {
        let decided = decide_act(waiting(), person(2), Decision::Disagree, NOW).unwrap();
        assert_eq!(decided.operation.state, State::Declined);
        assert!(decided.commit.changes().iter().any(|change| matches!(change, Change::ErrandOver(1, _))));
        assert!(decided.operation.begin(2, NOW).is_none(), "nothing is sent");
    }

    #[test]
    fn nothing_is_decided_after_its_time_and_nothing_is_sent_before() {
        let rows = waiting();
        let late = rows.operation.1.send_by + Span(1);
        assert_eq!(decide_act(rows.clone(), person(2), Decision::Agree, late), Err(NotDecided::NotInThisState));
        assert!(rows.operation.1.begin(1, NOW).is_none());
        assert_eq!(rows.operation.1.give_up(1, late).unwrap().0.state, State::GivenUp);
    }
}
