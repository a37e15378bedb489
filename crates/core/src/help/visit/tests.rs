//! A visit from its first question to its record: what it asks for which, what counts, and how it ends.

use super::*;
use crate::commit::Change;
use crate::identity::{Claim, Signal};
use crate::ivr::dialogue::RefundOutcome;
use crate::kernel::assurance::Factor;
use crate::kernel::subject::Subject;
use crate::kernel::time::Wall;

const TYPED: &str = "19000000001";

fn at(s: u64) -> Now {
    Now { mono: Mono(s * 1_000_000), wall: Wall(0) + Span::from_s(s) }
}

fn text(text: &str) -> Pii<String> {
    Pii::new(text.to_owned())
}

fn visit() -> Visit {
    let new = NewVisit {
        contact: 1.into(),
        wallet: "w".to_owned(),
        line: "8000".to_owned(),
        language: Language::En,
        address: text("192.0.2.1"),
        retention: Span::from_s(60),
    };
    Visit::open(at(0), new, Arc::default())
}

fn subject() -> Subject {
    Subject::new("of the number".to_owned())
}

/// A visit that named a number.
fn named() -> Visit {
    let mut visit = visit();
    let order = visit.ask(at(1), 1.into(), Wish::Code(text(TYPED))).unwrap();
    assert!(matches!(order.help, Help::SendCode { .. }));
    let claim = Claim { wallet: "w".to_owned(), msisdn: text("+8619000000001"), subject: subject() };
    assert_eq!(visit.helped(at(1), order.number, Helped::Claimed(claim)), Some(Came::Named));
    visit
}

fn proved(factor: Factor) -> Helped {
    Helped::Proved { factor, challenge: 7.into(), subject: subject(), name: None }
}

fn checked(visit: &mut Visit, s: u64, help: Helped) -> Option<Came> {
    let order = visit.ask(at(s), 2.into(), Wish::CheckCode(text("123456"))).unwrap();
    visit.helped(at(s), order.number, help)
}

fn verified() -> Visit {
    let mut visit = named();
    assert_eq!(checked(&mut visit, 2, proved(Factor::SmsCode)), Some(Came::Right));
    assert!(visit.is_verified());
    visit
}

fn offer(waiting: Option<&str>) -> Helped {
    Helped::Refundable(Box::new(RefundOffer {
        transaction: "261101000014".to_owned(),
        tail: "000014".to_owned(),
        minor: 8_800,
        currency: "CNY".to_owned(),
        waiting: waiting.map(str::to_owned),
        within_s: 259_200,
    }))
}

/// Everything that the record has to save.
fn saved(visit: &mut Visit) -> Vec<Change> {
    let mut changes = Vec::new();
    while let Some(commit) = visit.flush(at(1_000)) {
        changes.extend(commit.changes().iter().cloned());
        visit.flushed(at(1_000), true);
    }
    changes
}

#[test]
fn what_was_typed_stands_masked_in_the_record_and_the_address_not_at_all() {
    let mut visit = verified();
    let _refused = visit.ask(at(3), 3.into(), Wish::Find("19000000002".to_owned()));
    visit.end(at(4), Actor::Caller, "customer");
    let record = format!("{:?}", saved(&mut visit));
    for secret in [TYPED, "123456", "19000000002", "192.0.2.1"] {
        assert!(!record.contains(secret), "{secret}");
    }
    assert!(record.contains("190****0001") && record.contains(MASK), "{record}");
    assert!(visit.is_gone(at(5)));
}

#[test]
fn nothing_is_told_before_a_code_was_right() {
    let mut visit = named();
    let asked = visit.ask(at(2), 2.into(), Wish::Find("000014".to_owned()));
    assert!(matches!(asked, Err(NotAsked::NotPermitted(NotPermitted::NotEnough { need: Level::A2, have: Level::A1 }))));
    assert!(matches!(visit.ask(at(2), 2.into(), Wish::CheckSecond(text("1"))), Err(NotAsked::NotPermitted(_))));
    assert_eq!(visit.ask(at(2), 2.into(), Wish::Watch), Err(NotAsked::NothingToAskAbout));
    assert_eq!(visit.ask(at(2), 2.into(), Wish::Refund), Err(NotAsked::NothingToAskAbout));
    assert!(verified().ask(at(3), 2.into(), Wish::Find("000014".to_owned())).is_ok());
}

#[test]
fn a_right_code_to_a_swapped_sim_is_a_wrong_one_and_the_third_ends_it() {
    let mut visit = named();
    assert_eq!(visit.helped(at(1), 1, Helped::Risk { signals: vec![Signal::SimSwap] }), None);
    assert_eq!(checked(&mut visit, 2, proved(Factor::SmsCode)), Some(Came::Wrong));
    assert_eq!(checked(&mut visit, 3, Helped::NotProved { factor: Factor::SmsCode }), Some(Came::Wrong));
    assert_eq!(checked(&mut visit, 4, Helped::NotProved { factor: Factor::SmsCode }), Some(Came::WrongAndOver));
    assert_eq!((visit.level(), visit.has_ended()), (Level::A1, true));
    assert_eq!(visit.contact().disposition, Some(Disposition::VerificationFailed));
    assert_eq!(visit.ask(at(5), 9.into(), Wish::AnotherCode), Err(NotAsked::Over));
}

