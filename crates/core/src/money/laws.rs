//! What must hold for refunds whatever people do, whatever the wallet answers, and wherever whoever carries them dies: two different
//! people, never more than was paid, no state without a way out, one effect for each key.

use super::step_table::STEPS;
use super::*;
use crate::commit::{Change, Version};
use crate::identity::{Claim, Ladder, Proof, Redeemed, RequestRefund, Standing};
use crate::kernel::{
    assurance::Factor,
    ids::StaffId,
    language::Language,
    money::Money,
    pii::Pii,
    subject::Subject,
    time::{Mono, Now, Span, Wall},
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const CAPTURED: i64 = 1_000_000;
const REFUNDS: usize = 4;
const ALL_CERTIFICATES: Certificates = Certificates { refund_maker: true, refund_checker: true };

fn cny(minor: i64) -> Money {
    Money::new(minor, "CNY".parse().unwrap())
}

/// A permit's content of a customer who showed one factor, or two.
fn shown(factors: usize, now: Wall) -> Redeemed<RequestRefund> {
    let mut standing = Standing::new(1.into(), true, Arc::new(Ladder::default()));
    let subject = Subject::new("s".to_owned());
    let msisdn = Pii::new("+8619000000001".to_owned());
    standing.claims(Claim { wallet: "w".to_owned(), msisdn, subject: subject.clone() });
    for factor in [Factor::SmsCode, Factor::SecondFactor].into_iter().take(factors) {
        standing.proved(&subject, Proof { factor, evidence: 5.into() }, Now { mono: Mono(0), wall: now });
    }
    standing.permit::<RequestRefund>(now).unwrap().redeem(now).unwrap()
}

fn names(id: u128) -> NewRefund {
    let (request_key, request_digest) = (id.to_string(), id.to_string());
    NewRefund { id: id.into(), key: id.to_string(), request_key, request_digest, case: id.into() }
}

fn checker(id: u128) -> Checker {
    let certificates = ALL_CERTIFICATES;
    Checker { id: id.into(), certificates, supervises: true, is_under_maker: false, is_under_proposer: false }
}

#[derive(Debug, Clone, Copy)]
enum Op {
    Ask { maker: u128, minor: i64, factors: usize },
    Show { refund: usize },
    Approve { refund: usize, by: u128 },
    Decline { refund: usize, by: u128 },
    Lapse { refund: usize },
    Carry { refund: usize, wallet: Answering },
    Propose { refund: usize, by: u128, done: bool },
    Conclude { refund: usize, by: u128, confirms: bool },
    Pass { hours: u64 },
}

/// How the wallet behaves once, or where whoever carries dies.
#[derive(Debug, Clone, Copy)]
enum Answering {
    Well,
    Late,
    Fails,
    LostBefore,
    LostAfter,
    NotReached,
    DiesBefore,
    DiesAfter,
    Strange,
}

fn op() -> impl Strategy<Value = Op> {
    let (refund, by) = (0..REFUNDS, 1..5_u128);
    let answering = prop::sample::select(vec![
        Answering::Well,
        Answering::Late,
        Answering::Fails,
        Answering::LostBefore,
        Answering::LostAfter,
        Answering::NotReached,
        Answering::DiesBefore,
        Answering::DiesAfter,
        Answering::Strange,
    ]);
    prop_oneof![
        3 => (by.clone(), 1..700_000_i64, 1..3_usize).prop_map(|(maker, minor, factors)| Op::Ask { maker, minor, factors }),
        1 => refund.clone().prop_map(|refund| Op::Show { refund }),
        5 => (refund.clone(), by.clone()).prop_map(|(refund, by)| Op::Approve { refund, by }),
        1 => (refund.clone(), by.clone()).prop_map(|(refund, by)| Op::Decline { refund, by }),
        1 => refund.clone().prop_map(|refund| Op::Lapse { refund }),
        9 => (refund.clone(), answering).prop_map(|(refund, wallet)| Op::Carry { refund, wallet }),
        1 => (refund.clone(), by.clone(), any::<bool>()).prop_map(|(refund, by, done)| Op::Propose { refund, by, done }),
        1 => (refund, by, any::<bool>()).prop_map(|(refund, by, confirms)| Op::Conclude { refund, by, confirms }),
        2 => (1..40_u64).prop_map(|hours| Op::Pass { hours }),
    ]
}

/// The wallet: what it took under which key, and whether that was carried out.
#[derive(Default)]
struct Wallet {
    taken: BTreeMap<String, (Money, bool)>,
}

struct World {
    now: Wall,
    refunds: Vec<(Version, Refund)>,
    source: (Version, Source),
    spent: BTreeMap<String, (Version, Spent)>,
    wallet: Wallet,
    /// What people established against or without the wallet's word.
    by_hand: Vec<usize>,
    policy: Policy,
}

impl World {
    fn new() -> Self {
        let mut policy = Policy::default();
        // The daily limits have tests of their own; here they must not hide the sums of the transaction.
        for limits in policy.limits.values_mut() {
            (limits.customer_daily_max, limits.maker_daily_max) = (i64::MAX, i64::MAX);
        }
        let source = Source::new("w".to_owned(), "t".to_owned(), cny(CAPTURED));
        let (refunds, spent) = (Vec::new(), BTreeMap::new());
        Self { now: Wall(1), refunds, source: (0, source), spent, wallet: Wallet::default(), by_hand: Vec::new(), policy }
    }

    fn spent(&self, key: String) -> (Version, Spent) {
        self.spent.get(&key).cloned().unwrap_or_else(|| (0, Spent::new(key)))
    }

    fn guards(&self, refund: &Refund) -> Guards {
        Guards {
            source: self.source.clone(),
            customer: self.spent(Spent::key_of_customer("w", &refund.subject, refund.amount.currency)),
            maker: refund.maker.map(|maker| self.spent(Spent::key_of_maker(maker, refund.amount.currency))),
        }
    }

    /// What the store does with a ruling.
    fn keep(&mut self, place: usize, ruled: &Ruled) {
        for change in ruled.commit.changes() {
            match change {
                Change::Refund(version, row) => {
                    assert_eq!(self.refunds.get(place).map_or(0, |(known, _)| *known), *version);
                    let next = (version + 1, (**row).clone());
                    match self.refunds.get_mut(place) {
                        Some(known) => *known = next,
                        None => self.refunds.push(next),
                    }
                }
                Change::RefundSource(version, row) => {
                    assert_eq!(self.source.0, *version);
                    self.source = (version + 1, (**row).clone());
                }
                Change::RefundSpent(version, row) => {
                    assert_eq!(self.spent.get(&row.key).map_or(0, |(known, _)| *known), *version);
                    self.spent.insert(row.key.clone(), (version + 1, (**row).clone()));
                }
                Change::Approval(line) => assert!(line.number >= 1),
                other => panic!("{other:?}"),
            }
        }
        assert!(!ruled.commit.entries().is_empty());
    }

    fn keep_freeing(&mut self, place: usize, ruled: Ruled) {
        let before = self.refunds[place].1.state;
        let guards = self.guards(&ruled.refund);
        let held =
            Held { source: Some(guards.source), days: [Some(guards.customer), guards.maker].into_iter().flatten().collect() };
        self.keep(place, &ruled.freeing(before, held));
    }

    fn send(&mut self, refund: &Refund, how: Answering) -> Option<Reported> {
        let sum = |wallet: &Wallet| wallet.taken.values().map(|(sum, _)| sum.minor).sum::<i64>();
        let fresh = !self.wallet.taken.contains_key(&refund.key);
        match how {
            Answering::DiesBefore => None,
            Answering::NotReached => Some(Reported::NotReached),
            Answering::LostBefore => Some(Reported::NoAnswer),
            Answering::Fails if fresh => Some(Reported::Refused),
            _ if fresh && sum(&self.wallet) + refund.amount.minor > CAPTURED => Some(Reported::Refused),
            Answering::Well
            | Answering::Late
            | Answering::Fails
            | Answering::LostAfter
            | Answering::DiesAfter
            | Answering::Strange => {
                let done = !matches!(how, Answering::Late);
                self.wallet.taken.entry(refund.key.clone()).or_insert((refund.amount, done));
                match how {
                    Answering::LostAfter => Some(Reported::NoAnswer),
                    Answering::DiesAfter => None,
                    Answering::Strange => Some(Reported::Unfamiliar),
                    _ => Some(self.answer(refund)),
                }
            }
        }
    }

    fn answer(&self, refund: &Refund) -> Reported {
        match self.wallet.taken.get(&refund.key) {
            None => Reported::NotReceived,
            Some((_, true)) => Reported::Done(Some("r".to_owned())),
            Some((_, false)) => Reported::Pending,
        }
    }

    /// What the outbox does with a refund, once.
    fn carry(&mut self, place: usize, how: Answering) {
        let Some((version, refund)) = self.refunds.get(place).cloned() else { return };
        match refund.task(self.now) {
            Task::Nothing => {}
            Task::GiveUp => {
                let ruled = refund.give_up(version, self.now).unwrap();
                self.keep_freeing(place, ruled);
            }
            Task::Send => {
                let ruled = refund.begin(version, self.now).unwrap();
                self.keep(place, &ruled);
                self.send_and_report(place, how);
            }
            Task::Ask => {
                if let Some(ruled) = refund.begin(version, self.now) {
                    self.keep(place, &ruled);
                }
                self.ask(place, how);
            }
        }
    }

    fn ask(&mut self, place: usize, how: Answering) {
        let (version, refund) = self.refunds[place].clone();
        let said = match how {
            Answering::DiesBefore | Answering::DiesAfter => return,
            Answering::NotReached => Reported::NotReached,
            Answering::LostBefore | Answering::LostAfter => Reported::NoAnswer,
            Answering::Strange => Reported::Unfamiliar,
            Answering::Late => self.answer(&refund),
            Answering::Well | Answering::Fails => {
                if let Some((_, done)) = self.wallet.taken.get_mut(&refund.key) {
                    *done = true;
                }
                self.answer(&refund)
            }
        };
        if said == Reported::NotReceived
            && let Some(ruled) = refund.begin_again(version, self.now)
        {
            self.keep(place, &ruled);
            return self.send_and_report(place, how);
        }
        if let Some(ruled) = refund.report(version, said, self.now) {
            self.keep_freeing(place, ruled);
        }
    }

    fn send_and_report(&mut self, place: usize, how: Answering) {
        let (version, refund) = self.refunds[place].clone();
        assert_eq!(refund.state, State::Submitting, "it is written down before it is sent");
        assert!(refund.is_sound() && refund.evidence.is_some());
        let Some(said) = self.send(&refund, how) else { return };
        if let Some(ruled) = refund.report(version, said, self.now) {
            self.keep_freeing(place, ruled);
        }
    }

    fn run(&mut self, op: Op) {
        let target = |refund: usize, world: &Self| world.refunds.get(refund).cloned();
        match op {
            Op::Pass { hours } => self.now = self.now + Span::from_s(hours * 3_600),
            Op::Carry { refund, wallet } => self.carry(refund, wallet),
            Op::Ask { maker, minor, factors } => self.ask_for(maker, minor, factors),
            Op::Show { refund } => {
                let Some((version, row)) = target(refund, self) else { return };
                if let Ok(ruled) = row.take_evidence(version, &shown(2, self.now), Some(9.into()), self.now) {
                    self.keep(refund, &ruled);
                }
            }
            Op::Approve { refund, by } => {
                let Some((version, row)) = target(refund, self) else { return };
                let ruled = row.approve(version, &checker(by), self.guards(&row), (None, &self.policy), self.now);
                if let Ok(ruled) = ruled {
                    assert_ne!(Some(StaffId::from(by)), row.maker, "whoever asked never decides");
                    self.keep(refund, &ruled);
                }
            }
            Op::Decline { refund, by } => {
                let Some((version, row)) = target(refund, self) else { return };
                if let Ok(ruled) = row.decline(version, &checker(by), "no", self.now) {
                    self.keep(refund, &ruled);
                }
            }
            Op::Lapse { refund } => {
                let Some((version, row)) = target(refund, self) else { return };
                if let Some(ruled) = row.lapse(version, self.now) {
                    self.keep(refund, &ruled);
                }
            }
            Op::Propose { refund, by, done } => {
                let Some((version, row)) = target(refund, self) else { return };
                let outcome = if done { ResolvedAs::Done } else { ResolvedAs::Undone };
                if let Ok(ruled) = row.propose(version, &checker(by), outcome, "seen", &self.policy, self.now) {
                    self.keep(refund, &ruled);
                }
            }
            Op::Conclude { refund, by, confirms } => {
                let Some((version, row)) = target(refund, self) else { return };
                if let Ok(ruled) = row.conclude(version, &checker(by), confirms, "seen too", &self.policy, self.now) {
                    let proposer = row.proposal.unwrap().by;
                    let by = StaffId::from(by);
                    assert!(by != proposer && Some(by) != row.maker && Some(proposer) != row.maker);
                    if ruled.refund.state.is_over() {
                        self.by_hand.push(refund);
                    }
                    self.keep_freeing(refund, ruled);
                }
            }
        }
    }

    fn ask_for(&mut self, maker: u128, minor: i64, factors: usize) {
        if self.refunds.len() == REFUNDS {
            return;
        }
        let (place, id) = (self.refunds.len(), self.refunds.len() as u128 + 1);
        let reason = Pii::new("double".to_owned());
        let target = RefundTarget { transaction: "t".to_owned(), amount: cny(minor), reason };
        let new = names(id);
        // Nobody between: the customer asks.
        let maker = match maker {
            0 => Maker::Customer,
            id => Maker::Staff { id: id.into(), certificates: ALL_CERTIFICATES },
        };
        let asked = Refund::ask(&shown(factors, self.now), &maker, target, new, Language::En, &self.policy, self.now);
        let Ok(refund) = asked.and_then(|refund| refund.checked(Ok(()), self.now)) else { return };
        let asked = refund.asked(self.now);
        let by_rule = asked.refund.approve_by_rule(1, self.guards(&asked.refund), &self.policy, self.now);
        self.keep(place, &asked);
        if let Ok(Some(ruled)) = by_rule {
            assert!(ruled.refund.amount.minor <= 20_000, "only a small sum needs nobody");
            self.keep(place, &ruled);
        }
    }

    fn check(&self) {
        let held: i64 = self.refunds.iter().filter(|(_, r)| r.state.holds_money()).map(|(_, r)| r.amount.minor).sum();
        assert_eq!(held, self.source.1.held);
        assert!((0..=CAPTURED).contains(&held), "more than was paid is held");
        for (place, (_, refund)) in self.refunds.iter().enumerate() {
            let taken = self.wallet.taken.get(&refund.key);
            assert!(refund.state.is_over() == refund.settled_at.is_some() && refund.is_sound());
            if self.by_hand.contains(&place) {
                continue;
            }
            if refund.state == State::Succeeded {
                assert_eq!(taken, Some(&(refund.amount, true)), "said to be done and is not");
            }
            if refund.state.is_over() && refund.state != State::Succeeded {
                assert_eq!(taken, None, "given free although the wallet has it");
            }
            if matches!(refund.state, State::AwaitingApproval | State::Approved) {
                assert_eq!(taken, None, "sent without being written down");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_more_goes_back_than_was_paid_and_each_key_has_one_effect(ops in prop::collection::vec(op(), 1..70)) {
        let mut world = World::new();
        for op in ops {
            world.run(op);
            world.check();
        }
        // The wallet answers again, and whoever carries lives: what the wallet knows comes to its end.
        for place in 0..world.refunds.len() {
            for _ in 0..4 {
                world.carry(place, Answering::Well);
                world.check();
            }
            let refund = &world.refunds[place].1;
            prop_assert_ne!(refund.state, State::Submitting, "nothing stays on its way");
            if world.wallet.taken.contains_key(&refund.key) && !world.by_hand.contains(&place) {
                prop_assert_eq!(refund.state, State::Succeeded);
            }
        }
    }

    #[test]
    fn many_small_sums_are_a_large_one(minors in prop::collection::vec(1..=20_000_i64, 1..30)) {
        let mut world = World::new();
        let mut by_rule = 0;
        for minor in minors {
            world.refunds.clear();
            world.source.0 = 0;
            world.source.1.held = 0;
            world.ask_for(1, minor, 2);
            if world.refunds[0].1.state == State::Approved {
                by_rule += minor;
            }
            prop_assert!(by_rule <= 20_000, "a customer's day without a second person");
        }
    }
}

#[test]
fn each_step_is_listed_once_and_nothing_leaves_an_end() {
    for (at, (from, by, _)) in STEPS.iter().enumerate() {
        assert!(!STEPS[..at].iter().any(|(f, b, _)| f == from && b == by), "{from:?} {by:?} stands twice");
        assert!(!from.is_over(), "{from:?} is an end");
    }
}

#[test]
fn every_state_that_is_no_end_can_reach_one_and_is_reached() {
    for start in State::ALL {
        let mut reached = vec![start];
        while let Some((_, _, to)) = STEPS.iter().find(|(from, _, to)| reached.contains(from) && !reached.contains(to)) {
            reached.push(*to);
        }
        assert!(start.is_over() || reached.iter().any(|state| state.is_over()), "{start:?} has no way out");
        assert!(start == State::Draft || STEPS.iter().any(|(_, _, to)| *to == start), "{start:?} is never reached");
    }
}

#[test]
fn what_may_have_reached_the_wallet_is_never_given_free_without_its_word_or_two_people() {
    for (from, by, to) in STEPS {
        let freed = from.holds_money() && !to.holds_money();
        let word = matches!(by, Happening::Refused | Happening::Withdrawn | Happening::FoundUndone);
        assert!(!freed || word || (*from, *by) == (State::Approved, Happening::NeverSent), "{from:?} {by:?} {to:?}");
        let back = *to == State::Approved && from.holds_money();
        assert!(!back || *by == Happening::NotReached, "{from:?} {by:?}");
    }
}
