//! Trunks: carriers whose calls come in and by way of whom calls go out. Says whose a call is, whether there is place for it, what
//! may be dialled and where it goes; keeps registrations and knows which targets answer. Decides nothing about what a call is for.

mod call;
mod challenge;
mod counters;
mod exchange;
mod limits;
mod lookup;
mod number;
mod probe;
mod recognise;
mod register;
mod rules;
mod settings;
mod target;

pub(super) use call::{Attempt, Ways, dial};
pub(super) use counters::Counters;
pub use counters::{RegistrationState, TrunkCounters, TrunkStatus};
pub(super) use limits::{Direction, NoPlace};
pub use number::{NumberFormat, NumberPlan, Rewrite};
pub(super) use recognise::{Proof, Recogniser, Seen};
pub use rules::{BadRule, DialRule, NumberKind, NumberKinds};
pub use settings::{Account, BadTarget, Login, Secret, Target, TrunkSettings};

use super::peer::Hop;
use super::plane::Shared;
use crate::DialRefusal;
use limits::Limits;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use target::{Place, Standing, lot, order};
use tokio::time::Instant;

/// Addresses that one call tries: with the patience of each, nobody waits for more.
const WAYS_MAX: usize = 6;

/// How long carriers are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrunkTimers {
    /// Without a word on our INVITE within this time the call goes on to the next target.
    pub patience: Duration,
    /// How long a probe or a registration is waited for.
    pub answer: Duration,
    /// How often a target that is down is probed, and the first pause after a registration that failed.
    pub retry: Duration,
    /// The longest pause after a registration that failed; each is twice as long as the one before.
    pub retry_max: Duration,
    /// How often the names of targets are looked up.
    pub lookup: Duration,
}

impl Default for TrunkTimers {
    /// Two lost datagrams may delay a first word by 1.5 s; a caller who waits for the next target waits less than 3 s.
    fn default() -> Self {
        Self {
            patience: Duration::from_millis(2_500),
            answer: Duration::from_secs(5),
            retry: Duration::from_secs(5),
            retry_max: Duration::from_secs(300),
            lookup: Duration::from_secs(60),
        }
    }
}

/// A trunk at work.
#[derive(Debug)]
pub(super) struct Trunk {
    pub(super) settings: TrunkSettings,
    pub(super) counters: Counters,
    places: Vec<Place>,
    limits: Limits,
    registration: Mutex<RegistrationState>,
}

/// All of them.
pub(super) struct Trunks {
    all: Vec<Arc<Trunk>>,
    kinds: NumberKinds,
}

/// A live call's place on its trunk; dropping it makes place for another.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) trunk: Arc<Trunk>,
    direction: Direction,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.trunk.limits.leave(self.direction);
    }
}

/// A call that may be placed.
#[derive(Debug)]
struct Booking {
    slot: Slot,
    /// The callee, as the carrier is told it.
    number: String,
    /// What the callee is shown, as the carrier is told it; empty when it is withheld.
    shown: String,
}

/// One address that a call may take.
#[derive(Debug, Clone)]
struct Way {
    /// Which of the trunk's places it leads to.
    place: usize,
    hop: Hop,
}

impl Trunks {
    pub(super) fn new(settings: Vec<TrunkSettings>, kinds: NumberKinds, now: Instant) -> Self {
        Self { all: settings.into_iter().map(|settings| Arc::new(Trunk::new(settings, now))).collect(), kinds }
    }

    /// Keeps names, probes and registrations up, until the engine takes no more calls.
    pub(super) fn start(shared: &Arc<Shared>) {
        for trunk in &shared.trunks.all {
            for at in 0..trunk.places.len() {
                if trunk.places[at].is_named() {
                    shared.trunk_tasks.spawn(lookup::keep(Arc::clone(shared), Arc::clone(trunk), at));
                }
                if let Some(every) = trunk.settings.probe {
                    shared.trunk_tasks.spawn(probe::keep(Arc::clone(shared), Arc::clone(trunk), at, every));
                }
            }
            if let Some(asked) = trunk.settings.account.as_ref().and_then(|account| account.register) {
                shared.trunk_tasks.spawn(register::keep(Arc::clone(shared), Arc::clone(trunk), asked));
            }
        }
    }

    pub(super) fn statuses(&self, now: Instant) -> Vec<TrunkStatus> {
        self.all.iter().map(|trunk| trunk.status(now)).collect()
    }

