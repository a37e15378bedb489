//! A refund with its case, its record, its messages and its errands.

use super::*;
use crate::cases::{CaseState, Keep, Reference};
use crate::identity::{Claim, Ladder, Proof, Standing};
use crate::kernel::{
    actor::Role,
    assurance::Factor,
    ids::RefundId,
    money::Money,
    pii::Pii,
    subject::Subject,
    time::{Mono, Now},
};
use crate::money::{Source, Spent};
use std::sync::Arc;

const NOW: Wall = Wall(1_000_000);
const ERRANDS: fn() -> NewErrands =
    || NewErrands { link: "https://help.example/r".to_owned(), notice: 31.into(), carrier: 32.into(), lapse: 33.into() };

fn shown(number: &str, factors: usize) -> Redeemed<RequestRefund> {
    let mut standing = Standing::new(1.into(), true, Arc::new(Ladder::default()));
    let subject = Subject::new(number.to_owned());
    standing.claims(Claim { wallet: "w".to_owned(), msisdn: Pii::new(number.to_owned()), subject: subject.clone() });
    for factor in [Factor::SmsCode, Factor::SecondFactor].into_iter().take(factors) {
        standing.proved(&subject, Proof { factor, evidence: 5.into() }, Now { mono: Mono(0), wall: NOW });
    }
    standing.permit::<RequestRefund>(NOW).unwrap().redeem(NOW).unwrap()
}

fn cny(minor: i64) -> Money {
    Money::new(minor, "CNY".parse().unwrap())
}

fn original(captured: i64) -> Original {
    Original {
        transaction: "261118000486".to_owned(),
        captured: cny(captured),
        is_payer: true,
        is_completed: true,
        is_refundable: true,
        is_reversed: false,
    }
}

fn guards(captured: i64, spent: i64) -> Guards {
    let spent = |key: &str| {
        let row = Spent::new(key.to_owned());
        if spent == 0 { row } else { row.with(77.into(), spent, NOW) }
    };
    let source = Source::new("w".to_owned(), "261118000486".to_owned(), cny(captured));
    Guards { source: (0, source), customer: (0, spent("c")), maker: Some((0, spent("m"))) }
}

fn take(amount: i64, factors: usize, spent: i64, original: Original) -> Result<Ruled, RefundRefusal> {
    let certificates = Certificates { refund_maker: true, refund_checker: true };
    let captured = original.captured.minor;
    take_by(Maker::Staff { id: 7.into(), certificates }, guards(captured, spent), (amount, factors), original)
}

fn take_by(maker: Maker, guards: Guards, (amount, factors): (i64, usize), original: Original) -> Result<Ruled, RefundRefusal> {
    let reason = Pii::new(if maker.id().is_some() { "charged twice" } else { "" }.to_owned());
    let target = RefundTarget { transaction: original.transaction.clone(), amount: cny(amount), reason };
    let asked = RefundAsked { maker, target, original, language: Language::En };
    let names = RefundNames {
        refund: NewRefund {
            id: 21.into(),
            key: "k".to_owned(),
            request_key: "r".to_owned(),
            request_digest: "d".to_owned(),
            case: 22.into(),
        },
        case: NewCase { id: 22.into(), reference: Reference::draw(5), keep: Keep::default() },
        errands: ERRANDS(),
    };
    let policy = Policy::default();
    take_refund(&shown("a", factors), asked, guards, names, &policy, NOW)
}

fn steps(commit: &Commit) -> Vec<RefundStep> {
    let told = commit.changes().iter().filter_map(|change| match change {
        Change::Errand(0, errand) => match &errand.job {
            Job::Notify { message: Message::Refund { step, link, .. }, .. } => {
                assert_eq!(link, "https://help.example/r", "each message leads to how it stands");
                Some(*step)
            }
            _ => None,
        },
        _ => None,
    });
    told.collect()
}

