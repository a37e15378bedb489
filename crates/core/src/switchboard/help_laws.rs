//! What must hold for a caller in the dialogues, whatever is keyed, however long anything takes, and whatever the outside answers:
//! nobody is left without a voice, music, a deadline or a queue; nobody is verified without a proof; and no code and no phone
//! number is ever written down or printed.

use super::caller::Stage;
use super::command::Command;
use super::event::{Event, LegEnd, LegStats};
use super::help::{Found, Help, Helped, Order};
use super::laws::world;
use super::live::{OperationView, TransactionView};
use super::{LineState, Settings, Switchboard, World};
use crate::call::Channel;
use crate::commit::Change;
use crate::identity::{Claim, FreezeAccount, Guarded, Signal};
use crate::ivr::dialogue::{BasisKind, RefundHurdle, RefundOffer, RefundOutcome, RefundTaken, StatusSaid, TransactionStanding};
use crate::ivr::phrases;
use crate::ivr::run::Run;
use crate::kernel::account_act::AccountAct;
use crate::kernel::assurance::{Factor, Level};
use crate::kernel::ids::{ContactId, IdSource, LegId, OperationId};
use crate::kernel::language::Language;
use crate::kernel::pii::Pii;
use crate::kernel::subject::Subject;
use crate::kernel::time::{Mono, Now, Span, Wall};
use crate::outbox::Message;
use crate::pass::{Pass, PassHash, Told, Topic};
use crate::switchboard::step::Step;
use crate::wallet::State;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What stands nowhere: a code, and the digits of two phone numbers. Behind none of the keys that are pressed one by one is either of
/// them a transaction number by its check digit: that would be taken for one.
const CODE: &str = "739182";
const NUMBERS: [&str; 2] = ["19073918262", "19055661237"];

/// How the line is held; `small` keeps no hours to go by.
const STATES: [Option<LineState>; 6] = [
    None,
    Some(LineState::Open),
    Some(LineState::Closed),
    Some(LineState::Holiday),
    Some(LineState::Overload),
    Some(LineState::Incident),
];

/// Silence that nobody is expected to fill with keys.
const SILENCE_MAX: Span = Span::from_s(2);

/// Something that happens to the caller.
#[derive(Debug, Clone)]
enum Op {
    Keys(&'static str),
    /// A whole number, wherever the caller is.
    Number(usize),
    /// The code, where one is asked for.
    Code,
    Heard,
    Pass(u64),
    /// The outside answers the last question, as it should.
    Answer(usize),
    /// The outside says something else, or to another question.
    Stray(usize, u64),
    /// A freeze comes to something.
    Settle(usize, usize),
    /// The line is held in a state.
    Line(Option<LineState>),
}

fn op() -> impl Strategy<Value = Op> {
    let keys =
        ["0", "1", "2", "3", "5", "6", "7", "9", "#", "*", "**", "25", "21", "29", "1#", "000014#", "261101000014#", "123#"];
    prop_oneof![
        14 => prop::sample::select(keys.to_vec()).prop_map(Op::Keys),
        3 => (0..2_usize).prop_map(Op::Number),
        5 => Just(Op::Code),
        2 => prop::sample::select(STATES.to_vec()).prop_map(Op::Line),
        10 => Just(Op::Heard),
        10 => prop_oneof![4 => 0..1_500_u64, 2 => 0..9_000_u64].prop_map(Op::Pass),
        14 => (0..6_usize).prop_map(Op::Answer),
        3 => (0..14_usize, 0..4_u64).prop_map(|(what, back)| Op::Stray(what, back)),
        4 => (0..9_usize, 0..7_usize).prop_map(|(which, state)| Op::Settle(which, state)),
    ]
}

struct Outside {
    board: Switchboard,
    now: Now,
    leg: LegId,
    contact: ContactId,
    playing: Option<u64>,
    /// The prompt that was said last.
    asset: String,
    quiet_since: Option<Mono>,
    orders: Vec<Order>,
    /// When the last of them was put.
    asked_at: Mono,
    answered: u64,
    named: Option<Subject>,
    freezes: Vec<OperationView>,
    proved: bool,
}

impl Outside {
    fn new(world: World, caller: &str) -> Self {
        let (board, leg) = (Switchboard::new(world, IdSource::new(7)), LegId::from(1));
        let mut outside = Self {
            board,
            now: Now { mono: Mono(1_000_000_000), wall: Wall(1_795_000_000_000_000) },
            leg,
            contact: 0.into(),
            playing: None,
            asset: String::new(),
            quiet_since: None,
            orders: Vec::new(),
            asked_at: Mono(0),
            answered: 0,
            named: None,
            freezes: Vec::new(),
            proved: false,
        };
        let (caller, channel) = (Pii::new(caller.to_owned()), Channel::Voice);
        outside.event(Event::CallArrived {
            leg,
            line: "8000".to_owned(),
            caller,
            channel,
            trunk: "carrier".to_owned(),
            language: None,
            pass: None,
        });
        let (codec, encryption) = ("PCMA".to_owned(), "none".to_owned());
        outside.event(Event::LegAnswered { leg, codec, encryption, dialog: None });
        outside
    }

