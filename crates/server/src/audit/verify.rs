//! The whole log checked: the tree is built again from the entries and held against every head, every signature and the witness.
//! It reads page by page and changes nothing; what it says names leaves and numbers, never what an entry says.

use super::signing::is_signature_of;
use super::witness::{self, Kept};
use crate::web::wire::Time;
use std::io;
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use walletline_core::audit::{Head, SealedHead, Signature, Tree, leaf_bytes, leaf_hash};
use walletline_store::{PAGE_MAX, ReadError, Store};

/// What was found whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Report {
    /// Entries of the log.
    pub(crate) entries: u64,
    /// Those that a signed head covers.
    pub(crate) signed: u64,
    /// Heads.
    pub(crate) heads: u64,
    /// Lines of the witness that agree.
    pub(crate) witnessed: Option<u64>,
}

/// Why the log was not found whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerifyError {
    /// It is not.
    #[error("the audit log is not whole: {0}")]
    Broken(String),
    /// The witness cannot be read.
    #[error("the witness `{}` cannot be read: {reason}", path.display())]
    Witness {
        /// Where it should be.
        path: PathBuf,
        /// Why not.
        reason: io::Error,
    },
    /// The store cannot be read.
    #[error(transparent)]
    Store(ReadError),
}

impl From<ReadError> for VerifyError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Corrupt(what) => Self::Broken(format!("{what} holds what was never written there")),
            ReadError::Unavailable(_) => Self::Store(error),
        }
    }
}

/// Checks the log. Signatures are checked with `key` where there is one, else with the key each head names.
///
/// # Errors
/// The first thing found wrong, or what could not be read.
pub(crate) async fn verify(store: &Store, key: Option<[u8; 32]>, witness: Option<&Path>) -> Result<Report, VerifyError> {
    let last = store.audit_last_head().await?;
    let lines: Box<dyn Iterator<Item = Result<Kept, String>>> = match witness.map(|path| (path, witness::read(path))) {
        None => Box::new(std::iter::empty()),
        Some((_, Ok(lines))) => Box::new(lines),
        // Before the first head there is nothing to witness.
        Some((_, Err(error))) if error.kind() == io::ErrorKind::NotFound && last.is_none() => Box::new(std::iter::empty()),
        Some((path, Err(reason))) => return Err(VerifyError::Witness { path: path.to_owned(), reason }),
    };
    let mut walk =
        Walk { store, key, witness: lines.peekable(), tree: Tree::default(), last_seq: 0, heads: 0, signed: 0, agreed: 0 };
    walk.heads().await?;
    if let Some(line) = walk.witness.next() {
        let Kept { line, head, .. } = line.map_err(VerifyError::Broken)?;
        let (size, there) = (head.size, walk.tree.size());
        return Err(broken(format!("line {line} of the witness says {size} entries, and {there} are left: its end was cut off")));
    }
    if key.is_some() && walk.heads > 0 && walk.signed < walk.tree.size() {
        let what = "the newest head is not signed although keys.master is set: its signature was removed, or `serve` runs without the key";
        return Err(broken(what.to_owned()));
    }
    let entries = walk.tree.size() + store.audit_unhashed_count().await?;
    Ok(Report { entries, signed: walk.signed, heads: walk.heads, witnessed: witness.map(|_| walk.agreed) })
}

fn broken(what: String) -> VerifyError {
    VerifyError::Broken(what)
}

/// How far the check has come.
struct Walk<'a> {
    store: &'a Store,
    key: Option<[u8; 32]>,
    witness: Peekable<Box<dyn Iterator<Item = Result<Kept, String>>>>,
    tree: Tree,
    /// The number of the last entry of the tree.
    last_seq: i64,
    heads: u64,
    signed: u64,
    agreed: u64,
}