fn jobs(commit: &Commit) -> Vec<&'static str> {
    let jobs = commit.changes().iter().filter_map(|change| match change {
        Change::Errand(_, errand) => Some(errand.job.name()),
        _ => None,
    });
    jobs.collect()
}

fn case_of(commit: &Commit) -> Case {
    let case = commit.changes().iter().rev().find_map(|change| match change {
        Change::Case(_, case) => Some((**case).clone()),
        _ => None,
    });
    case.unwrap()
}

fn holds(commit: &Commit) -> Option<i64> {
    commit.changes().iter().find_map(|change| match change {
        Change::RefundSource(_, source) => Some(source.held),
        _ => None,
    })
}

/// What the days of a commit come to, in minor units.
fn days(commit: &Commit) -> Vec<i64> {
    let days = commit.changes().iter().filter_map(|change| match change {
        Change::RefundSpent(4, spent) => Some(spent.within_a_day(NOW)),
        _ => None,
    });
    days.collect()
}

fn second(id: u128, supervises: bool) -> Checker {
    let certificates = Certificates { refund_maker: false, refund_checker: true };
    Checker { id: id.into(), certificates, supervises, is_under_maker: false, is_under_proposer: false }
}

#[test]
fn a_large_sum_waits_for_a_person_and_its_customer_hears_of_it() {
    let ruled = take(60_000, 2, 0, original(90_000)).unwrap();
    assert_eq!((ruled.refund.state, ruled.refund.evidence.is_some()), (State::AwaitingApproval, true));
    assert_eq!(steps(&ruled.commit), [RefundStep::Asked]);
    assert_eq!(jobs(&ruled.commit), ["notice", "refund_lapse"]);
    assert_eq!((holds(&ruled.commit), case_of(&ruled.commit).state), (Some(0), CaseState::Open), "the row of its sum is there");
    let actions: Vec<&str> = ruled.commit.entries().iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions[..4], ["refund.asked", "refund.requested", "refund.eligibility_checked", "refund.awaiting_approval"]);
}

#[test]
fn a_small_sum_is_approved_at_once_when_enough_was_shown_and_waits_when_not() {
    let ruled = take(19_900, 2, 0, original(19_900)).unwrap();
    assert_eq!((ruled.refund.state, ruled.refund.checker), (State::Approved, None));
    assert_eq!((holds(&ruled.commit), steps(&ruled.commit)), (Some(19_900), vec![RefundStep::Approved]));
    assert_eq!(jobs(&ruled.commit), ["notice", "refund_errand"]);
    let waits = take(19_900, 1, 0, original(19_900)).unwrap();
    assert_eq!((waits.refund.state, waits.refund.evidence), (State::AwaitingApproval, None));
    let split = take(19_900, 2, 10_000, original(19_900)).unwrap();
    assert_eq!(split.refund.state, State::AwaitingApproval, "two small sums are a large one");
}

#[test]
fn what_is_shown_later_counts_for_this_customer_alone_and_within_the_time() {
    let refund = take(19_900, 1, 0, original(19_900)).unwrap();
    let (row, case) = ((1, refund.refund.clone()), (1, case_of(&refund.commit)));
    let policy = Policy::default();
    let evidence = |shown: &Redeemed<RequestRefund>, now| {
        take_refund_evidence(row.clone(), (shown, Some(7.into())), (case.clone(), guards(19_900, 0)), &ERRANDS(), &policy, now)
    };
    assert_eq!(evidence(&shown("a", 1), NOW).err(), Some(RefundRefusal::TooLittleShown));
    assert_eq!(evidence(&shown("b", 2), NOW).err(), Some(RefundRefusal::OtherCustomer));
    let late = NOW + policy.decide_within + Span(1);
    assert_eq!(evidence(&shown("a", 2), late).err(), Some(RefundRefusal::TooLate));
    let taken = evidence(&shown("a", 2), NOW).unwrap();
    assert_eq!((taken.refund.state, taken.refund.lines), (State::Approved, 3));
    assert_eq!((holds(&taken.commit), jobs(&taken.commit)), (Some(19_900), vec!["notice", "refund_errand"]));
}