    fn happen(&mut self, op: &Op) {
        match op {
            Op::Keys(keys) => self.keys(keys),
            Op::Number(which) => self.keys(&format!("{}#", NUMBERS[*which])),
            Op::Code => {
                let asks = [
                    phrases::VERIFY_CODE,
                    phrases::VERIFY_CODE_AGAIN,
                    phrases::VERIFY_CODE_WRONG,
                    phrases::VERIFY_SECOND,
                    phrases::VERIFY_SECOND_AGAIN,
                ];
                if asks.contains(&self.asset.as_str()) {
                    self.keys(&format!("{CODE}#"));
                }
            }
            Op::Heard => {
                if let Some(playback) = self.playing.take() {
                    self.quiet_since = Some(self.now.mono);
                    self.event(Event::PlaybackEnded { leg: self.leg, playback, interrupted: false });
                }
            }
            Op::Pass(ms) => self.pass(Span::from_ms(*ms)),
            Op::Answer(how) => {
                let Some(order) = self.orders.last().filter(|order| order.number > self.answered) else { return };
                let (number, kind) = (order.number, self.fitting(*how));
                self.answer(number, kind);
            }
            Op::Stray(what, back) => {
                let number = self.orders.last().map_or(0, |order| order.number).saturating_sub(*back);
                self.answer(number, *what);
            }
            Op::Line(state) => self.event(Event::LineHeld { line: "8000".to_owned(), state: *state }),
            Op::Settle(which, state) => {
                let states = [
                    State::Committed,
                    State::Sending,
                    State::Unknown,
                    State::Reconciling,
                    State::Done,
                    State::Declined,
                    State::GivenUp,
                ];
                let count = self.freezes.len().max(1);
                if let Some(freeze) = self.freezes.get_mut(which % count) {
                    freeze.state = states[*state];
                    let operation = freeze.clone();
                    self.event(Event::OperationChanged { contact: self.contact, operation });
                }
            }
        }
    }

