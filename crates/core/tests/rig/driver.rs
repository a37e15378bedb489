//! Drives a switchboard as its engine would: stamps time, fires deadlines when they are due, answers commits, and plays the
//! outside for scripts. Prints what the switchboard orders, line by line.

use super::outside::{Outside, card, on_the_call, ordered};
use std::collections::{BTreeMap, VecDeque};
use walletline_core::agent::{PresenceState, Reason};
use walletline_core::call::{CallerIdTrust, Channel, Fact, Quality};
use walletline_core::commit::{Change, Commit};
use walletline_core::help::Reported;
use walletline_core::identity::Linked;
use walletline_core::kernel::account_act::AccountAct;
use walletline_core::kernel::assurance::Factor;
use walletline_core::kernel::ids::{ContactId, IdSource, LegId, OfferId, StaffId};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::money::Money;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::{Mono, Now, Span, Wall};
use walletline_core::switchboard::command::Command;
use walletline_core::switchboard::event::{Act, Event, LegEnd, LegStats, Monitor, Target};
use walletline_core::switchboard::live::{ContactView, LegView, LiveEvent, Part, Snapshot};
use walletline_core::switchboard::step::Step;
use walletline_core::switchboard::{ActReply, LineState, Switchboard, World};

/// What the store does with commits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Store {
    /// Saves each at once.
    Saves,
    /// Fails each at once.
    Fails,
    /// Keeps them until told.
    Holds,
}

/// A switchboard and its outside.
pub(crate) struct Rig {
    pub(crate) board: Switchboard,
    now: Now,
    ids: IdSource,
    screen: Snapshot,
    out: Vec<String>,
    store: Store,
    show_saves: bool,
    tickets: VecDeque<u64>,
    /// Names of callers and of agents' legs.
    legs: BTreeMap<LegId, String>,
    contacts: BTreeMap<ContactId, String>,
    playing: BTreeMap<LegId, u64>,
    offers: BTreeMap<StaffId, OfferId>,
    outside: Outside,
}

const START_S: u64 = 1_000;

/// The leg to somebody outside.
const FAR: &str = "far end";

/// The state a line is held in; `planned` gives it back to its plan.
fn line_state(word: &str) -> Option<LineState> {
    match word {
        "open" => Some(LineState::Open),
        "closed" => Some(LineState::Closed),
        "holiday" => Some(LineState::Holiday),
        "overload" => Some(LineState::Overload),
        "incident" => Some(LineState::Incident),
        "planned" => None,
        _ => panic!("a line cannot be `{word}`"),
    }
}

impl Rig {
    pub(crate) fn new(world: World) -> Self {
        let board = Switchboard::new(world, IdSource::new(7));
        let screen = board.snapshot();
        Self {
            board,
            now: Now { mono: Mono(START_S * 1_000_000), wall: Wall(1_795_000_000_000_000) },
            ids: IdSource::new(11),
            screen,
            out: Vec::new(),
            store: Store::Saves,
            show_saves: false,
            tickets: VecDeque::new(),
            legs: BTreeMap::new(),
            contacts: BTreeMap::new(),
            playing: BTreeMap::new(),
            offers: BTreeMap::new(),
            outside: Outside::default(),
        }
    }

    /// Runs one line of a script, `+SECONDS WHO WHAT…`, and returns what was ordered.
    pub(crate) fn line(&mut self, line: &str) -> Vec<String> {
        let mut words = line.split_whitespace();
        let wait = words.next().and_then(|wait| wait.strip_prefix('+')).and_then(|wait| wait.parse::<f64>().ok());
        let wait = wait.unwrap_or_else(|| panic!("`{line}` does not begin with +SECONDS"));
        self.pass(Span((wait * 1_000_000.0).round() as u64));
        let words: Vec<&str> = words.collect();
        match words.as_slice() {
            ["time", "passes"] => {}
            ["drain"] => self.event(Event::Drain),
            ["store", what] => self.store(what),
            ["clock", "shows", local] => self.clock_shows(local),
            ["line", line, "is", state] => {
                self.event(Event::LineHeld { line: (*line).to_owned(), state: line_state(state) });
            }
            ["agent", number, act @ ..] => self.agent(number, act),
            ["far", "end", act @ ..] => self.far_end(act),
            ["outside", act @ ..] => {
                let contacts = &self.contacts;
                let event = self.outside.answer(self.now.wall, act, &|name| contact_of(contacts, name));
                self.event(event);
            }
            [name, act @ ..] => self.caller(name, act),
            [] => panic!("`{line}` says nothing"),
        }
        std::mem::take(&mut self.out)
    }

