//! The ladder under every sequence of events: no permit above its evidence, nothing that raises a level but a factor, and what was shown
//! of one customer, or in one contact, is worth nothing for another.

use super::*;
use crate::identity::{FreezeAccount, Guarded, ReadTransaction, RequestRefund, ladder::Protected};
use crate::kernel::money::Money;
use proptest::prelude::*;

/// An act at A3, to ask a permit for.
struct CloseAccount;

impl Guarded for CloseAccount {
    const NAME: &'static str = "close";
    const ACT: Protected = Protected::CloseAccount;
}

/// An act at A4.
struct ChangePhone;

impl Guarded for ChangePhone {
    const NAME: &'static str = "change_phone";
    const ACT: Protected = Protected::ChangeAddress;
}

const FACTORS: [Factor; 7] = [
    Factor::Number,
    Factor::SmsCode,
    Factor::VoiceCode,
    Factor::MailCode,
    Factor::SecondFactor,
    Factor::AppTransfer,
    Factor::AppSession,
];

fn claim(number: usize) -> Claim {
    let number = number.to_string();
    Claim { wallet: "w".to_owned(), msisdn: Pii::new(number.clone()), subject: Subject::new(number) }
}

fn standing(shows_number: bool) -> Standing {
    Standing::new(1.into(), shows_number, Arc::default())
}

fn at(s: u64) -> Now {
    Now { mono: Mono(s * 1_000_000), wall: Wall(0) + Span::from_s(s) }
}

fn shows(standing: &mut Standing, factor: Factor) {
    standing.proved(&Subject::new("0".to_owned()), Proof { factor, evidence: 7.into() }, at(0));
}

#[test]
fn each_act_needs_its_level_and_a_name() {
    let mut standing = standing(true);
    assert_eq!(standing.permit::<FreezeAccount>(Wall(0)).err(), Some(NotPermitted::NobodyNamed));
    standing.claims(claim(0));
    assert!(standing.permit::<FreezeAccount>(Wall(0)).is_ok());
    let refused = standing.permit::<ReadTransaction>(Wall(0)).err();
    assert_eq!(refused, Some(NotPermitted::NotEnough { need: Level::A2, have: Level::A1 }));
    shows(&mut standing, Factor::SmsCode);
    let redeemed = standing.permit::<ReadTransaction>(Wall(0)).unwrap().redeem(Wall(1)).unwrap();
    assert_eq!((redeemed.level, redeemed.evidence), (Level::A2, vec![7.into()]));
    let refused = standing.permit::<CloseAccount>(Wall(0)).err();
    assert_eq!(refused, Some(NotPermitted::NotEnough { need: Level::A3, have: Level::A2 }));
    shows(&mut standing, Factor::SecondFactor);
    assert!(standing.permit::<CloseAccount>(Wall(0)).is_ok());
    assert!(standing.permit::<ChangePhone>(Wall(0)).is_err(), "no call alone reaches A4");
}

#[test]
fn the_same_thing_shown_twice_is_one_factor() {
    let mut standing = standing(false);
    standing.claims(claim(0));
    for factor in [Factor::SmsCode, Factor::SmsCode, Factor::VoiceCode, Factor::MailCode] {
        shows(&mut standing, factor);
        assert_eq!(standing.level(), Level::A2, "{factor:?}");
    }
    let mut app = self::standing(false);
    app.claims(claim(0));
    shows(&mut app, Factor::AppSession);
    assert_eq!(app.level(), Level::A1);
    shows(&mut app, Factor::AppTransfer);
    assert_eq!(app.level(), Level::A3, "a bound app and a code carried over to it");
}

#[test]
fn another_customer_starts_again_and_a_late_proof_is_not_theirs() {
    let mut standing = standing(false);
    standing.claims(claim(0));
    shows(&mut standing, Factor::SmsCode);
    standing.suspects(Signal::RecentRecovery);
    standing.suspects(Signal::CallerIdFailed);
    standing.claims(claim(0));
    assert_eq!((standing.level(), standing.proofs().len()), (Level::A1, 1), "naming the same customer again changes nothing");
    standing.claims(claim(1));
    shows(&mut standing, Factor::SecondFactor);
    assert_eq!(standing.level(), Level::A1);
    for factor in [Factor::SmsCode, Factor::SecondFactor] {
        standing.proved(&Subject::new("1".to_owned()), Proof { factor, evidence: 8.into() }, at(0));
    }
    assert_eq!(standing.level(), Level::A2, "their own phone is not suspect; a forged number still is");
}

