//! What must hold whatever happens, in whatever order: random events against the switchboard, with a store that keeps versions as
//! the real one does, and legs that end as the voice engine ends them. A failure is printed as the shortest sequence that shows it.

#[path = "../../tests/rig/world.rs"]
pub(super) mod world;

mod check;
mod happening;
mod phoning;
mod rows;

use super::event::{Act, Event, LegEnd, LegStats, Monitor, Target};
use super::legs::Party;
use super::{Switchboard, World};
use crate::agent::{PresenceState, Reason};
use crate::call::Channel;
use crate::commit::{Change, Commit};
use crate::help::Reported;
use crate::identity::{Claim, Linked};
use crate::kernel::assurance::Factor;
use crate::kernel::ids::{ContactId, IdSource, LegId, OfferId, RecordingId, StaffId};
use crate::kernel::pii::Pii;
use crate::kernel::subject::Subject;
use crate::kernel::time::{Mono, Now, Span, Wall};
use crate::switchboard::command::Command;
use crate::switchboard::help::{Help, Helped, Push};
use crate::switchboard::live::Snapshot;
use crate::switchboard::step::Step;
use happening::{Op, op, rough_op};
use proptest::prelude::*;
use rows::Rows;
use std::collections::{BTreeMap, BTreeSet};

struct Outside {
    board: Switchboard,
    now: Now,
    ids: IdSource,
    screen: Snapshot,
    rows: Rows,
    tickets: BTreeMap<u64, Commit>,
    /// Legs that are there, with what they play.
    legs: BTreeMap<LegId, Option<u64>>,
    hung_up: BTreeSet<LegId>,
    /// Legs whose phone was promised to hear how its transfer goes.
    referring: BTreeSet<LegId>,
    /// Whom each leg hears.
    hears: BTreeMap<LegId, BTreeSet<LegId>>,
    /// Legs whose customer nobody may hear.
    secured: BTreeSet<LegId>,
    /// Recordings, and whether they have silence now.
    masked: BTreeMap<RecordingId, bool>,
    /// Legs that heard something to its end.
    told: BTreeSet<LegId>,
    /// The last question of each contact, and which code is to be checked.
    asked: BTreeMap<ContactId, (u64, Option<Factor>)>,
    /// What came back right in a contact.
    proved: BTreeSet<(ContactId, Factor)>,
    offers: Vec<(OfferId, StaffId)>,
    contacts: Vec<ContactId>,
    panicked: bool,
}

fn nth<T: Copy>(items: impl IntoIterator<Item = T>, n: usize) -> Option<T> {
    let items: Vec<T> = items.into_iter().collect();
    (!items.is_empty()).then(|| items[n % items.len()])
}

impl Outside {
    fn new(world: World) -> Self {
        let board = Switchboard::new(world, IdSource::new(7));
        Self {
            screen: board.snapshot(),
            board,
            now: Now { mono: Mono(1_000_000_000), wall: Wall(1_795_000_000_000_000) },
            ids: IdSource::new(11),
            rows: Rows::default(),
            tickets: BTreeMap::new(),
            legs: BTreeMap::new(),
            hung_up: BTreeSet::new(),
            referring: BTreeSet::new(),
            hears: BTreeMap::new(),
            secured: BTreeSet::new(),
            masked: BTreeMap::new(),
            told: BTreeSet::new(),
            asked: BTreeMap::new(),
            proved: BTreeSet::new(),
            offers: Vec::new(),
            contacts: Vec::new(),
            panicked: false,
        }
    }

