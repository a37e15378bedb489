//! What is signed: the directory as others read it. Every field is part of what we promise to partners; a field is added, never
//! changed.

use super::jws::{PublicKey, Signed, Signer};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use walletline_core::directory::{Edition, EditionFacts, Listed, Words};
use walletline_core::kernel::hex;
use walletline_core::kernel::time::{Span, Wall};

/// What the signature of an edition is for.
pub(crate) const EDITION: &str = "official-contacts+jws";
/// What the signature of one key under another is for.
pub(crate) const ENDORSEMENT: &str = "official-contacts-key+jws";

/// Editions whose hashes stand in the next one: whoever looked no longer than so many editions ago sees that nothing was rewritten.
pub(crate) const HISTORY: u32 = 32;
/// Endorsements carried on: keys change once in years.
const ENDORSEMENTS_MAX: usize = 8;

/// How long a new key is announced before it signs: the longest that an edition may be relied on.
pub(crate) const OVERLAP: Span = Span::from_s(30 * 24 * 3_600);

/// The payload of an edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Document {
    /// Where the directory stands.
    pub(crate) issuer: String,
    /// When it was signed.
    pub(crate) issued: Timestamp,
    /// Until when it may be relied on.
    pub(crate) expires: Timestamp,
    /// Its number, from 1.
    pub(crate) version: i64,
    /// SHA-256 of the payload before it, in hexadecimal digits; none in the first.
    pub(crate) previous: Option<String>,
    /// The payloads before it, newest first.
    pub(crate) history: Vec<Past>,
    /// The key it is signed with, and the one that will follow it.
    pub(crate) keys: Vec<Key>,
    /// Earlier keys vouching for later ones, each a signature of its own.
    pub(crate) endorsements: Vec<String>,
    /// The wallets.
    pub(crate) wallets: Vec<WalletName>,
    /// What is listed.
    pub(crate) entries: Vec<Listed>,
}

/// An edition before this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Past {
    /// Its number.
    pub(crate) version: i64,
    /// SHA-256 of its payload.
    pub(crate) sha256: String,
}

/// A key and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    #[serde(flatten)]
    pub(crate) key: PublicKey,
    /// Signs this edition, or will sign later ones.
    pub(crate) status: Status,
    /// Since when it is announced.
    pub(crate) since: Timestamp,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Current,
    Next,
}

/// What a wallet is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WalletName {
    /// As entries name it.
    pub(crate) id: String,
    /// For people.
    pub(crate) name: Words,
}

/// One key vouching for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Endorsement {
    /// Where the directory stands.
    pub(crate) issuer: String,
    /// The key that is vouched for.
    pub(crate) endorses: PublicKey,
    /// Since when.
    pub(crate) issued: Timestamp,
}

/// The keys of this run.
pub(crate) struct Keys {
    /// Follows from `keys.master`.
    pub(crate) current: Signer,
    /// Follows from `keys.previous`.
    pub(crate) previous: Option<Signer>,
}

/// Who signs the next edition, and what it says of keys.
pub(crate) struct Turn<'k> {
    /// Signs.
    pub(crate) signer: &'k Signer,
    /// Announced, and since when.
    next: Option<(&'k PublicKey, Timestamp)>,
    endorsements: Vec<String>,
    /// The last edition was signed by a key that nobody here has, and that never vouched for ours: whoever pinned it will refuse us.
    pub(crate) is_break: bool,
}