#[test]
fn a_second_person_decides_who_is_another_certified_and_not_under_the_first() {
    let row = take(60_000, 2, 0, original(900_000)).unwrap().refund;
    let policy = Policy::default();
    let approve = |row: &Refund, checker: &Checker| row.approve(1, checker, guards(900_000, 0), (None, &policy), NOW);
    assert_eq!(approve(&row, &second(7, true)).err(), Some(RefundRefusal::OwnRefund));
    let uncertified = Checker { certificates: Certificates::default(), ..second(8, true) };
    assert_eq!(approve(&row, &uncertified).err(), Some(RefundRefusal::NoCertificate));
    assert_eq!(approve(&row, &Checker { is_under_maker: true, ..second(8, true) }).err(), Some(RefundRefusal::UnderMaker));
    assert_eq!(approve(&row, &second(8, false)).unwrap().refund.state, State::Approved);
    let large = take(600_000, 2, 0, original(900_000)).unwrap().refund;
    assert_eq!(approve(&large, &second(8, false)).err(), Some(RefundRefusal::SupervisorNeeded));
    assert_eq!(approve(&large, &second(8, true)).unwrap().refund.state, State::Approved);
    let bare = take(60_000, 1, 0, original(900_000)).unwrap().refund;
    assert_eq!(approve(&bare, &second(8, true)).err(), Some(RefundRefusal::NoEvidence));
}

#[test]
fn daily_limits_and_what_is_left_are_said_at_once() {
    assert_eq!(take(1_000_000, 2, 1_500_000, original(9_000_000)).err(), Some(RefundRefusal::CustomerLimit));
    assert_eq!(take(20_000, 2, 0, original(19_900)).err(), Some(RefundRefusal::MoreThanIsLeft));
    assert_eq!(take(0, 2, 0, original(19_900)).err(), Some(RefundRefusal::NoAmount));
}

#[test]
fn a_transaction_that_does_not_allow_it_ends_it_at_once() {
    let ruled = take(19_900, 2, 0, Original { is_payer: false, ..original(19_900) }).unwrap();
    assert_eq!((ruled.refund.state, ruled.refund.unfit), (State::Rejected, Some(Unfit::NotThePayer)));
    assert_eq!((steps(&ruled.commit), jobs(&ruled.commit)), (vec![RefundStep::Rejected], vec!["notice"]));
    assert_eq!(case_of(&ruled.commit).state, CaseState::Closed);
}

fn rows(refund: Refund, case: Case, held: i64, follow: bool) -> RefundRows {
    let mut source = Source::new("w".to_owned(), "261118000486".to_owned(), cny(19_900));
    source.held = held;
    let job = Job::Refund { refund: RefundId::from(21), follow };
    let errand = Errand::new(32.into(), "w".to_owned(), None, job, NOW, NOW + REFUND_KEPT);
    let (errand, _) = errand.claim(1, 9.into(), NOW);
    let day = |key: &str| (4, Spent::new(key.to_owned()).with(refund.id, refund.amount.minor, NOW).with(99.into(), 1, NOW));
    let held = Held { source: Some((1, source)), days: vec![day("c"), day("m")] };
    RefundRows { refund: (3, refund), case: (1, case), held, errand: (2, errand) }
}

