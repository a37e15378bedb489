//! Stories of the audit log as a tree: leaves are given once, in one transaction with the head over them, whoever else writes.

use crate::commits::audit;
use crate::place::{PATIENCE, Place};
use crate::rows::{T0, at, id};
use tokio::task::JoinSet;
use tokio::time::timeout;
use walletline_core::audit::{Head, SealedHead, Signature, Tree, leaf_bytes, leaf_hash};
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::purpose::Purpose;
use walletline_store::{AuditLine, CommitError, Seal, Store};

/// Writes entries about one subject, one commit each.
async fn done(store: &Store, subject: &str, times: i64) {
    for second in 0..times {
        let entry = Entry::new(at(second), Actor::Caller, "contact.urged", subject);
        store.commit(Commit::new(entry, vec![])).await.unwrap();
    }
}

/// The seal by which a tree grows over these entries.
fn seal(tree: &mut Tree, lines: &[AuditLine]) -> Seal {
    lines.iter().for_each(|line| tree.push(leaf_hash(&leaf_bytes(&line.entry))));
    let head = SealedHead { head: Head::of(tree, T0), peaks: tree.peaks().to_vec(), signature: None };
    Seal { entries: lines.iter().map(|line| line.seq).collect(), head }
}

/// The tree of the newest head.
async fn tree(store: &Store) -> Tree {
    store.audit_last_head().await.unwrap().map_or_else(Tree::default, |head| head.tree().unwrap())
}

fn leaves(lines: &[AuditLine]) -> Vec<Option<u64>> {
    lines.iter().map(|line| line.leaf).collect()
}

pub(crate) async fn entries_get_their_leaves_with_the_head_over_them(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.audit_last_head().await.unwrap(), None);
    let staff = Actor::Staff { id: id::<StaffId>() };
    let read = Entry::new(T0, staff, "contact.read", "ct_1").for_purpose(Purpose::Supervision);
    store.commit(Commit::new(read.clone(), vec![])).await.unwrap();
    done(&store, "ct_1", 2).await;
    let fresh = store.audit_unhashed(0, 10).await.unwrap();
    assert_eq!((fresh.len(), leaves(&fresh)), (3, vec![None; 3]));
    assert_eq!(fresh[0].entry, read);

    let mut grown = Tree::default();
    let mut first = seal(&mut grown, &fresh);
    first.head.signature = Some(Signature { key: [7; 32], bytes: [9; 64] });
    store.seal(first.clone()).await.unwrap();
    assert_eq!(leaves(&audit(&store).await), [Some(0), Some(1), Some(2)]);
    assert_eq!(store.audit_unhashed_count().await.unwrap(), 0);

    done(&store, "ct_2", 2).await;
    assert_eq!(store.audit_unhashed_count().await.unwrap(), 2);
    let second = seal(&mut grown, &store.audit_unhashed(0, 10).await.unwrap());
    store.seal(second.clone()).await.unwrap();
    store.close().await;

    let store = place.open().await;
    let heads = store.audit_heads(0, 10).await.unwrap();
    assert_eq!(heads, [first.head, second.head.clone()]);
    assert_eq!(store.audit_heads(3, 10).await.unwrap(), std::slice::from_ref(&second.head));
    assert_eq!(store.audit_last_head().await.unwrap(), Some(second.head));
    assert_eq!(tree(&store).await, grown);
}

pub(crate) async fn an_entry_that_commits_late_gets_a_late_leaf(place: &Place) {
    let store = place.open().await;
    done(&store, "ct_1", 6).await;
    // Seen so far: all but the second and the fifth, which are still being written.
    let mut seen = store.audit_unhashed(0, 10).await.unwrap();
    let late = [seen.remove(4), seen.remove(1)];
    let mut grown = Tree::default();
    store.seal(seal(&mut grown, &seen)).await.unwrap();
    let rest = store.audit_unhashed(0, 10).await.unwrap();
    assert_eq!(rest, [late[1].clone(), late[0].clone()]);
    store.seal(seal(&mut grown, &rest)).await.unwrap();
    assert_eq!(leaves(&audit(&store).await), [0, 4, 1, 2, 5, 3].map(Some));
    let in_order = store.audit_leaves(0, 10).await.unwrap();
    assert_eq!(leaves(&in_order), [0, 1, 2, 3, 4, 5].map(Some));
    let mut again = Tree::default();
    in_order.iter().for_each(|line| again.push(leaf_hash(&leaf_bytes(&line.entry))));
    assert_eq!(again.root(), store.audit_last_head().await.unwrap().unwrap().head.root);
}

