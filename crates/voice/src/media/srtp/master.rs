//! Master keys as SDP carries them, and the session keys that follow from them (RFC 3711 section 4.3). Wiped when dropped.

use crate::SrtpSuite;
use aws_lc_rs::cipher::{AES_128, AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// Key and salt of the longest suite.
pub(crate) const MASTER_BYTES_MAX: usize = 44;

/// What a session key is for: the label of its derivation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Encryption = 0,
    Authentication = 1,
    Salt = 2,
    ControlEncryption = 3,
    ControlAuthentication = 4,
    ControlSalt = 5,
}

/// A master key and its salt, for one direction of one leg.
#[derive(Clone)]
pub(crate) struct MasterKey {
    suite: SrtpSuite,
    bytes: Zeroizing<[u8; MASTER_BYTES_MAX]>,
}

impl MasterKey {
    /// A new one from the operating system's randomness.
    pub(crate) fn random(suite: SrtpSuite) -> Self {
        let mut bytes = Zeroizing::new([0; MASTER_BYTES_MAX]);
        crate::random::fill(&mut bytes[..suite.key_bytes() + suite.salt_bytes()]);
        Self { suite, bytes }
    }

    /// From key and salt as one text carries them; `None` for any other length than the suite's.
    pub(crate) fn from_bytes(suite: SrtpSuite, given: &[u8]) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; MASTER_BYTES_MAX]);
        bytes.get_mut(..suite.key_bytes() + suite.salt_bytes()).filter(|room| room.len() == given.len())?.copy_from_slice(given);
        Some(Self { suite, bytes })
    }

    pub(crate) fn suite(&self) -> SrtpSuite {
        self.suite
    }

    /// Key and salt.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.suite.key_bytes() + self.suite.salt_bytes()]
    }

    /// AES in counter mode under a key of 16 or 32 bytes.
    pub(super) fn counter_mode(key: &[u8]) -> Result<EncryptingKey, Unspecified> {
        let algorithm = if key.len() == 32 { &AES_256 } else { &AES_128 };
        EncryptingKey::ctr(UnboundCipherKey::new(algorithm, key)?)
    }

    /// A session key: the keystream under the master key that starts at the salt and the label. The key derivation rate is 0, so
    /// there is one session key for the whole life of a master key.
    pub(super) fn derive<const BYTES: usize>(
        &self,
        purpose: Purpose,
        bytes: usize,
    ) -> Result<Zeroizing<[u8; BYTES]>, Unspecified> {
        let (key, salt) = self.bytes().split_at(self.suite.key_bytes());
        let mut start = [0; 16];
        start[..salt.len()].copy_from_slice(salt);
        start[7] ^= purpose as u8;
        let mut derived = Zeroizing::new([0; BYTES]);
        let room = derived.get_mut(..bytes).ok_or(Unspecified)?;
        Self::counter_mode(key)?.less_safe_encrypt(room, EncryptionContext::Iv128(FixedLength::from(start)))?;
        Ok(derived)
    }
}

impl PartialEq for MasterKey {
    fn eq(&self, other: &Self) -> bool {
        self.suite == other.suite && bool::from(self.bytes.as_slice().ct_eq(other.bytes.as_slice()))
    }
}

impl Eq for MasterKey {}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MasterKey").field("suite", &self.suite).finish_non_exhaustive()
    }
}