    fn happen(&mut self, op: &Op) {
        match op.clone() {
            Op::Dial { line, web } => {
                let leg: LegId = self.ids.next(self.now.wall);
                self.legs.insert(leg, None);
                let channel = if web { Channel::WebCall } else { Channel::Voice };
                let line = ["8000", "8001", "4711"][line].to_owned();
                self.event(Event::CallArrived {
                    leg,
                    line,
                    caller: Pii::new(String::new()),
                    channel,
                    trunk: String::new(),
                    language: None,
                    pass: None,
                });
            }
            Op::Reach { line, keys } => {
                let leg: LegId = self.ids.next(self.now.wall);
                self.legs.insert(leg, None);
                let line = ["8000", "8001", "8002"][line].to_owned();
                let (caller, channel) = (Pii::new(String::new()), Channel::Voice);
                self.event(Event::CallArrived { leg, line, caller, channel, trunk: String::new(), language: None, pass: None });
                self.up(leg);
                for digit in ["20", "10", "9", "24", "2130"][keys % 5].chars() {
                    self.event(Event::Digit { leg, digit });
                }
            }
            Op::Man(agent, how) => {
                let agent = staff(agent);
                if how % 3 != 0 {
                    self.event(Event::DeskConnected { agent });
                    self.act(agent, Act::SetPresence(PresenceState::Ready));
                }
                if how % 3 != 1 {
                    self.event(Event::PhoneRegistered { agent });
                }
            }
            Op::Take => {
                let Some(offer) = self.screen.offers.values().next_back().cloned() else { return };
                let caller = &self.board.callers[&offer.contact.id];
                let leg = match caller.offer().and_then(|offer| offer.phone) {
                    Some(phone) => phone,
                    None => {
                        let leg: LegId = self.ids.next(self.now.wall);
                        if !self.act(offer.agent, Act::AcceptOffer { offer: offer.id, leg }) {
                            return;
                        }
                        self.legs.insert(leg, None);
                        leg
                    }
                };
                self.up(leg);
            }
            Op::Up(n) => {
                if let Some(leg) = nth(self.legs.keys().copied(), n) {
                    self.up(leg);
                }
            }
            Op::Digit(n, digit) => {
                if let Some(leg) = nth(self.legs.keys().copied(), n) {
                    self.event(Event::Digit { leg, digit });
                }
            }
            Op::Heard(n) => {
                let playing = self.legs.iter().filter_map(|(leg, playing)| Some((*leg, (*playing)?)));
                if let Some((leg, playback)) = nth(playing, n) {
                    self.legs.insert(leg, None);
                    self.told.insert(leg);
                    self.event(Event::PlaybackEnded { leg, playback, interrupted: false });
                }
            }
            Op::EndLeg(n, cause) => {
                let causes = [
                    LegEnd::RemoteHangup,
                    LegEnd::Cancelled,
                    LegEnd::Rejected,
                    LegEnd::Vanished,
                    LegEnd::LocalHangup,
                    LegEnd::Busy,
                ];
                if let Some(leg) = nth(self.legs.keys().copied(), n) {
                    self.end(leg, causes[cause % causes.len()]);
                }
            }
            Op::Obey(n) => {
                if let Some(leg) = nth(self.hung_up.iter().copied(), n) {
                    self.end(leg, LegEnd::LocalHangup);
                }
            }
            Op::Desk(agent, what) => {
                let agent = staff(agent);
                self.event(match what % 4 {
                    0 | 1 => Event::DeskConnected { agent },
                    2 => Event::DeskHeartbeat { agent },
                    _ => Event::DeskDisconnected { agent },
                });
            }
            Op::Phone(agent, true) => self.event(Event::PhoneRegistered { agent: staff(agent) }),
            Op::Phone(agent, false) => self.event(Event::PhoneUnregistered { agent: staff(agent) }),
            Op::Ask(agent, state) => {
                let ready = PresenceState::Ready;
                let states =
                    [ready, ready, PresenceState::NotReady(Reason::Meal), PresenceState::LoggedOut, PresenceState::Talking];
                self.act(staff(agent), Act::SetPresence(states[state % states.len()]));
            }
            Op::Accept(n, right) => {
                if let Some((offer, agent)) = nth(self.offers.iter().rev().take(4).copied(), n) {
                    let leg: LegId = self.ids.next(self.now.wall);
                    self.legs.insert(leg, None);
                    let agent = if right { agent } else { staff(n) };
                    if !self.act(agent, Act::AcceptOffer { offer, leg }) {
                        self.legs.remove(&leg);
                    }
                }
            }
            Op::Decline(n) => {
                if let Some((offer, agent)) = nth(self.offers.iter().rev().take(4).copied(), n) {
                    self.act(agent, Act::DeclineOffer { offer });
                }
            }
            Op::HangUp(agent, n) => {
                if let Some(contact) = nth(self.contacts.iter().copied(), n) {
                    self.act(staff(agent), Act::HangUp { contact });
                }
            }
            Op::Finish(agent, n) => {
                if let Some(contact) = nth(self.contacts.iter().copied(), n) {
                    self.act(staff(agent), Act::FinishWrapUp { contact });
                }
            }
            Op::Hold(n, hold) => {
                if let Some((agent, contact)) = nth(self.with_agents(), n) {
                    self.act(agent, if hold { Act::Hold { contact } } else { Act::Resume { contact } });
                }
            }
            Op::Challenge(n, how) => {
                if let Some((agent, contact)) = nth(self.with_agents(), n) {
                    let number = (how % 3 != 0).then(|| Pii::new("19000000001".to_owned()));
                    let factor = if how % 2 == 0 { Factor::SecondFactor } else { Factor::SmsCode };
                    self.act(
                        agent,
                        match how % 23 {
                            0 | 7 | 14 => Act::EndChallenge { contact },
                            11 => Act::SuspectPressure { contact },
                            19 => Act::FollowTransaction { contact },
                            13 => Act::Report { contact, what: Reported::Unauthorised, transaction: None },
                            5 | 17 => Act::AskApp { contact, number, linked: Linked::Identity },
                            _ => Act::Challenge { contact, factor, number },
                        },
                    );
                }
            }
            Op::Answer(n, how) => {
                let Some((contact, (number, checks))) = nth(self.asked.iter().map(|(k, v)| (*k, *v)), n) else { return };
                let subject = Subject::new(format!("s{}", how % 2));
                let msisdn = Pii::new("+8619000000001".to_owned());
                let help = match (checks, how % 6) {
                    (Some(factor), 0..=2) => {
                        Helped::Proved { factor, challenge: 1.into(), subject: Subject::new("s0".to_owned()), name: None }
                    }
                    (Some(factor), _) => Helped::NotProved { factor },
                    (None, 0) => Helped::NotANumber,
                    (None, 1) => Helped::CodeLimited,
                    (None, 2) => {
                        let push = Push { id: Some("1".to_owned()), expires_at: self.now.wall + Span::from_s(9) };
                        Helped::AppAsks { code: Pii::new("427".to_owned()), push }
                    }
                    (None, 3) if how % 5 == 0 => Helped::AppWaits,
                    (None, 3) => Helped::AppRefused,
                    (None, _) => Helped::Claimed(Claim { wallet: "jinqiao".to_owned(), msisdn, subject }),
                };
                if let Helped::Proved { factor, .. } = help {
                    self.proved.insert((contact, factor));
                }
                self.event(Event::Helped { contact, number, help: Box::new(help) });
            }
            Op::Transfer(n, to, blind) => {
                if let Some((agent, contact)) = nth(self.with_agents(), n) {
                    let queue = nth(self.board.queues.keys(), to / 5).cloned().unwrap_or_default();
                    let to = match to % 5 {
                        0 => Target::Queue(queue),
                        1 | 2 => Target::Outside(["bank", "bank", "insurer", "nobody"][to / 5 % 4].to_owned()),
                        _ => Target::Agent(staff(to)),
                    };
                    self.act(agent, Act::Transfer { contact, to, blind });
                }
            }
            Op::HandOut(n, blind) => {
                let Some((agent, contact)) = nth(self.with_agents(), n) else { return };
                let number = if self.board.callers.get(&contact).is_some_and(|c| c.record.contact().wallet == "harbor") {
                    "insurer"
                } else {
                    "bank"
                };
                if self.act(agent, Act::Transfer { contact, to: Target::Outside(number.to_owned()), blind }) {
                    let leg = self.board.callers[&contact].dialled().map(|dialled| dialled.far.leg);
                    self.up(leg.unwrap());
                    if n % 2 == 0 {
                        self.act(agent, Act::Leave { contact });
                    }
                }
            }
            Op::Far(n, what) => {
                let outside = self.board.legs.iter().filter(|(_, (_, party))| *party == Party::Outside).map(|(leg, _)| *leg);
                let Some(leg) = nth(outside.collect::<Vec<_>>(), n) else { return };
                match what % 6 {
                    0 => self.end(leg, LegEnd::RemoteHangup),
                    1 => self.end(leg, LegEnd::Busy),
                    2 => self.event(Event::LegRinging { leg }),
                    _ => self.up(leg),
                }
            }
            Op::Part(n, back) => {
                if let Some((agent, contact)) = nth(self.with_agents(), n) {
                    self.act(agent, if back { Act::TakeBack { contact } } else { Act::Leave { contact } });
                }
            }
            Op::Watch(n, how) => {
                let Some(contact) = nth(self.screen.calls.keys().copied(), n) else { return };
                // Most of the time the one who may.
                let agent = if how % 9 == 0 { staff(n) } else { staff(3) };
                let leg: LegId = self.ids.next(self.now.wall);
                let act = match how % 5 {
                    0 => Act::StopMonitoring { contact },
                    1 => Act::TakeOver { contact, leg },
                    2 => Act::Monitor { contact, mode: Monitor::Listen, leg },
                    3 => Act::Monitor { contact, mode: Monitor::Whisper, leg },
                    _ => Act::Monitor { contact, mode: Monitor::Barge, leg },
                };
                self.legs.insert(leg, None);
                if !self.act(agent, act) || !self.board.legs.contains_key(&leg) {
                    self.legs.remove(&leg);
                } else if how % 3 != 0 {
                    self.up(leg);
                }
            }
            Op::Reconnect(n, up) => {
                if let Some((agent, contact)) = nth(self.with_agents(), n) {
                    let leg: LegId = self.ids.next(self.now.wall);
                    self.legs.insert(leg, None);
                    if !self.act(agent, Act::Reconnect { contact, leg }) {
                        self.legs.remove(&leg);
                    } else if up {
                        self.up(leg);
                    }
                }
            }
            Op::PhoneHolds(n, hold) => {
                if let Some(leg) = nth(self.legs.keys().copied(), n) {
                    self.event(if hold { Event::Held { leg } } else { Event::Resumed { leg } });
                }
            }
            Op::Refers(n, to) => self.refers(n, to),
            Op::Dials(n, to) => self.dials(n, to),
            Op::Pass(ms) => self.pass(Span::from_ms(ms)),
            Op::Store(n, durable) => {
                if let Some(ticket) = nth(self.tickets.keys().copied(), n) {
                    self.settle(ticket, durable);
                }
            }
            Op::Staff(n) => {
                let members = world::staff();
                let mut member = members[n % members.len()].clone();
                member.languages.reverse();
                self.event(Event::StaffChanged(Box::new(member)));
            }
            Op::Panic(n) => {
                if let Some(contact) = nth(self.board.callers.keys().copied(), n) {
                    self.board.callers.remove(&contact);
                    self.board.inside = true;
                    self.panicked = true;
                    if n % 2 == 0 {
                        // What a refused act put in order is told with the next step.
                        let refused = self.board.act(self.now, staff(n), Act::SetPresence(PresenceState::Talking));
                        assert!(refused.is_err());
                    }
                    self.event(Event::Deadline);
                }
            }
            Op::Drain => self.event(Event::Drain),
        }
    }

