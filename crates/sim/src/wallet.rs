//! Another company's machine: it knows accounts, their status, and what became of every key it was ever sent. It misbehaves on
//! demand, outlives the hotline's process, and never acts twice under one key: that is what a wallet promises.

use crate::dice::Dice;
use crate::till::Till;
use std::collections::{BTreeMap, VecDeque};
use walletline_core::kernel::time::{Mono, Span, Wall};

/// An account.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Frozen by the hotline.
    pub frozen: bool,
    /// When its SIM was swapped.
    pub sim_changed_at: Option<Wall>,
    /// A transaction, and whether it is overdue.
    pub transaction: Option<(String, bool)>,
}

/// What became of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// Carried out.
    Done,
    /// Refused for good.
    Failed,
    /// Accepted; carried out at the next question about it.
    Pending,
}

/// How one request fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// As it should.
    None,
    /// The wallet cannot be reached: nothing is sent.
    Unreachable,
    /// It fails before it acts.
    FailsBefore,
    /// It acts, and no answer comes.
    ActsSilently,
    /// The request arrives long after the client gave up, and is carried out then.
    Late,
    /// It says no.
    Refuses,
    /// It accepts and carries out later.
    Accepts,
    /// The network delivers the request twice.
    Twice,
}

/// How requests fare for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Every request the same way.
    Steady(Fault),
    /// Each its own way.
    Stormy,
}

/// Ways a request can fare badly.
pub const FAULTS: [Fault; 7] =
    [Fault::Unreachable, Fault::FailsBefore, Fault::ActsSilently, Fault::Late, Fault::Refuses, Fault::Accepts, Fault::Twice];

/// A request to freeze an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// The idempotency key.
    pub key: String,
    /// Whose account.
    pub msisdn: String,
}

/// The wallet.
#[derive(Debug)]
pub struct Wallet {
    /// Accounts by number.
    pub accounts: BTreeMap<String, Account>,
    /// What was done, each with the key it was done under.
    pub ledger: Vec<Freeze>,
    /// Every key it was sent.
    pub keys: BTreeMap<String, Received>,
    /// How requests fare.
    pub weather: Weather,
    /// What was paid and given back.
    pub till: Till,
    /// Requests on their way whose sender has given up.
    travelling: VecDeque<(Mono, Freeze)>,
    /// It does not know a key again: a test wants to see that found.
    pub forgets: bool,
    /// What messages said, by the number they were sent to.
    pub sent: BTreeMap<String, Vec<walletline_core::outbox::Message>>,
}

impl Wallet {
    /// A wallet with these accounts.
    #[must_use]
    pub fn new(accounts: BTreeMap<String, Account>) -> Self {
        Self {
            accounts,
            ledger: Vec::new(),
            keys: BTreeMap::new(),
            weather: Weather::Steady(Fault::None),
            till: Till::default(),
            travelling: VecDeque::new(),
            forgets: false,
            sent: BTreeMap::new(),
        }
    }

    /// How the next request fares.
    pub fn fault(&self, dice: &mut Dice) -> Fault {
        match self.weather {
            Weather::Steady(fault) => fault,
            Weather::Stormy if dice.percent(40) => Fault::None,
            Weather::Stormy => dice.one_of(&FAULTS).unwrap_or(Fault::None),
        }
    }

    /// Carries a request out, or answers what became of its key.
    pub fn freeze(&mut self, asked: &Freeze) -> Option<Received> {
        if let Some(known) = self.keys.get(&asked.key).filter(|_| !self.forgets) {
            return Some(*known);
        }
        let account = self.accounts.get_mut(&asked.msisdn)?;
        account.frozen = true;
        self.ledger.push(asked.clone());
        self.keys.insert(asked.key.clone(), Received::Done);
        Some(Received::Done)
    }

    /// Accepts a request without carrying it out.
    pub fn accept(&mut self, asked: &Freeze, now: Mono, after: Span) -> Option<Received> {
        if !self.accounts.contains_key(&asked.msisdn) {
            return None;
        }
        if let Some(known) = self.keys.get(&asked.key) {
            return Some(*known);
        }
        self.keys.insert(asked.key.clone(), Received::Pending);
        self.travelling.push_back((now + after, asked.clone()));
        Some(Received::Pending)
    }

    /// Refuses a request for good.
    pub fn refuse(&mut self, asked: &Freeze) -> Received {
        *self.keys.entry(asked.key.clone()).or_insert(Received::Failed)
    }

    /// A request will arrive by then.
    pub fn travels(&mut self, arrives: Mono, asked: Freeze) {
        self.travelling.push_back((arrives, asked));
    }

    /// When the next request on its way arrives.
    #[must_use]
    pub fn next_arrival(&self) -> Option<Mono> {
        self.travelling.iter().map(|(at, _)| *at).chain(self.till.next_arrival()).min()
    }

    /// What was on its way until now arrives; the keys of refunds that the hotline is called back about.
    pub fn arrive(&mut self, now: Mono) -> Vec<String> {
        let (due, later): (VecDeque<_>, VecDeque<_>) = self.travelling.drain(..).partition(|(at, _)| *at <= now);
        self.travelling = later;
        for (_, asked) in due {
            if self.keys.get(&asked.key) == Some(&Received::Pending) {
                self.keys.remove(&asked.key);
            }
            self.freeze(&asked);
        }
        self.till.arrive(now)
    }
}
