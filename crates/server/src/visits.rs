//! Customers on the help pages: who is there, by the key of their page's session; what they ask, given to the helper; and their records, saved
//! beside the requests. In memory like calls, and lost with the process like calls: the next start closes what was open. It decides
//! nothing: the visit does.

use crate::engine::Clock;
use crate::help::{Asker, Given, Helper, view};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex as AsyncMutex, Notify, OwnedMutexGuard, mpsc};
use tokio::time::{sleep, timeout};
use walletline_core::help::{Came, NewVisit, NotAsked, Visit, Wish};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::{Mono, Now, Span};
use walletline_core::switchboard::help::Helped;

/// Visits at once: a few kilobytes each, and 15 minutes at the least.
const VISITS_MAX: usize = 5_000;

/// How often idle visits are looked for, and what is not saved yet is saved.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// An answer that takes longer is none: below the longest that a request may take.
const ANSWER_MAX: Duration = Duration::from_secs(12);

/// A code that comes back sooner than anybody can read one waits until then: how long its sending took is not to be learned from how long
/// the answer takes.
const CODE_SETTLES: Span = Span::from_s(2);

/// How often, and how many times, it is looked whether the wallet has answered an act: three seconds, as most answer in one.
const ACT_LOOK_EVERY: Duration = Duration::from_millis(200);
const ACT_LOOKS: u32 = 15;

/// Customers on the help pages. A clone is the same.
#[derive(Clone)]
pub struct Visits(Arc<Parts>);

struct Parts {
    helper: Helper,
    clock: Clock,
    orders: mpsc::Sender<Given>,
    retention: Span,
    book: Mutex<Book>,
    /// Something is to be saved.
    changed: Notify,
}

type Shared = Arc<AsyncMutex<Open>>;

#[derive(Default)]
struct Book {
    /// By the key of the session.
    open: HashMap<String, Shared>,
    /// Over, and not all of it saved.
    leaving: Vec<Shared>,
}

/// A visit, and the question that it waits for.
struct Open {
    visit: Visit,
    told: Option<(u64, mpsc::Receiver<Helped>)>,
    /// When a code was asked for last.
    code_asked: Option<Mono>,
}

/// Why nobody is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOpened {
    /// No phone number of this wallet can be made of it.
    #[error("no phone number of this wallet: write it as the wallet's customers do")]
    NotANumber,
    /// Too many are there.
    #[error("too many visits at once: call, or come back in a few minutes")]
    NoRoom,
    /// The wallet, the store or the way to phones is not there.
    #[error("nobody can be verified at the moment: call, or come back in a few minutes")]
    Unavailable,
}

/// Somebody at the door.
pub(crate) struct Arrival {
    pub(crate) wallet: String,
    /// The number of the wallet's line; empty where it has none.
    pub(crate) line: String,
    pub(crate) language: Language,
    /// The address in the network, as it is counted.
    pub(crate) address: Pii<String>,
    /// The number, as typed.
    pub(crate) number: Pii<String>,
}

/// A visit while one request leads it. Others of the same visit wait for their turn.
pub(crate) struct Visiting {
    visits: Visits,
    key: String,
    open: OwnedMutexGuard<Open>,
}

impl Visits {
    /// Visits whose wishes are carried out by this helper.
    #[must_use]
    pub fn new(helper: Helper, orders: mpsc::Sender<Given>, retention: Span) -> Self {
        let (clock, book, changed) = (helper.clock, Mutex::default(), Notify::new());
        Self(Arc::new(Parts { helper, clock, orders, retention, book, changed }))
    }

    /// A code can reach the customers of this wallet, so that they can show who they are.
    pub(crate) fn can_verify(&self, wallet: &str) -> bool {
        self.0.helper.wallets.get(wallet).is_some() && self.0.helper.messenger.reaches_customers(wallet)
    }

