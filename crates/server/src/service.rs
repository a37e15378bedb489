//! Everything that serves callers beside the switchboard: their questions, the outbox, the journal. Started together, and stopped
//! together once the last call is over, so that what a call committed is still sent.

use crate::app::ServeError;
use crate::cases::{self, Cases};
use crate::config::Config;
use crate::connector::messages::receipts::{self, Receipts};
use crate::connector::{Messenger, Wallets};
use crate::engine::{Clock, Handle};
use crate::help::journal::Journal;
use crate::help::{self, Helper, Names, Parts};
use crate::jobs::clocks::{Kept, Timekeeper};
use crate::jobs::{journal, outbox::Outbox, receipts::ReceiptBook};
use crate::keyring::Keyring;
use crate::passes::Passes;
use crate::refunds::{self, Refunds};
use crate::times::Times;
use crate::uploads::{self, Uploads};
use crate::visits::Visits;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use walletline_core::cases::Keep;
use walletline_core::identity::CodeLimits;
use walletline_core::kernel::ids::{IdSource, RunId};
use walletline_core::switchboard::help::Order;
use walletline_core::wallet::FreezeLimits;
use walletline_store::Store;

/// How long what was begun may take to its end when the program stops; what is not done then is taken up at the next start.
const STOP_MAX: Duration = Duration::from_secs(10);

/// What the service stands on.
pub struct Base {
    /// Where rows are.
    pub store: Store,
    /// Where answers go.
    pub engine: Handle,
    /// The clocks.
    pub clock: Clock,
    /// The wallets.
    pub wallets: Wallets,
    /// The way messages leave.
    pub messenger: Messenger,
    /// Usual times.
    pub times: Times,
    /// This run of the program.
    pub run: RunId,
}

/// The running parts.
pub struct Service {
    tasks: JoinSet<()>,
    stop: [Arc<Notify>; 6],
    passes: Passes,
    refunds: Refunds,
    cases: Cases,
    receipts: ReceiptBook,
    visits: Visits,
    messenger: Messenger,
    /// Ends the connections of routes, once nothing is sent any more.
    unbind: CancellationToken,
    links: JoinSet<()>,
}

