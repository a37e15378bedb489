//! Stories of the transaction: all of it or nothing, with its audit entries, whoever else writes.

use crate::place::{PATIENCE, Place};
use crate::rows::{T0, at, commit, contact, id, keyed, leg, note, opened, served};
use std::collections::BTreeSet;
use tokio::task::JoinSet;
use tokio::time::timeout;
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::{ContactId, StaffId};
use walletline_store::{AuditLine, CommitError, PAGE_MAX, Store};

/// The whole audit log.
pub(crate) async fn audit(store: &Store) -> Vec<AuditLine> {
    let mut lines: Vec<AuditLine> = Vec::new();
    loop {
        let page = store.audit(lines.last().map_or(0, |line| line.seq), PAGE_MAX).await.unwrap();
        if page.is_empty() {
            return lines;
        }
        lines.extend(page);
    }
}

/// What the audit log says was done, by subject.
async fn subjects(store: &Store, action: &str) -> BTreeSet<String> {
    audit(store)
        .await
        .into_iter()
        .map(|line| line.entry)
        .filter(|entry| entry.action == action)
        .map(|entry| entry.subject)
        .collect()
}

pub(crate) async fn a_conflict_keeps_nothing(place: &Place) {
    let store = place.open().await;
    let (known, other) = (contact(0), contact(1));
    store.commit(opened(&known, &leg(&known))).await.unwrap();
    let before = audit(&store).await;

    let changes = vec![
        Change::Contact(0, Box::new(other.clone())),
        Change::Timeline(other.id, keyed(0, 1, "1")),
        Change::Timeline(known.id, keyed(1, 1, "1")),
        Change::Contact(7, Box::new(served(known.clone(), id()))),
    ];
    let refused = store.commit(commit("contact.changed", known.id, changes)).await;
    assert!(matches!(&refused, Err(CommitError::Conflict(row)) if row.contains(&known.id.to_string())), "{refused:?}");

    assert_eq!(store.contact(other.id).await.unwrap(), None);
    assert_eq!(store.contact(known.id).await.unwrap().unwrap().contact, known);
    assert_eq!(store.timeline(known.id).await.unwrap().len(), 1);
    assert_eq!(audit(&store).await, before);
    let counts = store.statistics();
    assert_eq!((counts.commits, counts.conflicts, counts.failures), (1, 1, 0));
}

pub(crate) async fn a_change_to_what_is_not_there_is_a_conflict(place: &Place) {
    let store = place.open().await;
    let (missing, agent) = (contact(0), id::<StaffId>());
    for change in [
        Change::Contact(1, Box::new(missing.clone())),
        Change::Leg(1, Box::new(leg(&missing))),
        Change::Leg(0, Box::new(leg(&missing))),
        Change::Timeline(missing.id, keyed(0, 0, "1")),
        Change::Note(0, note(missing.id, agent, "to nothing")),
        Change::LoginLinkUsed("no such link".to_owned()),
    ] {
        let refused = store.commit(commit("contact.changed", missing.id, vec![change.clone()])).await;
        assert!(matches!(refused, Err(CommitError::Conflict(_))), "{change:?}: {refused:?}");
    }
    assert!(audit(&store).await.is_empty());
    // To end what has ended already is no conflict.
    let idle = vec![Change::DialogClosed(id()), Change::SessionEnded("no such session".to_owned()), Change::PhoneUnbound(agent)];
    store.commit(commit("phone.unbound", agent, idle)).await.unwrap();
}

pub(crate) async fn the_audit_cannot_be_left_out(place: &Place) {
    let store = place.open().await;
    let agent: StaffId = id();
    let (first, second) = (contact(0), contact(1));
    let entries = [
        Entry::new(T0, Actor::Caller, "contact.opened", first.id),
        Entry::new(at(1), Actor::Staff { id: agent }, "note.saved", first.id),
        Entry::new(at(2), Actor::Operator, "contact.opened", second.id),
    ];
    let open = |contact: &walletline_core::call::Contact| vec![Change::Contact(0, Box::new(contact.clone()))];
    let both = Commit::new(entries[0].clone(), open(&first))
        .and(Commit::new(entries[1].clone(), vec![Change::Note(0, note(first.id, agent, "called before"))]));
    store.commit(both).await.unwrap();
    store.commit(Commit::new(entries[2].clone(), open(&second))).await.unwrap();
    // Even a commit that changes no row leaves its entry.
    let third = Entry::new(at(3), Actor::System, "program.stopped", "walletline");
    store.commit(Commit::new(third.clone(), vec![])).await.unwrap();

    let lines = audit(&store).await;
    assert!(lines.is_sorted_by_key(|line| line.seq));
    let written: Vec<Entry> = lines.iter().map(|line| line.entry.clone()).collect();
    assert_eq!(written, [&entries[..], &[third]].concat());
    let rest: Vec<AuditLine> = store.audit(lines[1].seq, 1).await.unwrap();
    assert_eq!(rest, lines[2..3]);
}

