//! A signed directory checked as a partner checks it: by the keys that were seen before, and against going back. It trusts the
//! first key it ever sees, says so, and no other one that the last one did not vouch for.

use super::document::{Document, EDITION, ENDORSEMENT, Status, endorsement, sha256};
use super::jws::{PublicKey, Signed};
use serde::{Deserialize, Serialize};
use walletline_core::kernel::time::{Span, Wall};

/// The longest that an edition may be valid.
const VALID_MAX: Span = Span::from_s(30 * 24 * 3_600);
/// How far another machine's clock may be ahead of ours.
const AHEAD_MAX: Span = Span::from_s(5 * 60);

/// What was seen before: kept in the witness file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pins {
    /// Where the directory stands.
    pub(crate) issuer: String,
    /// Keys that may sign: the one that did, and the one it announced.
    pub(crate) keys: Vec<PublicKey>,
    /// The newest version seen.
    pub(crate) version: i64,
    /// SHA-256 of its payload.
    pub(crate) sha256: String,
}

/// A directory that is what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verified {
    /// What to remember of it.
    pub(crate) pins: Pins,
    /// How many entries it has.
    pub(crate) entries: usize,
    /// When it expires.
    pub(crate) expires: String,
    /// The id of the key that signed it.
    pub(crate) kid: String,
    /// How that key is known.
    pub(crate) trust: Trust,
    /// It cannot be seen whether what lies between the pinned version and this one was ever rewritten.
    pub(crate) unlinked: bool,
}

/// How a key is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It was pinned before.
    Pinned,
    /// A key that was pinned before vouches for it.
    Endorsed,
    /// Nobody knew any before: the directory's own word.
    FirstUse,
}

/// Checks a directory. `pins`: what was seen before, where anything was.
///
/// # Errors
/// Everything that is wrong, a line each; at least one.
pub(crate) fn verify(text: &[u8], pins: Option<&Pins>, now: Wall) -> Result<Verified, Vec<String>> {
    let (signed, payload, document) = read(text).map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let (trust, key) = match signer(&signed, &document, pins) {
        Ok((trust, key)) => {
            if !signed.is_by(&key, EDITION) {
                faults.push("forged: the signature does not fit the payload and its key".to_owned());
            }
            (trust, Some(key))
        }
        Err(fault) => {
            faults.push(fault);
            (Trust::FirstUse, None)
        }
    };
    check_times(&document, now, &mut faults);
    let hash = sha256(&payload);
    let mut unlinked = false;
    if let Some(pins) = pins {
        unlinked = check_chain(&document, &hash, pins, &mut faults);
    }
    if (document.version > 1) != document.previous.is_some() || document.version < 1 {
        faults.push(format!("version {} does not name the version before it", document.version));
    }
    for (place, listed) in (1..).zip(&document.entries) {
        if let Err(error) = listed.entry.check() {
            faults.push(format!("entry {place} is not sound: {error}"));
        }
    }
    match key {
        Some(key) if faults.is_empty() => Ok(Verified {
            kid: key.kid.clone(),
            entries: document.entries.len(),
            expires: document.expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            pins: pinned(&document, key, hash),
            trust,
            unlinked,
        }),
        _ => Err(faults),
    }
}

fn read(text: &[u8]) -> Result<(Signed, Vec<u8>, Document), String> {
    let not = |what: &str| format!("no signed directory: {what}");
    let signed: Signed = serde_json::from_slice(text).map_err(|_| not("it is no flattened JSON Web Signature"))?;
    if signed.kid(EDITION).is_none() {
        return Err(not("its header is not `EdDSA` with `official-contacts+jws`"));
    }
    let payload = signed.payload().ok_or_else(|| not("its payload is not base64url"))?;
    let document = serde_json::from_slice(&payload).map_err(|error| not(&format!("its payload cannot be read: {error}")))?;
    Ok((signed, payload, document))
}

/// The key that must have signed it, and how that one is known.
fn signer(signed: &Signed, document: &Document, pins: Option<&Pins>) -> Result<(Trust, PublicKey), String> {
    let kid = signed.kid(EDITION).unwrap_or_default();
    let Some(pins) = pins else {
        let own = document.keys.iter().find(|key| key.key.kid == kid && key.status == Status::Current);
        return own
            .map(|own| (Trust::FirstUse, own.key.clone()))
            .ok_or_else(|| format!("signed with key {kid}, which the directory itself does not name as its current one"));
    };
    if let Some(key) = pins.keys.iter().find(|key| key.kid == kid) {
        return Ok((Trust::Pinned, key.clone()));
    }
    // Each key vouches for the next: follow them from those that are pinned.
    let mut known = pins.keys.clone();
    for (signature, endorsement) in document.endorsements.iter().filter_map(|text| endorsement(text)) {
        let vouched = known.iter().any(|key| signature.is_by(key, ENDORSEMENT)) && endorsement.issuer == pins.issuer;
        if vouched {
            known.push(endorsement.endorses);
        }
    }
    let endorsed = known.into_iter().find(|key| key.kid == kid).map(|key| (Trust::Endorsed, key));
    endorsed.ok_or_else(|| {
        format!("wrong key: signed with {kid}, which is not pinned and which no pinned key vouches for; ask the operator for its key id")
    })
}

fn check_times(document: &Document, now: Wall, faults: &mut Vec<String>) {
    let (issued, expires) = (Wall(document.issued.as_microsecond()), Wall(document.expires.as_microsecond()));
    let shown = document.expires.strftime("%Y-%m-%dT%H:%M:%SZ");
    if expires <= now {
        faults.push(format!("expired: it was good until {shown}"));
    }
    if issued > now + AHEAD_MAX {
        faults.push("issued in the future: check this machine's clock".to_owned());
    }
    if expires <= issued || expires - issued > VALID_MAX {
        faults.push("it wants to be relied on for longer than 30 days, or ends before it begins".to_owned());
    }
}

/// Holds it against the version seen before. Says whether the way from there to here cannot be seen.
fn check_chain(document: &Document, hash: &str, pins: &Pins, faults: &mut Vec<String>) -> bool {
    if document.issuer != pins.issuer {
        faults.push(format!("another issuer: `{}`, and `{}` is pinned", document.issuer, pins.issuer));
    }
    if document.version < pins.version {
        faults.push(format!("rolled back: version {} was seen before, this is version {}", pins.version, document.version));
        return false;
    }
    if document.version == pins.version {
        if hash != pins.sha256 {
            faults.push(format!("rewritten: another version {} was seen before", pins.version));
        }
        return false;
    }
    let past = document.history.iter().find(|past| past.version == pins.version).map(|past| past.sha256.as_str());
    let told = if document.version == pins.version + 1 { document.previous.as_deref() } else { past };
    match told {
        Some(told) if told != pins.sha256 => {
            faults.push(format!("rewritten: it does not follow from the version {} that was seen before", pins.version));
            false
        }
        Some(_) => false,
        None => true,
    }
}

fn pinned(document: &Document, key: PublicKey, sha256: String) -> Pins {
    let next = document.keys.iter().filter(|next| next.status == Status::Next && next.key.kid != key.kid);
    let next: Vec<PublicKey> = next.map(|next| next.key.clone()).collect();
    let keys = std::iter::once(key).chain(next).collect();
    Pins { issuer: document.issuer.clone(), keys, version: document.version, sha256 }
}

#[cfg(test)]
mod tests;