#[test]
fn five_idle_minutes_cost_the_second_factor_and_a_queue_or_a_hold_costs_nothing() {
    let mut standing = standing(false);
    standing.claims(claim(0));
    standing.count_idle(true, at(0));
    shows(&mut standing, Factor::SmsCode);
    shows(&mut standing, Factor::SecondFactor);
    assert_eq!(standing.decays_at(), Some(at(300).mono));
    standing.act(at(100));
    assert_eq!(standing.decays_at(), Some(at(400).mono));
    standing.count_idle(false, at(200));
    assert_eq!((standing.decays_at(), standing.decay(at(5_000))), (None, false), "on hold for an hour");
    standing.count_idle(true, at(5_000));
    assert_eq!(standing.decays_at(), Some(at(5_200).mono), "100 s were idle before");
    assert!(!standing.decay(at(5_199)) && standing.decay(at(5_200)));
    assert_eq!((standing.level(), standing.decays_at()), (Level::A2, None));
    assert!(!standing.decay(at(90_000)), "A2 lasts for the contact");
    shows(&mut standing, Factor::SecondFactor);
    assert_eq!(standing.level(), Level::A3, "shown anew");
}

#[test]
fn a_permit_is_for_a_minute() {
    let mut standing = standing(false);
    standing.claims(claim(0));
    let permit = standing.permit::<FreezeAccount>(Wall(0)).unwrap();
    assert_eq!(permit.redeem(Wall(60_000_001)), Err(NotPermitted::Expired));
}

/// Something that happens in a contact.
#[derive(Debug, Clone)]
enum Op {
    Claim(usize),
    /// Which factor, and of which customer.
    Show(usize, usize),
    Suspect(usize),
    Act,
    Count(bool),
    Pass(u64),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => (0..2_usize).prop_map(Op::Claim),
        6 => (0..FACTORS.len(), 0..2_usize).prop_map(|(factor, whose)| Op::Show(factor, whose)),
        1 => (0..Signal::ALL.len()).prop_map(Op::Suspect),
        2 => Just(Op::Act),
        2 => any::<bool>().prop_map(Op::Count),
        4 => (0..400_u64).prop_map(Op::Pass),
    ]
}

/// What a careful clerk writes down beside: whom the contact speaks for, what was shown of them since, what speaks against it.
#[derive(Default)]
struct Clerk {
    named: Option<usize>,
    shown: Vec<Factor>,
    suspected: BTreeSet<Signal>,
    idle_s: u64,
    counts: bool,
}

impl Clerk {
    fn valid(&self, factor: Factor) -> bool {
        let has = |signal| self.suspected.contains(&signal);
        let phone = [Signal::SimSwap, Signal::CallForwarding, Signal::YoungDevice, Signal::RecentRecovery].into_iter().any(has);
        match factor {
            Factor::SmsCode | Factor::VoiceCode => !phone,
            Factor::SecondFactor => true,
            Factor::AppTransfer | Factor::AppSession => !has(Signal::YoungDevice),
            Factor::Number | Factor::MailCode => false,
        }
    }

    /// No level above this has any evidence.
    fn ceiling(&self) -> Level {
        let shown = |factors: &[Factor]| factors.iter().any(|factor| self.shown.contains(factor) && self.valid(*factor));
        let kinds = [&[Factor::SmsCode, Factor::VoiceCode][..], &[Factor::SecondFactor], &[Factor::AppTransfer]];
        let app = shown(&[Factor::AppTransfer]) && shown(&[Factor::AppSession]);
        let level = match kinds.into_iter().filter(|kind| shown(kind)).count() {
            0 => Level::A1,
            1 if !app => Level::A2,
            _ if self.idle_s >= 300 => Level::A2,
            _ => Level::A3,
        };
        let has = |signal| self.suspected.contains(&signal);
        match level {
            _ if has(Signal::Pressure) => Level::A1,
            Level::A3 if has(Signal::CallerIdFailed) || has(Signal::Velocity) => Level::A2,
            level => level,
        }
    }
}

