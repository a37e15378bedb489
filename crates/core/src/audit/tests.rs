//! The tree against the vectors of Certificate Transparency's reference implementation and against RFC 6962's own recursive
//! definition; leaves against each other.

use super::tree::node_hash;
use super::*;
use crate::commit::Entry;
use crate::kernel::actor::Actor;
use crate::kernel::hex;
use crate::kernel::ids::StaffId;
use crate::kernel::purpose::Purpose;
use crate::kernel::time::Wall;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// The eight leaves of the reference implementation's tests.
const LEAVES: [&[u8]; 8] = [
    b"",
    &[0x00],
    &[0x10],
    &[0x20, 0x21],
    &[0x30, 0x31],
    &[0x40, 0x41, 0x42, 0x43],
    &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
];

/// Its roots of the first one to eight leaves.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(text: &str) -> Hash {
    text.parse().unwrap()
}

fn tree(leaves: &[Hash]) -> Tree {
    let mut tree = Tree::default();
    leaves.iter().for_each(|leaf| tree.push(*leaf));
    tree
}

/// `k`, the largest power of two smaller than the number of leaves.
fn split(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
    leaves.split_at(leaves.len().next_power_of_two() / 2)
}

/// `MTH(D[n])`, word for word.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash(Sha256::digest([]).into()),
        [leaf] => *leaf,
        _ => {
            let (left, right) = split(leaves);
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// `PATH(m, D[n])`, word for word.
fn naive_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return vec![];
    }
    let (left, right) = split(leaves);
    if index < left.len() {
        [naive_path(index, left), vec![naive_root(right)]].concat()
    } else {
        [naive_path(index - left.len(), right), vec![naive_root(left)]].concat()
    }
}

/// `SUBPROOF(m, D[n], b)`, word for word.
fn naive_consistency(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole { vec![] } else { vec![naive_root(leaves)] };
    }
    let (left, right) = split(leaves);
    if old <= left.len() {
        [naive_consistency(old, left, whole), vec![naive_root(right)]].concat()
    } else {
        [naive_consistency(old - left.len(), right, false), vec![naive_root(left)]].concat()
    }
}

#[test]
fn the_tree_is_the_one_of_rfc_6962() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Tree::default().root(), hash(empty));
    let mut tree = Tree::default();
    for (leaf, root) in LEAVES.into_iter().zip(ROOTS) {
        tree.push(leaf_hash(leaf));
        assert_eq!(tree.root(), hash(root), "{} leaves", tree.size());
    }
}

#[test]
fn the_reference_proofs_hold() {
    let leaves = LEAVES.map(leaf_hash);
    let inclusion = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    .map(hash);
    assert!(proves_inclusion(leaves[5], 5, 8, &inclusion, hash(ROOTS[7])));
    let consistency = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    .map(hash);
    assert!(proves_consistency(6, hash(ROOTS[5]), 8, hash(ROOTS[7]), &consistency));
}

/// As many different leaves as asked for.
fn leaves(count: usize, seed: u8) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&[&n.to_be_bytes()[..], &[seed]].concat())).collect()
}

