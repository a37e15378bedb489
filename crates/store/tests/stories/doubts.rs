//! Stories of transactions whose answer is lost. Whoever committed is told what became of them, and never that nothing was kept
//! when it was. What SQLite alone can suffer, a COMMIT that stands still, is told beside the writer.

use crate::cluster::ours;
use crate::commits::audit;
use crate::place::{PATIENCE, Place, create_database, meddled, number};
use crate::rows::{commit, contact, id, leg, opened, served};
use crate::wire::{Fault, Wire};
use tokio::task::JoinSet;
use tokio::time::timeout;
use walletline_core::call::Contact;
use walletline_core::commit::Change;
use walletline_store::{CommitError, Store};

/// A store behind a wire, and a contact that it does not know yet.
async fn behind_a_wire() -> (Wire, Store, Contact) {
    let database = format!("doubt_{}_{}", std::process::id(), number());
    create_database(&ours().url("postgres"), &database).await;
    let wire = Wire::to(ours().socket()).await;
    let store = Store::open(&wire.url(&database)).await.unwrap();
    store.migrate().await.unwrap();
    (wire, store, contact(0))
}

/// What was committed is there once, and the next change finds it.
async fn stands_once(store: &Store, one: &Contact) {
    assert_eq!(store.contact(one.id).await.unwrap().unwrap().contact, *one);
    assert_eq!(audit(store).await.len(), 1);
    let next = served(one.clone(), id());
    store.commit(commit("contact.changed", one.id, vec![Change::Contact(1, Box::new(next))])).await.unwrap();
}

async fn what_landed_is_acknowledged(fault: Fault) {
    let (wire, store, one) = behind_a_wire().await;
    wire.arm(fault);
    timeout(PATIENCE, store.commit(opened(&one, &leg(&one)))).await.expect("a commit never hangs").unwrap();
    wire.struck().await;
    stands_once(&store, &one).await;
    let counts = store.statistics();
    assert_eq!((counts.commits, counts.groups, counts.conflicts, counts.failures), (2, 2, 0, 0));
}

async fn what_did_not_land_is_tried_again(fault: Fault) {
    let (wire, store, one) = behind_a_wire().await;
    wire.arm(fault);
    let told = timeout(PATIENCE, store.commit_beyond_doubt(opened(&one, &leg(&one)))).await.expect("the server lets go of it");
    assert!(matches!(told, Err(CommitError::Unavailable(_))), "{told:?}");
    wire.struck().await;
    assert_eq!(store.contact(one.id).await.unwrap(), None);
    store.commit(opened(&one, &leg(&one))).await.unwrap();
    stands_once(&store, &one).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_of_a_commit_is_swallowed() {
    what_landed_is_acknowledged(Fault::AnswerSwallowed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_breaks_before_the_answer_of_a_commit() {
    what_landed_is_acknowledged(Fault::AnswerCutOff).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_breaks_before_a_commit_is_said() {
    what_did_not_land_is_tried_again(Fault::CommitCutOff).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_swallowed_and_the_server_holds_its_transaction() {
    what_did_not_land_is_tried_again(Fault::CommitSwallowed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_silent_nobody_is_told_that_nothing_was_kept() {
    let (wire, store, one) = behind_a_wire().await;
    wire.arm(Fault::AllSilent);
    let told = timeout(PATIENCE, store.commit(opened(&one, &leg(&one)))).await.expect("a commit never hangs");
    assert!(matches!(told, Err(CommitError::InDoubt(_))), "{told:?}");
    wire.mend();
    let found = async {
        loop {
            match store.commit(opened(&one, &leg(&one))).await {
                Err(CommitError::Conflict(_)) => return,
                Err(CommitError::Unavailable(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    };
    timeout(PATIENCE, found).await.expect("the store recovers by itself");
    stands_once(&store, &one).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_must_know_waits_for_as_long_as_the_database_is_silent() {
    let (wire, store, one) = behind_a_wire().await;
    wire.arm(Fault::AllSilent);
    let mut waiting = JoinSet::new();
    waiting.spawn(store.commit_beyond_doubt(opened(&one, &leg(&one))));
    wire.struck().await;
    // As long as a commit of the same contact waits, and its writer says nothing of it to the database: it was not kept.
    let next = vec![Change::Contact(1, Box::new(served(one.clone(), id())))];
    let told = store.commit(commit("contact.changed", one.id, next)).await;
    assert!(matches!(told, Err(CommitError::Unavailable(_))), "{told:?}");
    assert!(waiting.try_join_next().is_none());
    wire.mend();
    let told = timeout(PATIENCE, waiting.join_next()).await.expect("it is told once the database answers").unwrap().unwrap();
    assert_eq!(told, Ok(()));
    stands_once(&store, &one).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_store_leaves_a_doubt_and_no_untruth() {
    let (wire, store, one) = behind_a_wire().await;
    wire.arm(Fault::AllSilent);
    let mut waiting = JoinSet::new();
    waiting.spawn(store.commit_beyond_doubt(opened(&one, &leg(&one))));
    wire.struck().await;
    timeout(PATIENCE, store.close()).await.expect("closing never hangs");
    let told = timeout(PATIENCE, waiting.join_next()).await.expect("a commit never hangs").unwrap().unwrap();
    assert!(matches!(told, Err(CommitError::InDoubt(_))), "{told:?}");
}

/// Marks of writers that are long gone.
pub(crate) async fn marks_do_not_pile_up(place: &Place) {
    let store = place.open().await;
    meddled(place, "INSERT INTO commit_mark (writer, landed, at) VALUES ('gone', 7, 1), ('fresh', 7, 1795000000000000)").await;
    for one in (0..40).map(contact) {
        store.commit(opened(&one, &leg(&one))).await.unwrap();
    }
    // The first writer looks after this; nameless work is always its own.
    store.commit(commit("phone.unbound", "phones", vec![])).await.unwrap();
    store.close().await;
    assert_eq!(meddled(place, "DELETE FROM commit_mark WHERE writer = 'gone'").await, 0);
    let left = meddled(place, "DELETE FROM commit_mark WHERE writer <> 'gone'").await;
    assert!((2..=9).contains(&left), "{left} rows");
}