#[test]
fn what_is_proved_when_nobody_waits_proves_nothing() {
    let mut visit = named();
    visit.helped_late(at(2), 2, proved(Factor::SmsCode));
    assert_eq!(visit.level(), Level::A1);
}

#[test]
fn a_second_factor_falls_after_five_minutes_and_the_visit_ends_after_fifteen() {
    let mut visit = verified();
    let order = visit.ask(at(3), 3.into(), Wish::CheckSecond(text("654321"))).unwrap();
    assert_eq!(visit.helped(at(3), order.number, proved(Factor::SecondFactor)), Some(Came::Right));
    visit.see(at(200), Language::En);
    assert_eq!(visit.level(), Level::A3);
    visit.see(at(501), Language::ZhCn);
    assert_eq!((visit.level(), visit.contact().language), (Level::A2, Some(Language::ZhCn)));
    assert!(!visit.is_idle(at(501 + 899)));
    assert!(visit.is_idle(at(501 + 900)));
}

#[test]
fn a_refund_is_named_by_its_offer_however_often_it_is_asked_for() {
    let mut visit = verified();
    visit.found = Some(found());
    let asked = visit.ask(at(3), 3.into(), Wish::Refundable).unwrap();
    assert_eq!(visit.helped(at(3), asked.number, offer(None)), Some(Came::Offered));
    let first = visit.ask(at(4), 4.into(), Wish::Refund).unwrap();
    let second = visit.ask(at(5), 5.into(), Wish::Refund).unwrap();
    assert_eq!((first.number, second.number), (asked.number, asked.number));
    assert!(matches!(first.help, Help::Refund { .. }));
    let taken = RefundTaken {
        reference: "R000000034".to_owned(),
        outcome: RefundOutcome::NeedsFactor,
        within_s: 259_200,
        link: text("https://hotline.example/help/refunds/x"),
    };
    assert_eq!(visit.helped(at(5), first.number, Helped::RefundTaken(taken)), Some(Came::RefundTaken));
    assert_eq!(visit.contact().case.as_deref(), Some("R000000034"));
    visit.end(at(6), Actor::Caller, "customer");
    assert_eq!(visit.contact().disposition, Some(Disposition::RefundRequested));
}

#[test]
fn one_that_waits_for_the_factor_is_shown_it_and_not_asked_for_again() {
    let mut visit = verified();
    visit.found = Some(found());
    let asked = visit.ask(at(3), 3.into(), Wish::Refundable).unwrap();
    visit.helped(at(3), asked.number, offer(Some("R000000034")));
    assert!(matches!(visit.ask(at(4), 4.into(), Wish::Refund).unwrap().help, Help::ShowForRefund { .. }));
}

#[test]
fn questions_of_one_visit_are_bounded() {
    let mut visit = named();
    for n in 1..QUESTIONS_MAX {
        assert!(visit.ask(at(n + 2), u128::from(n).into(), Wish::AnotherCode).is_ok(), "{n}");
    }
    assert_eq!(visit.ask(at(99), 9.into(), Wish::AnotherCode), Err(NotAsked::TooMany));
}

fn found() -> Found {
    use crate::ivr::dialogue::{StatusSaid, TransactionStanding};
    use crate::outbox::Message;
    use crate::switchboard::live::TransactionView;
    Found {
        said: StatusSaid { tail: "000014".to_owned(), standing: TransactionStanding::Completed, basis: None, reference: None },
        view: TransactionView {
            id: "261101000014".to_owned(),
            kind: "merchant_payment".to_owned(),
            status: "completed".to_owned(),
            verdict: "completed".to_owned(),
            by: None,
            basis: std::collections::BTreeMap::new(),
            events: Vec::new(),
        },
        message: Message::CodesBlocked,
        correlation_id: "1".to_owned(),
    }
}

#[test]
fn an_act_needs_its_level_and_what_came_of_it_ends_the_record() {
    let mut visit = named();
    assert!(matches!(visit.ask(at(2), 2.into(), Wish::Act(AccountAct::Unlock)), Err(NotAsked::NotPermitted(_))));
    assert!(matches!(visit.ask(at(2), 2.into(), Wish::Freeze).unwrap().help, Help::Freeze { .. }));
    let mut visit = verified();
    let order = visit.ask(at(3), 3.into(), Wish::Act(AccountAct::Unlock)).unwrap();
    assert!(matches!(order.help, Help::Act { by: None, .. }));
    let stands = |state| OperationView {
        id: 1.into(),
        act: "unlock".to_owned(),
        state,
        reference: "R000000034".to_owned(),
        key: "k".to_owned(),
        declined: None,
    };
    assert_eq!(visit.helped(at(3), order.number, Helped::ActTaken(stands(State::Committed))), Some(Came::ActTaken));
    visit.act_stands(stands(State::Done));
    visit.end(at(4), Actor::Caller, "customer");
    assert_eq!(visit.contact().disposition, Some(Disposition::AccountUnlocked));
}
