//! The money side of the other company's machine: what was paid, what was given back under which key, and what became of every key. It
//! misbehaves on demand, outlives the hotline's process, and never gives back twice under one key. It does not look at sums: that no
//! more goes back than was paid is the hotline's own doing here.

use crate::dice::Dice;
use std::collections::{BTreeMap, VecDeque};
use walletline_core::kernel::time::Mono;

/// What can be given back of: payments come in three sizes, so that nobody, one checker or a supervisor has to agree. Minor units.
const PRICES: [i64; 3] = [19_900, 150_000, 900_000];

/// A payment, by what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchase {
    /// Which of the numbers paid it.
    pub payer: usize,
    /// How much, in minor units.
    pub captured: i64,
}

/// The nth payment.
#[must_use]
pub const fn purchase(n: usize) -> Purchase {
    Purchase { payer: n % crate::directory::TRANSACTIONS.len(), captured: PRICES[n % PRICES.len()] }
}

/// What the nth payment is called.
#[must_use]
pub fn transaction(n: usize) -> String {
    format!("2612{n:08}")
}

/// A request to give money back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveBack {
    /// The idempotency key.
    pub key: String,
    /// Of which payment.
    pub transaction: String,
    /// How much, in minor units.
    pub minor: i64,
}

/// What became of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The money is back.
    Done,
    /// Refused for good.
    Failed,
    /// Accepted; carried out, or refused, when its time has come.
    Pending,
}

/// How one request about money fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TillFault {
    /// As it should: done at once.
    None,
    /// It cannot be reached: nothing is sent.
    Unreachable,
    /// It fails before it acts.
    FailsBefore,
    /// It acts, and no answer comes.
    ActsSilently,
    /// The request arrives long after the client gave up, and is carried out then.
    Late,
    /// It acts at the last moment at which its answer is still waited for.
    Slow,
    /// It turns the request away, and remembers nothing of it.
    TurnsAway,
    /// It says no, for good, and remembers that.
    Refuses,
    /// It says no, for good, and remembers nothing: asked by the key it knows none.
    RefusesUnrecorded,
    /// It accepts, and carries out later: found by asking.
    Accepts,
    /// It accepts, carries out later, and calls back, now and then twice or never.
    CallsBack,
    /// It accepts, and refuses later.
    AcceptsAndFails,
    /// It accepts and calls back before its answer arrives.
    CallsBackFirst,
    /// The network delivers the request twice.
    Twice,
    /// It acts and answers with a word that is not known.
    Strange,
    /// It acts, answers nothing, and for a while does not know the key when asked.
    Forgetful,
}

/// Every way a request about money can fare badly.
pub const TILL_FAULTS: [TillFault; 15] = [
    TillFault::Unreachable,
    TillFault::FailsBefore,
    TillFault::ActsSilently,
    TillFault::Late,
    TillFault::Slow,
    TillFault::TurnsAway,
    TillFault::Refuses,
    TillFault::RefusesUnrecorded,
    TillFault::Accepts,
    TillFault::CallsBack,
    TillFault::AcceptsAndFails,
    TillFault::CallsBackFirst,
    TillFault::Twice,
    TillFault::Strange,
    TillFault::Forgetful,
];

/// How requests about money fare for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TillWeather {
    /// Every request the same way.
    Steady(TillFault),
    /// The next one this way, those after it as they should.
    Once(TillFault),
    /// Each its own way.
    Stormy,
}

/// What is on its way to or in the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Coming {
    /// A request whose sender has given up.
    Request(GiveBack),
    /// An accepted one is carried out.
    Completion(GiveBack),
    /// An accepted one is refused.
    Failure(String),
    /// The hotline is called back about a key.
    Callback(String),
}

/// The till.
#[derive(Debug)]
pub struct Till {
    /// What was given back, each with the key it was given back under.
    pub ledger: Vec<GiveBack>,
    /// Every key it took.
    pub keys: BTreeMap<String, Taken>,
    /// How requests fare.
    pub weather: TillWeather,
    /// Keys of which it says until then that it never received them.
    denied: BTreeMap<String, Mono>,
    coming: VecDeque<(Mono, Coming)>,
    /// Keys whose requests the hotline is sending this moment.
    pub sending: BTreeMap<String, u32>,
    /// It does not know a key again: a test wants to see that found.
    pub forgets: bool,
}

