//! Freezes: what is written, what is not written twice, and that a number without an account goes the same way. Also what comes of
//! one, from the first try to the end.

use super::*;
use crate::cases::CaseState;
use crate::help::{Settling, settle_freeze};
use crate::identity::{Claim, NotPermitted, Permit, Standing};
use crate::kernel::assurance::Level;
use crate::kernel::pii::Pii;
use crate::kernel::subject::Subject;
use crate::kernel::time::Span;
use crate::outbox::Message;
use crate::wallet::{Decline, Outcome, State};

const NOW: Wall = Wall(1_795_000_000_000_000);
const NUMBER: &str = "+8619000000001";

fn permit(name: &str) -> Permit<FreezeAccount> {
    let standing = standing(name);
    standing.permit(NOW).unwrap()
}

fn standing(name: &str) -> Standing {
    let mut standing = Standing::new(1.into(), Level::A1);
    let (msisdn, subject) = (Pii::new(NUMBER.to_owned()), Subject::new(name.to_owned()));
    standing.claims(Claim { wallet: "jinqiao".to_owned(), msisdn, subject });
    standing
}

fn rows() -> FreezeRows {
    let tally = |key: &str| (0, Tally::new(key.to_owned()));
    FreezeRows { account: tally("account:a"), caller: tally("caller:c"), trunk: tally("trunk:t"), case: None, operation: None }
}

fn new(number: u128) -> NewFreeze {
    NewFreeze {
        operation: NewOperation { id: number.into(), key: format!("key {number}") },
        case: NewCase { id: number.into(), reference: Reference::draw(12_345_678) },
        errand: number.into(),
    }
}

fn take(name: &str, rows: FreezeRows, number: u128) -> Result<FreezeTaken, TooManyFreezes> {
    let permitted = permit(name).redeem(NOW).unwrap();
    take_freeze(&permitted, rows, new(number), Language::En, &FreezeLimits::default(), NOW)
}

fn case(commit: &Commit) -> Option<Case> {
    commit.changes().iter().rev().find_map(|change| match change {
        Change::Case(_, case) => Some((**case).clone()),
        _ => None,
    })
}

fn actions(commit: &Commit) -> Vec<&str> {
    commit.entries().iter().map(|entry| entry.action.as_str()).collect()
}

/// The rows a commit writes, without what names anybody.
fn shape(commit: &Commit) -> Vec<String> {
    let row = |change: &Change| match change {
        Change::Operation(version, operation) => format!("operation {version} {}", operation.state.name()),
        Change::Case(version, case) => format!("case {version} {:?}", case.state),
        Change::Tally(version, tally) => format!("{} {version}, {} ticks", tally.key, tally.ticks.len()),
        Change::Errand(version, errand) => format!("errand {version} {}", errand.job.name()),
        Change::ErrandOver(version, _) => format!("errand over {version}"),
        other => panic!("{other:?}"),
    };
    commit.changes().iter().map(row).collect()
}

#[test]
fn a_freeze_is_one_transaction_with_everything_it_needs() {
    let taken = take("a", rows(), 5).unwrap();
    let commit = taken.commit.unwrap();
    let tallies = ["account:a 0, 1 ticks", "caller:c 0, 1 ticks", "trunk:t 0, 1 ticks"];
    let rows = [&["operation 0 committed", "case 0 Open"][..], &tallies, &["errand 0 operation"]].concat();
    assert_eq!(shape(&commit), rows);
    assert_eq!(actions(&commit), ["freeze.committed", "case.opened", "freeze.asked"]);
    assert_eq!((taken.operation.key.as_str(), taken.reference.as_str()), ("key 5", "R123456782"));
    assert_eq!(taken.errand.map(|errand| errand.give_up_at), Some(taken.operation.send_by));
    assert!(!format!("{commit:?}").contains("19000000001"), "no number stands in what is printed");
}

#[test]
fn who_has_no_account_gets_the_same_rows() {
    let (one, other) = (take("a", rows(), 5).unwrap(), take("nobody", rows(), 6).unwrap());
    let (one, other) = (one.commit.unwrap(), other.commit.unwrap());
    assert_eq!((shape(&one), actions(&one)), (shape(&other), actions(&other)));
}

#[test]
fn a_freeze_under_way_gives_its_reference_and_writes_nothing() {
    let first = take("a", rows(), 5).unwrap();
    for state in [State::Committed, State::Sending, State::Unknown, State::Reconciling] {
        let running = Operation { state, ..first.operation.clone() };
        let known = case(first.commit.as_ref().unwrap()).map(|case| (1, case));
        let again = take("a", FreezeRows { case: known, operation: Some(running.clone()), ..rows() }, 6).unwrap();
        assert_eq!((again.commit, again.errand), (None, None), "{state:?}");
        assert_eq!((again.operation.key, again.reference), (running.key, first.reference.clone()));
    }
}