fn check(ops: &[Op]) {
    let (mut standing, mut clerk, mut s) = (standing(true), Clerk::default(), 0);
    for op in ops {
        let before = standing.level();
        match *op {
            Op::Claim(who) => {
                standing.claims(claim(who));
                if clerk.named != Some(who) {
                    clerk.shown.clear();
                    clerk
                        .suspected
                        .retain(|signal| matches!(signal, Signal::CallerIdFailed | Signal::Velocity | Signal::Pressure));
                }
                clerk.named = Some(who);
            }
            Op::Show(factor, whose) => {
                let factor = FACTORS[factor];
                standing.proved(&Subject::new(whose.to_string()), Proof { factor, evidence: 1.into() }, at(s));
                if clerk.named == Some(whose) {
                    clerk.shown.push(factor);
                    clerk.idle_s = 0;
                }
            }
            Op::Suspect(which) => {
                standing.suspects(Signal::ALL[which]);
                clerk.suspected.insert(Signal::ALL[which]);
            }
            Op::Act => {
                standing.act(at(s));
                clerk.idle_s = 0;
            }
            Op::Count(counts) => {
                standing.count_idle(counts, at(s));
                clerk.counts = counts;
            }
            Op::Pass(by) => {
                s += by;
                clerk.idle_s += if clerk.counts { by } else { 0 };
                let due = standing.decays_at().is_some_and(|due| due <= at(s).mono);
                assert_eq!(standing.decay(at(s)), due, "it decays when it said it would");
            }
        }
        let level = standing.level();
        assert!(level <= before || matches!(op, Op::Show(..)), "{op:?} raised a level");
        let ceiling = clerk.ceiling();
        assert!(level <= ceiling, "{level:?} above {ceiling:?} after {op:?}");
        let permits = [
            (Level::A1, standing.permit::<FreezeAccount>(at(s).wall).is_ok()),
            (Level::A2, standing.permit::<ReadTransaction>(at(s).wall).is_ok()),
            (Level::A3, standing.permit::<CloseAccount>(at(s).wall).is_ok()),
            (Level::A4, standing.permit::<ChangePhone>(at(s).wall).is_ok()),
        ];
        for (need, given) in permits {
            assert_eq!(given, clerk.named.is_some() && level >= need, "{need:?} at {level:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_events_yields_a_permit_above_its_evidence(ops in prop::collection::vec(op(), 1..60)) {
        check(&ops);
    }
}

fn refund(amount: &str) -> Linked {
    let amount = Money::read(amount, "CNY".parse().unwrap()).unwrap();
    Linked::Refund { transaction: "261118000486".to_owned(), amount }
}

/// A contact at A2, whose customer then agreed to a refund of 19.90 on a bound device.
fn agreed_to_a_refund() -> Standing {
    let (mut standing, subject) = (standing(true), Subject::new("0".to_owned()));
    standing.claims(claim(0));
    standing.proved(&subject, Proof { factor: Factor::SmsCode, evidence: 7.into() }, at(0));
    let proofs = [Factor::AppTransfer, Factor::AppSession].map(|factor| Proof { factor, evidence: 9.into() });
    standing.approved(&subject, refund("19.90"), proofs.to_vec(), at(1));
    standing
}

fn shown_for(standing: &Standing, operation: &Linked, now: Wall) -> (Level, Vec<ChallengeId>) {
    standing.permit::<RequestRefund>(now).unwrap().redeem(now).unwrap().shown_for(operation)
}

#[test]
fn what_was_approved_in_the_app_counts_for_that_operation_alone_and_raises_no_level() {
    let standing = agreed_to_a_refund();
    let now = at(2).wall;
    assert_eq!(standing.level(), Level::A2);
    assert_eq!(shown_for(&standing, &refund("19.90"), now), (Level::A3, vec![7.into(), 9.into()]));
    let other =
        Linked::Refund { transaction: "261118000487".to_owned(), amount: Money::read("19.90", "CNY".parse().unwrap()).unwrap() };
    for changed in [refund("19.91"), refund("199.00"), other, Linked::Identity] {
        assert_eq!(shown_for(&standing, &changed, now), (Level::A2, vec![7.into()]), "{changed:?}");
    }
}

#[test]
fn an_approval_is_of_its_customer_and_of_its_moment() {
    let mut standing = agreed_to_a_refund();
    assert_eq!(shown_for(&standing, &refund("19.90"), at(301).wall).0, Level::A2, "five minutes later it is over");
    standing.suspects(Signal::Pressure);
    assert!(standing.approvals(at(2).wall).iter().all(|approved| approved.level <= Level::A1), "nothing counts under pressure");

    let (mut standing, other) = (agreed_to_a_refund(), Subject::new("1".to_owned()));
    let proofs = vec![Proof { factor: Factor::AppTransfer, evidence: 11.into() }];
    standing.approved(&other, refund("5.00"), proofs, at(2));
    assert!(standing.approvals(at(3).wall).iter().all(|approved| approved.linked != refund("5.00")), "another customer's");
    standing.claims(claim(1));
    assert!(standing.approvals(at(3).wall).is_empty(), "whoever names another customer starts anew");

    let mut young = agreed_to_a_refund();
    young.suspects(Signal::YoungDevice);
    assert!(young.approvals(at(2).wall).iter().all(|approved| approved.level < Level::A3), "a device that was bound lately");
}
