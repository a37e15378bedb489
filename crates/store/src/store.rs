//! The store as the program holds it: opened once, cheap to clone, closed at the end.

use crate::Seal;
use crate::commit::Work;
use crate::database::{Conn, Row, Value};
use crate::error::{CommitError, OpenError, ReadError, one_line};
use crate::job::{Answer, Job, Outcome};
use crate::lane::{holds_errand, lane};
use crate::location::{Connection, Location, Readers};
use crate::mark::Mark;
use crate::migrations;
use crate::statistics::{Counters, Statistics};
use crate::vault::{SealError, Vault};
use crate::writer::Writer;
use sqlx::migrate::MigrateError;
use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Database, Pool};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Sleep, sleep, timeout};
use walletline_core::commit::Commit;
use walletline_core::kernel::pii::Pii;

/// How long a commit waits for its answer. Twice what a writer asks of a busy database, so that a commit that arrives behind a
/// transaction in trouble still gets one of its own.
const COMMIT_TIMEOUT: Duration = Duration::from_secs(5);

/// How much longer it waits to learn what became of it, once the database was told to make it durable.
const DOUBT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a reader waits for its answer, once it has a connection.
const READ_TIMEOUT: Duration = Duration::from_secs(3);

/// How long migrations may take before the start is given up: long enough for an index over a year's contacts.
const MIGRATE_TIMEOUT: Duration = Duration::from_secs(600);

/// How long `close` waits for the commits that were handed in.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(10);

/// Commits that may wait for one writer. At 10,000 a second this is less than a second's work; what does not fit fails at once.
const QUEUE_MAX: usize = 8_192;

/// Commits of SQLite that share a transaction at most, so that one commit waits for few others.
const SQLITE_GROUP_MAX: usize = 512;

/// Writers of PostgreSQL at once: it shares syncs among them by itself.
const POSTGRES_WRITERS: usize = 8;

/// The database of the program. A clone is the same store.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    location: Location,
    readers: Readers,
    /// One queue for each writer; none once the store is closed.
    queues: RwLock<Option<Vec<mpsc::Sender<Job>>>>,
    writers: Mutex<JoinSet<()>>,
    counters: Arc<Counters>,
    vault: Arc<Vault>,
    /// Woken when an errand became durable.
    errands: Arc<Notify>,
    /// Woken when a case or one of its clocks did.
    cases: Arc<Notify>,
    /// Tells SQLite's writer, whose thread cannot be ended from outside, that nobody waits for it any more.
    given_up: Arc<Notify>,
}

