//! The only task that writes. It takes what waits, makes it one transaction, and answers each commit once that is on disk; on
//! SQLite many commits share one sync, on PostgreSQL several such tasks each carry one commit at a time.
//!
//! Nobody is told that nothing was kept unless that is so: what became of a transaction whose answer was lost is read from its mark
//! before anything else is written. It never lets one commit's conflict touch another's fate.

use crate::commit::{Failure, Work, apply};
use crate::database::Conn;
use crate::error::{CommitError, one_line};
use crate::job::{Job, Outcome};
use crate::lane::{holds_case, holds_errand};
use crate::location::{Connection, Location};
use crate::mark::{Mark, Stamp, decided_at};
use crate::statistics::Counters;
use crate::vault::Vault;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use walletline_core::kernel::time::Wall;

/// How long one transaction may take, the opening of a connection included. Shorter than what a commit waits for, so that what
/// became of it is mostly known before anybody gives up.
const GROUP_TIMEOUT: Duration = Duration::from_secs(4);

/// How long after another a silent database is asked what became of a transaction.
const ASK_AGAIN: Duration = Duration::from_millis(100);

/// How long the last connection may take to close.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// SQLite lets one program write at a time. A busy writer leaves gaps of fractions of a millisecond between its transactions;
/// asking often is what finds one.
const BUSY_POLL: Duration = Duration::from_millis(2);

/// Asked for about two seconds: another program's transaction takes milliseconds, a backup's lock less than this.
const BUSY_POLLS_MAX: u32 = 800;

/// Where commits share transactions, the next transaction begins so long after the last one at the earliest. A store that is seldom
/// asked writes at once; a busy one writes each page that many commits touch once for all of them, and syncs as much less often.
const PACE: Duration = Duration::from_millis(20);

/// Where nothing came while one commit waited, whoever commits waits for the answer before the next one: so many of them are written
/// at once before it is tried again.
const ALONE: u32 = 64;

/// A transaction is tried again when PostgreSQL ended it in favour of another that it waited for, and when someone whose commit
/// is in it gave up before its end.
const TRIES_MAX: u32 = 3;

/// One writing task.
pub(crate) struct Writer {
    pub(crate) location: Location,
    pub(crate) jobs: mpsc::Receiver<Job>,
    /// Commits that may share a transaction.
    pub(crate) group_max: usize,
    pub(crate) counters: Arc<Counters>,
    pub(crate) vault: Arc<Vault>,
    /// Woken when an errand became durable.
    pub(crate) errands: Arc<Notify>,
    /// Woken when a case or one of its clocks did.
    pub(crate) cases: Arc<Notify>,
    pub(crate) mark: Mark,
    /// What comes of the jobs if the transaction lands that the database was told to commit; none while it was told of none.
    pub(crate) told: Option<Vec<Outcome>>,
}

impl Writer {
    /// Writes until every sender is gone and the queue is empty.
    pub(crate) async fn run(self) {
        self.run_on(None).await;
    }

    /// The same, with a connection that is open already.
    pub(crate) async fn run_on(mut self, mut connection: Option<Connection>) {
        let mut jobs = Vec::new();
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut alone = 0;
        while self.jobs.recv_many(&mut jobs, self.group_max).await > 0 {
            if self.group_max > 1 && (alone == 0 || jobs.len() > 1) {
                pace.tick().await;
                while jobs.len() < self.group_max
                    && let Ok(job) = self.jobs.try_recv()
                {
                    jobs.push(job);
                }
                alone = if jobs.len() == 1 { ALONE } else { 0 };
            }
            alone = alone.saturating_sub(1);
            // Whoever gave up was told that nothing was kept; so it must be.
            jobs.retain(|job| !job.is_called_off());
            if !jobs.is_empty() {
                self.write_group(&mut connection, &mut jobs).await;
            }
        }
        if let Some(connection) = connection {
            // A database that no longer answers is left to notice by itself.
            let _ = timeout(CLOSE_TIMEOUT, connection.close()).await;
        }
    }

