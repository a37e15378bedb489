//! What a freeze of the journal becomes: known numbers are told or sent on, unknown ones are not; the record names the case and what
//! came of it; an account's case is not opened twice.

use super::*;
use crate::cases::{CaseState, Keep};
use crate::identity::{Claim, FreezeAccount, Standing};
use crate::kernel::subject::Subject;
use crate::kernel::time::Span;
use crate::wallet::NewOperation;
use std::sync::Arc;

const AT: Wall = Wall(1_795_000_000_000_000);
const NOW: Wall = Wall(1_795_000_090_000_000);

fn noted(state: State) -> Noted {
    let mut standing = Standing::new(1.into(), true, Arc::default());
    let msisdn = Pii::new("+8619000000001".to_owned());
    standing.claims(Claim { wallet: "jinqiao".to_owned(), msisdn: msisdn.clone(), subject: Subject::new("a".to_owned()) });
    let permitted = standing.permit::<FreezeAccount>(AT).unwrap().redeem(AT).unwrap();
    let new = NewOperation { id: 5.into(), key: "k".to_owned() };
    let (mut operation, _) = Operation::freeze(&permitted, new, 9.into(), AT);
    operation.state = state;
    let reference = Reference::draw(12_345_678);
    Noted { operation, reference, language: Language::En, msisdn: Some(msisdn), joined: Vec::new() }
}

/// Brought in where the store knows no case of it.
fn replayed(noted: Noted) -> Commit {
    replay_freeze(noted, None, Keep::default(), 8.into(), NOW)
}

fn errand(commit: &Commit) -> Option<Errand> {
    commit.changes().iter().find_map(|change| match change {
        Change::Errand(0, errand) => Some((**errand).clone()),
        _ => None,
    })
}

fn case(commit: &Commit) -> (Version, Case) {
    let written = commit.changes().iter().find_map(|change| match change {
        Change::Case(version, case) => Some((*version, (**case).clone())),
        _ => None,
    });
    written.unwrap()
}

fn lines(commit: &Commit) -> Vec<(ContactId, String, Wall)> {
    let line = |change: &Change| match change {
        Change::Added(contact, line) => Some((*contact, line.fact.text(), line.at)),
        _ => None,
    };
    commit.changes().iter().filter_map(line).collect()
}

#[test]
fn what_was_done_is_on_record_and_told_to_every_address() {
    let mut rows = noted(State::Done);
    rows.operation.settled_at = Some(AT + Span::from_s(2));
    let commit = replayed(rows);
    let told = errand(&commit).unwrap();
    assert!(matches!(told.job, Job::Notify { message: Message::Frozen { ref reference }, .. } if reference == "R123456782"));
    assert_eq!(told.give_up_at, NOW + NOTICE_WITHIN);
    assert_eq!(case(&commit).1.state, CaseState::Closed);
    let at_the_wallet = "At the wallet: freeze: done".to_owned();
    let record = [(1.into(), "Case R123456782".to_owned(), AT), (1.into(), at_the_wallet, AT + Span::from_s(2))];
    assert_eq!(lines(&commit), record, "at the time it happened");
}

#[test]
fn what_is_not_confirmed_goes_on_under_its_key() {
    for state in [State::Committed, State::Sending, State::Unknown, State::Reconciling] {
        let commit = replayed(noted(state));
        assert_eq!(errand(&commit).map(|errand| errand.job.name()), Some("operation"), "{state:?}");
        assert_eq!(case(&commit).1.state, CaseState::Open);
    }
}

#[test]
fn when_nobody_knows_the_number_or_nothing_can_be_done_no_errand_follows() {
    for state in [State::Done, State::Declined, State::GivenUp] {
        let unknown = Noted { msisdn: None, ..noted(state) };
        assert_eq!(errand(&replayed(unknown)), None, "{state:?}");
    }
    assert_eq!(errand(&replayed(noted(State::Declined))), None);
}

#[test]
fn a_case_that_the_account_has_is_raised_again_and_stands_in_every_record() {
    let first = replayed(noted(State::Done));
    let again = Noted { joined: vec![3.into()], ..noted(State::Unknown) };
    let commit = replay_freeze(again, Some((1, case(&first).1)), Keep::default(), 8.into(), NOW);
    let (version, again) = case(&commit);
    assert_eq!((version, again.state, again.contacts), (1, CaseState::Open, vec![1.into(), 3.into()]));
    let contacts: Vec<ContactId> = lines(&commit).into_iter().map(|(contact, ..)| contact).collect();
    assert_eq!(contacts, [1.into(), 3.into(), 1.into(), 3.into()], "each is told the case and what came of it");
}
