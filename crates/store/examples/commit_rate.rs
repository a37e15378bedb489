//! Measures durable commits per second: `commit_rate URL [COMMITS]`, at 1, 16 and 256 writers, for a line of a timeline and for a
//! new contact. The database should be new, and on the disk that matters.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails has nothing to say")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use walletline_core::call::{CallerIdTrust, Channel, Contact, Direction, Fact, Leg, TimelineEntry};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::{actor::Actor, assurance::Level, ids::IdSource, pii::Pii, time::Wall};
use walletline_store::Store;

const WRITERS: [u32; 3] = [1, 16, 256];

const T0: Wall = Wall(1_795_000_000_000_000);

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("usage: commit_rate URL [COMMITS]");
    let commits: u32 = arguments.next().map_or(20_000, |text| text.parse().expect("a number of commits"));
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    println!(
        "{:<10} {:>8} {:>8} {:>10} {:>10} {:>10} {:>12}",
        "commit", "writers", "commits", "per s", "p50 ms", "p99 ms", "per sync"
    );
    for writers in WRITERS {
        // One writer alone waits for every sync by itself.
        let commits = if writers == 1 { commits / 10 } else { commits };
        measure(&store, "line", writers, commits).await;
        measure(&store, "contact", writers, commits).await;
    }
    store.close().await;
}

/// Has so many writers commit one after another, each for a contact of its own, until so many commits are durable.
async fn measure(store: &Store, kind: &'static str, writers: u32, commits: u32) {
    let mut ids = IdSource::new(u128::from(writers) << 96 | kind.len() as u128 | 0x5EED << 64);
    let mut contacts = Vec::new();
    for _ in 0..writers {
        let contact = contact(&mut ids);
        store.commit(opened(&contact, &mut ids)).await.unwrap();
        contacts.push(contact);
    }
    let before = store.statistics();
    let left = Arc::new(AtomicU32::new(commits));
    let mut tasks = JoinSet::new();
    let started = Instant::now();
    for contact in contacts {
        let (store, left) = (store.clone(), Arc::clone(&left));
        let mut ids = IdSource::new(contact.id.to_u128());
        tasks.spawn(async move {
            let mut waits = Vec::new();
            let mut seq = 1;
            while left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok() {
                let commit = if kind == "line" {
                    Commit::new(entry(&contact), vec![Change::Timeline(contact.id, line(seq))])
                } else {
                    let next = self::contact(&mut ids);
                    opened(&next, &mut ids)
                };
                seq += 1;
                let asked = Instant::now();
                store.commit(commit).await.unwrap();
                waits.push(asked.elapsed());
            }
            waits
        });
    }
    let mut waits: Vec<Duration> = tasks.join_all().await.into_iter().flatten().collect();
    let took = started.elapsed();
    waits.sort();
    let after = store.statistics();
    let ms = |share: usize| waits[(waits.len() - 1) * share / 100].as_secs_f64() * 1_000.0;
    println!(
        "{kind:<10} {writers:>8} {commits:>8} {:>10.0} {:>10.2} {:>10.2} {:>12.1}",
        f64::from(commits) / took.as_secs_f64(),
        ms(50),
        ms(99),
        f64::from(commits) / (after.groups - before.groups) as f64,
    );
}

fn entry(contact: &Contact) -> Entry {
    Entry::new(T0, Actor::Caller, "contact.keyed", contact.id)
}

fn line(seq: u32) -> TimelineEntry {
    TimelineEntry { seq, at: T0, fact: Fact::Keyed { digits: "1".to_owned() } }
}

fn contact(ids: &mut IdSource) -> Contact {
    Contact {
        id: ids.next(T0),
        line: "8000".to_owned(),
        wallet: "jinqiao".to_owned(),
        channel: Channel::Voice,
        caller: Pii::new("+8619000000001".to_owned()),
        caller_id: CallerIdTrust::None,
        language: None,
        service: None,
        level: Level::A0,
        risk: vec![],
        case: None,
        opened_at: T0,
        answered_at: None,
        queued_at: None,
        connected_at: None,
        ended_at: None,
        agents: vec![],
        disposition: None,
        expires_at: T0,
    }
}

/// What a call's arrival writes: the contact, its leg, its first line, and the audit entry.
fn opened(contact: &Contact, ids: &mut IdSource) -> Commit {
    let leg = Leg {
        id: ids.next(T0),
        contact: contact.id,
        direction: Direction::Inbound,
        agent: None,
        outside: None,
        codec: "PCMA".to_owned(),
        encryption: "none".to_owned(),
        packets: 0,
        lost: 0,
        jitter_ms: 0.0,
        round_trip_ms: None,
        mos: None,
        started_at: T0,
        ended_at: None,
        cause: None,
        dialog: None,
    };
    let changes =
        vec![Change::Contact(0, Box::new(contact.clone())), Change::Leg(0, Box::new(leg)), Change::Timeline(contact.id, line(0))];
    Commit::new(entry(contact), changes)
}
