//! Freezes: what is written, what is not written twice, and that a number without an account goes the same way. Also what comes of
//! one, from the first try to the end.

use super::*;
use crate::cases::{CaseState, Keep};
use crate::help::{FollowUps, Settling, give_up_act, settle_act};
use crate::identity::{Claim, NotPermitted, Permit, Standing};
use crate::kernel::pii::Pii;
use crate::kernel::subject::Subject;
use crate::kernel::time::Span;
use crate::outbox::Message;
use crate::wallet::{Decline, Outcome, State};
use std::sync::Arc;

const NOW: Wall = Wall(1_795_000_000_000_000);
const NUMBER: &str = "+8619000000001";

fn permit(name: &str) -> Permit<FreezeAccount> {
    let standing = standing(name);
    standing.permit(NOW).unwrap()
}

fn standing(name: &str) -> Standing {
    let mut standing = Standing::new(1.into(), true, Arc::default());
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
        case: NewCase { id: number.into(), reference: Reference::draw(12_345_678), keep: Keep::default() },
        errand: number.into(),
    }
}

fn new_errands(notice: u128) -> FollowUps {
    FollowUps { notice: notice.into(), link: (notice + 100).into() }
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
        Change::Added(contact, line) => {
            format!("{contact}: {}", line.fact.text()).replace("ct_0000000000000000000000000", "contact ")
        }
        Change::CaseOfContact(_, reference, _) => format!("case of contact {reference}"),
        other => panic!("{other:?}"),
    };
    commit.changes().iter().map(row).collect()
}

#[test]
fn a_freeze_is_one_transaction_with_everything_it_needs() {
    let taken = take("a", rows(), 5).unwrap();
    let commit = taken.commit.unwrap();
    let tallies = ["account:a 0, 1 ticks", "caller:c 0, 1 ticks", "trunk:t 0, 1 ticks"];
    let record = ["contact 1: Case R123456782", "case of contact R123456782"];
    let rows = [&["operation 0 committed", "case 0 Open"][..], &record, &tallies, &["errand 0 operation"]].concat();
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
fn a_second_contact_that_asks_for_it_under_way_is_on_record_and_hears_how_it_ends() {
    let first = take("a", rows(), 5).unwrap();
    let known = case(first.commit.as_ref().unwrap()).map(|case| (1, case));
    let asked = |contact: u128, known: Option<(Version, Case)>| {
        let mut standing = Standing::new(contact.into(), true, Arc::default());
        let (msisdn, subject) = (Pii::new(NUMBER.to_owned()), Subject::new("a".to_owned()));
        standing.claims(Claim { wallet: "jinqiao".to_owned(), msisdn, subject });
        let rows = FreezeRows { case: known, operation: Some(first.operation.clone()), ..rows() };
        let permitted = standing.permit(NOW).unwrap().redeem(NOW).unwrap();
        take_freeze(&permitted, rows, new(6), Language::En, &FreezeLimits::default(), NOW).unwrap()
    };
    let second = asked(2, known);
    let commit = second.commit.unwrap();
    assert_eq!(shape(&commit), ["case 1 Open", "contact 2: Case R123456782", "case of contact R123456782"]);
    assert_eq!(actions(&commit), ["case.raised_again", "freeze.asked"]);
    let joined = Some((2, case(&commit).unwrap()));
    assert_eq!(asked(2, joined.clone()).commit, None, "it is on record once");

    let rows = Settling { case: joined, ..sending() };
    let (_, commit) = settle_act(rows, Outcome::Done.into(), new_errands(90), NOW).unwrap();
    let told = ["contact 1: At the wallet: freeze: done", "contact 2: At the wallet: freeze: done"];
    assert_eq!(shape(&commit)[2..4], told);
}

#[test]
fn what_is_given_up_is_on_record_and_stays_open_for_a_person() {
    let (given_up, commit) = give_up_act(sending(), NOW);
    assert_eq!(given_up.clone().map(|operation| operation.state), Some(State::GivenUp));
    let told = "contact 1: At the wallet: freeze: unknown";
    assert_eq!(shape(&commit), ["errand over 2", "operation 2 given_up", told, "case 1 Open"]);
    let again = Settling { operation: (3, given_up.unwrap()), ..sending() };
    let (given_up, commit) = give_up_act(again, NOW);
    assert_eq!((given_up, shape(&commit)), (None, vec!["errand over 2".to_owned()]));
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
    let (errand, _) = taken.errand.unwrap().claim(1, 70.into(), NOW);
    let (operation, _) = taken.operation.begin(1, NOW).unwrap();
    let case = case(taken.commit.as_ref().unwrap()).map(|case| (1, case));
    Settling { operation: (2, operation), case, errand: (2, errand) }
}

#[test]
fn what_the_wallet_confirms_closes_the_case_and_is_told_to_every_address() {
    let (operation, commit) = settle_act(sending(), Outcome::Done.into(), new_errands(90), NOW).unwrap();
    assert_eq!((operation.state, operation.settled_at), (State::Done, Some(NOW)));
    assert_eq!(actions(&commit), ["freeze.done", "operation.done", "case.closed", "notice.committed"]);
    let told = "contact 1: At the wallet: freeze: done";
    assert_eq!(shape(&commit), ["operation 2 done", "errand over 2", told, "case 1 Closed", "errand 0 notice"]);
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
    let (operation, commit) = settle_act(sending(), Outcome::Declined(Decline::ByRule).into(), new_errands(90), NOW).unwrap();
    assert_eq!(operation.state, State::Declined);
    let told = "contact 1: At the wallet: freeze: declined";
    assert_eq!(shape(&commit), ["operation 2 declined", "errand over 2", told, "case 1 Open"]);
}

#[test]
fn without_an_answer_it_is_tried_again_under_the_same_key_until_its_time_is_over() {
    for (outcome, state) in [(Outcome::Unknown, State::Unknown), (Outcome::NotSent, State::Committed)] {
        let rows = sending();
        let key = rows.operation.1.key.clone();
        let (operation, commit) = settle_act(rows.clone(), outcome.into(), new_errands(90), NOW).unwrap();
        assert_eq!((operation.state, &operation.key), (state, &key));
        let told = (state == State::Unknown).then(|| "contact 1: At the wallet: freeze: unknown".to_owned());
        let settled = [vec![format!("operation 2 {}", state.name())], told.into_iter().collect()].concat();
        assert_eq!(shape(&commit), [settled.clone(), vec!["errand 2 operation".to_owned()]].concat());
        let at = rows.operation.1.send_by;
        let (operation, commit) = settle_act(rows, outcome.into(), new_errands(90), at).unwrap();
        assert_eq!((operation.state, operation.settled_at), (State::GivenUp, Some(at)));
        let end = ["errand over 2", "operation 3 given_up", "contact 1: At the wallet: freeze: unknown", "case 1 Open"];
        assert_eq!(shape(&commit), [settled, end.map(str::to_owned).to_vec()].concat());
    }
}

#[test]
fn what_is_over_is_never_settled_again() {
    for over in [Outcome::Done, Outcome::Declined(Decline::NotSupported)] {
        let rows = sending();
        let (operation, _) = settle_act(rows.clone(), over.into(), new_errands(90), NOW).unwrap();
        for outcome in [Outcome::Done, Outcome::Declined(Decline::ByRule), Outcome::Unknown, Outcome::NotSent] {
            let again = Settling { operation: (3, operation.clone()), ..rows.clone() };
            assert_eq!(settle_act(again, outcome.into(), new_errands(91), NOW), None, "{outcome:?} after {over:?}");
        }
    }
}
