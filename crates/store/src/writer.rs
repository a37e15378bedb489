//! The only task that writes. It takes what waits, makes it one transaction, and answers each commit once that is on disk; on
//! SQLite many commits share one sync, on PostgreSQL several such tasks each carry one commit at a time.
//!
//! It never waits without a bound, and never lets one commit's conflict touch another's fate. SQLite is written to by its own thread.

use crate::commit::{Failure, Work, apply};
use crate::database::Conn;
use crate::error::{CommitError, one_line};
use crate::location::{Location, Writing};
use crate::statistics::Counters;
use crate::vault::Vault;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use walletline_core::commit::Change;

/// How long one transaction may take, the opening of a connection included. Shorter than what a commit waits for, so that
/// whoever gave up knows that nothing was kept, save when the database fell silent at the very end.
const GROUP_TIMEOUT: Duration = Duration::from_secs(4);

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

/// A transaction is tried again when PostgreSQL ended it in favour of another that it waited for, and when someone whose commit
/// is in it gave up before its end.
const TRIES_MAX: u32 = 3;

type Outcome = Result<(), CommitError>;

/// A commit or a seal, and where its answer goes.
pub(crate) struct Job {
    pub(crate) work: Work,
    pub(crate) done: oneshot::Sender<Outcome>,
}

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
}

