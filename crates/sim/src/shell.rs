//! The edge of a simulated process: its tasks, the time they wait, and everything that outlives them. A task stops at every step
//! that takes time (a commit, a reading, a request, a pause) and goes on when the world's clock has come to it; a process that is
//! killed loses its tasks wherever they stand. Nothing here reads a clock or waits for real time.

use crate::checkers;
use crate::defect::Defect;
use crate::dice::Dice;
use crate::journal::Journal;
use crate::model::Model;
use crate::names::Names;
use crate::wallet::Wallet;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use walletline_core::commit::{Change, Commit};
use walletline_core::kernel::ids::{ContactId, RunId};
use walletline_core::kernel::time::{Mono, Now, Span, Wall};
use walletline_core::switchboard::event::Event;
use walletline_core::switchboard::help::{Help, Helped, Order};
use walletline_store::{CommitError, ReadError, Store};

/// What the store does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreWeather {
    /// It answers at once.
    Up,
    /// It takes seconds.
    Slow,
    /// It does not answer.
    Down,
    /// Commits become durable, and now and then nobody hears of it: self-service and the outbox are left in doubt, the switchboard
    /// waits until the store speaks again.
    Deaf,
}

/// What a task waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    /// Its turn at the writer: commits keep their order.
    Commit,
    /// Time.
    Time,
    /// Time, or an errand that became durable.
    Errand,
}

#[derive(Debug)]
struct Gate {
    wait: Wait,
    task: u64,
    due: Mono,
}

/// Something a process does beside its loop.
pub(crate) type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The edge. A clone is the same.
#[derive(Clone)]
pub struct Shell(Rc<Inner>);

/// What the edge is made of.
pub struct Inner {
    /// Both clocks.
    pub now: Cell<Now>,
    /// This run of the process, for what it claims.
    pub(crate) run: Cell<RunId>,
    /// Chance.
    pub dice: RefCell<Dice>,
    /// Names for what is new.
    pub names: RefCell<Names>,
    /// Where rows are.
    pub store: Store,
    /// What the store does.
    pub store_weather: Cell<StoreWeather>,
    /// The other company.
    pub wallet: RefCell<Wallet>,
    /// What is written down while the store is down.
    pub journal: RefCell<Journal>,
    /// What became durable.
    pub model: RefCell<Model>,
    /// Orders that wait, by contact; a contact that is here is being served.
    pub(crate) orders: RefCell<BTreeMap<ContactId, VecDeque<Order>>>,
    /// What waits for the switchboard.
    pub(crate) inbox: RefCell<VecDeque<Event>>,
    /// What is wrong with this world, when a test wants to see it found.
    pub defect: Cell<Option<Defect>>,
    /// What did not hold.
    broken: RefCell<Vec<String>>,
    born: RefCell<Vec<Task>>,
    gates: RefCell<BTreeMap<u64, Gate>>,
    last_gate: Cell<u64>,
    task: Cell<u64>,
    writer_free: Cell<Mono>,
    errand_waits: Cell<bool>,
}

impl std::ops::Deref for Shell {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Shell {
    /// An edge over this store and this wallet.
    #[must_use]
    pub fn new(seed: u64, now: Now, store: Store, wallet: Wallet) -> Self {
        Self(Rc::new(Inner {
            now: Cell::new(now),
            run: Cell::new(RunId::from(0)),
            dice: RefCell::new(Dice::new(seed ^ 0x7368_656c)),
            names: RefCell::new(Names::new(seed)),
            store,
            store_weather: Cell::new(StoreWeather::Up),
            wallet: RefCell::new(wallet),
            journal: RefCell::default(),
            model: RefCell::default(),
            orders: RefCell::default(),
            inbox: RefCell::default(),
            defect: Cell::new(None),
            broken: RefCell::default(),
            born: RefCell::default(),
            gates: RefCell::default(),
            last_gate: Cell::new(0),
            task: Cell::new(0),
            writer_free: Cell::new(Mono(0)),
            errand_waits: Cell::new(false),
        }))
    }

    /// The wall clock.
    #[must_use]
    pub fn wall(&self) -> Wall {
        self.now.get().wall
    }

    /// Something that must always hold did not.
    pub fn broken(&self, checker: &str, what: impl std::fmt::Display) {
        self.broken.borrow_mut().push(format!("{checker}: {what}"));
    }

