//! An entry as the bytes that are hashed: one spelling for each entry, and no two entries with the same. A changed encoding gets
//! a new version byte; entries hashed before stay as they are.

use crate::commit::Entry;
use crate::kernel::actor::Actor;

/// The first byte of every leaf.
const VERSION: u8 = 1;

/// An entry's leaf: the version, `at` as eight bytes (big end first), then actor's kind, actor's identifier, action, subject and
/// purpose, each behind its length in bytes as four. An actor without identifier and an entry without purpose have the empty
/// text there, which is neither. Where the entry stands in the log is not part of it: the tree says that.
#[must_use]
pub fn leaf_bytes(entry: &Entry) -> Vec<u8> {
    let Entry { at, actor, action, subject, purpose } = entry;
    let (kind, id) = match actor {
        Actor::Caller => ("caller", String::new()),
        Actor::Staff { id } => ("staff", id.to_string()),
        Actor::Visitor => ("visitor", String::new()),
        Actor::System => ("system", String::new()),
        Actor::Operator => ("operator", String::new()),
    };
    let purpose = purpose.map_or("", |purpose| purpose.name());
    let mut bytes = vec![VERSION];
    bytes.extend(at.0.to_be_bytes());
    for text in [kind, &id, action, subject, purpose] {
        // A text of 4 GB never was in a row: the databases take 1 GB.
        bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes
}