impl Writer {
    /// Writes until every sender is gone and the queue is empty.
    pub(crate) async fn run(mut self) {
        let mut connection = None;
        let mut jobs = Vec::new();
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while self.jobs.recv_many(&mut jobs, self.group_max).await > 0 {
            if self.group_max > 1 {
                pace.tick().await;
                while jobs.len() < self.group_max
                    && let Ok(job) = self.jobs.try_recv()
                {
                    jobs.push(job);
                }
            }
            // Whoever gave up was told that nothing was kept; so it must be.
            jobs.retain(|job| !job.done.is_closed());
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
    async fn write_group(&self, connection: &mut Option<Writing>, jobs: &mut Vec<Job>) {
        let reason = match timeout(GROUP_TIMEOUT, self.transact(connection, jobs)).await {
            Ok(Ok(outcomes)) => {
                for (job, outcome) in jobs.drain(..).zip(outcomes) {
                    if outcome.is_ok() && holds_errand(&job.work) {
                        self.errands.notify_one();
                    }
                    // Nobody listens any more: the commit stands all the same.
                    let _ = job.done.send(outcome);
                }
                return;
            }
            Ok(Err(error)) => one_line(&error),
            Err(_) => format!("no answer within {} s", GROUP_TIMEOUT.as_secs()),
        };
        // Its transaction is in an unknown state; closing the connection ends it.
        *connection = None;
        tracing::error!(reason, commits = jobs.len(), "a transaction was not made durable");
        for job in jobs.drain(..) {
            let _ = job.done.send(Err(CommitError::Unavailable(reason.clone())));
        }
    }

    async fn transact(&self, connection: &mut Option<Writing>, jobs: &[Job]) -> Result<Vec<Outcome>, sqlx::Error> {
        // Conflicts are rare: a group is written plainly first, and each commit behind its own savepoint only when one failed.
        let mut apart = false;
        for _ in 0..TRIES_MAX {
            let open = self.begin(connection).await?;
            match write_all(&mut open.conn(), &self.vault, jobs, apart).await {
                Ok(Some(outcomes)) => {
                    if outcomes.iter().any(Result::is_ok) {
                        Counters::add(&self.counters.groups);
                    }
                    return Ok(outcomes);
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

    /// Begins a transaction on the connection at hand or, when that broke while it was idle, on a new one.
    async fn begin<'c>(&self, connection: &'c mut Option<Writing>) -> Result<&'c mut Writing, sqlx::Error> {
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

/// Applies the commits and ends the transaction: committed when any of them stands. An error means that none does. None means
/// the same, and that they can be tried again: apart, when one of several failed, or without those who gave up meanwhile.
async fn write_all(conn: &mut Conn<'_>, vault: &Vault, jobs: &[Job], apart: bool) -> Result<Option<Vec<Outcome>>, sqlx::Error> {
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        if job.done.is_closed() {
            outcomes.push(Err(CommitError::Unavailable("nobody waits for it".to_owned())));
            continue;
        }
        if apart {
            outcomes.push(write_apart(conn, vault, &job.work).await?);
            continue;
        }
        match apply(conn, vault, &job.work).await {
            Ok(()) => outcomes.push(Ok(())),
            Err(Failure::Conflict(row)) if jobs.len() == 1 => outcomes.push(Err(CommitError::Conflict(row))),
            Err(Failure::Database(error)) if jobs.len() == 1 => return Err(error),
            Err(_) => {
                conn.execute("ROLLBACK", vec![]).await?;
                return Ok(None);
            }
        }
    }
    // On SQLite nothing has waited so far: whoever bounds this looks at the clock here.
    yield_now().await;
    let stands = outcomes.iter().any(Result::is_ok);
    let given_up = jobs.iter().zip(&outcomes).any(|(job, outcome)| outcome.is_ok() && job.done.is_closed());
    conn.execute(if stands && !given_up { "COMMIT" } else { "ROLLBACK" }, vec![]).await?;
    Ok((!given_up).then_some(outcomes))
}

/// Applies one of several commits of a transaction: whatever goes wrong with it is undone alone, unless the transaction is lost.
async fn write_apart(conn: &mut Conn<'_>, vault: &Vault, work: &Work) -> Result<Outcome, sqlx::Error> {
    conn.execute("SAVEPOINT one", vec![]).await?;
    let outcome = match apply(conn, vault, work).await {
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

/// A commit puts something into the outbox, or changes what is there.
pub(crate) fn holds_errand(work: &Work) -> bool {
    let Work::Commit(commit) = work else { return false };
    commit.changes().iter().any(|change| matches!(change, Change::Errand(..)))
}

/// Which of several writers a commit goes to. What changes one contact, its codes or its acts, or else one errand, or else one
/// member of staff, always goes to the same one and so is written in the order it was handed in.
///
/// Tallies have no lane of their own: one is shared by commits of many contacts, whose order among themselves nobody is promised.
/// Of two that were ruled on the same version PostgreSQL lets one wait for the other's row and then find it changed: a conflict.
pub(crate) fn lane(work: &Work, lanes: usize) -> usize {
    let Work::Commit(commit) = work else { return 0 };
    // Of those that name it equally plainly the first.
    let named = commit.changes().iter().filter_map(named_by).min_by_key(|(rank, _)| *rank);
    let key = named.map_or(0, |(_, key)| key);
    // The low 80 bits of an identifier are random.
    usize::try_from(key % lanes.max(1) as u128).unwrap_or(0)
}

/// What a change says its commit is about, and how plainly: a row of a contact, then what was asked in one, then an errand of its
/// own pace or a case that came up in several, then staff, then the directory's rows.
fn named_by(change: &Change) -> Option<(u8, u128)> {
    match change {
        Change::Contact(_, contact) => Some((0, contact.id.to_u128())),
        Change::Timeline(contact, _) => Some((0, contact.to_u128())),
        // Of several contacts at times; the act or the case they stand beside names the commit.
        Change::Added(..) | Change::CaseOfContact(..) => None,
        Change::Leg(_, leg) => Some((0, leg.contact.to_u128())),
        Change::Note(_, note) => Some((0, note.contact.to_u128())),
        Change::WrapUp(_, wrap_up) => Some((0, wrap_up.contact.to_u128())),
        Change::Recording(_, recording) => Some((2, recording.id.to_u128())),
        Change::Listening(part) => Some((2, part.recording.to_u128())),
        Change::Challenge(_, challenge) => Some((1, challenge.contact.to_u128())),
        Change::Operation(_, operation) => Some((1, operation.contact.to_u128())),
        Change::Errand(_, errand) => Some((2, errand.id.to_u128())),
        Change::ErrandOver(_, errand) => Some((2, errand.to_u128())),
        Change::Case(_, case) => case.contacts.last().map(|contact| (2, contact.to_u128())),
        Change::Pass(_, pass) => Some((2, pass.id.to_u128())),
        Change::Staff(_, staff) => Some((3, staff.id.to_u128())),
        Change::SessionOpened(session) => Some((3, session.staff.to_u128())),
        Change::LoginLinkMade(link) => Some((3, link.staff.to_u128())),
        Change::Presence(row) => Some((3, row.agent.to_u128())),
        Change::PhoneBound(binding) => Some((3, binding.staff.to_u128())),
        Change::PhoneUnbound(staff) => Some((3, staff.to_u128())),
        Change::Callback(_, callback) => Some((3, callback.case.to_u128())),
        Change::Listing(_, listing) => Some((4, listing.id.to_u128())),
        Change::Suspect(_, suspect) => Some((4, suspect.id.to_u128())),
        Change::ListingLine(_)
        | Change::Edition(_)
        | Change::SuspectsExpired(_)
        | Change::DialogClosed(_)
        | Change::SessionEnded(_)
        | Change::LoginLinkUsed(_)
        | Change::Tally(..)
        | Change::TalliesForgotten
        | Change::LeasesEnded { .. }
        | Change::PassesForgotten(_)
        | Change::Article(_)
        | Change::OpenContactsClosed { .. } => None,
    }
}
