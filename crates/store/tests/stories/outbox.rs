//! Stories of the outbox: errands wait sealed, are run by one at a time, and leave nothing behind.

use crate::commits::audit;
use crate::place::{PATIENCE, Place, meddle};
use crate::rows::{NUMBER, at, commit, errand, id};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use std::time::Duration;
use tokio::time::timeout;
use walletline_core::commit::{Change, Commit};
use walletline_core::kernel::ids::RunId;
use walletline_core::outbox::{Delivery, Errand, LEASE, Report, Retry, end_leases, refuse_errand};
use walletline_store::{CommitError, PAGE_MAX, ReadError, Store};

const KEY: [u8; 32] = [7; 32];

/// The store of a place, with its key.
async fn open(place: &Place) -> Store {
    let store = place.open().await;
    store.seal_with(KEY);
    store
}

fn sent(errand: &Errand) -> Commit {
    commit("code.sent", errand.id, vec![Change::Errand(0, Box::new(errand.clone()))])
}

/// The column `job` of every errand, as whoever reads the database finds it.
async fn jobs(place: &Place) -> Vec<String> {
    let all = "SELECT job FROM errand ORDER BY id";
    if place.file().is_some() {
        let mut conn = SqliteConnection::connect(place.url()).await.unwrap();
        sqlx::query_scalar(all).fetch_all(&mut conn).await.unwrap()
    } else {
        let mut conn = PgConnection::connect(place.url()).await.unwrap();
        sqlx::query_scalar(all).fetch_all(&mut conn).await.unwrap()
    }
}

/// Whether a commit of an errand is told of at once.
async fn is_told(store: &Store) -> bool {
    timeout(Duration::ZERO, store.errand_committed()).await.is_ok()
}

pub(crate) async fn an_errand_is_claimed_put_off_and_over(place: &Place) {
    let store = open(place).await;
    assert_eq!((store.next_errand_due().await.unwrap(), store.errands_waiting().await.unwrap()), (None, 0));
    let waiting = errand(Some(id()), 0);
    store.commit(sent(&waiting)).await.unwrap();
    assert_eq!((store.next_errand_due().await.unwrap(), store.errands_waiting().await.unwrap()), (Some(at(0)), 1));
    assert_eq!(store.errands_due(at(0), 10).await.unwrap(), [(1, waiting.clone())]);

    let (claimed, claim) = waiting.claim(1, id(), at(1));
    store.commit(claim).await.unwrap();
    assert!(store.errands_due(at(1), 10).await.unwrap().is_empty(), "it is run by whoever claimed it");
    assert_eq!(store.next_errand_due().await.unwrap(), Some(at(1) + LEASE));
    assert_eq!(store.errands_due(at(1) + LEASE, 10).await.unwrap(), [(2, claimed.clone())], "unless that one is gone");

    let (retry, later) = claimed.failed(2, at(2));
    assert_eq!(retry, Retry::Later);
    store.commit(later).await.unwrap();
    let (version, again) = store.errands_due(at(100), 10).await.unwrap().pop().unwrap();
    assert_eq!((version, again.attempts), (3, 1));

    for (version, errand) in [(2, &again), (3, &errand(None, 0))] {
        let refused = store.commit(errand.done(version, at(3))).await;
        assert!(matches!(&refused, Err(CommitError::Conflict(row)) if row.contains(&errand.id.to_string())), "{refused:?}");
    }
    store.commit(again.done(3, at(3))).await.unwrap();
    assert_eq!((store.next_errand_due().await.unwrap(), store.errands_waiting().await.unwrap()), (None, 0));
    assert!(jobs(place).await.is_empty(), "nothing of it is kept");
    assert!(matches!(store.commit(again.done(3, at(3))).await, Err(CommitError::Conflict(_))));
}

pub(crate) async fn an_errand_is_claimed_by_one(place: &Place) {
    let (one, other) = (open(place).await, open(place).await);
    for s in 0..20 {
        let waiting = errand((s % 2 == 0).then(id), s);
        one.commit(sent(&waiting)).await.unwrap();
        let claim = || waiting.clone().claim(1, id(), at(s)).1;
        let (first, second) = (one.commit(claim()), other.commit(claim()));
        let outcomes = timeout(PATIENCE, async { tokio::join!(first, second) }).await.unwrap();
        assert!(
            matches!(outcomes, (Ok(()), Err(CommitError::Conflict(_))) | (Err(CommitError::Conflict(_)), Ok(()))),
            "{outcomes:?}"
        );
    }
    assert_eq!(one.errands_waiting().await.unwrap(), 20);
    let claimed = other.errands_due(at(86_400), PAGE_MAX).await.unwrap();
    assert!(claimed.iter().all(|(version, errand)| (*version, errand.attempts) == (2, 1)));
}

