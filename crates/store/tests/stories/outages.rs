//! Stories of databases that stop answering. Whoever commits is told so within a bound, and all is well once they answer again.

use crate::cluster::Cluster;
use crate::place::{PATIENCE, Place, create_database};
use crate::rows::{at, contact, leg, opened};
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;
use walletline_core::call::Contact;
use walletline_store::{CommitError, ReadError, Store};

/// Commits many contacts at once while nothing answers. All must fail, and soon.
async fn all_fail(store: &Store) -> Vec<Contact> {
    let contacts: Vec<Contact> = (0..50).map(contact).collect();
    let mut commits = JoinSet::new();
    for one in &contacts {
        commits.spawn(store.commit(opened(one, &leg(one))));
    }
    for outcome in timeout(PATIENCE, commits.join_all()).await.expect("a commit never hangs") {
        assert!(matches!(outcome, Err(CommitError::Unavailable(_))), "{outcome:?}");
    }
    assert_eq!(store.statistics().failures, 50);
    contacts
}

/// The store takes commits again, and has nothing of those that failed.
async fn all_is_well(store: &Store, failed: &[Contact]) {
    let later = contact(100);
    let recovered = async {
        loop {
            match store.commit(opened(&later, &leg(&later))).await {
                Ok(()) => return,
                // What was in flight may still have to be noticed as lost.
                Err(CommitError::Unavailable(_)) => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(conflict) => panic!("{conflict}"),
            }
        }
    };
    timeout(PATIENCE, recovered).await.expect("the store recovers by itself");
    assert_eq!(store.contact(later.id).await.unwrap().unwrap().contact, later);
    for one in failed {
        assert_eq!(store.contact(one.id).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_is_locked_by_another_program() {
    let place = Place::sqlite();
    let store = place.open().await;
    let before = contact(0);
    store.commit(opened(&before, &leg(&before))).await.unwrap();
    let mut other = SqliteConnection::connect(place.url()).await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();

    let failed = all_fail(&store).await;
    // With a write-ahead log a writer does not keep readers out.
    assert!(store.contact(before.id).await.unwrap().is_some());

    other.execute("ROLLBACK").await.unwrap();
    all_is_well(&store, &failed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_commits_wait_than_there_is_room_for() {
    let place = Place::sqlite();
    let store = place.open().await;
    let mut other = SqliteConnection::connect(place.url()).await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    let one = contact(0);
    // More than the queue and one transaction hold: the rest must be refused at once, not kept.
    let mut waiting = JoinSet::new();
    for _ in 0..10_000 {
        waiting.spawn(store.commit(opened(&one, &leg(&one))));
    }
    let mut full = 0;
    for outcome in timeout(PATIENCE, waiting.join_all()).await.expect("a commit never hangs") {
        match outcome {
            Err(CommitError::Unavailable(why)) if why.contains("too many") => full += 1,
            Err(CommitError::Unavailable(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(full >= 1_000, "{full} refused");
    other.execute("ROLLBACK").await.unwrap();
    all_is_well(&store, &[one]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_falls_silent() {
    // Its own server: the other stories want theirs to answer.
    let cluster = Cluster::start();
    create_database(&cluster.url("postgres"), "story").await;
    let store = Store::open(&cluster.url("story")).await.unwrap();
    store.migrate().await.unwrap();
    let before = contact(0);
    store.commit(opened(&before, &leg(&before))).await.unwrap();

    cluster.freeze();
    let failed = all_fail(&store).await;
    let unread = timeout(PATIENCE, store.contact(before.id)).await.expect("a reader never hangs");
    assert!(matches!(unread, Err(ReadError::Unavailable(_))), "{unread:?}");

    cluster.thaw();
    all_is_well(&store, &failed).await;
    assert!(store.contact(before.id).await.unwrap().is_some());
    timeout(PATIENCE, store.close()).await.expect("closing never hangs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_ends_every_session() {
    let place = Place::postgres().await;
    let store = place.open().await;
    let contacts: Vec<Contact> = (0..40).map(contact).collect();
    let commits: Vec<_> = contacts.iter().map(|one| store.commit(opened(one, &leg(one)))).collect();
    for commit in commits {
        commit.await.unwrap();
    }
    let mut other = PgConnection::connect(place.url()).await.unwrap();
    let ended =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(!other.fetch_all(ended).await.unwrap().is_empty());

    // Connections that broke while idle are replaced: nobody is told.
    for one in (0..40).map(contact) {
        store.commit(opened(&one, &leg(&one))).await.unwrap();
        assert!(store.contact(one.id).await.unwrap().is_some());
    }
    assert_eq!(store.statistics().failures, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_held_up_by_a_lock() {
    let place = Place::postgres().await;
    let store = place.open().await;
    let one = contact(0);
    store.commit(opened(&one, &leg(&one))).await.unwrap();
    let mut other = PgConnection::connect(place.url()).await.unwrap();
    other.execute("BEGIN; LOCK TABLE contact IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let failed = all_fail(&store).await;
    let unread = timeout(PATIENCE, store.contacts_between(at(-1), at(1), None, 10)).await.expect("a reader never hangs");
    assert!(matches!(unread, Err(ReadError::Unavailable(_))), "{unread:?}");
    other.execute("ROLLBACK").await.unwrap();
    all_is_well(&store, &failed).await;
}
