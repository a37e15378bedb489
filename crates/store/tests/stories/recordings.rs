//! Stories of recordings: found by their contact, finished once, erased down to a stone.

use crate::place::Place;
use crate::rows::{at, case, contact, id, leg, opened as contact_opened, subject};
use walletline_core::call::{
    Audio, Erasure, HoldWord, Listening, MaskedSpan, Notice, Recording, RecordingState, Remains, end_recording, erase_recording,
    hear_recording, open_recording,
};
use walletline_core::cases::{Case, CaseKind, Keep, Keeps};
use walletline_core::commit::Commit;
use walletline_core::kernel::actor::{Actor, Role};
use walletline_core::kernel::ids::ContactId;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::wrapped_key::WrappedKey;
use walletline_store::{CommitError, Store};

fn opened(contact: ContactId, expires: i64) -> (Recording, Commit) {
    let notice = Notice::heard("recording.notice", Language::ZhCn, "本次通话将被录音", at(0));
    open_recording(id(), contact, notice, WrappedKey::new("1:5ea1ed".to_owned()), at(1), at(expires))
}

fn audio() -> Audio {
    let masked = vec![MaskedSpan { from_ms: 1_000, to_ms: 2_500 }];
    let (said, heard) = (vec![0, 200, 255], vec![1, 2, 3]);
    Audio { duration_ms: 300, masked, sha256: "ab".repeat(32), said, heard, lost: 1, recovered: true }
}

/// The row of a contact's recording.
async fn row(store: &Store, contact: ContactId) -> (i64, Recording) {
    store.recording_of(contact).await.unwrap().unwrap()
}

pub(crate) async fn a_recording_is_opened_ended_and_erased(place: &Place) {
    let store = place.open().await;
    let contact: ContactId = id();
    let (open, commit) = opened(contact, 100);
    store.commit(commit.clone()).await.unwrap();
    assert!(matches!(store.commit(commit).await, Err(CommitError::Conflict(_))), "a recording begins once");
    assert_eq!(row(&store, contact).await, (1, open.clone()));
    assert!(store.recordings_open().await.unwrap().iter().any(|(_, row)| *row == open));
    assert_eq!(store.timeline(contact).await.unwrap().len(), 1, "the contact's timeline tells of it");

    let (kept, commit) = end_recording((1, &open), audio(), at(5)).unwrap();
    store.commit(commit).await.unwrap();
    assert_eq!(row(&store, contact).await, (2, kept.clone()));
    assert_eq!(store.recording(open.id).await.unwrap(), Some((2, kept.clone())));
    assert!(!store.recordings_open().await.unwrap().iter().any(|(_, row)| row.id == open.id));
    let due = |now: i64| {
        let store = store.clone();
        async move { store.recordings_expired(at(now), 100).await.unwrap().iter().any(|(_, row)| row.id == open.id) }
    };
    assert!(!due(99).await);
    assert!(due(100).await);

    store.commit(erase_recording((2, &kept), Erasure::Expired, at(101)).unwrap()).await.unwrap();
    let (version, erased) = row(&store, contact).await;
    assert_eq!(
        (version, &erased.state),
        (
            3,
            &RecordingState::Erased {
                at: at(101),
                why: Erasure::Expired,
                remains: Some(Remains { ended_at: at(5), duration_ms: 300 }),
            }
        )
    );
    assert!(!due(1_000).await, "it is erased once");
}

pub(crate) async fn a_contact_has_one_recording(place: &Place) {
    let store = place.open().await;
    let contact: ContactId = id();
    store.commit(opened(contact, 100).1).await.unwrap();
    assert!(matches!(store.commit(opened(contact, 100).1).await, Err(CommitError::Conflict(_))));
}

/// A recording of a contact that ended, at version 2.
async fn kept(store: &Store, contact: ContactId, expires: i64) -> Recording {
    let (open, commit) = opened(contact, expires);
    store.commit(commit).await.unwrap();
    let (kept, commit) = end_recording((1, &open), audio(), at(5)).unwrap();
    store.commit(commit).await.unwrap();
    kept
}

async fn is_due(store: &Store, recording: &Recording, now: i64) -> bool {
    store.recordings_expired(at(now), 1_000).await.unwrap().iter().any(|(_, row)| row.id == recording.id)
}