    /// What is left at the end.
    pub(crate) fn rest(&self) -> String {
        let counts = self.board.counts();
        assert_eq!((counts.calls, counts.contacts), (0, 0), "a script ends when every call is over and saved");
        format!("{} records lost", counts.records_lost)
    }

    /// Lets time pass; whatever is due on the way happens at its time.
    pub(crate) fn pass(&mut self, span: Span) {
        let until = self.now.mono + span;
        while let Some(at) = self.board.next_deadline().filter(|at| *at <= until) {
            self.forward(at);
            let before = self.out.len();
            self.event(Event::Deadline);
            let now = self.now.mono;
            assert!(self.board.next_deadline().is_none_or(|next| next > now), "a deadline is left behind");
            let stamp = (self.now.mono.0 - START_S * 1_000_000) as f64 / 1_000_000.0;
            self.out.insert(before, format!("at {stamp}"));
        }
        self.forward(until);
    }

    fn forward(&mut self, to: Mono) {
        let span = to - self.now.mono;
        self.now = Now { mono: self.now.mono + span, wall: self.now.wall + span };
    }

    pub(crate) fn event(&mut self, event: Event) {
        let step = self.board.handle(self.now, event);
        self.take(step);
    }

    /// True when it needs a leg at the desk.
    fn act(&mut self, agent: StaffId, act: Act) -> bool {
        match self.board.act(self.now, agent, act) {
            Ok((step, reply)) => {
                self.take(step);
                matches!(reply, ActReply::Accepted { .. })
            }
            Err(refusal) => {
                self.out.push(format!("refused: {refusal}"));
                false
            }
        }
    }

    fn take(&mut self, step: Step) {
        if let Some((_, commit)) = &step.commit {
            self.learn(commit);
        }
        for command in step.now.into_iter().chain(step.then) {
            let line = self.carry_out(command);
            self.out.extend(Some(line).filter(|line| !line.is_empty()));
        }
        if let Some((_, commit)) = &step.commit {
            self.out.extend(self.levels(commit));
        }
        assert_eq!(self.screen, self.board.snapshot(), "old snapshot + events = fresh snapshot");
        if let Some((ticket, commit)) = step.commit {
            if self.show_saves {
                self.out.extend(saves(&commit));
            }
            match self.store {
                Store::Saves => self.event(Event::Committed { ticket }),
                Store::Fails => self.event(Event::CommitFailed { ticket }),
                Store::Holds => self.tickets.push_back(ticket),
            }
        }
    }

    /// Contacts are named after their callers.
    fn learn(&mut self, commit: &Commit) {
        for change in commit.changes() {
            if let Change::Leg(0, leg) = change
                && let Some(name) = self.legs.get(&leg.id).filter(|_| leg.agent.is_none() && leg.outside.is_none())
            {
                self.contacts.insert(leg.contact, name.clone());
            }
        }
    }

    /// How sure we are of who is calling, whenever that changes.
    fn levels(&self, commit: &Commit) -> Vec<String> {
        let changed = commit.changes().iter().filter_map(|change| match change {
            Change::Timeline(contact, entry) => match &entry.fact {
                Fact::Verified { factor, from, to } => Some((contact, factor, from, to)),
                _ => None,
            },
            _ => None,
        });
        let line = |contact: &ContactId| self.contacts.get(contact).map_or("someone", String::as_str);
        changed.map(|(c, factor, from, to)| format!("{} {} > {} by {}", line(c), from.name(), to.name(), factor.name())).collect()
    }

