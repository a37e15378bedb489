//! Acts on accounts as they are taken and settled: what is written, what is told, and what bounds them.

use super::*;
use crate::cases::{CaseState, Keep};
use crate::help::{Carried, FollowUps, Settling, settle_act};
use crate::identity::{Claim, Proof, Standing};
use crate::kernel::assurance::Factor;
use crate::kernel::pii::Pii;
use crate::kernel::subject::Subject;
use crate::kernel::time::{Mono, Now, Span};
use crate::outbox::Message;
use crate::wallet::{Decline, Outcome};
use std::sync::Arc;

const NOW: Wall = Wall(1_795_000_000_000_000);

fn claim() -> Claim {
    let msisdn = Pii::new("+8619000000002".to_owned());
    Claim { wallet: "w".to_owned(), msisdn, subject: Subject::new("a".to_owned()) }
}

fn redeemed(act: AccountAct, factors: &[Factor]) -> RedeemedAct {
    let mut standing = Standing::new(1.into(), false, Arc::default());
    standing.claims(claim());
    for (at, factor) in factors.iter().enumerate() {
        let proof = Proof { factor: *factor, evidence: (at as u128 + 1).into() };
        standing.proved(&claim().subject, proof, Now { mono: Mono(0), wall: NOW });
    }
    standing.permit_act(act, NOW).unwrap().redeem(NOW).unwrap()
}

fn rows() -> ActRows {
    ActRows {
        account: (0, Tally::new("account:a".to_owned())),
        caller: (0, Tally::new("caller:x".to_owned())),
        case: None,
        operation: None,
    }
}

fn new(number: u64) -> NewAct {
    let id = u128::from(number);
    NewAct {
        operation: NewOperation { id: id.into(), key: format!("key {number}") },
        case: NewCase { id: id.into(), reference: Reference::draw(number), keep: Keep::default() },
        errand: id.into(),
    }
}

fn take(redeemed: &RedeemedAct, rows: ActRows, number: u64) -> Result<ActTaken, NoAct> {
    take_act(redeemed, rows, new(number), (Actor::Caller, Language::En), NOW)
}

fn case_of(commit: &Commit) -> (Version, Case) {
    let case = commit.changes().iter().find_map(|change| match change {
        Change::Case(version, case) => Some((version + 1, (**case).clone())),
        _ => None,
    });
    case.unwrap()
}

/// What came of an act that was taken: how it stands, its case, and what is told.
fn settled(act: AccountAct, carried: Carried) -> (Operation, Case, Vec<Message>) {
    let taken = take(&redeemed(act, &[Factor::SmsCode, Factor::SecondFactor]), rows(), 7).unwrap();
    let commit = taken.commit.unwrap();
    let errand = commit.changes().iter().find_map(|change| match change {
        Change::Errand(0, errand) => Some((**errand).clone()),
        _ => None,
    });
    let (begun, _) = taken.operation.begin(1, NOW).unwrap();
    let rows = Settling { operation: (2, begun), case: Some(case_of(&commit)), errand: (2, errand.unwrap()) };
    let names = FollowUps { notice: 21.into(), link: 22.into() };
    let (operation, commit) = settle_act(rows, carried, names, NOW).unwrap();
    let told = commit.changes().iter().filter_map(|change| match change {
        Change::Errand(0, errand) => match &errand.job {
            Job::Notify { message, .. } => Some(message.clone()),
            other => panic!("{other:?}"),
        },
        _ => None,
    });
    let told = told.collect();
    (operation, case_of(&commit).1, told)
}

#[test]
fn an_act_is_a_case_an_act_and_an_errand_at_once() {
    let taken = take(&redeemed(AccountAct::Unlock, &[Factor::SmsCode]), rows(), 7).unwrap();
    let commit = taken.commit.unwrap();
    let actions: Vec<&str> = commit.entries().iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["unlock.committed", "case.opened", "unlock.asked"]);
    let job = commit.changes().iter().find_map(|change| match change {
        Change::Errand(0, errand) => Some(errand.job.clone()),
        _ => None,
    });
    let msisdn = claim().msisdn;
    assert_eq!(job, Some(Job::Operate { operation: 7.into(), msisdn, language: Language::En }));
}