    /// Who is with which contact, or finishes its record.
    fn with_agents(&self) -> Vec<(StaffId, ContactId)> {
        self.screen.contacts.keys().map(|(contact, agent)| (*agent, *contact)).collect()
    }

    fn up(&mut self, leg: LegId) {
        let dialog = Some("dialog".to_owned());
        self.event(Event::LegAnswered { leg, codec: "PCMA".to_owned(), encryption: "none".to_owned(), dialog });
    }

    fn settle(&mut self, ticket: u64, durable: bool) {
        let Some(commit) = self.tickets.remove(&ticket) else { return };
        if durable {
            self.rows.write(&commit);
            self.event(Event::Committed { ticket });
        } else {
            self.event(Event::CommitFailed { ticket });
        }
    }

    fn end(&mut self, leg: LegId, cause: LegEnd) {
        if self.legs.remove(&leg).is_some() {
            self.hung_up.remove(&leg);
            self.referring.remove(&leg);
            self.hears.remove(&leg);
            self.secured.remove(&leg);
            self.hears.values_mut().for_each(|heard| _ = heard.remove(&leg));
            self.event(Event::LegEnded { leg, cause, detail: "over".to_owned(), stats: LegStats::default() });
        }
    }

    fn pass(&mut self, span: Span) {
        let until = self.now.mono + span;
        while let Some(at) = self.board.next_deadline().filter(|at| *at <= until) {
            self.forward(at);
            self.event(Event::Deadline);
            let now = self.now.mono;
            assert!(self.board.next_deadline().is_none_or(|next| next > now), "a deadline is left behind");
        }
        self.forward(until);
    }