    /// Writes the jobs as one transaction and answers them.
    async fn write_group(&mut self, connection: &mut Option<Connection>, jobs: &mut Vec<Job>) {
        let reason = match timeout(GROUP_TIMEOUT, self.transact(connection, jobs)).await {
            Ok(Ok(outcomes)) => return self.answer(jobs.drain(..).zip(outcomes)),
            Ok(Err(error)) => one_line(&error),
            Err(_) => silence(),
        };
        // Its transaction is in an unknown state; closing the connection ends it.
        *connection = None;
        let not_kept = || Err(CommitError::Unavailable(reason.clone()));
        let Some(outcomes) = self.told.take() else {
            tracing::error!(reason, commits = jobs.len(), "a transaction was not made durable");
            return self.answer(jobs.drain(..).map(|job| (job, not_kept())));
        };
        tracing::warn!(reason, commits = jobs.len(), "the answer to a transaction was lost: asking what became of it");
        let landed = self.learn(connection).await;
        tracing::warn!(landed, commits = jobs.len(), "what became of a transaction whose answer was lost is known");
        if landed {
            Counters::add(&self.counters.groups);
        }
        let outcomes = outcomes.into_iter().map(|outcome| if landed || outcome.is_err() { outcome } else { not_kept() });
        self.answer(jobs.drain(..).zip(outcomes));
    }

    fn answer(&self, jobs: impl Iterator<Item = (Job, Outcome)>) {
        for (job, outcome) in jobs {
            if outcome.is_ok() && holds_errand(&job.work) {
                self.errands.notify_one();
            }
            if outcome.is_ok() && holds_case(&job.work) {
                self.cases.notify_one();
            }
            job.answer(outcome);
        }
    }

    /// Asks until the database says whether the transaction landed that it was told to commit. Until then nothing else is written
    /// here: a database that does not say this would not take the next one either.
    async fn learn(&self, connection: &mut Option<Connection>) -> bool {
        let mut last_reason = String::new();
        loop {
            let reason = match timeout(GROUP_TIMEOUT, self.ask(connection)).await {
                Ok(Ok(landed)) => return landed,
                Ok(Err(error)) => one_line(&error),
                Err(_) => silence(),
            };
            *connection = None;
            if reason != last_reason {
                tracing::warn!(reason, "what became of a transaction is not known yet");
                last_reason = reason;
            }
            sleep(ASK_AGAIN).await;
        }
    }

    /// Asks in a transaction of its own, which comes after the one in question: SQLite lets it begin only then, and PostgreSQL lets
    /// it have the row only then.
    async fn ask(&self, connection: &mut Option<Connection>) -> Result<bool, sqlx::Error> {
        let open = self.begin(connection).await?;
        let landed = self.mark.has_landed(&mut open.conn()).await?;
        open.conn().execute("COMMIT", vec![]).await?;
        Ok(landed)
    }

    async fn transact(&mut self, connection: &mut Option<Connection>, jobs: &[Job]) -> Result<Vec<Outcome>, sqlx::Error> {
        // Conflicts are rare: a group is written plainly first, and each commit behind its own savepoint only when one failed.
        let mut apart = false;
        for _ in 0..TRIES_MAX {
            let open = self.begin(connection).await?;
            // One write for many commits costs nothing by itself; where each has its own it goes along with the commit's first one.
            let goes_along = !apart && matches!(self.location, Location::Postgres(_));
            let stamp = self.mark.next();
            let along = goes_along.then_some(&stamp);
            match write_all(&mut open.conn(), &self.vault, jobs, apart, along).await {
                Ok(Some(outcomes)) => {
                    let left = (!goes_along).then_some(&stamp);
                    if let Some(outcomes) = self.end(&mut open.conn(), jobs, outcomes, left).await? {
                        return Ok(outcomes);
                    }
                }
                Ok(None) => apart = true,
                Err(error) if is_deadlock(&error) => {
                    open.conn().execute("ROLLBACK", vec![]).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Err(sqlx::Error::Io(std::io::Error::other("other transactions went first too often")))
    }

    /// Ends the transaction: committed when any of its commits stands. None when it was rolled back because somebody gave up
    /// meanwhile whose commit stood. Writes the stamp that is left to write.
    async fn end(
        &mut self,
        conn: &mut Conn<'_>,
        jobs: &[Job],
        outcomes: Vec<Outcome>,
        stamp: Option<&Stamp>,
    ) -> Result<Option<Vec<Outcome>>, sqlx::Error> {
        let standing = || jobs.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).map(|(job, _)| job);
        if standing().next().is_none() {
            conn.execute("ROLLBACK", vec![]).await?;
            return Ok(Some(outcomes));
        }
        let at = standing().map(|job| decided_at(&job.work)).max().unwrap_or(Wall(0));
        if let Some(stamp) = stamp {
            stamp.write(conn, at).await?;
        }
        self.mark.forget(conn, at).await?;
        if !standing().all(Job::hold) {
            standing().for_each(Job::release);
            conn.execute("ROLLBACK", vec![]).await?;
            return Ok(None);
        }
        self.told = Some(outcomes);
        conn.execute("COMMIT", vec![]).await?;
        Counters::add(&self.counters.groups);
        Ok(self.told.take())
    }

    /// Begins a transaction on the connection at hand or, when that broke while it was idle, on a new one.
    async fn begin<'c>(&self, connection: &'c mut Option<Connection>) -> Result<&'c mut Connection, sqlx::Error> {
        if let Some(mut idle) = connection.take() {
            match begin_on(&mut idle.conn()).await {
                Ok(()) => return Ok(connection.insert(idle)),
                Err(error) if is_busy(&error) => return Err(error),
                Err(error) => tracing::warn!(error = one_line(&error), "the database connection was lost; opening another"),
            }
        }
        let mut open = self.location.connect().await?;
        begin_on(&mut open.conn()).await?;
        Ok(connection.insert(open))
    }
}

