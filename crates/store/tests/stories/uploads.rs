//! Stories of files that were sent for cases: a row that comes back as it was written, its name sealed, found by who has to see to it.

use crate::place::Place;
use crate::rows::{T0, at, case, id, subject};
use walletline_core::cases::{Arrived, Case, CaseKind, FileKind, Keep, Upload, UploadState, Verdict};
use walletline_core::commit::Change;
use walletline_core::kernel::{actor::Actor, time::Span, wrapped_key::WrappedKey};
use walletline_store::{CommitError, Store};

async fn opened(store: &Store) -> Case {
    let case = case(CaseKind::Dispute, subject("file"), None, 1);
    store.commit(case.written(0, Actor::Visitor, "opened", at(1))).await.unwrap();
    case
}

fn taken(of: &Case, known: &[Upload], digest: &str, scanned: bool) -> (Upload, walletline_core::commit::Commit) {
    let key = WrappedKey::new("1:key".to_owned());
    let (name, digest) = ("截图.png".to_owned(), digest.to_owned());
    let arrived = Arrived { id: id(), name, kind: FileKind::Png, size: 100, digest, key, scanned };
    Upload::taken(arrived, (of.id, true), known, Actor::Staff { id: id() }, T0).unwrap()
}

pub(crate) async fn a_file_comes_back_as_it_was_written_and_is_found_while_it_waits(place: &Place) {
    let store = place.open().await;
    store.seal_with([7; 32]);
    let of = opened(&store).await;
    let (first, kept) = taken(&of, &[], "a", true);
    store.commit(kept).await.unwrap();
    assert_eq!(store.upload(first.id).await.unwrap(), Some((1, first.clone())));
    assert_eq!(store.uploads_waiting(9).await.unwrap(), vec![(1, first.clone())]);
    // Of two that are sent at once one has to be ruled on again.
    let (_, at_once) = taken(&of, &[], "b", false);
    assert!(matches!(store.commit(at_once).await, Err(CommitError::Conflict(_))));
    let (second, kept) = taken(&of, std::slice::from_ref(&first), "b", false);
    store.commit(kept).await.unwrap();
    assert_eq!(store.uploads_of(of.id).await.unwrap(), vec![first.clone(), second]);
    assert_eq!(store.upload_bytes().await.unwrap(), 200);
    let (infected, found) = first.scanned(1, Verdict::Infected, at(2)).unwrap();
    store.commit(found).await.unwrap();
    assert_eq!(store.upload(infected.id).await.unwrap(), Some((2, infected)));
    assert_eq!((store.uploads_waiting(9).await.unwrap(), store.upload_bytes().await.unwrap()), (Vec::new(), 100));
}

pub(crate) async fn a_file_is_due_to_go_when_its_case_keeps_it_no_longer(place: &Place) {
    let store = place.open().await;
    store.seal_with([7; 32]);
    let of = opened(&store).await;
    let (upload, kept) = taken(&of, &[], "a", false);
    store.commit(kept).await.unwrap();
    let due = upload.expires_at;
    assert!(store.uploads_expired(due, 9).await.unwrap().is_empty(), "its case is open");
    let closed = of.clone().closed(at(3));
    store.commit(closed.written(1, Actor::System, "closed", at(3))).await.unwrap();
    let until = at(3) + Keep::default().of(CaseKind::Dispute);
    let before = walletline_core::kernel::time::Wall(until.0 - 1);
    assert!(store.uploads_expired(before, 9).await.unwrap().is_empty(), "closed for less than three years");
    let late = until.max(due) + Span::from_s(1);
    let expired = store.uploads_expired(late, 9).await.unwrap();
    assert_eq!(expired, vec![(1, upload.clone())]);
    let gone = upload.clone().expired(1, late);
    let [Change::Upload(1, row)] = gone.changes() else { panic!("{gone:?}") };
    assert_eq!(row.state, UploadState::Erased { at: late });
    store.commit(gone).await.unwrap();
    assert!(store.uploads_expired(late, 9).await.unwrap().is_empty());
}
