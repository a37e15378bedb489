//! What is said of the whole log at one moment: so many entries, this root. Signed or not, it is what others keep a copy of.

use super::tree::{Hash, Tree};
use crate::kernel::time::Wall;

/// The log at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Entries in the log.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
    /// When it was made.
    pub at: Wall,
}

/// Keeps a signature of a head from being taken for one of anything else.
const DOMAIN: &[u8] = b"walletline audit head v1\n";

impl Head {
    /// The head of a tree.
    #[must_use]
    pub fn of(tree: &Tree, at: Wall) -> Self {
        Self { size: tree.size(), root: tree.root(), at }
    }

    /// The bytes a signature is made over: the domain, size and time as eight bytes each (big end first), the root between them.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        [DOMAIN, &self.size.to_be_bytes(), &self.root.0, &self.at.0.to_be_bytes()].concat()
    }
}

/// A signature by Ed25519 (RFC 8032) and the public key it is checked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The public key.
    pub key: [u8; 32],
    /// The signature.
    pub bytes: [u8; 64],
}

/// A head as it is kept beside the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedHead {
    /// What it says.
    pub head: Head,
    /// The peaks the tree grows on from.
    pub peaks: Vec<Hash>,
    /// None where there is no key to sign with.
    pub signature: Option<Signature>,
}

impl SealedHead {
    /// The tree it is the head of, or none when root and peaks do not belong together.
    #[must_use]
    pub fn tree(&self) -> Option<Tree> {
        Tree::from_peaks(self.head.size, self.peaks.clone()).filter(|tree| tree.root() == self.head.root)
    }
}
