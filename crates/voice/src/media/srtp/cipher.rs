//! The transforms of the four suites: AES in counter mode with HMAC-SHA1 (RFC 3711 section 4), and AES-GCM (RFC 7714). Knows
//! neither replays nor rollover counters; it is told which packet of which source it has before it.

use super::master::{MasterKey, Purpose};
use crate::SrtpSuite;
use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{EncryptingKey, EncryptionContext};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;
use zeroize::Zeroizing;

const HMAC_KEY_BYTES: usize = 20;

/// The session keys of one direction, ready for use.
pub(super) struct Cipher {
    suite: SrtpSuite,
    kind: Kind,
}

enum Kind {
    CounterMode { key: Box<EncryptingKey>, salt: Zeroizing<[u8; 14]>, authentication: Box<hmac::Key> },
    Gcm { key: LessSafeKey, salt: Zeroizing<[u8; 12]> },
}

/// Which packet: the source and its 48-bit index. No two packets under one key have the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) ssrc: u32,
    pub(super) index: u64,
}

impl Place {
    fn rollovers(self) -> [u8; 4] {
        // The index has 48 bits.
        ((self.index >> 16) as u32).to_be_bytes()
    }
}

impl Cipher {
    /// Derives the session keys. Fails only where the library does.
    pub(super) fn new(master: &MasterKey) -> Result<Self, Unspecified> {
        let suite = master.suite();
        let key = master.derive::<32>(Purpose::Encryption, suite.key_bytes())?;
        let key = &key[..suite.key_bytes()];
        let kind = match suite {
            SrtpSuite::AesCm128HmacSha1_32 | SrtpSuite::AesCm128HmacSha1_80 => {
                let authentication = master.derive::<HMAC_KEY_BYTES>(Purpose::Authentication, HMAC_KEY_BYTES)?;
                Kind::CounterMode {
                    key: Box::new(MasterKey::counter_mode(key)?),
                    salt: master.derive(Purpose::Salt, suite.salt_bytes())?,
                    authentication: Box::new(hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, authentication.as_slice())),
                }
            }
            SrtpSuite::AeadAes128Gcm => Kind::gcm(&AES_128_GCM, key, master)?,
            SrtpSuite::AeadAes256Gcm => Kind::gcm(&AES_256_GCM, key, master)?,
        };
        Ok(Self { suite, kind })
    }

    pub(super) fn suite(&self) -> SrtpSuite {
        self.suite
    }

    /// Protects a packet whose last bytes are room for the tag; `header` bytes of it stay readable.
    pub(super) fn protect(&self, packet: &mut [u8], header: usize, place: Place) -> Result<(), Unspecified> {
        let end = packet.len().checked_sub(self.suite.tag_bytes()).filter(|end| header <= *end).ok_or(Unspecified)?;
        let (text, tag) = packet.split_at_mut(end);
        match &self.kind {
            Kind::CounterMode { key, salt, authentication } => {
                key.less_safe_encrypt(&mut text[header..], counter_start(salt, place))?;
                tag.copy_from_slice(&authenticate(authentication, text, place).as_ref()[..tag.len()]);
            }
            Kind::Gcm { key, salt } => {
                let (header, payload) = text.split_at_mut(header);
                tag.copy_from_slice(key.seal_in_place_separate_tag(nonce(salt, place), Aad::from(&*header), payload)?.as_ref());
            }
        }
        Ok(())
    }

    /// Opens a packet that ends with its tag. After a failure the payload may be lost.
    pub(super) fn open(&self, packet: &mut [u8], header: usize, place: Place) -> Result<(), Unspecified> {
        let end = packet.len().checked_sub(self.suite.tag_bytes()).filter(|end| header <= *end).ok_or(Unspecified)?;
        match &self.kind {
            Kind::CounterMode { key, salt, authentication } => {
                let (text, tag) = packet.split_at_mut(end);
                verify_slices_are_equal(&authenticate(authentication, text, place).as_ref()[..tag.len()], tag)?;
                key.less_safe_encrypt(&mut text[header..], counter_start(salt, place))?;
            }
            Kind::Gcm { key, salt } => {
                let (header, payload) = packet.split_at_mut(header);
                key.open_in_place(nonce(salt, place), Aad::from(&*header), payload)?;
            }
        }
        Ok(())
    }
}

impl Kind {
    fn gcm(algorithm: &'static aws_lc_rs::aead::Algorithm, key: &[u8], master: &MasterKey) -> Result<Self, Unspecified> {
        let key = LessSafeKey::new(UnboundKey::new(algorithm, key)?);
        Ok(Self::Gcm { key, salt: master.derive(Purpose::Salt, master.suite().salt_bytes())? })
    }
}

/// RFC 3711 section 4.2: the packet and its rollover counter.
fn authenticate(key: &hmac::Key, text: &[u8], place: Place) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    context.update(text);
    context.update(&place.rollovers());
    context.sign()
}

/// RFC 3711 section 4.1.1: salt, source and index, each at its place, and two bytes that count blocks.
fn counter_start(salt: &[u8; 14], place: Place) -> EncryptionContext {
    let mut start = [0; 16];
    start[..14].copy_from_slice(salt);
    mix(&mut start[4..8], &place.ssrc.to_be_bytes());
    mix(&mut start[8..14], &place.index.to_be_bytes()[2..]);
    EncryptionContext::Iv128(FixedLength::from(start))
}

/// RFC 7714 section 8.1.
fn nonce(salt: &[u8; 12], place: Place) -> Nonce {
    let mut nonce = *salt;
    mix(&mut nonce[2..6], &place.ssrc.to_be_bytes());
    mix(&mut nonce[6..12], &place.index.to_be_bytes()[2..]);
    Nonce::assume_unique_for_key(nonce)
}

fn mix(into: &mut [u8], bytes: &[u8]) {
    for (into, byte) in into.iter_mut().zip(bytes) {
        *into ^= byte;
    }
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cipher").field("suite", &self.suite).finish_non_exhaustive()
    }
}

#[cfg(test)]
impl Cipher {
    /// With session keys as a test vector gives them.
    pub(super) fn gcm_of_session(suite: SrtpSuite, key: &[u8], salt: [u8; 12]) -> Self {
        let algorithm = if key.len() == 32 { &AES_256_GCM } else { &AES_128_GCM };
        let key = LessSafeKey::new(UnboundKey::new(algorithm, key).unwrap());
        Self { suite, kind: Kind::Gcm { key, salt: Zeroizing::new(salt) } }
    }
}