    fn carry_out(&mut self, command: Command) -> String {
        match command {
            Command::Answer { leg } => format!("answer {}", self.name(leg)),
            Command::Reject { leg, reason } => format!("reject {} {reason:?}", self.name(leg)),
            Command::Play { leg, playback, phrase } => {
                self.playing.insert(leg, playback);
                format!("play {} {} {}", self.name(leg), phrase.language.tag(), phrase.words.replace(['(', ')'], ""))
            }
            Command::PlayMusic { leg, playback } => {
                self.playing.insert(leg, playback);
                format!("music {}", self.name(leg))
            }
            Command::Stop { leg } => format!("stop {}", self.name(leg)),
            Command::DialPhone { leg, agent, shown } => {
                self.legs.insert(leg, format!("phone {}", agent.to_u128()));
                format!("dial phone {} showing `{shown}`", agent.to_u128())
            }
            Command::DialOutside { leg, number, trunk, shown } => {
                self.legs.insert(leg, FAR.to_owned());
                let through = trunk.map_or_else(String::new, |trunk| format!(" through {trunk}"));
                format!("dial {number} outside{through} showing `{shown}`")
            }
            Command::Bridge { a, b } => format!("bridge {} + {}", self.name(a), self.name(b)),
            Command::Mix { leg, hears } => {
                let hears: Vec<String> = hears.iter().map(|leg| self.name(*leg)).collect();
                format!("mix {} hears {}", self.name(leg), if hears.is_empty() { "nobody".to_owned() } else { hears.join(" + ") })
            }
            Command::AnswerRefer { leg, refused: None } => format!("take the transfer of {}", self.name(leg)),
            Command::AnswerRefer { leg, refused: Some(why) } => format!("refuse {} a transfer: {why:?}", self.name(leg)),
            Command::ReportRefer { leg, failed: None } => format!("tell {}: handed over", self.name(leg)),
            Command::ReportRefer { leg, failed: Some(why) } => format!("tell {}: {why:?}", self.name(leg)),
            Command::SendDigits { leg, digits } => format!("keys {digits} to {}", self.name(leg)),
            Command::Unbridge { a, b } => format!("unbridge {} + {}", self.name(a), self.name(b)),
            Command::Record(order) => {
                let masked = if order.masked { " in silence" } else { "" };
                format!("record {} after {} ({}){masked}", self.name(order.leg), order.notice.prompt, order.notice.language.tag())
            }
            Command::MaskRecording { on: true, .. } => "mask the recording".to_owned(),
            Command::MaskRecording { on: false, .. } => "unmask the recording".to_owned(),
            Command::Secure { leg, on: true } => format!("nobody hears {}", self.name(leg)),
            Command::Secure { leg, on: false } => format!("{} may be heard", self.name(leg)),
            Command::DiscardRecording { .. } => "discard the recording".to_owned(),
            Command::Hangup { leg } => format!("hang up {}", self.name(leg)),
            Command::Help(order) => {
                let contact = self.contacts.get(&order.contact).map_or("someone", String::as_str);
                let line = format!("ask for {contact}: {}", ordered(&order.help));
                self.outside.asked(*order);
                line
            }
            Command::Publish(event) => {
                let line = self.live(&event);
                self.screen.apply(&event);
                line
            }
        }
    }