fn silence() -> String {
    format!("no answer within {} s", GROUP_TIMEOUT.as_secs())
}

/// Begins a transaction that may write. On SQLite it takes the write lock at once, so that nothing fails half way for want of it.
async fn begin_on(conn: &mut Conn<'_>) -> Result<(), sqlx::Error> {
    let begin = match conn {
        Conn::Sqlite(_) => "BEGIN IMMEDIATE",
        Conn::Postgres(_) => "BEGIN",
    };
    let mut polls = 0;
    loop {
        match conn.execute(begin, vec![]).await {
            Err(error) if polls < BUSY_POLLS_MAX && is_busy(&error) => {
                polls += 1;
                sleep(BUSY_POLL).await;
            }
            outcome => return outcome.map(|_| ()),
        }
    }
}

/// Applies the commits. An error means that none stands. None means that the transaction is over and none does either, and that they
/// can be tried again, apart: one of several failed.
async fn write_all(
    conn: &mut Conn<'_>,
    vault: &Vault,
    jobs: &[Job],
    apart: bool,
    stamp: Option<&Stamp>,
) -> Result<Option<Vec<Outcome>>, sqlx::Error> {
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        if job.is_called_off() {
            outcomes.push(Err(CommitError::Unavailable("nobody waits for it".to_owned())));
            continue;
        }
        if apart {
            outcomes.push(write_apart(conn, vault, &job.work).await?);
            continue;
        }
        match apply(conn, vault, &job.work, stamp).await {
            Ok(()) => outcomes.push(Ok(())),
            Err(Failure::Conflict(row)) if jobs.len() == 1 => outcomes.push(Err(CommitError::Conflict(row))),
            Err(Failure::Database(error)) if jobs.len() == 1 => return Err(error),
            Err(_) => {
                conn.execute("ROLLBACK", vec![]).await?;
                return Ok(None);
            }
        }
    }
    Ok(Some(outcomes))
}

/// Applies one of several commits of a transaction: whatever goes wrong with it is undone alone, unless the transaction is lost.
async fn write_apart(conn: &mut Conn<'_>, vault: &Vault, work: &Work) -> Result<Outcome, sqlx::Error> {
    conn.execute("SAVEPOINT one", vec![]).await?;
    let outcome = match apply(conn, vault, work, None).await {
        Ok(()) => Ok(()),
        Err(Failure::Conflict(row)) => Err(CommitError::Conflict(row)),
        Err(Failure::Database(error)) => {
            tracing::error!(error = one_line(&error), "a commit could not be applied");
            Err(CommitError::Unavailable(one_line(&error)))
        }
    };
    if outcome.is_err() {
        conn.execute("ROLLBACK TO SAVEPOINT one", vec![]).await?;
    }
    conn.execute("RELEASE SAVEPOINT one", vec![]).await?;
    Ok(outcome)
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned())
}

/// SQLite is held by another program (`SQLITE_BUSY` in any of its extended forms).
fn is_busy(error: &sqlx::Error) -> bool {
    code(error).and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xFF == 5)
}

/// PostgreSQL gave this transaction up for another one: `serialization_failure` or `deadlock_detected`.
fn is_deadlock(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| code == "40001" || code == "40P01")
}