    /// Finds a trunk that may dial the number, and a place on it. What is refused is counted where it was refused.
    fn book(&self, trunk: Option<&str>, number: &str, caller_id: &str, now: Instant) -> Result<Booking, DialRefusal> {
        let mut refused: Option<(&Arc<Trunk>, DialRefusal)> = None;
        let named = |known: &&Arc<Trunk>| trunk.is_none_or(|id| known.settings.id == id) && !known.places.is_empty();
        for trunk in self.all.iter().filter(named) {
            match trunk.book(number, caller_id, &self.kinds, now) {
                Ok(booking) => return Ok(booking),
                // Of several trunks the one that would have dialled it says why it did not.
                Err(why) if refused.is_none_or(|(_, before)| before == DialRefusal::NotAllowed) => refused = Some((trunk, why)),
                Err(_) => {}
            }
        }
        let Some((trunk, why)) = refused else { return Err(DialRefusal::NoTrunk) };
        trunk.count_refusal(why);
        Err(why)
    }
}

impl Trunk {
    fn new(settings: TrunkSettings, now: Instant) -> Self {
        let probed = settings.probe.is_some();
        let registers = settings.account.as_ref().is_some_and(|account| account.register.is_some());
        Self {
            counters: Counters::default(),
            places: settings.targets.iter().map(|target| Place::new(target.clone(), probed)).collect(),
            limits: Limits::new(settings.calls_max, settings.calls_per_second, now),
            registration: Mutex::new(if registers { RegistrationState::Absent } else { RegistrationState::Off }),
            settings,
        }
    }

    /// Takes a place for a call.
    pub(super) fn enter(self: &Arc<Self>, direction: Direction, now: Instant) -> Result<Slot, NoPlace> {
        self.limits.enter(direction, now)?;
        self.counters.entered(direction);
        Ok(Slot { trunk: Arc::clone(self), direction })
    }

    /// The line that is dialled. A carrier we register with calls the Contact we registered, and names the number in To.
    pub(super) fn line(&self, request_uri: &str, to: &str) -> String {
        let is_ours = self.settings.account.as_ref().is_some_and(|account| account.user == request_uri);
        self.settings.numbers.incoming(if is_ours && !to.is_empty() { to } else { request_uri })
    }

    /// The calling number as we know it.
    pub(super) fn caller(&self, number: &str) -> String {
        self.settings.numbers.incoming(number)
    }

    fn book(self: &Arc<Self>, number: &str, caller_id: &str, kinds: &NumberKinds, now: Instant) -> Result<Booking, DialRefusal> {
        let numbers = &self.settings.numbers;
        let number = numbers.outgoing(number).ok_or(DialRefusal::NotANumber)?;
        rules::check(&self.settings.allow, &number, kinds)?;
        if self.places.iter().all(|place| place.addresses().is_empty()) {
            return Err(DialRefusal::Unreachable);
        }
        let slot = self.enter(Direction::Out, now).map_err(|no_place| match no_place {
            NoPlace::Full => DialRefusal::TooManyCalls,
            NoPlace::TooFast => DialRefusal::TooFast,
        })?;
        let shown = self.settings.caller_ids.get(caller_id).map_or(caller_id, String::as_str);
        let shown = numbers.outgoing(shown).map_or_else(|| shown.to_owned(), |shown| numbers.written(&shown));
        Ok(Booking { slot, number: numbers.written(&number), shown })
    }

    fn count_refusal(&self, why: DialRefusal) {
        let counters = &self.counters;
        match why {
            DialRefusal::NotANumber => Counters::add(&counters.dials_not_a_number),
            DialRefusal::NotAllowed => Counters::add(&counters.dials_not_allowed),
            DialRefusal::Premium => Counters::add(&counters.dials_premium),
            DialRefusal::UnknownKind => Counters::add(&counters.dials_unknown_kind),
            DialRefusal::TooManyCalls | DialRefusal::TooFast => Counters::add(&counters.dials_limited),
            DialRefusal::Unreachable => Counters::add(&counters.dials_unreachable),
            // Not a trunk's word.
            DialRefusal::NoTrunk | DialRefusal::Stopping => {}
        }
    }

    /// The addresses to try, best first.
    fn ways(&self, now: Instant) -> VecDeque<Way> {
        let standing =
            |place: &Place| Standing { up: place.is_up(now), priority: place.target.priority, weight: place.target.weight };
        let standings: Vec<Standing> = self.places.iter().map(standing).collect();
        let ways = order(&standings, lot).into_iter().flat_map(|at| {
            let place = &self.places[at];
            let (transport, host) = (place.target.transport, place.target.host.clone());
            let way = move |address| Way { place: at, hop: Hop { transport, address, flow: None, host: host.clone() } };
            place.addresses().iter().copied().map(way).collect::<Vec<_>>()
        });
        ways.take(WAYS_MAX).collect()
    }