    fn live(&mut self, event: &LiveEvent) -> String {
        let contacts = &self.contacts;
        let contact = |id: &ContactId| contacts.get(id).cloned().unwrap_or_else(|| "someone".to_owned());
        match event {
            LiveEvent::AgentChanged { agent } => {
                let phone = if agent.phone { ", phone" } else { "" };
                let reason = match agent.presence {
                    PresenceState::NotReady(reason) => format!(" ({reason:?})"),
                    _ => String::new(),
                };
                format!("| agent {} {}{reason}{phone}", agent.number, agent.presence.name())
            }
            LiveEvent::QueueChanged { queue } => format!("| queue {} {} waiting", queue.id, queue.waiting),
            LiveEvent::OfferMade { offer } => {
                self.offers.insert(offer.agent, offer.id);
                let view = &offer.contact;
                let language = view.language.map_or("?", Language::tag);
                let (who, to) = (contact(&view.id), offer.agent.to_u128());
                let path = view.path.join(" > ");
                let known = card(view);
                let by = offer.asked_by.as_ref().map_or_else(String::new, |by| format!(" ({} by {})", by.mode, by.number));
                format!("| offer of {who} to {to}{by}: {language}, {:?}, priority {}, {path}{known}", view.service, view.priority)
            }
            LiveEvent::OfferEnded { agent, outcome, .. } => format!("| offer to {} {outcome}", agent.to_u128()),
            LiveEvent::ContactChanged { contact: view } => {
                let agent = view.agent.map_or(0, StaffId::to_u128);
                let state = match (view.connected_at, view.held_at, view.ended_at) {
                    (_, _, Some(_)) => "ended",
                    (_, Some(_), None) => "on hold",
                    (Some(_), None, None) => "connected",
                    (None, None, None) => "connecting",
                };
                // As they come up, legs are what the lines before say.
                let before = view.agent.and_then(|agent| self.screen.contacts.get(&(view.id, agent)));
                let legs = if before.is_some_and(|before| before.connected_at.is_some()) { legs(view) } else { String::new() };
                format!("| {} with {agent}: {state}{}{}{legs}", contact(&view.id), on_the_call(view), card(view))
            }
            // Calls are on the screens of supervisors alone, and say nothing new before one of them listens.
            LiveEvent::CallGone { .. } => String::new(),
            LiveEvent::CallChanged { call } => {
                let listening: Vec<String> =
                    call.parties.iter().map(|party| format!("{} {:?}", party.number, party.part)).collect();
                let watched = call.parties.iter().any(|party| party.part != Part::Speaks);
                if watched { format!("| call of {}: {}", contact(&call.id), listening.join(", ")) } else { String::new() }
            }
            LiveEvent::ContactGone { contact: id, agent } => format!("| {} left {}", contact(id), agent.to_u128()),
        }
    }

    fn name(&self, leg: LegId) -> String {
        self.legs.get(&leg).cloned().unwrap_or_else(|| "unknown leg".to_owned())
    }

    fn leg(&self, name: &str) -> LegId {
        // The newest leg of that name: phones ring again and again.
        let named = self.legs.iter().filter(|(_, known)| *known == name).map(|(leg, _)| *leg);
        named.max().unwrap_or_else(|| panic!("there is no leg `{name}`"))
    }

    /// Sets the wall clock by the clocks of China. Short timers go by the other clock and notice nothing.
    fn clock_shows(&mut self, local: &str) {
        let instant: jiff::Timestamp = format!("{local}:00+08:00").parse().unwrap();
        self.now.wall = Wall(instant.as_microsecond());
    }

    fn store(&mut self, what: &str) {
        match what {
            "shows" => self.show_saves = true,
            "holds" => self.store = Store::Holds,
            "saves" => {
                self.store = Store::Saves;
                for ticket in std::mem::take(&mut self.tickets) {
                    self.event(Event::Committed { ticket });
                }
            }
            "fails" => {
                self.store = Store::Fails;
                for ticket in std::mem::take(&mut self.tickets) {
                    self.event(Event::CommitFailed { ticket });
                }
            }
            _ => panic!("the store cannot `{what}`"),
        }
    }