#[test]
fn a_freeze_that_is_over_is_done_again_under_the_same_reference_and_a_new_key() {
    let first = take("a", rows(), 5).unwrap();
    for state in [State::Done, State::Declined, State::GivenUp] {
        let over = Operation { state, ..first.operation.clone() };
        let known = case(first.commit.as_ref().unwrap()).map(|case| (3, case.closed(NOW)));
        let again = take("a", FreezeRows { case: known, operation: Some(over), ..rows() }, 6).unwrap();
        let commit = again.commit.unwrap();
        assert_eq!(actions(&commit), ["freeze.committed", "case.raised_again", "freeze.asked"]);
        let case = case(&commit).unwrap();
        assert_eq!((case.state, case.closed_at, case.id), (CaseState::Open, None, 5.into()));
        assert_eq!((again.operation.key.as_str(), again.reference), ("key 6", first.reference.clone()), "{state:?}");
    }
}

#[test]
fn the_sixth_account_of_a_caller_needs_a_person_and_writes_nothing() {
    let mut rows = rows();
    for number in 0..5 {
        rows.caller.1.note(Counted::Freeze, NOW, &Subject::new(number.to_string()));
    }
    assert_eq!(take("a", rows.clone(), 5), Err(TooManyFreezes));
    assert!(take("4", rows, 5).is_ok(), "one of the five, again");
}

#[test]
fn an_expired_permit_freezes_nothing() {
    let late = NOW + Span::from_s(61);
    assert_eq!(permit("a").redeem(late), Err(NotPermitted::Expired));
}

/// A freeze whose errand was claimed and that is on its way.
fn sending() -> Settling {
    let taken = take("a", rows(), 5).unwrap();
    let (errand, _) = taken.errand.unwrap().claim(1, NOW);
    let (operation, _) = taken.operation.begin(1, NOW).unwrap();
    let case = case(taken.commit.as_ref().unwrap()).map(|case| (1, case));
    Settling { operation: (2, operation), case, errand: (2, errand) }
}

#[test]
fn what_the_wallet_confirms_closes_the_case_and_is_told_to_every_address() {
    let (operation, commit) = settle_freeze(sending(), Outcome::Done, 90.into(), NOW).unwrap();
    assert_eq!((operation.state, operation.settled_at), (State::Done, Some(NOW)));
    assert_eq!(actions(&commit), ["freeze.done", "operation.done", "case.closed", "notice.committed"]);
    assert_eq!(shape(&commit), ["operation 2 done", "errand over 2", "case 1 Closed", "errand 0 notice"]);
    let told = commit.changes().iter().find_map(|change| match change {
        Change::Errand(_, errand) => Some(errand.job.clone()),
        _ => None,
    });
    let message = Message::Frozen { reference: "R123456782".to_owned() };
    let msisdn = Pii::new(NUMBER.to_owned());
    assert_eq!(told, Some(Job::Notify { msisdn, message, language: Language::En }));
}

#[test]
fn what_the_wallet_refuses_stays_open_and_is_told_to_nobody() {
    let (operation, commit) = settle_freeze(sending(), Outcome::Declined(Decline::ByRule), 90.into(), NOW).unwrap();
    assert_eq!(operation.state, State::Declined);
    assert_eq!(shape(&commit), ["operation 2 declined", "errand over 2"]);
}

#[test]
fn without_an_answer_it_is_tried_again_under_the_same_key_until_its_time_is_over() {
    for (outcome, state) in [(Outcome::Unknown, State::Unknown), (Outcome::NotSent, State::Committed)] {
        let rows = sending();
        let key = rows.operation.1.key.clone();
        let (operation, commit) = settle_freeze(rows.clone(), outcome, 90.into(), NOW).unwrap();
        assert_eq!((operation.state, &operation.key), (state, &key));
        assert_eq!(shape(&commit), [format!("operation 2 {}", state.name()), "errand 2 operation".to_owned()]);
        let at = rows.operation.1.send_by;
        let (operation, commit) = settle_freeze(rows, outcome, 90.into(), at).unwrap();
        assert_eq!((operation.state, operation.settled_at), (State::GivenUp, Some(at)));
        let last = [format!("operation 2 {}", state.name()), "errand over 2".to_owned(), "operation 3 given_up".to_owned()];
        assert_eq!(shape(&commit), last);
    }
}

#[test]
fn what_is_over_is_never_settled_again() {
    for over in [Outcome::Done, Outcome::Declined(Decline::NotSupported)] {
        let rows = sending();
        let (operation, _) = settle_freeze(rows.clone(), over, 90.into(), NOW).unwrap();
        for outcome in [Outcome::Done, Outcome::Declined(Decline::ByRule), Outcome::Unknown, Outcome::NotSent] {
            let again = Settling { operation: (3, operation.clone()), ..rows.clone() };
            assert_eq!(settle_freeze(again, outcome, 91.into(), NOW), None, "{outcome:?} after {over:?}");
        }
    }
}
