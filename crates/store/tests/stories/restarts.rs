//! Stories of a program that ends, well or badly, and starts again.

use crate::commits::audit;
use crate::place::{PATIENCE, Place};
use crate::rows::{at, commit, contact, id, keyed, leg, opened, served};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;
use walletline_core::call::{Disposition, Fact, Leg, TimelineEntry};
use walletline_core::commit::Change;
use walletline_core::kernel::ids::ContactId;
use walletline_store::{PAGE_MAX, Store};

pub(crate) async fn reopening_finds_everything(place: &Place) {
    let store = place.open().await;
    let one = contact(0);
    let first = leg(&one);
    store.commit(opened(&one, &first)).await.unwrap();
    store.close().await;

    let store = place.open().await;
    let record = store.contact(one.id).await.unwrap().unwrap();
    assert_eq!((record.contact, record.version, record.legs), (one.clone(), 1, vec![first]));
    assert_eq!(store.timeline(one.id).await.unwrap().len(), 1);
    assert_eq!(audit(&store).await.len(), 1);
    store.commit(commit("contact.ended", one.id, vec![Change::Contact(1, Box::new(served(one.clone(), id())))])).await.unwrap();
}

pub(crate) async fn a_restart_closes_what_was_open_and_keeps_the_dialogs(place: &Place) {
    let store = place.open().await;
    let (done, cut) = (served(contact(0), id()), contact(10));
    let done_leg = Leg { ended_at: Some(at(9)), cause: Some("remote_hangup".to_owned()), dialog: None, ..leg(&done) };
    let cut_leg = leg(&cut);
    store.commit(opened(&done, &done_leg)).await.unwrap();
    store.commit(opened(&cut, &cut_leg)).await.unwrap();
    store.commit(commit("contact.keyed", cut.id, vec![Change::Timeline(cut.id, keyed(1, 12, "2"))])).await.unwrap();
    store.close().await;

    let store = place.open().await;
    let close = vec![Change::OpenContactsClosed { disposition: Disposition::Dropped, at: at(500) }];
    store.commit(commit("contacts.closed", "restart", close.clone())).await.unwrap();

    let record = store.contact(cut.id).await.unwrap().unwrap();
    let mut closed = cut.clone();
    closed.ended_at = Some(at(500));
    closed.disposition = Some(Disposition::Dropped);
    assert_eq!((record.contact, record.version), (closed, 2));
    let closed_leg = Leg { ended_at: Some(at(500)), cause: Some("dropped".to_owned()), ..cut_leg.clone() };
    assert_eq!(record.legs, [closed_leg]);
    let last = Fact::Ended { by: "system".to_owned(), disposition: Some(Disposition::Dropped) };
    assert_eq!(store.timeline(cut.id).await.unwrap().last(), Some(&TimelineEntry { seq: 2, at: at(500), fact: last }));
    assert_eq!(store.open_dialogs().await.unwrap(), [(cut_leg.id, cut_leg.dialog.clone().unwrap())]);

    let record = store.contact(done.id).await.unwrap().unwrap();
    assert_eq!((record.contact, record.version, record.legs), (done.clone(), 1, vec![done_leg]));
    assert_eq!(store.timeline(done.id).await.unwrap().len(), 1);

    store.commit(commit("leg.closed", cut_leg.id, vec![Change::DialogClosed(cut_leg.id)])).await.unwrap();
    assert!(store.open_dialogs().await.unwrap().is_empty());
    // A second restart finds nothing open.
    store.commit(commit("contacts.closed", "restart", close)).await.unwrap();
    assert_eq!(store.contact(cut.id).await.unwrap().unwrap().version, 2);
    assert_eq!(store.timeline(cut.id).await.unwrap().len(), 3);
}