    /// Lets somebody in under this key, and has a code sent to the number they name.
    ///
    /// # Errors
    /// [`NotOpened`]; then nobody was there.
    pub(crate) async fn open(&self, key: String, arrival: Arrival) -> Result<Visiting, NotOpened> {
        let Arrival { wallet, line, language, address, number } = arrival;
        if !self.can_verify(&wallet) {
            return Err(NotOpened::Unavailable);
        }
        // Known before anything is on record: a slip of the finger is no contact.
        if self.0.helper.wallets.number(&wallet, number.expose()).is_none() {
            return Err(NotOpened::NotANumber);
        }
        let now = self.0.clock.now();
        let contact = self.0.helper.names.id(now.wall);
        let new = NewVisit { contact, wallet, line, language, address, retention: self.0.retention };
        let visit = Visit::open(now, new, Arc::clone(&self.0.helper.ladder));
        let shared = Arc::new(AsyncMutex::new(Open { visit, told: None, code_asked: None }));
        let open = Arc::clone(&shared).lock_owned().await;
        if !self.let_in(&key, shared) {
            return Err(NotOpened::NoRoom);
        }
        let mut visiting = Visiting { visits: self.clone(), key, open };
        match visiting.ask(Wish::Code(number)).await {
            Ok(Came::Named) => Ok(visiting),
            Ok(_) | Err(_) => {
                visiting.end(Actor::System, "system");
                Err(NotOpened::Unavailable)
            }
        }
    }

    /// The visit of this key; none when there is none any more.
    pub(crate) async fn enter(&self, key: &str, language: Language) -> Option<Visiting> {
        let shared = Arc::clone(self.book().open.get(key)?);
        let open = shared.lock_owned().await;
        let mut visiting = Visiting { visits: self.clone(), key: key.to_owned(), open };
        // It may have ended, or got another key, while it was waited for.
        if visiting.open.visit.has_ended() || !self.book().open.contains_key(key) {
            return None;
        }
        let now = self.0.clock.now();
        if visiting.open.visit.is_idle(now) {
            visiting.end(Actor::System, "system");
            return None;
        }
        visiting.open.visit.see(now, language);
        Some(visiting)
    }

    /// Ends what is idle and saves what is not saved, until it is told to stop; then ends everything.
    pub(crate) async fn run(self, stop: Arc<Notify>) {
        loop {
            tokio::select! {
                () = stop.notified() => break,
                () = self.0.changed.notified() => {}
                () = sleep(SWEEP_EVERY) => {}
            }
            self.sweep(|visit, now| visit.is_idle(now)).await;
        }
        self.sweep(|_, _| true).await;
    }

    /// Takes a place, from whoever has shown nothing for longest if there is no other.
    fn let_in(&self, key: &str, shared: Shared) -> bool {
        let mut book = self.book();
        if book.open.len() >= VISITS_MAX {
            let unshown = book.open.iter().filter_map(|(key, shared)| {
                let open = shared.try_lock().ok()?;
                (!open.visit.is_verified()).then(|| (open.visit.seen_at(), key.clone()))
            });
            let Some((_, oldest)) = unshown.min() else { return false };
            if let Some(shared) = book.open.remove(&oldest) {
                if let Ok(mut open) = shared.try_lock() {
                    open.visit.end(self.0.clock.now(), Actor::System, "system");
                }
                book.leaving.push(shared);
            }
        }
        book.open.insert(key.to_owned(), shared);
        true
    }

    async fn sweep(&self, is_over: impl Fn(&Visit, Now) -> bool) {
        let now = self.0.clock.now();
        let (open, leaving) = {
            let book = self.book();
            let open: Vec<(String, Shared)> = book.open.iter().map(|(key, open)| (key.clone(), Arc::clone(open))).collect();
            (open, book.leaving.clone())
        };
        for (key, shared) in open {
            // What a request leads at the moment is saved after it.
            let Ok(mut open) = shared.try_lock() else { continue };
            if is_over(&open.visit, now) {
                open.visit.end(now, Actor::System, "system");
                let mut book = self.book();
                book.open.remove(&key);
                book.leaving.push(Arc::clone(&shared));
            }
            self.save(&mut open).await;
        }
        for shared in leaving {
            self.save(&mut *shared.lock().await).await;
        }
        self.book().leaving.retain(|shared| shared.try_lock().map_or(true, |open| !open.visit.is_gone(now)));
    }