pub(crate) async fn a_case_keeps_the_recordings_of_its_contacts(place: &Place) {
    let store = place.open().await;
    let freeze = case(CaseKind::Freeze, subject("keeping"), None, 3);
    let (first, later) = (freeze.contacts[0], id());
    let rows = [kept(&store, first, 100).await, kept(&store, later, 100).await];
    assert!(is_due(&store, &rows[0], 100).await && is_due(&store, &rows[1], 100).await);

    store.commit(freeze.written(0, Actor::Caller, "opened", at(3))).await.unwrap();
    assert!(!is_due(&store, &rows[0], 1_000_000_000).await, "as long as it is open");
    assert!(is_due(&store, &rows[1], 100).await);
    let raised = freeze.raised_again(later, &Keep::default(), at(50));
    store.commit(raised.written(1, Actor::Caller, "raised_again", at(50))).await.unwrap();
    assert!(!is_due(&store, &rows[1], 1_000_000_000).await);
    assert_eq!(store.cases_of_contact(later).await.unwrap(), std::slice::from_ref(&raised));

    let closed = raised.closed(at(60));
    store.commit(closed.written(2, Actor::System, "closed", at(60))).await.unwrap();
    let Keeps::Until(until) = closed.keeps() else { panic!("{closed:?}") };
    let last = (until.0 - at(0).0) / 1_000_000;
    for row in &rows {
        assert!(!is_due(&store, row, last - 1).await);
        assert!(is_due(&store, row, last).await, "three years after the close");
    }
    assert_eq!(store.cases_of_contact(first).await.unwrap()[0].keep, closed.keep);
}

pub(crate) async fn a_callback_keeps_nothing(place: &Place) {
    let store = place.open().await;
    let callback = case(CaseKind::Callback, subject("called back"), None, 4);
    let row = kept(&store, callback.contacts[0], 100).await;
    store.commit(callback.written(0, Actor::Caller, "opened", at(4))).await.unwrap();
    assert!(is_due(&store, &row, 100).await);
    assert_eq!(store.cases_of_contact(row.contact).await.unwrap().iter().map(Case::keeps).collect::<Vec<_>>(), [Keeps::Nothing]);
}

pub(crate) async fn a_hold_keeps_a_recording_and_meets_its_erasure(place: &Place) {
    let store = place.open().await;
    let kept = kept(&store, id(), 100).await;
    let word = |reason: &str, s: i64| HoldWord { by: id(), at: at(s), reason: reason.to_owned() };
    let hold = kept.place_hold(2, Role::Compliance, word("a claim", 50)).unwrap();
    let erasure = erase_recording((2, &kept), Erasure::Expired, at(101)).unwrap();
    store.commit(hold).await.unwrap();
    assert!(matches!(store.commit(erasure).await, Err(CommitError::Conflict(_))), "whoever comes second is not kept");
    assert!(!is_due(&store, &kept, 1_000_000_000).await);
    let (version, held) = row(&store, kept.contact).await;
    assert_eq!(held.hold().unwrap().placed.reason, "a claim");

    store.commit(held.lift_hold(version, Role::Compliance, word("settled", 200)).unwrap()).await.unwrap();
    let (_, free) = row(&store, kept.contact).await;
    assert_eq!((free.hold(), free.holds.len()), (None, 1));
    assert!(!is_due(&store, &kept, 200).await, "a mistake can be taken back");
    assert!(is_due(&store, &kept, 200 + 7 * 24 * 3_600).await);
}

pub(crate) async fn a_listening_is_kept_with_its_part(place: &Place) {
    let store = place.open().await;
    let contact = contact(1);
    store.commit(contact_opened(&contact, &leg(&contact))).await.unwrap();
    let (recording, staff) = (id(), id());
    for (from_ms, to_ms, s) in [(0, 9_000, 10), (30_000, 45_500, 11)] {
        let part = Listening { recording, staff, at: at(s), from_ms, to_ms };
        let commit = hear_recording(&contact, Role::Auditor, part);
        assert_eq!(commit.entries()[0].action, "recording.heard");
        store.commit(commit).await.unwrap();
    }
    let heard: Vec<(u64, u64)> =
        store.listenings(recording, 10).await.unwrap().iter().map(|part| (part.from_ms, part.to_ms)).collect();
    assert_eq!(heard, [(30_000, 45_500), (0, 9_000)], "newest first");
    assert!(store.listenings(id(), 10).await.unwrap().is_empty());
}
