//! An edition: the directory as it was signed and published, whole. Editions are numbered without a gap, and each names the one
//! before it, so that nobody can go back or tell two stories.

use super::entry::Entry;
use crate::commit::{Change, Commit, Entry as AuditEntry};
use crate::kernel::{
    actor::Actor,
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};

/// How long an edition may be relied on. At most 30 days by the directory's rule; two weeks let a hotline that stands still for a
/// week go on being found.
pub const EDITION_VALID: Span = Span::from_s(14 * 24 * 3_600);
/// A new edition is signed when the last one has no more than this left.
pub const RESIGN_BEFORE: Span = Span::from_s(7 * 24 * 3_600);

/// An entry with the wallet it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The wallet's id.
    pub wallet: String,
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
}

/// An edition as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Its number, from 1.
    pub version: i64,
    /// When it was signed.
    pub issued_at: Wall,
    /// Until when it may be relied on.
    pub expires_at: Wall,
    /// The id of the key it is signed with.
    pub key: String,
    /// SHA-256 of the payload that was signed, in hexadecimal digits.
    pub hash: String,
    /// What was published: payload and signature.
    pub document: String,
    /// What it lists.
    pub listed: Vec<Listed>,
}

/// What a new edition is made of, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionFacts {
    /// Its number.
    pub version: i64,
    /// When it is signed.
    pub issued_at: Wall,
    /// Until when it may be relied on.
    pub expires_at: Wall,
}

impl Edition {
    /// Whether it may be relied on. One from the future was signed by a clock that was wrong.
    #[must_use]
    pub fn is_valid(&self, now: Wall) -> bool {
        self.issued_at <= now && now < self.expires_at
    }

    /// Whether another one must follow it now: it says something else than is listed, its end is near, or the clock was set back
    /// behind it.
    #[must_use]
    pub fn is_due(&self, listed: &[Listed], now: Wall) -> bool {
        self.listed != listed || now < self.issued_at || self.expires_at - now <= RESIGN_BEFORE
    }

    /// What the next edition after this one says of itself; of the first one where there is none.
    #[must_use]
    pub fn next(last: Option<&Self>, now: Wall) -> EditionFacts {
        let version = last.map_or(0, |last| last.version) + 1;
        EditionFacts { version, issued_at: now, expires_at: now + EDITION_VALID }
    }

    /// The transaction that keeps it. Another edition of this number is a conflict.
    #[must_use]
    pub fn published(&self) -> Commit {
        let entry = AuditEntry::new(self.issued_at, Actor::System, "directory.published", format!("edition_{}", self.version));
        Commit::new(entry, vec![Change::Edition(Box::new(self.clone()))])
    }
}
