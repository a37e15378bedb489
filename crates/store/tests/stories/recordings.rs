//! Stories of recordings: found by their contact, finished once, erased down to a stone.

use crate::place::Place;
use crate::rows::{at, id};
use walletline_core::call::{
    Audio, Erasure, MaskedSpan, Notice, Recording, RecordingState, WrappedKey, end_recording, erase_recording, open_recording,
};
use walletline_core::commit::Commit;
use walletline_core::kernel::ids::ContactId;
use walletline_core::kernel::language::Language;
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
    assert_eq!((version, &erased.state), (3, &RecordingState::Erased { at: at(101), why: Erasure::Expired }));
    assert!(!due(1_000).await, "it is erased once");
}

pub(crate) async fn a_contact_has_one_recording(place: &Place) {
    let store = place.open().await;
    let contact: ContactId = id();
    store.commit(opened(contact, 100).1).await.unwrap();
    assert!(matches!(store.commit(opened(contact, 100).1).await, Err(CommitError::Conflict(_))));
}