pub(crate) async fn what_a_run_held_is_due_again_once_it_is_over_and_nothing_else_is(place: &Place) {
    let (one, other) = (open(place).await, open(place).await);
    let (dead, living): (RunId, RunId) = (id(), id());
    let [lost, held, waiting] = [0, 1, 2].map(|s| errand(Some(id()), s));
    for errand in [&lost, &held, &waiting] {
        one.commit(sent(errand)).await.unwrap();
    }
    one.commit(lost.clone().claim(1, dead, at(3)).1).await.unwrap();
    other.commit(held.claim(1, living, at(3)).1).await.unwrap();
    assert_eq!(one.errands_due(at(4), 10).await.unwrap(), [(1, waiting.clone())]);

    one.commit(end_leases(dead, at(4))).await.unwrap();
    let due = one.errands_due(at(4), 10).await.unwrap();
    let freed = Errand { attempts: 1, due_at: at(4), ..lost.clone() };
    assert_eq!(due, [(1, waiting), (3, freed)], "what a run that lives holds stays its own");
    let late = lost.claim(1, dead, at(3)).0.done(2, at(5));
    assert!(matches!(one.commit(late).await, Err(CommitError::Conflict(_))), "who was taken for dead writes nothing any more");
    one.commit(end_leases(dead, at(5))).await.unwrap();
    let last = audit(&one).await.pop().unwrap();
    assert_eq!((last.entry.action.as_str(), last.entry.subject), ("errands.freed_after_restart", dead.to_string()));
}

pub(crate) async fn errands_come_in_the_order_they_are_due(place: &Place) {
    let store = open(place).await;
    let [late, soon, now, same_time, first] = [30, 20, 10, 10, -5].map(|s| errand(None, s));
    for one in [&late, &soon, &now, &same_time, &first] {
        store.commit(sent(one)).await.unwrap();
    }
    let due = |errands: Vec<(i64, Errand)>| errands.into_iter().map(|(_, errand)| errand.id).collect::<Vec<_>>();
    let order = [first.id, now.id, same_time.id, soon.id, late.id];
    assert_eq!(due(store.errands_due(at(10), 10).await.unwrap()), order[..3]);
    assert_eq!(due(store.errands_due(at(10), 2).await.unwrap()), order[..2]);
    assert_eq!(due(store.errands_due(at(30), u32::MAX).await.unwrap()), order);
    assert!(store.errands_due(at(-6), 10).await.unwrap().is_empty());
    assert_eq!(store.next_errand_due().await.unwrap(), Some(at(-5)));
    assert_eq!(store.errands_waiting().await.unwrap(), 5);
}

pub(crate) async fn changes_of_one_errand_keep_their_order(place: &Place) {
    let store = open(place).await;
    let errands: Vec<Errand> = (0..20).map(|s| errand((s % 2 == 0).then(id), s)).collect();
    let mut commits = Vec::new();
    for version in 0..5 {
        for one in &errands {
            commits.push(store.commit(commit("code.sent", one.id, vec![Change::Errand(version, Box::new(one.clone()))])));
        }
    }
    commits.extend(errands.iter().map(|one| store.commit(one.done(5, at(9)))));
    for commit in commits {
        commit.await.unwrap();
    }
    assert_eq!(store.errands_waiting().await.unwrap(), 0);
}

pub(crate) async fn what_waits_is_sealed(place: &Place) {
    let store = open(place).await;
    let waiting = errand(Some(id()), 0);
    store.commit(sent(&waiting)).await.unwrap();
    let first = jobs(place).await.pop().unwrap();
    store.commit(waiting.clone().claim(1, id(), at(0)).1).await.unwrap();
    let second = jobs(place).await.pop().unwrap();
    assert_ne!(first, second, "each writing is sealed anew");
    for job in [first, second] {
        for part in [NUMBER, &NUMBER[1..], "code", "sms", "zh", "{"] {
            assert!(!job.contains(part), "{part} stands in {job}");
        }
    }
}