impl Walk<'_> {
    /// Every head in order, and nothing behind the last.
    async fn heads(&mut self) -> Result<(), VerifyError> {
        loop {
            // A leaf is seen no sooner than its head: asked in this order, a leaf without a head is one that was forged.
            let beyond = self.store.audit_leaves(self.tree.size(), 1).await?.pop();
            let heads = self.store.audit_heads(self.tree.size(), PAGE_MAX).await?;
            if let (Some(line), true) = (beyond, heads.is_empty()) {
                let (leaf, seq) = (line.leaf.unwrap_or_default(), line.seq);
                return Err(broken(format!(
                    "leaf {leaf} (entry {seq}) lies under no head: it was put in, or its head was removed"
                )));
            }
            if heads.is_empty() {
                return Ok(());
            }
            for head in heads {
                let from = (self.tree.size(), self.last_seq);
                self.grow(&head.head).await?;
                self.check_head(&head, from)?;
                self.check_witness(&head.head)?;
            }
        }
    }

    /// Takes the entries that a head newly covers.
    async fn grow(&mut self, head: &Head) -> Result<(), VerifyError> {
        while self.tree.size() < head.size {
            let wanted = u32::try_from(head.size - self.tree.size()).unwrap_or(PAGE_MAX);
            let page = self.store.audit_leaves(self.tree.size(), wanted).await?;
            if page.is_empty() {
                let (size, there, at) = (head.size, self.tree.size(), Time::from(head.at));
                return Err(broken(format!("the head of {at} covers {size} entries, and {there} are left: its end was cut off")));
            }
            for line in page {
                let expected = self.tree.size();
                if line.leaf != Some(expected) {
                    let seq = line.seq;
                    let what = if line.leaf > Some(expected) { "is missing: it was removed" } else { "is there twice" };
                    return Err(broken(format!("leaf {expected}, before or at entry {seq}, {what}")));
                }
                self.tree.push(leaf_hash(&leaf_bytes(&line.entry)));
                self.last_seq = line.seq;
            }
        }
        Ok(())
    }

    fn check_head(&mut self, SealedHead { head, peaks, signature }: &SealedHead, from: (u64, i64)) -> Result<(), VerifyError> {
        let (size, at) = (head.size, Time::from(head.at));
        if self.tree.root() != head.root {
            let (first, last, after, seq) = (from.0, size - 1, from.1, self.last_seq);
            return Err(broken(format!(
                "leaves {first} to {last} (after entry {after} up to entry {seq}) do not give the root of the head of {at}: an entry \
                among them was changed, put in or moved, or the head was changed"
            )));
        }
        if self.tree.peaks() != peaks {
            return Err(broken(format!("the peaks of the head at {size} entries ({at}) were changed")));
        }
        if let Some(signature) = signature {
            self.check_signature(signature, head, &format!("the head at {size} entries ({at})"))?;
            self.signed = size;
        }
        self.heads += 1;
        Ok(())
    }

    fn check_signature(&self, signature: &Signature, head: &Head, whose: &str) -> Result<(), VerifyError> {
        if self.key.is_some_and(|key| key != signature.key) {
            return Err(broken(format!("{whose} is signed with another key than the one that follows from keys.master")));
        }
        if !is_signature_of(signature, head) {
            return Err(broken(format!("{whose} has a wrong signature: it or the head was changed")));
        }
        Ok(())
    }

    /// Holds the lines of the witness up to a head against it.
    fn check_witness(&mut self, head: &Head) -> Result<(), VerifyError> {
        while let Some(next) = self.witness.next_if(|line| line.as_ref().map_or(true, |kept| kept.head.size <= head.size)) {
            let kept = next.map_err(VerifyError::Broken)?;
            let (line, size) = (kept.line, kept.head.size);
            if size < head.size {
                return Err(broken(format!(
                    "line {line} of the witness has a head at {size} entries where the log has none: the head was removed, or the log \
                    was cut back and went on"
                )));
            }
            if kept.head.root != head.root {
                let at = Time::from(kept.head.at);
                return Err(broken(format!(
                    "line {line} of the witness ({at}) has another root at {size} entries: the log was written anew"
                )));
            }
            if let Some(signature) = &kept.signature {
                self.check_signature(signature, &kept.head, &format!("line {line} of the witness"))?;
            }
            self.agreed += 1;
        }
        Ok(())
    }
}