impl Default for Till {
    fn default() -> Self {
        Self {
            ledger: Vec::new(),
            keys: BTreeMap::new(),
            weather: TillWeather::Steady(TillFault::None),
            denied: BTreeMap::new(),
            coming: VecDeque::new(),
            sending: BTreeMap::new(),
            forgets: false,
        }
    }
}

impl Till {
    /// How the next request fares.
    pub fn fault(&mut self, dice: &mut Dice) -> TillFault {
        match self.weather {
            TillWeather::Steady(fault) => fault,
            TillWeather::Once(fault) => {
                self.weather = TillWeather::Steady(TillFault::None);
                fault
            }
            TillWeather::Stormy if dice.percent(30) => TillFault::None,
            TillWeather::Stormy => dice.one_of(&TILL_FAULTS).unwrap_or(TillFault::None),
        }
    }

    /// Gives money back, or answers what became of its key.
    pub fn give_back(&mut self, asked: &GiveBack) -> Taken {
        if let Some(known) = self.keys.get(&asked.key).filter(|_| !self.forgets) {
            return *known;
        }
        self.ledger.push(asked.clone());
        self.keys.insert(asked.key.clone(), Taken::Done);
        Taken::Done
    }

    /// Accepts a request; it is carried out, or refused, after this while.
    pub fn accept(&mut self, asked: &GiveBack, completes: Mono, fails: bool) -> Taken {
        if let Some(known) = self.keys.get(&asked.key) {
            return *known;
        }
        self.keys.insert(asked.key.clone(), Taken::Pending);
        let coming = if fails { Coming::Failure(asked.key.clone()) } else { Coming::Completion(asked.clone()) };
        self.coming.push_back((completes, coming));
        Taken::Pending
    }

    /// Refuses a request for good.
    pub fn refuse(&mut self, asked: &GiveBack) -> Taken {
        *self.keys.entry(asked.key.clone()).or_insert(Taken::Failed)
    }

    /// A request will arrive by then.
    pub fn travels(&mut self, arrives: Mono, asked: GiveBack) {
        self.coming.push_back((arrives, Coming::Request(asked)));
    }

    /// The hotline will be called back about a key.
    pub fn calls_back(&mut self, at: Mono, key: &str) {
        self.coming.push_back((at, Coming::Callback(key.to_owned())));
    }

    /// Until then it says of a key that it never received it.
    pub fn denies(&mut self, key: &str, until: Mono) {
        self.denied.insert(key.to_owned(), until);
    }

    /// What it says of a key now; none when it never received it.
    #[must_use]
    pub fn outcome(&self, key: &str, now: Mono) -> Option<Taken> {
        if self.denied.get(key).is_some_and(|until| now < *until) {
            return None;
        }
        self.keys.get(key).copied()
    }

    /// Whether money goes back under a key once all that is on its way has arrived: what somebody finds out who looks well.
    #[must_use]
    pub fn gives_back(&self, key: &str) -> bool {
        let coming = |coming: &Coming| match coming {
            Coming::Request(asked) => asked.key == key && self.keys.get(key) != Some(&Taken::Failed),
            Coming::Completion(asked) => asked.key == key,
            Coming::Failure(_) | Coming::Callback(_) => false,
        };
        self.keys.get(key) == Some(&Taken::Done) || self.coming.iter().any(|(_, what)| coming(what))
    }

    /// When the next thing that is on its way arrives.
    #[must_use]
    pub fn next_arrival(&self) -> Option<Mono> {
        self.coming.iter().map(|(at, _)| *at).min()
    }

    /// What was on its way until now arrives; the keys that the hotline is called back about.
    pub fn arrive(&mut self, now: Mono) -> Vec<String> {
        let (due, later): (VecDeque<_>, VecDeque<_>) = self.coming.drain(..).partition(|(at, _)| *at <= now);
        self.coming = later;
        let mut called_back = Vec::new();
        for (_, coming) in due {
            match coming {
                Coming::Request(asked) => {
                    self.give_back(&asked);
                }
                Coming::Completion(asked) => {
                    if self.keys.get(&asked.key) == Some(&Taken::Pending) {
                        self.keys.insert(asked.key.clone(), Taken::Done);
                        self.ledger.push(asked);
                    }
                }
                Coming::Failure(key) => {
                    self.keys.insert(key, Taken::Failed);
                }
                Coming::Callback(key) => called_back.push(key),
            }
        }
        called_back
    }
}
