//! A disk on which SQLite's COMMIT stands still for longer than the writer waits, and then ends one way or the other: a hook of the
//! engine stands where the sync would. Whoever committed is told what became of it.

use crate::Store;
use crate::commit::Work;
use crate::error::CommitError;
use crate::job::{Job, Outcome};
use crate::location::{Connection, Location};
use crate::mark::Mark;
use crate::statistics::Counters;
use crate::vault::Vault;
use crate::writer::Writer;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::{actor::Actor, time::Wall};

/// More than a transaction may take.
const STANDSTILL: Duration = Duration::from_secs(6);

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("walletline-doubts-{}-{}", std::process::id(), NEXT.fetch_add(1, Relaxed));
        Self(std::env::temp_dir().join(name))
    }

    fn url(&self) -> String {
        format!("sqlite:{}/walletline.db", self.0.display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A connection whose next COMMIT stands still, and then lands or does not.
async fn on_a_slow_disk(location: &Location, lands: bool) -> Connection {
    let mut connection = location.connect().await.unwrap();
    let Connection::Sqlite(conn) = &mut connection else { unreachable!("a file") };
    // Nobody ever sends: the wait is the standstill.
    let (sender, never) = std::sync::mpsc::channel::<()>();
    conn.lock_handle().await.unwrap().set_commit_hook(move || {
        let _keeps_the_channel_open = &sender;
        let _ = never.recv_timeout(STANDSTILL);
        lands
    });
    connection
}

fn commit(action: &str) -> Commit {
    Commit::new(Entry::new(Wall(1), Actor::System, action, "nothing"), Vec::new())
}

/// Writes two commits as one transaction on such a disk, and one more after them; what the first two are told, and what stands.
async fn write_on_a_slow_disk(lands: bool) -> (Vec<Outcome>, Vec<String>) {
    let folder = Folder::new();
    let store = Store::open(&folder.url()).await.unwrap();
    store.migrate().await.unwrap();
    let location = Location::parse(&folder.url()).unwrap();
    let slow = on_a_slow_disk(&location, lands).await;
    let (queue, jobs) = mpsc::channel(8);
    let mut answers = Vec::new();
    for action in ["first.done", "second.done"] {
        let (job, answer) = Job::new(Work::Commit(commit(action)));
        queue.try_send(job).unwrap_or_else(|_| unreachable!("there is room"));
        answers.push(answer);
    }
    drop(queue);
    let writer = Writer {
        location,
        jobs,
        group_max: 8,
        counters: Arc::new(Counters::default()),
        vault: Arc::new(Vault::default()),
        errands: Arc::new(Notify::new()),
        cases: Arc::new(Notify::new()),
        mark: Mark::new(false).unwrap(),
        told: None,
    };
    writer.run_on(Some(slow)).await;
    let mut told = Vec::new();
    for answer in answers {
        assert!(!answer.call_off(), "the database was told: it is too late to give up");
        told.push(answer.outcome.await.unwrap());
    }
    store.commit(commit("third.done")).await.unwrap();
    let stands = store.audit(0, 10).await.unwrap().into_iter().map(|line| line.entry.action).collect();
    store.close().await;
    (told, stands)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_lands_late_is_acknowledged() {
    let (told, stands) = write_on_a_slow_disk(true).await;
    assert_eq!(told, [Ok(()), Ok(())]);
    assert_eq!(stands, ["first.done", "second.done", "third.done"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_fails_late_was_not_kept() {
    let (told, stands) = write_on_a_slow_disk(false).await;
    assert!(told.iter().all(|outcome| matches!(outcome, Err(CommitError::Unavailable(_)))), "{told:?}");
    assert_eq!(stands, ["third.done"]);
}