#[test]
fn what_is_under_way_is_not_begun_twice_but_for_more_that_was_shown_since() {
    let redeemed_once = redeemed(AccountAct::Unlock, &[Factor::SmsCode]);
    let first = take(&redeemed_once, rows(), 7).unwrap();
    let case = case_of(first.commit.as_ref().unwrap());
    let meanwhile = || ActRows { case: Some(case.clone()), operation: Some(first.operation.clone()), ..rows() };
    let again = take(&redeemed_once, meanwhile(), 8).unwrap();
    assert_eq!((again.operation.id, again.commit), (first.operation.id, None));
    let more = take(&redeemed(AccountAct::Unlock, &[Factor::SmsCode, Factor::SecondFactor]), meanwhile(), 9).unwrap();
    assert_ne!(more.operation.id, first.operation.id);
    assert_eq!(more.reference, first.reference, "one customer has one case of it");
}

#[test]
fn an_account_gets_three_links_a_day_and_a_caller_reaches_five_accounts() {
    let redeemed = redeemed(AccountAct::SendLink, &[]);
    let mut account = Tally::new("account:a".to_owned());
    for number in 0..3 {
        let rows = ActRows { account: (number, account.clone()), ..rows() };
        let taken = take(&redeemed, rows, 7).unwrap().commit.unwrap();
        let noted = taken.changes().iter().find_map(|change| match change {
            Change::Tally(version, tally) if tally.key == "account:a" && *version == number => Some(tally.clone()),
            _ => None,
        });
        account = noted.unwrap();
    }
    assert_eq!(take(&redeemed, ActRows { account: (3, account.clone()), ..rows() }, 7), Err(NoAct::TooMany));
    let later = NOW + Span::from_s(24 * 3_600);
    let next_day = take_act(&redeemed, ActRows { account: (3, account), ..rows() }, new(9), (Actor::Caller, Language::En), later);
    assert!(next_day.is_ok());
    let mut caller = Tally::new("caller:x".to_owned());
    for other in ["b", "c", "d", "e", "f"] {
        caller.note(Counted::LinkSent, NOW, &Subject::new(other.to_owned()));
    }
    assert_eq!(take(&redeemed, ActRows { caller: (1, caller), ..rows() }, 7), Err(NoAct::TooMany));
}

#[test]
fn what_is_done_closes_the_case_and_every_address_is_told() {
    let (operation, case, told) = settled(AccountAct::Unlock, Outcome::Done.into());
    assert_eq!((operation.state, case.state), (State::Done, CaseState::Closed));
    let reference = case.reference.to_string();
    assert_eq!(told, [Message::Account { act: AccountAct::Unlock, reference }]);
}

#[test]
fn a_link_is_told_beside_the_notice_and_alone_where_nobody_was_verified() {
    let link = || Carried { outcome: Outcome::Done, link: Some(Pii::new("https://wallet.example/reset/1".to_owned())) };
    let about = |told: Vec<Message>| told.iter().map(|message| (message.name(), message.is_key())).collect::<Vec<_>>();
    assert_eq!(about(settled(AccountAct::ResetPassword, link()).2), [("account", false), ("link", true)]);
    assert_eq!(about(settled(AccountAct::SendLink, link()).2), [("link", true)]);
    assert!(settled(AccountAct::SendLink, Outcome::Done.into()).2.is_empty(), "no account, nobody to tell");
}

#[test]
fn what_the_account_does_not_allow_is_left_open_for_a_person_with_its_reason() {
    for why in [Decline::NeedsMore, Decline::NotSupported, Decline::Obstacles, Decline::ByRule] {
        let (operation, case, told) = settled(AccountAct::Unlock, Outcome::Declined(why).into());
        assert_eq!((operation.state, operation.declined), (State::Declined, Some(why)));
        assert_eq!((case.state, told), (CaseState::Open, Vec::new()));
    }
}