pub(crate) async fn many_commits_share_few_transactions_and_all_are_durable(place: &Place) {
    let store = place.open().await;
    let contacts: Vec<_> = (0..600).map(contact).collect();
    let commits: Vec<_> = contacts.iter().map(|one| store.commit(opened(one, &leg(one)))).collect();
    for commit in commits {
        commit.await.unwrap();
    }
    let counts = store.statistics();
    assert_eq!((counts.commits, counts.conflicts, counts.failures), (600, 0, 0));
    if place.file().is_some() {
        assert!(counts.groups <= 60, "SQLite syncs once for many commits: {} times", counts.groups);
    }
    store.close().await;

    let store = place.open().await;
    let found: BTreeSet<ContactId> =
        store.contacts(None, PAGE_MAX).await.unwrap().iter().map(|record| record.contact.id).collect();
    assert_eq!(found, contacts.iter().map(|one| one.id).collect());
    assert_eq!(subjects(&store, "contact.opened").await.len(), 600);
}

pub(crate) async fn a_conflict_sinks_no_other_commit(place: &Place) {
    let store = place.open().await;
    let contacts: Vec<_> = (0..300).map(contact).collect();
    // Every third is ruled on a version that is not there, and is in one transaction with the others where they share one.
    let commits: Vec<_> = contacts
        .iter()
        .enumerate()
        .map(|(n, one)| {
            let changes = vec![Change::Contact(i64::from(n % 3 == 0), Box::new(one.clone()))];
            store.commit(commit("contact.opened", one.id, changes))
        })
        .collect();
    for (n, commit) in commits.into_iter().enumerate() {
        assert_eq!(matches!(commit.await, Err(CommitError::Conflict(_))), n % 3 == 0, "{n}");
    }
    let kept: BTreeSet<String> =
        contacts.iter().enumerate().filter(|(n, _)| n % 3 != 0).map(|(_, one)| one.id.to_string()).collect();
    let found: BTreeSet<String> =
        store.contacts(None, PAGE_MAX).await.unwrap().iter().map(|record| record.contact.id.to_string()).collect();
    assert_eq!(found, kept);
    assert_eq!(subjects(&store, "contact.opened").await, kept);
}

pub(crate) async fn commits_of_one_contact_keep_their_order(place: &Place) {
    let store = place.open().await;
    let contacts: Vec<_> = (0..10).map(contact).collect();
    let mut commits = Vec::new();
    for version in 0..20 {
        for one in &contacts {
            let changes = vec![
                Change::Contact(version, Box::new(one.clone())),
                Change::Timeline(one.id, keyed(u32::try_from(version).unwrap(), version, "1")),
            ];
            commits.push(store.commit(commit("contact.changed", one.id, changes)));
        }
    }
    for commit in commits {
        commit.await.unwrap();
    }
    for one in &contacts {
        assert_eq!(store.contact(one.id).await.unwrap().unwrap().version, 20);
    }
}

/// Changes one contact so many times, ruling again after every conflict.
async fn change_often(store: Store, contact: ContactId, times: usize) {
    for _ in 0..times {
        loop {
            let record = store.contact(contact).await.unwrap().unwrap();
            let line = keyed(u32::try_from(record.version).unwrap(), record.version, "5");
            let changes = vec![Change::Contact(record.version, Box::new(record.contact)), Change::Timeline(contact, line)];
            match store.commit(commit("contact.changed", contact, changes)).await {
                Ok(()) => break,
                Err(CommitError::Conflict(_)) => {}
                Err(unavailable) => panic!("{unavailable}"),
            }
        }
    }
}

pub(crate) async fn two_programs_write_at_once(place: &Place) {
    let (one, other) = (place.open().await, place.open().await);
    let shared = contact(0);
    one.commit(opened(&shared, &leg(&shared))).await.unwrap();
    let mut programs = JoinSet::new();
    programs.spawn(change_often(one.clone(), shared.id, 40));
    programs.spawn(change_often(other.clone(), shared.id, 40));
    timeout(PATIENCE, programs.join_all()).await.expect("neither starves");
    let version = one.contact(shared.id).await.unwrap().unwrap().version;
    let lines = other.timeline(shared.id).await.unwrap();
    assert_eq!((version, lines.len()), (81, 81), "no change was lost and none was made twice");
}

pub(crate) async fn a_commit_may_name_its_rows_in_any_order(place: &Place) {
    let store = place.open().await;
    let one = contact(0);
    let changes = vec![
        Change::Timeline(one.id, keyed(0, 0, "1")),
        Change::Leg(0, Box::new(leg(&one))),
        Change::Contact(0, Box::new(one.clone())),
        Change::Contact(1, Box::new(served(one.clone(), id()))),
    ];
    store.commit(commit("contact.opened", one.id, changes)).await.unwrap();
    assert_eq!(store.contact(one.id).await.unwrap().unwrap().version, 2);
}