    fn caller(&mut self, name: &str, act: &[&str]) {
        if let ["dials", line, rest @ ..] = act {
            let leg: LegId = self.ids.next(self.now.wall);
            self.legs.insert(leg, name.to_owned());
            let channel = if rest.contains(&"web") { Channel::WebCall } else { Channel::Voice };
            let caller = rest.iter().find(|word| word.starts_with('+')).copied().unwrap_or("");
            let (line, caller) = ((*line).to_owned(), Pii::new(caller.to_owned()));
            let trunk = if channel == Channel::WebCall { "web" } else { "carrier" }.to_owned();
            let pass = rest.iter().skip_while(|word| **word != "with").nth(1).map(|code| Pii::new((*code).to_owned()));
            let language = rest.iter().find_map(|word| Language::from_tag(word.strip_prefix("in:")?));
            return self.event(Event::CallArrived { leg, line, caller, channel, trunk, language, pass });
        }
        let leg = self.leg(name);
        match act {
            ["is", "up"] => self.up(leg, "PCMA", "none", Some(format!("dialog of {name}"))),
            ["presses", digits] => {
                for digit in digits.chars() {
                    self.event(Event::Digit { leg, digit });
                }
            }
            ["goes", "on", "with", codec, encryption] => {
                let (codec, encryption) = ((*codec).to_owned(), (*encryption).to_owned());
                self.event(Event::LegMediaChanged { leg, codec, encryption });
            }
            ["sounds", how] => self.sounds(leg, how),
            ["heard", "it"] => self.heard(leg, false),
            ["hangs", "up"] => self.end(leg, LegEnd::RemoteHangup),
            ["is", "vouched", "for", trust] => self.event(Event::CallerIdChecked { leg, trust: caller_id(trust) }),
            ["cancels"] => self.end(leg, LegEnd::Cancelled),
            ["vanishes"] => self.end(leg, LegEnd::Vanished),
            ["is", "gone"] => self.end(leg, LegEnd::LocalHangup),
            _ => panic!("a caller cannot {act:?}"),
        }
    }