    fn forward(&mut self, to: Mono) {
        let span = to - self.now.mono;
        self.now = Now { mono: self.now.mono + span, wall: self.now.wall + span };
    }

    fn event(&mut self, event: Event) {
        let step = self.board.handle(self.now, event);
        self.take(step);
    }

    fn act(&mut self, agent: StaffId, act: Act) -> bool {
        let before = self.board.snapshot();
        match self.board.act(self.now, agent, act) {
            Ok((step, _)) => {
                self.take(step);
                true
            }
            Err(_) => {
                assert_eq!(before, self.board.snapshot(), "a refused act changes nothing");
                false
            }
        }
    }

    fn take(&mut self, step: Step) {
        assert!(step.then.is_empty(), "nothing waits for the disk yet");
        for command in step.now {
            match command {
                Command::Play { leg, playback, .. } | Command::PlayMusic { leg, playback } => {
                    if let Some(playing) = self.legs.get_mut(&leg) {
                        *playing = Some(playback);
                    }
                }
                Command::DialPhone { leg, .. } => {
                    self.legs.insert(leg, None);
                }
                Command::DialOutside { leg, number, shown, .. } => {
                    let allowed = [("8000", "+861088880000"), ("8001", "+442079460100"), ("8002", "+861088880000")];
                    assert!(
                        allowed.contains(&(&*shown, &*number)),
                        "only a number of the wallet is dialled, and its line is shown"
                    );
                    self.legs.insert(leg, None);
                }
                Command::Hangup { leg } if self.legs.contains_key(&leg) => {
                    assert!(self.panicked || !self.referring.contains(&leg), "a phone is told before it is let go");
                    self.hung_up.insert(leg);
                }
                Command::Reject { leg, .. } if self.board.legs.contains_key(&leg) => {
                    self.hung_up.insert(leg);
                }
                Command::Reject { leg, .. } => {
                    self.legs.remove(&leg);
                }
                Command::AnswerRefer { leg, refused } => self.answered_refer(leg, refused),
                // What is said to a phone that is gone reaches nobody.
                Command::ReportRefer { leg, .. } if !self.legs.contains_key(&leg) => {}
                Command::ReportRefer { leg, .. } => assert!(self.referring.remove(&leg), "nobody is told who did not ask"),
                Command::Bridge { a, b } => {
                    assert!(a != b && !self.hung_up.contains(&a));
                    assert!([a, b].iter().all(|leg| self.legs.contains_key(leg)), "nobody is joined with a leg that is over");
                    for (leg, other) in [(a, b), (b, a)] {
                        self.hears.insert(leg, [other].into());
                        self.legs.entry(leg).and_modify(|playing| *playing = None);
                    }
                }
                Command::Mix { leg, hears } => {
                    assert!(!hears.contains(&leg), "nobody hears themselves");
                    self.hears.insert(leg, hears.into_iter().collect());
                }
                Command::Unbridge { a, b } => {
                    self.hears.remove(&a);
                    self.hears.remove(&b);
                }
                Command::Publish(event) => {
                    self.screen.apply(&event);
                    if let super::live::LiveEvent::OfferMade { offer } = *event {
                        self.offers.push((offer.id, offer.agent));
                    }
                }
                Command::Help(order) => {
                    self.asked.insert(order.contact, (order.number, checked(&order.help)));
                }
                Command::Secure { leg, on } => {
                    let changed = if on { self.secured.insert(leg) } else { self.secured.remove(&leg) };
                    assert!(changed, "silence begins and ends in turn");
                }
                Command::Record(order) => _ = self.masked.insert(order.recording, order.masked),
                Command::MaskRecording { recording, on } => {
                    assert_eq!(self.masked.insert(recording, on), Some(!on), "a mask begins and ends in turn");
                }
                Command::DiscardRecording { recording } => _ = self.masked.remove(&recording),
                Command::Answer { .. } | Command::SendDigits { .. } | Command::Stop { .. } | Command::Hangup { .. } => {}
            }
        }
        if let Some((ticket, commit)) = step.commit {
            let opened = commit.changes().iter().filter_map(|change| match change {
                Change::Contact(0, contact) => Some(contact.id),
                _ => None,
            });
            self.contacts.extend(opened);
            self.tickets.insert(ticket, commit);
        }
        self.check();
    }