impl Service {
    /// Starts them.
    ///
    /// # Errors
    /// When the journal that an earlier run left cannot be read.
    pub async fn start(
        config: &Config,
        base: Base,
        keyring: &Keyring,
        ids: IdSource,
        orders: mpsc::Receiver<Order>,
    ) -> Result<Self, ServeError> {
        let Base { store, engine, clock, wallets, messenger, times, run } = base;
        let names = Arc::new(Names::new(keyring, ids));
        let folder = &config.data.dir;
        let journal = Journal::open(folder, store.clone())
            .await
            .map_err(|error| ServeError::new(format!("the journal of freezes: {error}")))?;
        let passes = Passes::new(store.clone(), clock, Arc::clone(&names), keyring, folder);
        let keep: BTreeMap<String, Keep> =
            config.wallets.iter().map(|wallet| (wallet.id.clone(), wallet.keep_recordings)).collect();
        let refunds = Refunds::new(refunds::Parts {
            store: store.clone(),
            engine: engine.clone(),
            clock,
            wallets: wallets.clone(),
            names: Arc::clone(&names),
            policy: config.refunds.clone(),
            keep: keep.clone(),
            public_url: config.http.public_url.clone(),
        });
        let uploads = Uploads::new(uploads::Base {
            store: store.clone(),
            clock,
            names: Arc::clone(&names),
            keyring,
            previous: Keyring::load_previous(config).map_err(ServeError::new)?.as_ref(),
            data: folder,
            scanner: config.uploads.scanner.clone(),
            total_max: config.uploads.total_max,
        });
        let cases = Cases::new(cases::Parts {
            uploads: uploads.clone(),
            store: store.clone(),
            clock,
            wallets: wallets.clone(),
            names: Arc::clone(&names),
            times: times.clone(),
            kept: config.wallets.iter().map(cases::KeptFor::of).collect(),
            retention: config.data.retention(),
            public_url: config.http.public_url.clone(),
        });
        let receipts = ReceiptBook { store: store.clone(), engine: engine.clone(), clock };
        let (mut links, unbind) = (JoinSet::new(), CancellationToken::new());
        let (tell, told) = mpsc::channel(receipts::WAITING_MAX);
        messenger.start(&mut links, &Receipts(tell), &unbind);
        links.spawn(receipts.clone().run(told));
        let ladder = Arc::new(config.ladder.clone());
        let outbox = Outbox {
            refunds: refunds.clone(),
            cases: cases.clone(),
            times: times.clone(),
            keep: keep.clone(),
            store: store.clone(),
            engine: engine.clone(),
            clock,
            wallets: wallets.clone(),
            messenger: messenger.clone(),
            names: Arc::clone(&names),
            run,
            receipts: receipts.clone(),
            ladder: Arc::clone(&ladder),
            counting: Arc::new(Mutex::new(())),
        };
        let kept = config.wallets.iter().map(|wallet| Kept { wallet: wallet.id.clone(), regimes: wallet.regimes.clone() });
        let timekeeper =
            Timekeeper { store: store.clone(), clock, times: times.clone(), names: Arc::clone(&names), kept: kept.collect() };
        let helper = Helper::new(Parts {
            store,
            engine,
            clock,
            wallets,
            messenger: messenger.clone(),
            times,
            names,
            journal,
            refunds: refunds.clone(),
            passes: passes.clone(),
            keep,
            code_limits: CodeLimits::default(),
            ladder,
            freeze_limits: FreezeLimits::default(),
        });
        let stop: [Arc<Notify>; 6] = std::array::from_fn(|_| Arc::new(Notify::new()));
        let mut tasks = JoinSet::new();
        let (ask, asked) = mpsc::channel(help::ORDERS_MAX);
        let visits = Visits::new(helper.clone(), ask, config.data.retention());
        tasks.spawn(helper.clone().run(orders, asked));
        tasks.spawn(outbox.run(Arc::clone(&stop[0])));
        tasks.spawn(journal::run(helper, Arc::clone(&stop[1])));
        tasks.spawn(passes.clone().run(Arc::clone(&stop[2])));
        tasks.spawn(timekeeper.run(Arc::clone(&stop[3])));
        tasks.spawn(visits.clone().run(Arc::clone(&stop[4])));
        tasks.spawn(uploads.run(Arc::clone(&stop[5])));
        Ok(Self { tasks, stop, passes, refunds, cases, receipts, visits, messenger, unbind, links })
    }

    /// Where call passes are made.
    #[must_use]
    pub fn passes(&self) -> Passes {
        self.passes.clone()
    }

    /// Where refunds are asked for and decided.
    #[must_use]
    pub fn refunds(&self) -> Refunds {
        self.refunds.clone()
    }

    /// Where forms become cases, and who tells how a case stands.
    #[must_use]
    pub fn cases(&self) -> Cases {
        self.cases.clone()
    }

    /// Customers on the help pages.
    #[must_use]
    pub fn visits(&self) -> Visits {
        self.visits.clone()
    }

    /// Where gateways' receipts are written down, and who knows their routes.
    #[must_use]
    pub fn receipts(&self) -> (ReceiptBook, Messenger) {
        (self.receipts.clone(), self.messenger.clone())
    }

    /// Lets what was begun come to its end.
    pub async fn stop(mut self) {
        for stop in &self.stop {
            stop.notify_one();
        }
        let ended = timeout(STOP_MAX, async { while self.tasks.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!("errands are left for the next start: they did not end in time");
        }
        self.unbind.cancel();
        if timeout(STOP_MAX, async { while self.links.join_next().await.is_some() {} }).await.is_err() {
            tracing::warn!("a message centre was not left in time");
        }
    }
}