#[test]
fn the_wallets_word_ends_it_with_its_case_its_errand_and_a_message() {
    let taken = take(19_900, 2, 0, original(19_900)).unwrap();
    let case = case_of(&taken.commit);
    let sending = taken.refund.begin(2, NOW).unwrap().refund;
    let (done, commit) = report_refund(rows(sending.clone(), case.clone(), 19_900, true), Reported::Done(None), &ERRANDS(), NOW);
    assert_eq!((done.state, steps(&commit), holds(&commit)), (State::Succeeded, vec![RefundStep::Done], None));
    assert_eq!(case_of(&commit).state, CaseState::Closed);
    assert!(commit.changes().iter().any(|change| matches!(change, Change::ErrandOver(2, _))));
    let (failed, commit) = report_refund(rows(sending.clone(), case.clone(), 19_900, true), Reported::Refused, &ERRANDS(), NOW);
    assert_eq!((failed.state, steps(&commit), holds(&commit)), (State::Failed, vec![RefundStep::Failed], Some(0)));
    assert_eq!(days(&commit), [1, 1], "what gave nothing back counts on no day");
    let (unknown, commit) = report_refund(rows(sending, case, 19_900, true), Reported::NoAnswer, &ERRANDS(), NOW);
    assert_eq!((unknown.state, steps(&commit), holds(&commit)), (State::Unknown, vec![], None));
    let next = commit.changes().iter().find_map(|change| match change {
        Change::Errand(2, errand) => Some((errand.due_at - NOW, errand.held_by)),
        _ => None,
    });
    assert_eq!(next, Some((Span::from_s(2), None)), "the wallet is asked again");
}

#[test]
fn nobody_decides_and_it_ends_by_itself() {
    let taken = take(60_000, 2, 0, original(90_000)).unwrap();
    let case = case_of(&taken.commit);
    let early = lapse_refund(rows(taken.refund.clone(), case.clone(), 0, false), &ERRANDS(), NOW);
    assert!(steps(&early).is_empty() && early.changes().iter().all(|change| matches!(change, Change::Errand(2, _))));
    let late = taken.refund.decide_by + Span(1);
    let over = lapse_refund(rows(taken.refund, case, 0, false), &ERRANDS(), late);
    assert_eq!(steps(&over), [RefundStep::Expired]);
}

#[test]
fn whoever_leads_somebody_makes_nothing_that_they_check() {
    let staff = |id: u128, role, team: &str| Staff {
        id: id.into(),
        user: String::new(),
        number: String::new(),
        role,
        languages: Vec::new(),
        skills: Vec::new(),
        teams: Teams::Named([team.parse().unwrap()].into()),
        password_hash: None,
        sip_ha1: None,
    };
    let certificates = Certificates { refund_maker: true, refund_checker: true };
    let refund = take(60_000, 2, 0, original(90_000)).unwrap().refund;
    let checker = staff(8, Role::Checker, "day");
    let under = |maker: Staff| checker_of(&checker, certificates, &refund, &[maker, checker.clone()]).is_under_maker;
    assert!(under(staff(7, Role::Supervisor, "day")));
    assert!(!under(staff(7, Role::Supervisor, "night")));
    assert!(!under(staff(7, Role::Agent, "day")));
}

#[test]
fn a_customer_asks_for_it_themselves_and_whoever_may_check_decides() {
    let by_customer = |amount, factors| {
        let guards = Guards { maker: None, ..guards(90_000, 0) };
        take_by(Maker::Customer, guards, (amount, factors), original(90_000)).unwrap()
    };
    let waits = by_customer(60_000, 2);
    assert_eq!(
        (waits.refund.state, waits.refund.maker, waits.refund.reason.expose().as_str()),
        (State::AwaitingApproval, None, "")
    );
    let asked: Vec<Actor> = waits.commit.entries().iter().map(|entry| entry.actor).take(2).collect();
    assert_eq!(asked, [Actor::Caller, Actor::Caller], "the audit says who asked");
    let policy = Policy::default();
    let guards = Guards { maker: None, ..guards(90_000, 0) };
    let approved = waits.refund.approve(1, &second(8, false), guards, (None, &policy), NOW).unwrap();
    let days = approved.commit.changes().iter().filter(|change| matches!(change, Change::RefundSpent(..))).count();
    assert_eq!((approved.refund.state, days), (State::Approved, 1), "it counts on the customer's day alone");
    assert_eq!(by_customer(19_900, 2).refund.state, State::Approved, "a small sum needs nobody");
    assert_eq!(by_customer(19_900, 1).refund.state, State::AwaitingApproval, "not without the second factor");
}