    /// Everything comes to an end: nothing of it is left, and nobody is stuck.
    fn finish(mut self) {
        while let Some(leg) = self.legs.keys().next().copied() {
            self.end(leg, LegEnd::RemoteHangup);
        }
        for _ in 0..3 {
            while let Some(ticket) = self.tickets.keys().next().copied() {
                self.settle(ticket, true);
            }
            self.pass(Span::from_s(11));
        }
        while let Some(ticket) = self.tickets.keys().next().copied() {
            self.settle(ticket, true);
        }
        let counts = self.board.counts();
        assert_eq!((counts.calls, counts.contacts, counts.unsaved, counts.offers), (0, 0, 0, 0));
        assert!(self.board.legs.is_empty() && self.board.waiting.iter().next().is_none());
        if !self.panicked {
            assert_eq!(self.rows.ended.len(), self.rows.contacts.len(), "every contact ended");
            assert_eq!(counts.records_lost, 0);
            assert!(self.rows.challenged.is_empty(), "every code that was asked for came to an end");
            for contact in &self.contacts {
                let lines = self.rows.lines.iter().filter(|(owner, _)| owner == contact).map(|(_, seq)| *seq);
                assert!(lines.enumerate().all(|(n, seq)| u32::try_from(n) == Ok(seq)), "no line is missing");
            }
        }
        self.pass(Span::from_s(2 * 3_600));
        for agent in self.board.agents.values() {
            let rests = matches!(agent.presence(), PresenceState::LoggedOut | PresenceState::Ready | PresenceState::NotReady(_));
            assert!(rests, "an agent is stuck in {:?}", agent.presence());
        }
    }
}

/// Which code is to be checked.
const fn checked(help: &Help) -> Option<Factor> {
    match help {
        Help::CheckCode { .. } => Some(Factor::SmsCode),
        Help::CheckSecond { .. } => Some(Factor::SecondFactor),
        _ => None,
    }
}

fn staff(n: usize) -> StaffId {
    StaffId::from([1024_u128, 1025, 1026, 1027, 1040, 1099][n % 6])
}

fn run(world: World, ops: &[Op]) {
    let mut outside = Outside::new(world);
    for op in ops {
        let levels = outside.levels();
        outside.happen(op);
        outside.check_levels(&levels, op);
    }
    outside.finish();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, max_shrink_iters: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_in_the_small_world(ops in prop::collection::vec(op(), 1..150)) {
        run(world::small(), &ops);
    }

    #[test]
    fn the_laws_hold_through_panics_and_the_order_to_stop(ops in prop::collection::vec(rough_op(), 1..150)) {
        run(world::small(), &ops);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, max_shrink_iters: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_in_the_shipped_world(ops in prop::collection::vec(rough_op(), 1..150)) {
        run(world::shipped(), &ops);
    }
}