proptest! {
    #[test]
    fn the_growing_tree_is_the_recursive_one(count in 0..300_usize, at in 0..300_usize, seed: u8) {
        let leaves = leaves(count, seed);
        let tree = tree(&leaves);
        prop_assert_eq!(tree.root(), naive_root(&leaves));
        // It grows on from its peaks as if it had never stopped.
        let half = tree_of_two_sittings(&leaves, at.min(count));
        prop_assert_eq!(half, tree);
    }

    #[test]
    fn inclusion_is_proved_for_what_is_there_alone(count in 1..200_usize, at: prop::sample::Index, other: prop::sample::Index) {
        let leaves = leaves(count, 0);
        let (index, root, size) = (at.index(count), naive_root(&leaves), count as u64);
        let path = naive_path(index, &leaves);
        prop_assert!(proves_inclusion(leaves[index], index as u64, size, &path, root));
        let wrong = other.index(count);
        if wrong != index {
            prop_assert!(!proves_inclusion(leaves[wrong], index as u64, size, &path, root));
            prop_assert!(!proves_inclusion(leaves[index], wrong as u64, size, &path, root));
        }
        prop_assert!(!proves_inclusion(leaf_hash(b"forged"), index as u64, size, &path, root));
        prop_assert!(!proves_inclusion(leaves[index], index as u64, size, &[path.clone(), vec![root]].concat(), root));
        prop_assert!(!proves_inclusion(leaves[index], size, size, &path, root));
        if !path.is_empty() {
            prop_assert!(!proves_inclusion(leaves[index], index as u64, size, &path[1..], root));
        }
    }

    #[test]
    fn a_log_that_only_grew_is_proved_and_no_other(count in 1..200_usize, at: prop::sample::Index) {
        let leaves = leaves(count, 0);
        let old = at.index(count) + 1;
        let (old_root, new_root) = (naive_root(&leaves[..old]), naive_root(&leaves));
        let path = if old == count { vec![] } else { naive_consistency(old, &leaves, true) };
        let (old_size, new_size) = (old as u64, count as u64);
        prop_assert!(proves_consistency(old_size, old_root, new_size, new_root, &path));
        prop_assert!(!proves_consistency(old_size, leaf_hash(b"forged"), new_size, new_root, &path));
        prop_assert!(!proves_consistency(old_size, old_root, new_size, leaf_hash(b"forged"), &path));
        prop_assert!(!proves_consistency(new_size + 1, old_root, new_size, new_root, &path));
        prop_assert!(!proves_consistency(old_size, old_root, new_size, new_root, &[path, vec![new_root]].concat()));
        prop_assert!(proves_consistency(0, Tree::default().root(), new_size, new_root, &[]));
    }

    #[test]
    fn two_entries_never_share_a_leaf(a in entries(), b in entries()) {
        prop_assert_eq!(a == b, leaf_bytes(&a) == leaf_bytes(&b));
    }
}

fn tree_of_two_sittings(leaves: &[Hash], at: usize) -> Tree {
    let first = tree(&leaves[..at]);
    let mut second = Tree::from_peaks(first.size(), first.peaks().to_vec()).unwrap();
    leaves[at..].iter().for_each(|leaf| second.push(*leaf));
    second
}

/// Entries of few letters, so that moved boundaries are met.
fn entries() -> impl Strategy<Value = Entry> {
    let actor = prop_oneof![
        Just(Actor::Caller),
        (0..2_u128).prop_map(|id| Actor::Staff { id: StaffId::from(id) }),
        Just(Actor::System),
        Just(Actor::Operator),
        Just(Actor::Visitor),
    ];
    (0..2_i64, actor, "[ab]{0,2}", "[ab]{0,2}", prop::option::of(prop::sample::select(&Purpose::ALL[..])))
        .prop_map(|(at, actor, action, subject, purpose)| Entry { at: Wall(at), actor, action, subject, purpose })
}

#[test]
fn a_leaf_is_spelt_in_one_way() {
    let staff = Actor::Staff { id: StaffId::from(1) };
    let entry = Entry::new(Wall(1_795_000_000_000_000), staff, "contact.read", "ct_1").for_purpose(Purpose::Service);
    let expected = "010006608b015f30000000000573746166660000001d73745f3030303030303030303030303030303030303030303030303031\
        0000000c636f6e746163742e726561640000000463745f310000000773657276696365";
    assert_eq!(hex::encode(&leaf_bytes(&entry)), expected);
}

#[test]
fn a_head_is_signed_over_all_it_says_and_under_its_own_name() {
    let head = Head { size: 1, root: hash(ROOTS[0]), at: Wall(2) };
    let bytes = head.signed_bytes();
    assert!(bytes.starts_with(b"walletline audit head v1\n"));
    let others = [Head { size: 2, ..head }, Head { root: hash(ROOTS[1]), ..head }, Head { at: Wall(3), ..head }];
    let all: BTreeSet<Vec<u8>> = others.iter().map(Head::signed_bytes).chain([bytes]).collect();
    assert_eq!(all.len(), 4);
}

#[test]
fn a_head_whose_peaks_are_anothers_gives_no_tree() {
    let leaves = LEAVES.map(leaf_hash);
    let grown = tree(&leaves[..7]);
    let sealed = SealedHead { head: Head::of(&grown, Wall(0)), peaks: grown.peaks().to_vec(), signature: None };
    assert_eq!(sealed.tree(), Some(grown));
    let mut changed = sealed.clone();
    changed.peaks[1] = leaves[0];
    assert_eq!(changed.tree(), None);
    changed.peaks.pop();
    assert_eq!(changed.tree(), None);
    assert_eq!(SealedHead { head: Head { root: leaves[0], ..sealed.head }, ..sealed }.tree(), None);
}