    /// Notes what a checker found.
    pub(crate) fn note(&self, checker: &str, found: Result<(), String>) {
        if let Err(what) = found {
            self.broken(checker, what);
        }
    }

    /// The first thing that did not hold.
    #[must_use]
    pub fn first_broken(&self) -> Option<String> {
        self.broken.borrow().first().cloned()
    }

    /// Tells the switchboard.
    pub fn post(&self, event: Event) {
        self.inbox.borrow_mut().push_back(event);
    }

    /// Answers a caller's question.
    pub(crate) fn answer(&self, order: &Asked, help: Helped) {
        self.model.borrow_mut().answered.insert((order.contact, order.number));
        self.post(Event::Helped { contact: order.contact, number: order.number, help: Box::new(help) });
    }

    /// Starts a task.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.born.borrow_mut().push(Box::pin(task));
    }

    pub(crate) fn take_born(&self) -> Vec<Task> {
        std::mem::take(&mut *self.born.borrow_mut())
    }

    /// Waits.
    pub(crate) async fn pause(&self, span: Span) {
        self.wait(Wait::Time, self.now.get().mono + span).await;
    }

    /// Waits for some time between two spans of milliseconds.
    pub(crate) async fn pause_between(&self, low: u64, high: u64) {
        let ms = self.dice.borrow_mut().between(low, high);
        self.pause(Span::from_ms(ms)).await;
    }

    /// Waits, or less when an errand becomes durable meanwhile or did while nobody waited.
    pub(crate) async fn pause_for_errand(&self, span: Span) {
        let span = if self.errand_waits.take() { Span(0) } else { span };
        self.wait(Wait::Errand, self.now.get().mono + span).await;
    }

    async fn wait(&self, wait: Wait, due: Mono) {
        let gate = self.last_gate.get() + 1;
        self.last_gate.set(gate);
        self.gates.borrow_mut().insert(gate, Gate { wait, task: self.task.get(), due });
        poll_fn(|_| if self.gates.borrow().contains_key(&gate) { Poll::Pending } else { Poll::Ready(()) }).await;
    }

    /// The gate that opens next.
    pub(crate) fn next_gate(&self) -> Option<(Mono, u64)> {
        self.gates.borrow().iter().map(|(id, gate)| (gate.due, *id)).min()
    }

    /// Opens a gate; the task that waited at it.
    pub(crate) fn open(&self, gate: u64) -> Option<u64> {
        self.gates.borrow_mut().remove(&gate).map(|gate| gate.task)
    }

    /// Runs a task until it waits for the world's time; true when it is over.
    pub(crate) async fn drive(&self, id: u64, task: &mut Task) -> bool {
        poll_fn(|context| {
            self.task.set(id);
            let over = task.as_mut().poll(context).is_ready();
            let waits = self.gates.borrow().values().any(|gate| gate.task == id);
            // Neither: it waits for the real database, which wakes it.
            if over || waits { Poll::Ready(over) } else { Poll::Pending }
        })
        .await
    }

    /// The process is gone.
    pub(crate) fn process_ended(&self) {
        self.gates.borrow_mut().clear();
        self.born.borrow_mut().clear();
        self.inbox.borrow_mut().clear();
        self.journal.borrow_mut().process_ended();
        self.wallet.borrow_mut().till.sending.clear();
        let mut model = self.model.borrow_mut();
        self.orders.borrow_mut().clear();
        // Whoever asked is gone with the process: nobody owes them an answer.
        model.asked.clear();
        model.answered.clear();
        self.writer_free.set(self.now.get().mono);
        self.errand_waits.set(false);
    }

    fn down(&self) -> bool {
        self.store_weather.get() == StoreWeather::Down
    }

    fn store_ms(&self) -> u64 {
        let mut dice = self.dice.borrow_mut();
        match self.store_weather.get() {
            StoreWeather::Up | StoreWeather::Deaf => dice.between(1, 20),
            StoreWeather::Slow => dice.between(200, 4_500),
            StoreWeather::Down => dice.between(1, 3_000),
        }
    }

    /// Reads rows.
    pub(crate) async fn read<T>(&self, question: impl Future<Output = Result<T, ReadError>>) -> Result<T, ReadError> {
        let ms = self.store_ms();
        self.pause(Span::from_ms(ms)).await;
        if self.down() {
            return Err(ReadError::Unavailable("it is down".to_owned()));
        }
        question.await
    }

