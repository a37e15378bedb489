//! The audit log as a Merkle tree (RFC 6962): what an entry's leaf is, how the tree grows, what its head says, and how proofs are
//! checked. It keeps no log and signs nothing; whoever does is told here over which bytes.

mod head;
mod leaf;
mod proof;
mod tree;

pub use head::{Head, SealedHead, Signature};
pub use leaf::leaf_bytes;
pub use proof::{proves_consistency, proves_inclusion};
pub use tree::{Hash, Tree, leaf_hash};

#[cfg(test)]
mod tests;