pub(crate) async fn a_seal_opens_with_its_key_for_its_row_alone(place: &Place) {
    let store = open(place).await;
    store.commit(sent(&errand(None, 0))).await.unwrap();
    store.commit(sent(&errand(None, 1))).await.unwrap();
    let again = open(place).await;
    assert_eq!(again.errands_due(at(1), 10).await.unwrap(), store.errands_due(at(1), 10).await.unwrap());

    let stranger = place.open().await;
    assert!(matches!(stranger.errands_due(at(1), 10).await, Err(ReadError::Unavailable(_))), "without a key");
    stranger.seal_with([8; 32]);
    assert_eq!(stranger.errands_due(at(1), 10).await, Ok(vec![]), "what does not open is not run");
    assert_eq!(stranger.errands_waiting().await, Ok(2), "to count them opens none");

    meddle(place, "UPDATE errand SET job = (SELECT MAX(job) FROM errand)").await;
    assert_eq!(store.errands_due(at(1), 10).await.unwrap().len(), 1, "one was moved, and does not keep the other waiting");
    meddle(place, "UPDATE errand SET job = '{\"kind\":\"notify\"}'").await;
    assert_eq!(store.errands_due(at(1), 10).await, Ok(vec![]), "it was put in");
}

pub(crate) async fn what_other_hands_changed_does_not_open_and_is_set_aside(place: &Place) {
    for change in [
        "UPDATE errand SET wallet = 'harbor'",
        "UPDATE errand SET contact = NULL",
        "UPDATE errand SET contact = 'ct_00000000000000000000000001'",
        "UPDATE errand SET kind = 'notice'",
        "UPDATE errand SET attempts = 7",
        "UPDATE errand SET give_up_at = give_up_at + 1",
        "UPDATE errand SET job = '1:00'",
    ] {
        let store = open(place).await;
        let waiting = errand(Some(id()), 0);
        store.commit(sent(&waiting)).await.unwrap();
        meddle(place, change).await;
        let due = store.errands_looked_at(at(1), 10).await.unwrap();
        assert_eq!((due.errands, due.changed), (vec![], vec![(1, waiting.id)]), "{change}");

        store.commit(refuse_errand(1, waiting.id, at(1))).await.unwrap();
        assert!(matches!(store.commit(refuse_errand(1, waiting.id, at(1))).await, Err(CommitError::Conflict(_))), "once");
        let due = store.errands_looked_at(at(1), 10).await.unwrap();
        assert!(due.errands.is_empty() && due.changed.is_empty(), "it keeps nobody waiting");
        assert_eq!((store.errands_refused().await, store.errands_waiting().await), (Ok(1), Ok(0)));
        assert_eq!((store.next_errand_due().await, jobs(place).await.len()), (Ok(None), 1), "the row stays as it was found");

        store.commit(end_leases(id(), at(2))).await.unwrap();
        let again = store.errands_looked_at(at(2), 10).await.unwrap();
        assert_eq!(again.changed, [(1, waiting.id)], "the next start looks at it again");
        meddle(place, "DELETE FROM errand").await;
    }
    // Two rows that were swapped: each seal is whole and belongs to the other.
    let store = open(place).await;
    let (one, other) = (errand(None, 0), errand(None, 1));
    store.commit(sent(&one)).await.unwrap();
    store.commit(sent(&other)).await.unwrap();
    let [first, second] = <[String; 2]>::try_from(jobs(place).await).unwrap();
    let swap = format!("UPDATE errand SET job = CASE job WHEN '{first}' THEN '{second}' ELSE '{first}' END");
    meddle(place, swap.leak()).await;
    let due = store.errands_looked_at(at(1), 10).await.unwrap();
    assert_eq!((due.errands.len(), due.changed.len()), (0, 2));
}

pub(crate) async fn a_row_from_before_the_whole_row_was_sealed_is_still_run(place: &Place) {
    use chacha20poly1305::ChaCha20Poly1305;
    use chacha20poly1305::aead::{Aead, KeyInit, Payload};
    let store = open(place).await;
    let waiting = errand(None, 0);
    let job = serde_json::to_vec(&waiting.job).unwrap();
    let name = waiting.id.to_string();
    let cipher = ChaCha20Poly1305::new(&KEY.into());
    let sealed = cipher.encrypt(&[3; 12].into(), Payload { msg: &job, aad: name.as_bytes() }).unwrap();
    let hex: String = [3; 12].iter().chain(&sealed).map(|byte| format!("{byte:02x}")).collect();
    let row = format!(
        "INSERT INTO errand (id, version, wallet, kind, job, attempts, due_at, give_up_at) \
         VALUES ('{name}', 1, 'jinqiao', 'message', '1:{hex}', 0, {}, {})",
        waiting.due_at.0, waiting.give_up_at.0
    );
    meddle(place, row.leak()).await;
    assert_eq!(store.errands_due(at(0), 10).await.unwrap(), [(1, waiting.clone())]);
    let (claimed, claim) = waiting.claim(1, id(), at(0));
    store.commit(claim).await.unwrap();
    meddle(place, "UPDATE errand SET wallet = 'harbor'").await;
    assert!(store.errands_due(claimed.due_at, 10).await.unwrap().is_empty(), "sealed whole from the first writing on");
}

