//! A passkey of a member of staff: a key pair on a device of theirs, of which this side knows the public half (W3C Web
//! Authentication, Level 3). It signs for one origin alone, so that a page that only looks like ours gets nothing of use.

use super::Secret;
use crate::kernel::time::Wall;
use serde::{Deserialize, Serialize};

/// Passkeys of one person: devices and a spare, not a collection.
pub const PASSKEYS_MAX: usize = 8;

/// Longest name of one, characters.
pub const NAME_CHARS_MAX: usize = 40;

/// One passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The credential's id, base64url: no secret.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Its public key and counter, sealed for its owner: nobody who writes to the database adds one of their own.
    pub key: Secret,
    /// Since when it counts.
    pub since: Wall,
    /// When it was shown last.
    pub used_at: Option<Wall>,
}

/// Why a passkey was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyRefusal {
    /// It counts already.
    #[error("this passkey counts already")]
    Known,
    /// There are too many.
    #[error("{PASSKEYS_MAX} passkeys are the most: remove one first")]
    TooMany,
    /// Without a name nobody knows which to remove when a device is lost.
    #[error("give it a name of 1 to {NAME_CHARS_MAX} characters")]
    Name,
}

impl Passkey {
    /// Whether it may stand beside those that count.
    pub(super) fn may_join(&self, others: &[Self]) -> Result<(), PasskeyRefusal> {
        if others.iter().any(|other| other.id == self.id) {
            return Err(PasskeyRefusal::Known);
        }
        if others.len() >= PASSKEYS_MAX {
            return Err(PasskeyRefusal::TooMany);
        }
        let is_named = !self.name.trim().is_empty() && self.name.chars().count() <= NAME_CHARS_MAX;
        is_named.then_some(()).ok_or(PasskeyRefusal::Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passkey(id: usize, name: &str) -> Passkey {
        let key = Secret::new(String::new());
        Passkey { id: id.to_string(), name: name.to_owned(), key, since: Wall(0), used_at: None }
    }

    #[test]
    fn one_joins_with_a_name_while_there_is_room_and_only_once() {
        let others: Vec<Passkey> = (1..PASSKEYS_MAX).map(|id| passkey(id, "key")).collect();
        assert_eq!(passkey(0, "the phone").may_join(&others), Ok(()));
        assert_eq!(passkey(1, "the phone").may_join(&others), Err(PasskeyRefusal::Known));
        let full: Vec<Passkey> = (1..=PASSKEYS_MAX).map(|id| passkey(id, "key")).collect();
        assert_eq!(passkey(0, "the phone").may_join(&full), Err(PasskeyRefusal::TooMany));
        for name in ["", "  ", &"长".repeat(NAME_CHARS_MAX + 1)] {
            assert_eq!(passkey(0, name).may_join(&others), Err(PasskeyRefusal::Name), "{name}");
        }
    }
}