    /// Whether an address is one of its targets'.
    fn leads_to(&self, source: IpAddr) -> bool {
        self.places.iter().any(|place| place.addresses().iter().any(|address| address.ip().to_canonical() == source))
    }

    /// A call or a registration had no answer from a target.
    fn found_silent(&self, at: usize, now: Instant) {
        self.went_down(at, now);
        self.places[at].suspected.notify_one();
    }

    /// A target did not answer.
    fn went_down(&self, at: usize, now: Instant) {
        let place = &self.places[at];
        if place.is_down_now(now) {
            tracing::warn!(trunk = %self.settings.id, target = %place.target.host_port(), "a trunk's target does not answer, or takes no calls");
        }
    }

    /// A target answered.
    fn came_up(&self, at: usize) {
        let place = &self.places[at];
        if place.is_up_now() {
            tracing::info!(trunk = %self.settings.id, target = %place.target.host_port(), "a trunk's target answers again");
        }
    }

    fn registration_is(&self, state: RegistrationState) {
        *self.registration.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn status(&self, now: Instant) -> TrunkStatus {
        TrunkStatus {
            id: self.settings.id.clone(),
            registration: *self.registration.lock().unwrap_or_else(PoisonError::into_inner),
            targets: self.places.iter().map(|place| (place.target.host_port(), place.is_up(now))).collect(),
            live_in: self.limits.live(Direction::In),
            live_out: self.limits.live(Direction::Out),
            counters: self.counters.read(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trunks(all: &[(&str, &str, &str, u32)]) -> Trunks {
        let settings = |&(id, target, allow, calls_max): &(&str, &str, &str, u32)| TrunkSettings {
            id: id.to_owned(),
            targets: target.split_whitespace().map(|target| target.parse().unwrap()).collect(),
            allow: allow.split_whitespace().map(|rule| rule.parse().unwrap()).collect(),
            calls_max: Some(calls_max),
            caller_ids: [("8000".to_owned(), "+864001234567".to_owned())].into(),
            ..TrunkSettings::default()
        };
        Trunks::new(all.iter().map(settings).collect(), Box::new(|_| NumberKind::Ordinary), Instant::now())
    }

    #[test]
    fn a_call_takes_the_first_trunk_that_may_dial_it_and_has_a_place() {
        let trunks = trunks(&[
            ("inbound", "", "+*", 9),
            ("home", "192.0.2.1", "+86*", 1),
            ("spare", "192.0.2.2", "+86*", 1),
            ("named", "sbc.carrier.example", "+44*", 1),
        ]);
        let book = |trunk, number| trunks.book(trunk, number, "8000", Instant::now());
        let first = book(None, "+8610").unwrap();
        let second = book(None, "+8610").unwrap();
        assert_eq!([&first, &second].map(|booking| booking.slot.trunk.settings.id.as_str()), ["home", "spare"]);
        assert_eq!((first.number.as_str(), first.shown.as_str()), ("+8610", "+864001234567"));
        for (trunk, number, why) in [
            (None, "+8610", DialRefusal::TooManyCalls),
            (None, "+1", DialRefusal::NotAllowed),
            (None, "+44", DialRefusal::Unreachable),
            (Some("spare"), "+44", DialRefusal::NotAllowed),
            (Some("inbound"), "+8610", DialRefusal::NoTrunk),
            (Some("other"), "+8610", DialRefusal::NoTrunk),
            (None, "reception", DialRefusal::NotANumber),
        ] {
            assert_eq!(book(trunk, number).unwrap_err(), why, "{trunk:?} {number}");
        }
        drop(first);
        assert!(book(Some("home"), "+8610").is_ok());
        let counted = trunks.statuses(Instant::now())[1].counters;
        assert_eq!((counted.dials_limited, counted.dials_not_a_number, counted.calls_out), (1, 1, 2));
    }

    #[test]
    fn a_carrier_that_calls_our_contact_names_the_line_in_to() {
        let settings = TrunkSettings {
            account: Some(Account {
                user: "account7".to_owned(),
                password: Secret::new(String::new()),
                domain: String::new(),
                register: None,
            }),
            ..TrunkSettings::default()
        };
        let trunk = Trunk::new(settings, Instant::now());
        for (request_uri, to, line) in [("account7", "8000", "8000"), ("8001", "8000", "8001"), ("account7", "", "account7")] {
            assert_eq!(trunk.line(request_uri, to), line);
        }
    }
}