pub(crate) async fn what_became_of_a_message_is_found_by_its_errand_and_by_its_gateways_name(place: &Place) {
    let store = open(place).await;
    let contact = id();
    let carried = errand(Some(contact), 0);
    assert_eq!(store.delivery(carried.id).await, Ok(None));
    let queued = Delivery::queued(&carried, Some(id()), at(0)).unwrap();
    let write = |version, row: &Delivery| commit("delivery.sent", row.id, vec![Change::Delivery(version, Box::new(row.clone()))]);
    store.commit(write(0, &queued)).await.unwrap();
    assert!(matches!(store.commit(write(0, &queued)).await, Err(CommitError::Conflict(_))));
    assert_eq!(store.delivery(carried.id).await, Ok(Some((1, queued.clone()))));

    let sent = queued.given_to("main").after(Report::Taken, None, at(1)).unwrap().called(Some("m-1"));
    store.commit(write(1, &sent)).await.unwrap();
    for (wallet, route, reference, found) in [
        ("jinqiao", "main", "m-1", true),
        ("harbor", "main", "m-1", false),
        ("jinqiao", "spare", "m-1", false),
        ("jinqiao", "main", "m-2", false),
    ] {
        let row = store.delivery_called(wallet, route, reference).await.unwrap();
        assert_eq!(row, found.then(|| (2, sent.clone())), "{wallet} {route} {reference}");
    }
    let newer = errand(Some(contact), 9);
    let newer = Delivery::queued(&newer, None, at(9)).unwrap().given_to("main").called(Some("m-1"));
    store.commit(write(0, &newer)).await.unwrap();
    assert_eq!(
        store.delivery_called("jinqiao", "main", "m-1").await.unwrap(),
        Some((1, newer.clone())),
        "a name comes round again"
    );
    assert_eq!(store.deliveries_of(contact).await.unwrap(), [sent, newer]);
}

pub(crate) async fn messages_are_counted_on_rows_of_a_day(place: &Place) {
    let store = open(place).await;
    let day = "2026-11-28";
    let (version, mut budget) = store.message_budget("jinqiao", day, "+86").await.unwrap();
    assert_eq!((version, budget.messages, budget.cost), (0, 0, 0));
    (budget.messages, budget.cost) = (3, 135_000);
    let write = |version| commit("delivery.sending", "er", vec![Change::Budget(version, budget.clone())]);
    store.commit(write(0)).await.unwrap();
    assert_eq!(store.message_budget("jinqiao", day, "+86").await, Ok((1, budget.clone())));
    assert!(matches!(store.commit(write(0)).await, Err(CommitError::Conflict(_))), "of two who count at once one rules again");
    store.commit(write(1)).await.unwrap();
    for (wallet, day, scope) in [("harbor", day, "+86"), ("jinqiao", "2026-11-29", "+86"), ("jinqiao", day, "")] {
        assert_eq!(store.message_budget(wallet, day, scope).await.unwrap().0, 0, "{wallet} {day} {scope}");
    }
}

pub(crate) async fn without_a_key_no_errand_is_taken(place: &Place) {
    let store = place.open().await;
    let waiting = errand(None, 0);
    let refused = store.commit(sent(&waiting)).await;
    assert!(matches!(&refused, Err(CommitError::Unavailable(why)) if why.contains("seal_with")), "{refused:?}");
    assert_eq!((audit(&store).await.len(), store.errands_waiting().await.unwrap()), (0, 0));
    assert_eq!(store.statistics().failures, 1);
    assert!(!is_told(&store).await);

    store.clone().seal_with(KEY);
    store.commit(sent(&waiting)).await.unwrap();
    store.seal_with([8; 32]);
    assert_eq!(store.errands_due(at(0), 1).await.unwrap(), [(1, waiting)], "the first key stays");
}

pub(crate) async fn a_committed_errand_wakes_whoever_runs_it(place: &Place) {
    let store = open(place).await;
    assert!(!is_told(&store).await);
    let first = errand(None, 0);
    store.commit(sent(&first)).await.unwrap();
    assert!(is_told(&store).await, "also of what was committed while nobody waited");
    assert!(!is_told(&store).await, "once");

    for quiet in [sent(&first), commit("contact.opened", "none", vec![])] {
        let _ = store.commit(quiet).await;
        assert!(!is_told(&store).await, "a conflict and a commit without an errand wake nobody");
    }
    store.commit(first.done(1, at(1))).await.unwrap();
    assert!(!is_told(&store).await, "nothing is left to run");

    let second = errand(None, 0);
    let (told, written) = tokio::join!(timeout(PATIENCE, store.errand_committed()), store.commit(sent(&second)));
    assert_eq!((told, written), (Ok(()), Ok(())));
}