impl Keys {
    /// Whose turn it is after the last edition. While a key rolls over the old one signs and announces the new one; after
    /// [`OVERLAP`] the new one signs.
    pub(crate) fn turn(&self, last: Option<&Document>, issuer: &str, now: Wall) -> Turn<'_> {
        let alone = |endorsements, is_break| Turn { signer: &self.current, next: None, endorsements, is_break };
        let Some(last) = last else { return alone(Vec::new(), false) };
        let endorsements = last.endorsements.clone();
        let signed_by = last.keys.iter().find(|key| key.status == Status::Current).map(|key| key.key.kid.as_str());
        if signed_by == Some(&self.current.public.kid) {
            return alone(endorsements, false);
        }
        let Some(previous) = self.previous.as_ref().filter(|previous| signed_by == Some(&previous.public.kid)) else {
            let vouched = endorsements.iter().any(|text| endorses(text, &self.current.public));
            return alone(endorsements, !vouched);
        };
        let at = timestamp(now);
        let announced = last.keys.iter().find(|key| key.status == Status::Next && key.key == self.current.public);
        let since = announced.map_or(at, |key| key.since);
        let endorsements = match announced {
            Some(_) => endorsements,
            None => endorsed(endorsements, previous, &self.current.public, issuer, at),
        };
        if now - Wall(since.as_microsecond()) >= OVERLAP {
            return alone(endorsements, false);
        }
        Turn { signer: previous, next: Some((&self.current.public, since)), endorsements, is_break: false }
    }
}

fn endorsed(mut before: Vec<String>, by: &Signer, key: &PublicKey, issuer: &str, at: Timestamp) -> Vec<String> {
    let endorsement = Endorsement { issuer: issuer.to_owned(), endorses: key.clone(), issued: at };
    let text = serde_json::to_vec(&endorsement).unwrap_or_default();
    before.push(by.sign(ENDORSEMENT, &text).compact());
    let surplus = before.len().saturating_sub(ENDORSEMENTS_MAX);
    before.drain(..surplus);
    before
}

/// The endorsement that a text is, whoever signed it.
pub(crate) fn endorsement(text: &str) -> Option<(Signed, Endorsement)> {
    let signed = Signed::from_compact(text)?;
    let endorsement = serde_json::from_slice(&signed.payload()?).ok()?;
    Some((signed, endorsement))
}

fn endorses(text: &str, key: &PublicKey) -> bool {
    endorsement(text).is_some_and(|(_, endorsement)| endorsement.endorses == *key)
}

impl Turn<'_> {
    /// Whether the last edition already says of keys what the next one would.
    pub(crate) fn is_said_by(&self, last: &Document) -> bool {
        last.keys == self.keys(last.issued)
    }

    fn keys(&self, at: Timestamp) -> Vec<Key> {
        let current = Key { key: self.signer.public.clone(), status: Status::Current, since: at };
        let next = self.next.map(|(key, since)| Key { key: key.clone(), status: Status::Next, since });
        std::iter::once(current).chain(next).collect()
    }

    /// The next edition, signed.
    pub(crate) fn edition(
        &self,
        facts: &EditionFacts,
        issuer: &str,
        wallets: Vec<WalletName>,
        entries: Vec<Listed>,
        history: Vec<Past>,
    ) -> Edition {
        let issued = timestamp(facts.issued_at);
        let document = Document {
            issuer: issuer.to_owned(),
            issued,
            expires: timestamp(facts.expires_at),
            version: facts.version,
            previous: history.first().map(|past| past.sha256.clone()),
            history,
            keys: self.keys(issued),
            endorsements: self.endorsements.clone(),
            wallets,
            entries,
        };
        let payload = serde_json::to_vec(&document).unwrap_or_default();
        let signed = self.signer.sign(EDITION, &payload);
        Edition {
            version: facts.version,
            issued_at: facts.issued_at,
            expires_at: facts.expires_at,
            key: self.signer.public.kid.clone(),
            hash: sha256(&payload),
            document: serde_json::to_string(&signed).unwrap_or_default(),
            listed: document.entries,
        }
    }
}

impl Document {
    /// The payload of an edition of ours.
    pub(crate) fn of(edition: &Edition) -> Option<Self> {
        let signed: Signed = serde_json::from_str(&edition.document).ok()?;
        serde_json::from_slice(&signed.payload()?).ok()
    }
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}

fn timestamp(at: Wall) -> Timestamp {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH)
}