    /// Which answer fits the last question; now and then another one.
    fn fitting(&self, how: usize) -> usize {
        let Some(order) = self.orders.last().filter(|_| how < 5) else { return how + 3 };
        match (&order.help, how) {
            (Help::SendCode { number: crate::ivr::dialogue::Number::Own, .. } | Help::Claim { .. }, 0..=3) => 0,
            (Help::SendCode { .. }, 0..=3) => 1,
            (Help::SendCode { .. } | Help::Claim { .. }, _) => 2,
            (Help::CheckCode { .. } | Help::CheckSecond { .. }, 0..=2) => 3,
            (Help::CheckCode { .. } | Help::CheckSecond { .. }, _) => 4,
            (Help::AskApp { .. } | Help::LookAtApp { .. }, _) => 20,
            (Help::Status { .. }, 0..=3) => 5,
            (Help::Status { .. }, _) => 6,
            (Help::TextStatus { .. }, _) => 7,
            (Help::Refundable { .. }, 0..=3) => 16,
            (Help::Refundable { .. }, _) => 17,
            (Help::Refund { .. } | Help::ShowForRefund { .. }, 0..=3) => 18,
            (Help::Refund { .. } | Help::ShowForRefund { .. }, _) => 9,
            (Help::TakePass { .. }, 0..=2) => 13,
            (Help::TakePass { .. }, _) => 14,
            (Help::Reach { .. }, 0..=3) => 11,
            (Help::Reach { .. }, _) => 2,
            (Help::Callback { .. }, 0..=2) => 12,
            (Help::Callback { .. }, _) => 9,
            (Help::Watch { .. }, 0..=3) => 21,
            (Help::Watch { .. }, _) => 9,
            (Help::Complaint { .. } | Help::LookAtAccount { .. }, _) => 15,
            (Help::Freeze { .. } | Help::Act { .. }, 4..) => 9,
            (Help::Freeze { .. }, _) => 8,
            (Help::Act { .. }, _) => 19,
        }
    }

    fn answer(&mut self, number: u64, what: usize) {
        let help = match what {
            0 | 1 => {
                let subject = Subject::new(format!("s{what}"));
                self.named = Some(subject.clone());
                let msisdn = Pii::new(format!("+86{}", NUMBERS[what]));
                Helped::Claimed(Claim { wallet: "jinqiao".to_owned(), msisdn, subject })
            }
            2 => Helped::NotANumber,
            3 => {
                let Some(subject) = self.named.clone() else { return };
                self.proved = true;
                let factor = self.factor();
                Helped::Proved { factor, challenge: 1.into(), subject, name: Some(Pii::new("Ms Li".to_owned())) }
            }
            4 => Helped::NotProved { factor: self.factor() },
            5 => found(),
            6 if number.is_multiple_of(2) => Helped::Several,
            6 => Helped::NotFound,
            7 => Helped::Texted,
            21 => Helped::Watched,
            8 => Helped::FreezeTaken(self.taken(FreezeAccount::NAME)),
            19 => {
                let act = self.orders.last().and_then(|order| match &order.help {
                    Help::Act { permit, .. } => Some(permit.act()),
                    _ => None,
                });
                Helped::ActTaken(self.taken(act.unwrap_or(AccountAct::Unlock).name()))
            }
            9 => Helped::PersonNeeded,
            11 => Helped::Reached(Pii::new(format!("+86{}", NUMBERS[1]))),
            12 => Helped::CallbackTaken { reference: "R000000018".to_owned() },
            10 => Helped::Risk { signals: vec![Signal::SimSwap] },
            13 => Helped::PassTaken(Box::new(pass())),
            14 => Helped::NoPass,
            15 => Helped::ComplaintTaken { reference: "R000000026".to_owned() },
            16 => Helped::Refundable(Box::new(RefundOffer {
                transaction: "261118000486".to_owned(),
                tail: "000486".to_owned(),
                minor: 19_900,
                currency: "CNY".to_owned(),
                waiting: number.is_multiple_of(2).then(|| "R000000034".to_owned()),
                within_s: 259_200,
            })),
            17 => Helped::NotRefundable { tail: "000486".to_owned(), hurdle: RefundHurdle::NotCompleted },
            18 => Helped::RefundTaken(RefundTaken {
                reference: "R000000034".to_owned(),
                outcome: if self.proved { RefundOutcome::Approved } else { RefundOutcome::NeedsFactor },
                within_s: 259_200,
                link: Pii::new("https://hotline.example/help/refunds/x".to_owned()),
            }),
            _ => Helped::Unavailable,
        };
        self.answered = self.answered.max(number);
        self.event(Event::Helped { contact: self.contact, number, help: Box::new(help) });
    }