pub(crate) async fn of_two_hashers_one_meets_a_conflict_of_which_nothing_is_kept(place: &Place) {
    let (one, other) = (place.open().await, place.open().await);
    done(&one, "ct_1", 3).await;
    let fresh = other.audit_unhashed(0, 10).await.unwrap();
    let mut grown = Tree::default();
    one.seal(seal(&mut grown, &fresh[..2])).await.unwrap();
    let before = (audit(&one).await, one.audit_heads(0, 10).await.unwrap());
    for stale in [
        // The same entries again, entries that are only partly new, and new ones over a head that is no longer the last.
        seal(&mut Tree::default(), &fresh[..2]),
        seal(&mut Tree::default(), &fresh),
        seal(&mut Tree::default(), &fresh[2..]),
        Seal { entries: vec![fresh[2].seq + 1], ..seal(&mut grown.clone(), &fresh[2..]) },
    ] {
        let refused = other.seal(stale.clone()).await;
        assert!(matches!(refused, Err(CommitError::Conflict(_))), "{stale:?}: {refused:?}");
    }
    assert_eq!((audit(&other).await, other.audit_heads(0, 10).await.unwrap()), before);
    other.seal(seal(&mut tree(&other).await, &fresh[2..])).await.unwrap();
    assert_eq!(leaves(&audit(&one).await), [0, 1, 2].map(Some));
}

pub(crate) async fn the_log_is_read_by_leaf_and_by_subject_a_page_at_a_time(place: &Place) {
    let store = place.open().await;
    for _ in 0..3 {
        done(&store, "ct_1", 2).await;
        done(&store, "ct_2", 1).await;
    }
    let all = store.audit_unhashed(0, 10).await.unwrap();
    let page = store.audit_unhashed(all[3].seq, 2).await.unwrap();
    assert_eq!(page, all[4..6]);
    store.seal(seal(&mut Tree::default(), &all)).await.unwrap();
    let page = store.audit_leaves(4, 3).await.unwrap();
    assert_eq!(leaves(&page), [4, 5, 6].map(Some));
    assert!(store.audit_leaves(9, 3).await.unwrap().is_empty());

    let first = store.audit_of("ct_1", 0, 4).await.unwrap();
    let rest = store.audit_of("ct_1", first[3].seq, 4).await.unwrap();
    assert_eq!((first.len(), rest.len()), (4, 2));
    let whole = [first, rest].concat();
    assert!(whole.is_sorted_by_key(|line| line.seq) && whole.iter().all(|line| line.entry.subject == "ct_1"));
    assert!(store.audit_of("ct_3", 0, 4).await.unwrap().is_empty());
}

pub(crate) async fn commits_go_on_while_the_log_is_hashed(place: &Place) {
    let store = place.open().await;
    let mut writers = JoinSet::new();
    for name in ["ct_1", "ct_2", "ct_3", "ct_4"] {
        let store = store.clone();
        writers.spawn(async move { done(&store, name, 60).await });
    }
    let hashing = async {
        let mut grown = Tree::default();
        while grown.size() < 240 {
            let fresh = store.audit_unhashed(0, 50).await.unwrap();
            if fresh.is_empty() {
                tokio::task::yield_now().await;
                continue;
            }
            store.seal(seal(&mut grown, &fresh)).await.unwrap();
        }
    };
    timeout(PATIENCE, hashing).await.expect("the hasher keeps up");
    writers.join_all().await;
    assert_eq!(leaves(&store.audit_leaves(0, 1_000).await.unwrap()), (0..240).map(Some).collect::<Vec<_>>());
}
