//! Proofs as they are checked by whoever holds a head and a few hashes: that an entry is in the log, that a log only grew. The
//! ways of RFC 9162 sections 2.1.3.2 and 2.1.4.2, which check the proofs of RFC 6962.

use super::tree::{Hash, node_hash};

/// Whether `path` proves that the leaf with this hash is number `index` (from 0) of a tree of `size` leaves with this root.
#[must_use]
pub fn proves_inclusion(leaf: Hash, index: u64, size: u64, path: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last, mut hash) = (index, size - 1, leaf);
    for step in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(step, &hash);
            while place & 1 == 0 && place != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, step);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && hash == root
}

/// Whether `path` proves that the tree of `new_size` leaves with `new_root` begins with the tree of `old_size` leaves with
/// `old_root`. Every tree begins with itself and with the empty one, which takes no path.
#[must_use]
pub fn proves_consistency(old_size: u64, old_root: Hash, new_size: u64, new_root: Hash, path: &[Hash]) -> bool {
    if old_size == 0 || old_size >= new_size {
        return path.is_empty() && (old_size == 0 || (old_size == new_size && old_root == new_root));
    }
    let (mut place, mut last) = (old_size - 1, new_size - 1);
    while place & 1 == 1 {
        (place, last) = (place >> 1, last >> 1);
    }
    // A full old tree is itself the first node of the path.
    let mut steps = path.iter();
    let first = if old_size.is_power_of_two() { Some(&old_root) } else { steps.next() };
    let Some(first) = first else { return false };
    let (mut old, mut new) = (*first, *first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            (old, new) = (node_hash(step, &old), node_hash(step, &new));
            while place & 1 == 0 && place != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            new = node_hash(&new, step);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && old == old_root && new == new_root
}