    fn agent(&mut self, number: &str, act: &[&str]) {
        let agent = StaffId::from(number.parse::<u128>().unwrap());
        let (desk, phone) = (format!("desk {number}"), format!("phone {number}"));
        match act {
            ["opens", "desk"] => self.event(Event::DeskConnected { agent }),
            ["beats"] => self.event(Event::DeskHeartbeat { agent }),
            ["closes", "desk"] => self.event(Event::DeskDisconnected { agent }),
            ["registers"] => self.event(Event::PhoneRegistered { agent }),
            ["unregisters"] => self.event(Event::PhoneUnregistered { agent }),
            ["asks", state] => _ = self.act(agent, Act::SetPresence(presence(state))),
            ["accepts"] => {
                let leg: LegId = self.ids.next(self.now.wall);
                self.legs.insert(leg, desk);
                self.act(agent, Act::AcceptOffer { offer: self.offers[&agent], leg });
            }
            ["declines"] => _ = self.act(agent, Act::DeclineOffer { offer: self.offers[&agent] }),
            ["ends", name] => _ = self.act(agent, Act::HangUp { contact: contact_of(&self.contacts, name) }),
            ["transfers", name, "to", "agent", to] => {
                self.transfer(agent, name, Target::Agent(StaffId::from(to.parse::<u128>().unwrap())), true);
            }
            ["transfers", name, "outside", "to", to] => {
                self.transfer(agent, name, Target::Outside((*to).to_owned()), true);
            }
            ["consults", to, "outside", "about", name] => {
                self.transfer(agent, name, Target::Outside((*to).to_owned()), false);
            }
            ["transfers", name, "to", queue] => self.transfer(agent, name, Target::Queue((*queue).to_owned()), true),
            ["consults", to, "about", name] => {
                self.transfer(agent, name, Target::Agent(StaffId::from(to.parse::<u128>().unwrap())), false);
            }
            ["takes", name, "back"] => _ = self.act(agent, Act::TakeBack { contact: contact_of(&self.contacts, name) }),
            ["challenges", name, "by", "second", "factor"] => {
                let contact = contact_of(&self.contacts, name);
                self.act(agent, Act::Challenge { contact, factor: Factor::SecondFactor, number: None });
            }
            ["asks", "the", "app", "of", name, operation @ ..] => {
                let (contact, number) = (contact_of(&self.contacts, name), None);
                let linked = match operation {
                    ["about", transaction, amount] => {
                        let amount = Money::read(amount, "CNY".parse().unwrap()).unwrap();
                        Linked::Refund { transaction: (*transaction).to_owned(), amount }
                    }
                    _ => Linked::Identity,
                };
                self.act(agent, Act::AskApp { contact, number, linked });
            }
            ["challenges", name, number @ ..] => {
                let number = number.first().map(|number| Pii::new((*number).to_owned()));
                let contact = contact_of(&self.contacts, name);
                self.act(agent, Act::Challenge { contact, factor: Factor::SmsCode, number });
            }
            ["reports", "a", "payment", "of", name, transaction @ ..] => {
                let contact = contact_of(&self.contacts, name);
                let transaction = transaction.first().map(|number| (*number).to_owned());
                self.act(agent, Act::Report { contact, what: Reported::Unauthorised, transaction });
            }
            ["watches", "the", "transaction", "of", name] => {
                self.act(agent, Act::FollowTransaction { contact: contact_of(&self.contacts, name) });
            }
            ["suspects", "pressure", "on", name] => {
                self.act(agent, Act::SuspectPressure { contact: contact_of(&self.contacts, name) });
            }
            ["asks", "to", act, "for", name] => {
                let act = AccountAct::named(act).unwrap_or_else(|| panic!("there is no act `{act}`"));
                self.act(agent, Act::OnAccount { contact: contact_of(&self.contacts, name), act });
            }
            ["ends", "challenge", "of", name] => {
                self.act(agent, Act::EndChallenge { contact: contact_of(&self.contacts, name) });
            }
            ["keys", digits, "to", name] => {
                let contact = contact_of(&self.contacts, name);
                self.act(agent, Act::PressKeys { contact, digits: (*digits).to_owned() });
            }
            ["leaves", name] => _ = self.act(agent, Act::Leave { contact: contact_of(&self.contacts, name) }),
            ["reconnects", name] => {
                let leg: LegId = self.ids.next(self.now.wall);
                self.legs.insert(leg, desk);
                self.act(agent, Act::Reconnect { contact: contact_of(&self.contacts, name), leg });
            }
            ["listens" | "whispers" | "barges", "to", name] => {
                let mode = match act[0] {
                    "listens" => Monitor::Listen,
                    "whispers" => Monitor::Whisper,
                    _ => Monitor::Barge,
                };
                let leg: LegId = self.ids.next(self.now.wall);
                if self.act(agent, Act::Monitor { contact: contact_of(&self.contacts, name), mode, leg }) {
                    self.legs.insert(leg, desk);
                }
            }
            ["stops", "listening", "to", name] => {
                self.act(agent, Act::StopMonitoring { contact: contact_of(&self.contacts, name) });
            }
            ["takes", name, "over"] => {
                let leg: LegId = self.ids.next(self.now.wall);
                if self.act(agent, Act::TakeOver { contact: contact_of(&self.contacts, name), leg }) {
                    self.legs.insert(leg, desk);
                }
            }
            ["holds", name] => _ = self.act(agent, Act::Hold { contact: contact_of(&self.contacts, name) }),
            ["resumes", name] => _ = self.act(agent, Act::Resume { contact: contact_of(&self.contacts, name) }),
            ["phone", "holds"] => self.event(Event::Held { leg: self.leg(&phone) }),
            ["phone", "resumes"] => self.event(Event::Resumed { leg: self.leg(&phone) }),
            ["phone", "transfers", "to", to] => self.refer(self.leg(&phone), to, None),
            ["phone", "joins", "its", "calls"] => {
                self.refer(self.leg(&phone), "", Some(self.leg(&format!("second call {number}"))));
            }
            ["phone", "dials", to] => self.dial(agent, &format!("second call {number}"), to, None),
            ["other", "phone", "takes", leg] => self.dial(agent, "other-phone", "", Some(self.leg(&leg.replace('-', " ")))),
            ["second", "call", "is", "up"] => self.up(self.leg(&format!("second call {number}")), "PCMA", "none", None),
            ["second", "call", "ends"] => self.end(self.leg(&format!("second call {number}")), LegEnd::RemoteHangup),
            ["finishes", name] => _ = self.act(agent, Act::FinishWrapUp { contact: contact_of(&self.contacts, name) }),
            ["audio", "up"] => self.up(self.leg(&desk), "opus", "dtls_srtp", None),
            ["audio", "lost"] => self.end(self.leg(&desk), LegEnd::Vanished),
            ["audio", "sounds", how] => self.sounds(self.leg(&desk), how),
            ["phone", "rings"] => self.event(Event::LegRinging { leg: self.leg(&phone) }),
            ["phone", "answers"] => self.up(self.leg(&phone), "PCMU", "none", Some(format!("dialog of {phone}"))),
            ["phone", "hangs", "up"] => self.end(self.leg(&phone), LegEnd::RemoteHangup),
            ["phone", "refuses"] => self.end(self.leg(&phone), LegEnd::Rejected),
            ["phone", "vanishes"] => self.end(self.leg(&phone), LegEnd::Vanished),
            ["phone", "is", "gone"] => self.end(self.leg(&phone), LegEnd::LocalHangup),
            ["old", "audio", "is", "gone"] => {
                let mut named: Vec<LegId> = self.legs.iter().filter(|(_, known)| **known == desk).map(|(leg, _)| *leg).collect();
                named.sort_unstable();
                self.end(named[named.len() - 2], LegEnd::LocalHangup);
            }
            ["audio", "is", "gone"] => self.end(self.leg(&desk), LegEnd::LocalHangup),
            _ => panic!("an agent cannot {act:?}"),
        }
    }

