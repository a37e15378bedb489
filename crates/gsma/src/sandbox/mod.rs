//! A wallet to try things on: one processing house behind the brands `jinqiao` and `harbor`, with customers whose transactions
//! progress, and misbehaviour on demand. Its state survives a restart.
//!
//! It is a simulator for loopback: whoever reaches it may read and change everything, so it must never hold a real customer.
//!
//! Below `/{wallet}/` stands the GSMA Mobile Money API; below `/control/` what no wallet has: see [`Control`].

mod answer;
mod callback;
mod change;
mod clock;
mod control;
mod database;
mod extension;
mod fault;
mod house;
mod record;
mod reversal;
mod routes;
mod seed;
mod totp;

pub use clock::Clock;
pub use control::{
    ApprovalOpen, ClockAdvance, ClockReading, CodeTyped, Control, ControlError, Customer, CustomerTransaction, FaultOrder,
    LedgerEntry, LinkUsed,
};

use clock::SandboxClock;
use database::Database;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The brands that stand before the processing house.
const WALLETS: [&str; 2] = ["jinqiao", "harbor"];

/// The sandbox cannot be opened: one line that says why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sandbox: {0}")]
pub struct OpenError(pub(crate) String);

/// The simulated wallet. A clone is the same one.
#[derive(Clone)]
pub struct Sandbox {
    house: Arc<House>,
    tasks: Arc<Mutex<JoinSet<()>>>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sandbox")
    }
}

/// What all requests share.
struct House {
    database: Database,
    clock: SandboxClock,
    /// Ends held connections and the callbacks.
    closing: CancellationToken,
    /// Something is due earlier than the callbacks know.
    wake: Notify,
}

impl Sandbox {
    /// Opens the sandbox on a file, which is created and seeded when it is not there, or in memory. `clock` gives wall time in
    /// microseconds since the Unix epoch. To be called from within the runtime.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub async fn open(file: Option<&Path>, clock: Clock) -> Result<Self, OpenError> {
        let database = Database::open(file).await?;
        let clock = SandboxClock::new(clock, database.clock_offset().await?);
        database.seed_if_empty(clock.now()).await?;
        let house = Arc::new(House { database, clock, closing: CancellationToken::new(), wake: Notify::new() });
        let mut tasks = JoinSet::new();
        tasks.spawn(callback::run(Arc::clone(&house))?);
        Ok(Self { house, tasks: Arc::new(Mutex::new(tasks)) })
    }

    /// The sandbox as a service, for a listener of the caller's.
    pub fn router(&self) -> axum::Router {
        routes::router(Arc::clone(&self.house))
    }

    /// Lets go of held connections at once, then of the callbacks and the file. Requests that come later are answered 503. A
    /// listener that waits for its connections must be told to stop before or while this runs, not awaited before it.
    pub async fn close(&self) {
        self.house.closing.cancel();
        let mut tasks = self.tasks.lock().await;
        while tasks.join_next().await.is_some() {}
        self.house.database.close().await;
    }
}