pub(crate) async fn a_closed_dialog_stays_closed(place: &Place) {
    let store = place.open().await;
    let one = contact(0);
    let first = leg(&one);
    store.commit(opened(&one, &first)).await.unwrap();
    assert_eq!(store.open_dialogs().await.unwrap().len(), 1);
    store.commit(commit("leg.closed", first.id, vec![Change::DialogClosed(first.id)])).await.unwrap();
    // The leg's last words, ruled on before the dialog was closed, still carry it.
    let ended = Leg { ended_at: Some(at(9)), packets: 9, ..first.clone() };
    store.commit(commit("leg.ended", first.id, vec![Change::Leg(1, Box::new(ended.clone()))])).await.unwrap();
    assert!(store.open_dialogs().await.unwrap().is_empty());
    assert_eq!(store.contact(one.id).await.unwrap().unwrap().legs, [Leg { dialog: None, ..ended }]);
}

/// Set for the program that is to be killed: the database it writes to.
const VICTIM: &str = "WALLETLINE_STORE_VICTIM";

/// Acknowledged commits after which the program is killed.
const ENOUGH: usize = 400;

/// Opens contacts, sixteen at a time, and says which were acknowledged, until it is killed.
async fn write_until_killed(url: &str) {
    let store = Store::open(url).await.unwrap();
    let mut writers = JoinSet::new();
    for _ in 0..16 {
        let store = store.clone();
        writers.spawn(async move {
            loop {
                let one = contact(0);
                store.commit(opened(&one, &leg(&one))).await.unwrap();
                println!("acknowledged {}", one.id);
            }
        });
    }
    writers.join_all().await;
}

/// Waits until the program has said enough, kills it, and returns all it had said.
fn kill_when_busy(mut victim: Child) -> BTreeSet<ContactId> {
    let mut acknowledged = BTreeSet::new();
    for line in BufReader::new(victim.stdout.take().unwrap()).lines() {
        // The test runner's own words may stand before the first line, and the kill may cut the last one.
        let line = line.unwrap();
        let Some(Ok(id)) = line.split_once("acknowledged ").map(|(_, id)| id.parse()) else { continue };
        acknowledged.insert(id);
        if acknowledged.len() == ENOUGH {
            // SIGKILL; what it had said by then is still in the pipe.
            victim.kill().unwrap();
        }
    }
    let status = victim.wait().unwrap();
    assert!(!status.success() && acknowledged.len() >= ENOUGH, "{status}, {} acknowledged", acknowledged.len());
    acknowledged
}

/// Every contact there is; each with its leg and its timeline.
async fn contacts(store: &Store) -> BTreeSet<ContactId> {
    let mut found = BTreeSet::new();
    let mut last = None;
    loop {
        let page = store.contacts_between(at(-1), at(1), last.as_ref(), PAGE_MAX).await.unwrap();
        let Some(end) = page.last() else { return found };
        last = Some(end.contact.clone());
        for record in page {
            assert_eq!(record.legs.len(), 1, "a commit is there whole");
            assert_eq!(store.timeline(record.contact.id).await.unwrap().len(), 1, "a commit is there whole");
            found.insert(record.contact.id);
        }
    }
}

pub(crate) async fn a_killed_program_loses_no_acknowledged_commit(place: &Place) {
    if let Ok(url) = std::env::var(VICTIM) {
        return write_until_killed(&url).await;
    }
    let store = place.open().await;
    // This program again, running this one story as the victim.
    let engine = if place.file().is_some() { "sqlite" } else { "postgres" };
    let victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{engine}::restarts::a_killed_program_loses_no_acknowledged_commit"), "--nocapture"])
        .env(VICTIM, place.url())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let acknowledged =
        timeout(PATIENCE, spawn_blocking(move || kill_when_busy(victim))).await.expect("the victim writes").unwrap();

    let survivor = place.open().await;
    // A server may still be at the last commit of a client that is gone.
    let found = timeout(PATIENCE, async {
        loop {
            let found = contacts(&survivor).await;
            let subjects: BTreeSet<String> = audit(&survivor).await.into_iter().map(|line| line.entry.subject).collect();
            if subjects == found.iter().map(ToString::to_string).collect() {
                return found;
            }
        }
    })
    .await
    .expect("each contact has its audit entry, and none more");
    assert!(found.is_superset(&acknowledged), "{} were lost", acknowledged.difference(&found).count());
    store.close().await;
    survivor.close().await;
}