    /// What somebody outside does who is called, or on a call.
    fn far_end(&mut self, act: &[&str]) {
        let leg = self.leg(FAR);
        match act {
            ["rings"] => self.event(Event::LegRinging { leg }),
            ["answers"] => self.up(leg, "PCMA", "none", Some("dialog of the far end".to_owned())),
            ["heard", "it"] => self.heard(leg, false),
            ["heard", "half", "of", "it"] => self.heard(leg, true),
            ["hangs", "up"] => self.end(leg, LegEnd::RemoteHangup),
            ["vanishes"] => self.end(leg, LegEnd::Vanished),
            ["is", "gone"] => self.end(leg, LegEnd::LocalHangup),
            ["is", "busy"] => self.end(leg, LegEnd::Busy),
            ["declines"] => self.end(leg, LegEnd::Rejected),
            ["is", "forbidden"] => self.end(leg, LegEnd::Forbidden),
            ["has", "no", "room"] => self.end(leg, LegEnd::Full),
            ["cannot", "be", "reached"] => self.end(leg, LegEnd::Unreachable),
            ["presses", digits] => {
                for digit in digits.chars() {
                    self.event(Event::Digit { leg, digit });
                }
            }
            _ => panic!("somebody outside cannot {act:?}"),
        }
    }

    fn transfer(&mut self, agent: StaffId, name: &str, to: Target, blind: bool) {
        self.act(agent, Act::Transfer { contact: contact_of(&self.contacts, name), to, blind });
    }

    fn refer(&mut self, leg: LegId, to: &str, other: Option<LegId>) {
        self.event(Event::TransferAsked { leg, to: Pii::new(to.to_owned()), other });
    }

    fn dial(&mut self, agent: StaffId, name: &str, to: &str, replaces: Option<LegId>) {
        let leg: LegId = self.ids.next(self.now.wall);
        self.legs.insert(leg, name.to_owned());
        self.event(Event::PhoneDialled { leg, agent, number: Pii::new(to.to_owned()), replaces });
    }

