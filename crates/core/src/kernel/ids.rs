//! Identifiers: 48 bits of wall-clock milliseconds and 80 pseudo-random bits, so that they sort by age and do not collide.
//! Written as a short prefix and 26 characters of Crockford's base 32, for example `ct_01KQ3V…`. They name things and open
//! nothing: no identifier is ever a credential.

use super::time::Wall;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Makes identifiers from time and a seed. The server seeds it from the operating system, a simulation from its own seed.
#[derive(Debug, Clone)]
pub struct IdSource {
    state: u128,
}

impl IdSource {
    /// A source whose identifiers follow from `seed` and the times asked for.
    #[must_use]
    pub const fn new(seed: u128) -> Self {
        Self { state: seed | 1 }
    }

    /// The next identifier, never the same twice.
    pub fn next<T: From<u128>>(&mut self, at: Wall) -> T {
        // PCG's 128-bit multiplier; the high bits of its state are well mixed.
        self.state = self.state.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645).wrapping_add(1);
        let ms = u128::try_from(at.0 / 1_000).unwrap_or(0) & ((1 << 48) - 1);
        T::from((ms << 80) | (self.state >> 48))
    }
}

/// The text is not an identifier of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid identifier")]
pub struct BadId;

fn encode(value: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    (0..26).rev().try_for_each(|place| {
        let digit = usize::try_from((value >> (place * 5)) & 31).unwrap_or(0);
        write!(f, "{}", char::from(ALPHABET[digit]))
    })
}

fn decode(text: &str) -> Result<u128, BadId> {
    if text.len() != 26 || text.as_bytes()[0] > b'7' {
        return Err(BadId);
    }
    text.bytes().try_fold(0_u128, |value, byte| {
        let digit = ALPHABET.iter().position(|&c| c == byte).ok_or(BadId)?;
        Ok((value << 5) | digit as u128)
    })
}

macro_rules! id {
    ($(#[$doc:meta] $name:ident $prefix:literal)*) => {$(
        #[$doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// The bare number, as another crate may carry it.
            #[must_use]
            pub const fn to_u128(self) -> u128 {
                self.0
            }

            /// The wall time it was made at, to the millisecond.
            #[must_use]
            pub const fn made_at(self) -> Wall {
                Wall((self.0 >> 80) as i64 * 1_000)
            }
        }

        impl From<u128> for $name {
            fn from(value: u128) -> Self {
                Self(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!($prefix, "_"))?;
                encode(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                text.strip_prefix(concat!($prefix, "_")).ok_or(BadId).and_then(decode).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

id! {
    /// One contact: one customer reaching us once, with all its legs.
    ContactId "ct"
    /// One leg of a contact.
    LegId "lg"
    /// One offer of a waiting contact to an agent.
    OfferId "of"
    /// One member of staff.
    StaffId "st"
    /// One log-in session of a member of staff.
    SessionId "se"
    /// One masked number shown in full.
    LookUpId "lu"
    /// One code sent to a customer.
    ChallengeId "ch"
    /// One act on a wallet.
    OperationId "op"
    /// One refund.
    RefundId "rf"
    /// One case.
    CaseId "cs"
    /// One clock of a case.
    ClockId "ck"
    /// One errand to another company: an act on a wallet, a message.
    ErrandId "er"
    /// One run of the program, from its start to its end.
    RunId "rn"
    /// One call pass.
    PassId "ps"
    /// One address in the official directory.
    ListingId "ls"
    /// Something reported as a fake.
    SuspectId "sp"
    /// One file that was sent for a case.
    UploadId "up"
    /// One recording of a contact.
    RecordingId "rc"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let mut source = IdSource::new(7);
        for ms in [0, 1, 1_795_000_000_000_i64] {
            let id: ContactId = source.next(Wall(ms * 1_000));
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn ids_sort_by_age_and_differ() {
        let mut source = IdSource::new(7);
        let ids: Vec<LegId> = (1..200).map(|ms| source.next(Wall(ms * 1_000))).collect();
        assert!(ids.is_sorted());
        let same_time: std::collections::BTreeSet<LegId> = (0..1_000).map(|_| source.next(Wall(0))).collect();
        assert_eq!(same_time.len(), 1_000);
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for text in ["", "ct_", "lg_00000000000000000000000000", "ct_8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "ct_0000000000000000000000000é"]
        {
            assert!(text.parse::<ContactId>().is_err(), "{text}");
        }
    }
}