    /// An act that is on its way from here on.
    fn taken(&mut self, act: &str) -> OperationView {
        let count = self.freezes.len() as u128 + 1;
        let operation = OperationView {
            id: OperationId::from(count),
            act: act.to_owned(),
            state: State::Committed,
            reference: format!("R00000000{count}"),
            key: format!("key {count}"),
            declined: None,
        };
        self.freezes.push(operation.clone());
        operation
    }

    /// Which code was asked about last.
    fn factor(&self) -> Factor {
        match self.orders.last().map(|order| &order.help) {
            Some(Help::CheckSecond { .. }) => Factor::SecondFactor,
            _ => Factor::SmsCode,
        }
    }

    fn keys(&mut self, keys: &str) {
        for digit in keys.chars() {
            self.event(Event::Digit { leg: self.leg, digit });
        }
    }

    fn pass(&mut self, span: Span) {
        let until = self.now.mono + span;
        while let Some(at) = self.board.next_deadline().filter(|at| *at <= until) {
            self.forward(at);
            self.event(Event::Deadline);
            assert!(self.board.next_deadline().is_none_or(|next| next > at), "a deadline is left behind");
        }
        self.forward(until);
    }

    fn forward(&mut self, to: Mono) {
        let span = to - self.now.mono;
        self.now = Now { mono: self.now.mono + span, wall: self.now.wall + span };
        self.check_silence();
    }

    fn event(&mut self, event: Event) {
        say_nothing(&format!("{event:?}"));
        let step = self.board.handle(self.now, event);
        self.take(step);
    }

    fn take(&mut self, step: Step) {
        say_nothing(&format!("{:?} {:?}", step.now, step.commit));
        for command in step.now {
            match command {
                Command::Play { playback, phrase, .. } => {
                    (self.playing, self.quiet_since, self.asset) = (Some(playback), None, phrase.asset);
                }
                Command::PlayMusic { .. } => (self.playing, self.quiet_since) = (None, None),
                Command::Stop { .. } => (self.playing, self.quiet_since) = (None, Some(self.now.mono)),
                Command::Help(order) => {
                    self.asked_at = self.now.mono;
                    self.orders.push(*order);
                }
                Command::Answer { .. }
                | Command::Reject { .. }
                | Command::DialPhone { .. }
                | Command::DialOutside { .. }
                | Command::Bridge { .. }
                | Command::Mix { .. }
                | Command::SendDigits { .. }
                | Command::AnswerRefer { .. }
                | Command::ReportRefer { .. }
                | Command::Unbridge { .. }
                | Command::Hangup { .. }
                | Command::Record(_)
                | Command::MaskRecording { .. }
                | Command::Secure { .. }
                | Command::DiscardRecording { .. }
                | Command::Publish(_) => {}
            }
        }
        if let Some((ticket, commit)) = step.commit {
            let opened = commit.changes().iter().find_map(|change| match change {
                Change::Contact(0, contact) => Some(contact.id),
                _ => None,
            });
            self.contact = opened.unwrap_or(self.contact);
            self.event(Event::Committed { ticket });
        }
        self.check();
    }

    fn check(&self) {
        say_nothing(&format!("{:?}", self.board.snapshot()));
        let Some(caller) = self.board.callers.get(&self.contact) else { return };
        say_nothing(&format!("{:?}", caller.view(None)));
        let level = caller.standing.level();
        assert!(self.proved || level <= Level::A1, "verified without a proof");
        assert_eq!(caller.record.contact().level, level, "the record knows the level");
        let shows = caller.view(None).customer;
        assert!(level >= Level::A2 || (shows.name.is_none() && shows.transaction.is_none()), "shown without a proof");
        match &caller.stage {
            Stage::Menu(run) => {
                let goes_on = caller.speech.is_speaking() || run.deadline().is_some();
                assert!(goes_on, "the caller is left alone at {:?}", run.path().last());
            }
            Stage::Waiting(_) => assert!(self.board.waiting.get(self.contact).is_some(), "waits in no queue"),
            Stage::Leaving(_) => assert!(caller.speech.is_speaking(), "nothing is said any more"),
            Stage::Connecting(_) | Stage::Talking(_) | Stage::Away(_) => panic!("there is nobody to talk to"),
            Stage::Over => assert!(caller.record.has_ended(), "over and not ended"),
        }
    }