    async fn save(&self, open: &mut Open) {
        while let Some(commit) = open.visit.flush(self.0.clock.now()) {
            let saved = self.0.helper.store.commit_beyond_doubt(commit).await;
            if let Err(error) = &saved {
                metrics::counter!("walletline_commits_failed_total").increment(1);
                tracing::warn!(%error, "the record of a visit is not saved: it is tried again");
            }
            open.visit.flushed(self.0.clock.now(), saved.is_ok());
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Visiting {
    /// The visit.
    pub(crate) fn visit(&self) -> &Visit {
        &self.open.visit
    }

    /// Asks, and waits for what is said to it.
    ///
    /// # Errors
    /// [`NotAsked`].
    pub(crate) async fn ask(&mut self, wish: Wish) -> Result<Came, NotAsked> {
        self.settle().await;
        let Parts { helper, clock, orders, .. } = &*self.visits.0;
        match &wish {
            Wish::Code(_) | Wish::AnotherCode => self.open.code_asked = Some(clock.now().mono),
            Wish::CheckCode(_) => {
                let read = self.open.code_asked.map_or(clock.now().mono, |asked| asked + CODE_SETTLES);
                sleep(Duration::from_micros((read - clock.now().mono).0)).await;
            }
            Wish::CheckSecond(_)
            | Wish::Find(_)
            | Wish::Watch
            | Wish::Refundable
            | Wish::Refund
            | Wish::Act(_)
            | Wish::Freeze => {}
        }
        let now = clock.now();
        let challenge = helper.names.id(now.wall);
        let order = self.open.visit.ask(now, challenge, wish)?;
        let (number, (asker, answers)) = (order.number, Asker::visit());
        self.open.told = Some((number, answers));
        if orders.try_send(Given { order, asker }).is_err() {
            self.open.told = None;
            return Ok(Came::Unavailable);
        }
        Ok(timeout(ANSWER_MAX, self.open.answer(*clock)).await.unwrap_or(Came::Unavailable))
    }

    /// Looks how far the last act is, for as long as a page may wait for the wallet.
    pub(crate) async fn follow_act(&mut self) {
        for _ in 0..ACT_LOOKS {
            self.look_at_act().await;
            if self.open.visit.act().is_none_or(|act| act.state.is_over()) {
                return;
            }
            sleep(ACT_LOOK_EVERY).await;
        }
    }

    /// Looks how far the last act is. A store that does not answer leaves what was known.
    pub(crate) async fn look_at_act(&mut self) {
        let Some(known) = self.open.visit.act().cloned() else { return };
        if let Ok(Some((_, operation))) = self.visits.0.helper.store.operation(known.id).await {
            self.open.visit.act_stands(view(&operation, &known.reference));
        }
    }

    /// Gives the visit another key: whoever knows the old one has no way in any more.
    pub(crate) fn rekey(&mut self, key: String) {
        let mut book = self.visits.book();
        if let Some(shared) = book.open.remove(&self.key) {
            book.open.insert(key.clone(), shared);
        }
        drop(book);
        self.key = key;
    }

    /// The customer has finished.
    pub(crate) fn leave(&mut self) {
        self.end(Actor::Caller, "customer");
    }

    fn end(&mut self, actor: Actor, by: &str) {
        let now = self.visits.0.clock.now();
        self.open.visit.end(now, actor, by);
    }

    /// Hears to its end what an earlier question was told, whoever waited for it.
    async fn settle(&mut self) {
        let clock = self.visits.0.clock;
        let open = &mut *self.open;
        let Some((number, answers)) = &mut open.told else { return };
        let hear = async {
            while let Some(help) = answers.recv().await {
                open.visit.helped_late(clock.now(), *number, help);
            }
        };
        // What is still not over then goes on by itself, unheard.
        let _unheard = timeout(ANSWER_MAX, hear).await;
        open.told = None;
    }
}

impl Open {
    /// The first thing said to the question. What is said after it is heard before the next one.
    async fn answer(&mut self, clock: Clock) -> Came {
        let Some((number, answers)) = &mut self.told else { return Came::Unavailable };
        while let Some(help) = answers.recv().await {
            if let Some(came) = self.visit.helped(clock.now(), *number, help) {
                return came;
            }
        }
        Came::Unavailable
    }
}

impl Drop for Visiting {
    /// What the request did is saved, and a visit that is over gives its place back.
    fn drop(&mut self) {
        if self.open.visit.has_ended() {
            let mut book = self.visits.book();
            if let Some(shared) = book.open.remove(&self.key) {
                book.leaving.push(shared);
            }
        }
        self.visits.0.changed.notify_one();
    }
}