    /// Makes a commit durable, of self-service or of a job.
    pub(crate) async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let outcome = self.write(commit).await;
        if outcome.is_ok() && self.is_unheard() {
            return Err(CommitError::InDoubt("it fell silent".to_owned()));
        }
        outcome
    }

    /// Makes a commit of the switchboard durable. It is tried again when it was not kept, and so is told nothing while that is in
    /// doubt.
    pub(crate) async fn commit_beyond_doubt(&self, commit: Commit) -> Result<(), CommitError> {
        let outcome = self.write(commit).await;
        if outcome.is_ok() && self.is_unheard() {
            if self.defect.get() == Some(Defect::DoubtsDenied) {
                return Err(CommitError::Unavailable("it fell silent".to_owned()));
            }
            while matches!(self.store_weather.get(), StoreWeather::Deaf | StoreWeather::Down) {
                self.pause_between(500, 2_000).await;
            }
        }
        outcome
    }

    /// The answer to what became durable just now is lost.
    fn is_unheard(&self) -> bool {
        self.store_weather.get() == StoreWeather::Deaf && self.dice.borrow_mut().percent(25)
    }

    async fn write(&self, commit: Commit) -> Result<(), CommitError> {
        let ms = self.store_ms();
        let due = self.writer_free.get().max(self.now.get().mono + Span::from_ms(ms));
        self.writer_free.set(due);
        self.wait(Wait::Commit, due).await;
        if self.down() {
            return Err(CommitError::Unavailable("it is down".to_owned()));
        }
        let outcome = self.write_now(commit).await;
        // Durable, and nobody has heard of it yet: a process that dies here must lose nothing.
        self.pause_between(0, 3).await;
        outcome
    }

    /// Makes a commit durable at once: the start of a process.
    pub(crate) async fn write_now(&self, commit: Commit) -> Result<(), CommitError> {
        let kept = self.defect.get().map_or_else(|| commit.clone(), |defect| defect.written(&commit));
        let stored = self.defect.get().map_or_else(|| kept.clone(), |defect| defect.kept(&kept));
        let outcome = self.store.commit(stored).await;
        match &outcome {
            Ok(()) => self.kept(&kept),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Unavailable(why) | CommitError::InDoubt(why)) => {
                self.broken("world", format!("the real store failed: {why}"));
            }
        }
        outcome
    }

    /// A commit is durable: the model learns it, the checkers look at it, whoever waits for errands is woken.
    fn kept(&self, commit: &Commit) {
        let mut model = self.model.borrow_mut();
        self.note("private", checkers::private::commit(commit, &self.names.borrow(), &self.wallet.borrow()));
        self.note("audited", checkers::audited::commit(commit));
        self.note("codes", checkers::codes::commit(commit, &model));
        self.note("limits", checkers::limits::commit(commit, &model));
        self.note("refund_permitted", checkers::refund_permitted::commit(commit, &model));
        self.note("single_effect", checkers::single_effect::commit(commit, &model, &self.journal.borrow()));
        let applied = model.apply(commit);
        self.note("record_agrees", applied);
        self.note("codes", checkers::codes::levels(commit, &model, &self.wallet.borrow()));
        self.note("ends_once", checkers::ends_once::commit(commit, &model));
        self.note("refund_sums", checkers::refund_sums::commit(commit, &model));
        if commit.changes().iter().any(|change| matches!(change, Change::Errand(..))) {
            let now = self.now.get().mono;
            let mut waits = false;
            for gate in self.gates.borrow_mut().values_mut().filter(|gate| gate.wait == Wait::Errand) {
                (gate.due, waits) = (now.min(gate.due), true);
            }
            self.errand_waits.set(!waits);
        }
    }
}

/// Whose order is carried out.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) contact: ContactId,
    pub(crate) number: u64,
    pub(crate) wallet: String,
    pub(crate) caller: walletline_core::kernel::pii::Pii<String>,
    pub(crate) trunk: String,
    pub(crate) language: walletline_core::kernel::language::Language,
}

impl Asked {
    pub(crate) fn of(order: Order) -> (Self, Help) {
        let Order { contact, number, wallet, caller, trunk, language, help } = order;
        (Self { contact, number, wallet, caller, trunk, language }, help)
    }
}