    fn up(&mut self, leg: LegId, codec: &str, encryption: &str, dialog: Option<String>) {
        self.event(Event::LegAnswered { leg, codec: codec.to_owned(), encryption: encryption.to_owned(), dialog });
    }

    fn sounds(&mut self, leg: LegId, how: &str) {
        let quality = match how {
            "good" => Quality::Good,
            "fair" => Quality::Fair,
            "poor" => Quality::Poor,
            _ => panic!("nothing sounds `{how}`"),
        };
        self.event(Event::LegSounds { leg, quality });
    }

    fn end(&mut self, leg: LegId, cause: LegEnd) {
        // What plays ends with its leg, and is told before it.
        if let Some(playback) = self.playing.get(&leg).copied() {
            self.event(Event::PlaybackEnded { leg, playback, interrupted: true });
        }
        let stats = LegStats { packets: 100, lost: 1, jitter_ms: 2.0, round_trip_ms: Some(40.0), mos: Some(4.2) };
        self.event(Event::LegEnded { leg, cause, detail: format!("{cause:?}"), stats });
    }

    fn heard(&mut self, leg: LegId, interrupted: bool) {
        let playback = self.playing.get(&leg).copied().unwrap_or_else(|| panic!("nothing plays"));
        self.event(Event::PlaybackEnded { leg, playback, interrupted });
    }
}

/// What carries a call.
fn legs(view: &ContactView) -> String {
    let leg = |leg: &LegView| {
        let other = if leg.outside { FAR } else { "caller" };
        let whose = leg.agent.map_or_else(|| other.to_owned(), |agent| agent.to_u128().to_string());
        let quality = leg.quality.map_or_else(String::new, |quality| format!(" {quality:?}"));
        format!(", {whose} {}{quality}", leg.encryption)
    };
    view.legs.iter().map(leg).collect()
}

fn contact_of(contacts: &BTreeMap<ContactId, String>, name: &str) -> ContactId {
    let named = contacts.iter().filter(|(_, known)| *known == name).map(|(contact, _)| *contact);
    named.max().unwrap_or_else(|| panic!("there is no contact of `{name}`"))
}

fn presence(state: &str) -> PresenceState {
    match state {
        "ready" => PresenceState::Ready,
        "break" => PresenceState::NotReady(Reason::Break),
        "out" => PresenceState::LoggedOut,
        "talking" => PresenceState::Talking,
        _ => panic!("nobody can ask for `{state}`"),
    }
}

fn caller_id(name: &str) -> CallerIdTrust {
    use CallerIdTrust::{Failed, Full, Gateway, None, Partial};
    let known = [Full, Partial, Gateway, Failed, None].into_iter().find(|trust| trust.name() == name);
    known.unwrap_or_else(|| panic!("nobody vouches `{name}`"))
}

fn saves(commit: &Commit) -> Vec<String> {
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    for change in commit.changes() {
        match change {
            Change::Contact(version, contact) => {
                let disposition = contact.disposition.map_or_else(String::new, |found| format!(" {}", found.name()));
                rows.push(format!("contact at {version}{disposition}"));
            }
            Change::Leg(version, leg) => {
                let state = match (&leg.cause, leg.codec.as_str()) {
                    (Some(cause), _) => format!(" ended: {cause}"),
                    (None, "") => String::new(),
                    (None, codec) => format!(" up with {codec}"),
                };
                rows.push(format!("leg at {version}{state}"));
            }
            Change::Timeline(_, entry) => lines.push(format!("log {} {}", entry.seq, entry.fact.text())),
            Change::Presence(row) => rows.push(format!("presence {} {}", row.agent.to_u128(), row.state.name())),
            Change::DialogClosed(_) => rows.push("dialog closed".to_owned()),
            other => rows.push(format!("{other:?}")),
        }
    }
    let actions: Vec<&str> = commit.entries().iter().map(|entry| entry.action.as_str()).collect();
    let head = format!("save {} <{}>", rows.join(", "), actions.join(", "));
    [head].into_iter().chain(lines).collect()
}