impl Store {
    /// Opens the database `store.url` names: `sqlite:FOLDER/FILE` (folder and file are created, for this user alone) or
    /// `postgres://…`. Its tables are there after [`Store::migrate`].
    ///
    /// # Errors
    /// When the URL is none, or the database cannot be reached or must not be trusted.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let location = Location::parse(url)?;
        location.prepare().await?;
        let (writers, group_max) = match &location {
            Location::Sqlite(_) => (1, SQLITE_GROUP_MAX),
            Location::Postgres(_) => (POSTGRES_WRITERS, 1),
        };
        let counters = Arc::new(Counters::default());
        let (vault, given_up) = (Arc::new(Vault::default()), Arc::new(Notify::new()));
        let (errands, cases) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let mut tasks = JoinSet::new();
        let mut queues = Vec::with_capacity(writers);
        for number in 0..writers {
            let mark = Mark::new(number == 0).ok_or_else(|| OpenError("the system gives no randomness".to_owned()))?;
            let (sender, jobs) = mpsc::channel(QUEUE_MAX);
            let writer = Writer {
                location: location.clone(),
                jobs,
                group_max,
                counters: Arc::clone(&counters),
                vault: Arc::clone(&vault),
                errands: Arc::clone(&errands),
                cases: Arc::clone(&cases),
                mark,
                told: None,
            };
            match &location {
                // It waits for the engine at every statement: on a thread of its own that wakes one thread, in a pool it wakes two.
                Location::Sqlite(_) => {
                    let (runtime, given_up) = (Handle::current(), Arc::clone(&given_up));
                    tasks.spawn_blocking(move || {
                        runtime.block_on(async {
                            tokio::select! {
                                biased;
                                () = given_up.notified() => {}
                                () = writer.run() => {}
                            }
                        });
                    });
                }
                Location::Postgres(_) => {
                    tasks.spawn(writer.run());
                }
            }
            queues.push(sender);
        }
        let inner = Inner {
            readers: location.readers(),
            location,
            queues: RwLock::new(Some(queues)),
            writers: Mutex::new(tasks),
            counters,
            vault,
            errands,
            cases,
            given_up,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Brings the tables to the shape this program writes. Safe to run by several programs at once, and again.
    ///
    /// # Errors
    /// When the database was written by a newer version, or a migration fails; what it changed is undone.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        match timeout(MIGRATE_TIMEOUT, self.run_migrations()).await {
            Ok(migrated) => migrated,
            Err(_) => Err(OpenError(format!("the migrations did not end within {} s", MIGRATE_TIMEOUT.as_secs()))),
        }
    }

    async fn run_migrations(&self) -> Result<(), OpenError> {
        let failed = |error: sqlx::Error| OpenError(format!("cannot migrate: {}", one_line(&error)));
        let mut connection = self.inner.location.connect_patiently().await.map_err(failed)?;
        match &mut connection {
            Connection::Sqlite(conn) => {
                // The write lock first: of two programs the second then finds the work done.
                let mut transaction = conn.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
                migrations::sqlite().run(&mut *transaction).await.map_err(|error| cannot_migrate(&error))?;
                transaction.commit().await.map_err(failed)?;
            }
            Connection::Postgres(conn) => migrations::postgres().run(conn).await.map_err(|error| cannot_migrate(&error))?,
        }
        connection.close().await;
        Ok(())
    }

    /// Sets the key that errands are sealed with, for this store and its clones. Needed before the first errand is written or read;
    /// a key that was set stays, and a second call changes nothing.
    pub fn seal_with(&self, key: [u8; 32]) {
        self.inner.vault.set_key(key);
    }

    /// Seals a text that is kept outside the database, with the key of errands. `place` says where it stands: it opens nowhere else.
    ///
    /// # Errors
    /// When no key was set with [`Store::seal_with`], or the system gives no randomness.
    pub fn seal_text(&self, place: &str, plain: &str) -> Result<String, CommitError> {
        let sealed = self.inner.vault.seal(&beside(place), plain.as_bytes());
        sealed.map_err(|error| CommitError::Unavailable(error.to_string()))
    }

    /// Opens what [`Store::seal_text`] sealed for this place.
    ///
    /// # Errors
    /// When no key was set, or it was sealed with another key, for another place, or changed.
    pub fn open_text(&self, place: &str, sealed: &str) -> Result<Pii<String>, ReadError> {
        let corrupt = || ReadError::Corrupt(format!("what was sealed for {place}"));
        let plain = self.inner.vault.open(&beside(place), sealed).map_err(|error| match error {
            SealError::NoKey => ReadError::Unavailable(error.to_string()),
            SealError::NotSealed | SealError::NotOpened => corrupt(),
        })?;
        std::str::from_utf8(&plain).map(|text| Pii::new(text.to_owned())).map_err(|_| corrupt())
    }

    pub(crate) fn location(&self) -> &Location {
        &self.inner.location
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// Resolves once a commit of this program that holds an errand became durable. One that did while nobody waited is
    /// remembered, so that whoever asks for what is due and then waits misses none; several may be told at once. For one waiting
    /// task: of several each time one is woken. Other programs on the same database wake nobody here.
    pub async fn errand_committed(&self) {
        self.inner.errands.notified().await;
    }

    /// The same for a commit that holds a case or a clock of one.
    pub async fn case_committed(&self) {
        self.inner.cases.notified().await;
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// When it does not answer in time.
    pub async fn ping(&self) -> Result<(), ReadError> {
        self.rows("SELECT 1", vec![]).await.map(|_| ())
    }

    /// Makes a commit durable: all of it, or nothing. It stands in the queue, and its time runs, as soon as this function returns,
    /// before its future is first polled; commits that name the same contact are written in the order of these calls. A future
    /// that is dropped leaves open whether its commit was written. To be called from within the runtime.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] when a row is not as the commit was ruled on; [`CommitError::Unavailable`] when the database does
    /// not make it durable within five seconds, and never will, when too many commits wait already, or when it holds an errand and no key was set
    /// with [`Store::seal_with`]; [`CommitError::InDoubt`] when the database was told to make it durable and does not say within
    /// ten seconds whether it did.
    pub fn commit(&self, commit: Commit) -> impl Future<Output = Result<(), CommitError>> + Send + use<> {
        self.write(Work::Commit(commit), Some(DOUBT_TIMEOUT))
    }

    /// Like [`Store::commit`], for whoever tries the same changes again until they are durable, and so must never try what landed:
    /// while it is in doubt it waits for as long as the database is silent.
    ///
    /// # Errors
    /// As for [`Store::commit`]; a doubt only where the store is closed before the database says what became of it.
    pub fn commit_beyond_doubt(&self, commit: Commit) -> impl Future<Output = Result<(), CommitError>> + Send + use<> {
        self.write(Work::Commit(commit), None)
    }

    /// Makes what was hashed of the audit log durable: the head, and with it the leaves of the entries it newly covers. It waits in
    /// the same queue as commits.
    ///
    /// # Errors
    /// As for [`Store::commit`]; a conflict means that somebody else hashed meanwhile.
    pub fn seal(&self, seal: Seal) -> impl Future<Output = Result<(), CommitError>> + Send + use<> {
        self.write(Work::Seal(seal), Some(DOUBT_TIMEOUT))
    }

    fn write(&self, work: Work, doubt: Option<Duration>) -> impl Future<Output = Outcome> + Send + use<> {
        let answer = self.submit(work).map(|answer| (answer, sleep(COMMIT_TIMEOUT)));
        let counters = Arc::clone(&self.inner.counters);
        async move {
            let outcome = match answer {
                Ok((answer, late)) => wait(answer, late, doubt).await,
                Err(refused) => Err(refused),
            };
            Counters::add(match &outcome {
                Ok(()) => &counters.commits,
                Err(CommitError::Conflict(_)) => &counters.conflicts,
                Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => &counters.failures,
            });
            outcome
        }
    }

    /// Puts work into its writer's queue.
    fn submit(&self, work: Work) -> Result<Answer, CommitError> {
        let queues = self.inner.queues.read().unwrap_or_else(PoisonError::into_inner);
        let Some(queues) = queues.as_ref() else { return Err(CommitError::Unavailable("it was closed".to_owned())) };
        if holds_errand(&work) && !self.inner.vault.has_key() {
            return Err(CommitError::Unavailable(SealError::NoKey.to_string()));
        }
        let queue = &queues[lane(&work, queues.len())];
        let (job, answer) = Job::new(work);
        match queue.try_send(job) {
            Ok(()) => Ok(answer),
            Err(mpsc::error::TrySendError::Full(_)) => Err(CommitError::Unavailable("too many commits wait".to_owned())),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(CommitError::Unavailable("its writer stopped".to_owned())),
        }
    }

    /// Runs a query for a reader.
    pub(crate) async fn rows(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, ReadError> {
        match &self.inner.readers {
            Readers::Sqlite(pool) => {
                let mut conn = pool.acquire().await?;
                match timeout(READ_TIMEOUT, Conn::Sqlite(&mut conn).rows(sql, values)).await {
                    Ok(answer) => Ok(answer?),
                    Err(_) => Err(unanswered(conn)),
                }
            }
            Readers::Postgres(pool) => {
                let mut conn = pool.acquire().await?;
                match timeout(READ_TIMEOUT, Conn::Postgres(&mut conn).rows(sql, values)).await {
                    Ok(answer) => Ok(answer?),
                    Err(_) => Err(unanswered(conn)),
                }
            }
        }
    }

    /// What the writers did since the store was opened.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        self.inner.counters.read()
    }

    /// Writes what was handed in, then lets go of the database. Commits handed in later fail; so do readers.
    pub async fn close(&self) {
        let queues = self.inner.queues.write().unwrap_or_else(PoisonError::into_inner).take();
        // Without senders the writers end once their queues are empty.
        drop(queues);
        let mut writers = self.inner.writers.lock().await;
        if timeout(CLOSE_TIMEOUT, async { while writers.join_next().await.is_some() {} }).await.is_err() {
            tracing::error!("the store was closed with commits unwritten: the database did not answer");
            self.inner.given_up.notify_one();
            writers.abort_all();
        }
        match &self.inner.readers {
            Readers::Sqlite(pool) => close_pool(pool).await,
            Readers::Postgres(pool) => close_pool(pool).await,
        }
    }
}

/// Waits for what became of a job: until it is late, and, where it cannot be called off by then, as much longer as `doubt` says.
async fn wait(mut answer: Answer, late: Sleep, doubt: Option<Duration>) -> Outcome {
    let late = pin!(late);
    let heard = tokio::select! {
        biased;
        heard = &mut answer.outcome => Some(heard),
        () = late => None,
    };
    let heard = match (heard, doubt) {
        (None, _) if answer.call_off() => {
            return Err(CommitError::Unavailable(format!("no answer within {} s", COMMIT_TIMEOUT.as_secs())));
        }
        (None, None) => Some((&mut answer.outcome).await),
        (None, Some(doubt)) => timeout(doubt, &mut answer.outcome).await.ok(),
        (heard, _) => heard,
    };
    match heard {
        Some(Ok(outcome)) => outcome,
        Some(Err(_)) if answer.call_off() => Err(CommitError::Unavailable("it was closed".to_owned())),
        Some(Err(_)) => Err(CommitError::InDoubt("it was closed".to_owned())),
        None => Err(CommitError::InDoubt("the database fell silent".to_owned())),
    }
}

/// No row is named like this: what is kept beside the database never opens as one of its rows.
fn beside(place: &str) -> String {
    format!("beside:{place}")
}

/// Lets go of a connection that fell silent: back in the pool it would keep a place there until the network gives it up.
fn unanswered<DB: Database>(conn: PoolConnection<DB>) -> ReadError {
    drop(conn.detach());
    ReadError::Unavailable(format!("no answer within {} s", READ_TIMEOUT.as_secs()))
}

async fn close_pool<DB: Database>(pool: &Pool<DB>) {
    // Connections that do not answer are closed by the end of the process.
    let _ = timeout(READ_TIMEOUT, pool.close()).await;
}

fn cannot_migrate(error: &MigrateError) -> OpenError {
    OpenError(match error {
        MigrateError::VersionMissing(version) => format!(
            "the database was written by a newer version of this program (migration {version}): run that one, or restore a backup"
        ),
        MigrateError::VersionMismatch(version) => format!("migration {version} differs from the one that made this database"),
        other => format!("cannot migrate: {}", one_line(other)),
    })
}