    /// Only who is asked for a key hears nothing.
    fn check_silence(&self) {
        let Some(caller) = self.board.callers.get(&self.contact) else { return };
        let open = self.now.mono - self.asked_at < Settings::default().answer_max;
        let last = self.orders.last().filter(|order| open && order.number > self.answered);
        let is_asked = |run: &Run| run.waits_for_answer() && last.is_some_and(|order| order.number == run.asked());
        let asked = matches!(&caller.stage, Stage::Menu(run) if is_asked(run));
        let waits = asked || matches!(caller.stage, Stage::Waiting(_));
        if let Some(since) = self.quiet_since.filter(|_| waits) {
            // Until then a key was waited for.
            let since = if asked { since.max(self.asked_at) } else { since };
            assert!(self.now.mono - since <= SILENCE_MAX, "silence since {since:?}");
        }
    }

    fn finish(mut self) {
        self.event(Event::LegEnded {
            leg: self.leg,
            cause: LegEnd::RemoteHangup,
            detail: "over".to_owned(),
            stats: LegStats::default(),
        });
        self.pass(Span::from_s(60));
        let counts = self.board.counts();
        assert_eq!((counts.calls, counts.contacts, counts.unsaved), (0, 0, 0));
    }
}

/// A pass about a transaction.
fn pass() -> Pass {
    let number = || Pii::new("261101000014".to_owned());
    Pass {
        id: 1.into(),
        wallet: "jinqiao".to_owned(),
        code: PassHash::new("ab".to_owned()),
        topic: Topic::Status,
        language: Language::En,
        told: Told { transaction: Some(number()), description: number(), error_text: number() },
        screenshot: None,
        made_at: Wall(0),
        expires_at: Wall(1),
        contact: None,
    }
}

fn found() -> Helped {
    let (verdict, tail) = ("overdue".to_owned(), "000014".to_owned());
    let view = TransactionView {
        id: "261101000014".to_owned(),
        kind: "cross_border".to_owned(),
        status: "pending".to_owned(),
        verdict: verdict.clone(),
        by: None,
        basis: BTreeMap::new(),
        events: Vec::new(),
    };
    let message = Message::Status { transaction: tail.clone(), verdict, by: None, basis: None, reference: None };
    let basis = Some(BasisKind::Rule);
    let said = StatusSaid { tail, standing: TransactionStanding::Overdue, basis, reference: None };
    Helped::Found(Box::new(Found { said, view, message, correlation_id: "c".to_owned() }))
}

/// Neither the code nor a number stands in it.
#[track_caller]
fn say_nothing(text: &str) {
    for secret in [CODE, NUMBERS[0], NUMBERS[1]] {
        assert!(!text.contains(secret), "`{secret}` stands in {text}");
    }
}

fn run(world: World, shows_number: bool, ops: &[Op]) {
    let caller = if shows_number { format!("+86{}", NUMBERS[0]) } else { String::new() };
    let mut outside = Outside::new(world, &caller);
    for op in ops {
        outside.happen(op);
    }
    outside.finish();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, max_shrink_iters: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn the_dialogues_leave_nobody_alone_and_tell_nothing(shows in any::<bool>(), ops in prop::collection::vec(op(), 1..120)) {
        run(world::small(), shows, &ops);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, max_shrink_iters: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn the_shipped_dialogues_do_neither(shows in any::<bool>(), ops in prop::collection::vec(op(), 1..120)) {
        run(world::shipped(), shows, &ops);
    }
}
