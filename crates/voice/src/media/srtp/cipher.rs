//! The transforms of the four suites: AES in counter mode with HMAC-SHA1 (RFC 3711 section 4), and AES-GCM (RFC 7714), for RTP
//! and for RTCP. Knows neither replays nor rollover counters; it is told which packet of which source it has before it.

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

/// Bytes of an RTCP packet that stay readable: its first header and its sender.
const CONTROL_HEADER: usize = 8;
/// Bytes of the word behind an RTCP packet that says whether it is encrypted, and its index.
const INDEX_WORD: usize = 4;
const ENCRYPTED: u32 = 1 << 31;
/// An RTCP packet's tag is as long with the suite of short tags (RFC 4568 section 6.2.2).
const CONTROL_HMAC_BYTES: usize = 10;

/// Bytes by which a protected RTCP packet is longer, at most.
pub(in crate::media) const CONTROL_TRAILER: usize = INDEX_WORD + 16;

/// The session keys of one direction, ready for use.
pub(in crate::media) struct Cipher {
    suite: SrtpSuite,
    kind: Kind,
}

/// The session keys of one direction's RTCP.
pub(in crate::media) struct ControlCipher {
    kind: Kind,
}

enum Kind {
    CounterMode { key: Box<EncryptingKey>, salt: Zeroizing<[u8; 14]>, authentication: Box<hmac::Key> },
    Gcm { key: LessSafeKey, salt: Zeroizing<[u8; 12]> },
}

/// Which packet: the source and its 48-bit index. No two packets under one key have the same.
#[derive(Debug, Clone, Copy)]
pub(in crate::media) struct Place {
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
        let kind = Kind::new(master, [Purpose::Encryption, Purpose::Authentication, Purpose::Salt])?;
        Ok(Self { suite: master.suite(), kind })
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

impl ControlCipher {
    /// Derives the session keys. Fails only where the library does.
    pub(super) fn new(master: &MasterKey) -> Result<Self, Unspecified> {
        let purposes = [Purpose::ControlEncryption, Purpose::ControlAuthentication, Purpose::ControlSalt];
        Ok(Self { kind: Kind::new(master, purposes)? })
    }

    /// Protects the packet in the first `end` bytes of `room`. Returns its new length.
    pub(super) fn protect(&self, room: &mut [u8], end: usize, place: Place) -> Result<usize, Unspecified> {
        // The index has 31 bits.
        let word = (place.index as u32 | ENCRYPTED).to_be_bytes();
        let length = end + INDEX_WORD + self.tag_bytes();
        let packet = room.get_mut(..length).filter(|_| CONTROL_HEADER <= end).ok_or(Unspecified)?;
        match &self.kind {
            Kind::CounterMode { key, salt, authentication } => {
                let (text, tag) = packet.split_at_mut(end + INDEX_WORD);
                key.less_safe_encrypt(&mut text[CONTROL_HEADER..end], counter_start(salt, place))?;
                text[end..].copy_from_slice(&word);
                tag.copy_from_slice(&hmac::sign(authentication, text).as_ref()[..tag.len()]);
            }
            Kind::Gcm { key, salt } => {
                let (text, trailer) = packet.split_at_mut(end);
                let (header, payload) = text.split_at_mut(CONTROL_HEADER);
                let known = associated(header, word);
                let tag = key.seal_in_place_separate_tag(nonce(salt, place), Aad::from(known), payload)?;
                let (room, last) = trailer.split_at_mut(tag.as_ref().len());
                room.copy_from_slice(tag.as_ref());
                last.copy_from_slice(&word);
            }
        }
        Ok(length)
    }

    /// The index that a packet names. `None` for one that is too short, and for one that is not encrypted: that was not agreed.
    pub(super) fn index(&self, packet: &[u8]) -> Option<u64> {
        let behind = match &self.kind {
            Kind::CounterMode { .. } => CONTROL_HMAC_BYTES,
            Kind::Gcm { .. } => 0,
        };
        packet.len().checked_sub(INDEX_WORD + self.tag_bytes()).filter(|end| CONTROL_HEADER <= *end)?;
        let word = u32::from_be_bytes(*packet[..packet.len() - behind].last_chunk::<INDEX_WORD>()?);
        (word & ENCRYPTED != 0).then_some(u64::from(word & !ENCRYPTED))
    }

    /// Opens a packet. Returns its length without the trailer; after a failure what it said may be lost.
    pub(super) fn open(&self, packet: &mut [u8], place: Place) -> Result<usize, Unspecified> {
        let end = packet.len().checked_sub(INDEX_WORD + self.tag_bytes()).filter(|end| CONTROL_HEADER <= *end);
        let end = end.ok_or(Unspecified)?;
        match &self.kind {
            Kind::CounterMode { key, salt, authentication } => {
                let (text, tag) = packet.split_at_mut(end + INDEX_WORD);
                verify_slices_are_equal(&hmac::sign(authentication, text).as_ref()[..tag.len()], tag)?;
                key.less_safe_encrypt(&mut text[CONTROL_HEADER..end], counter_start(salt, place))?;
            }
            Kind::Gcm { key, salt } => {
                let (text, word) = packet.split_last_chunk_mut::<INDEX_WORD>().ok_or(Unspecified)?;
                let (header, payload) = text.split_at_mut(CONTROL_HEADER);
                key.open_in_place(nonce(salt, place), Aad::from(associated(header, *word)), payload)?;
            }
        }
        Ok(end)
    }

    fn tag_bytes(&self) -> usize {
        match &self.kind {
            Kind::CounterMode { .. } => CONTROL_HMAC_BYTES,
            Kind::Gcm { key, .. } => key.algorithm().tag_len(),
        }
    }
}

/// RFC 7714 section 9.3: what the tag of an RTCP packet covers beside what is encrypted.
fn associated(header: &[u8], word: [u8; INDEX_WORD]) -> [u8; CONTROL_HEADER + INDEX_WORD] {
    let mut known = [0; CONTROL_HEADER + INDEX_WORD];
    known[..CONTROL_HEADER].copy_from_slice(header);
    known[CONTROL_HEADER..].copy_from_slice(&word);
    known
}

impl Kind {
    fn new(master: &MasterKey, [encryption, authentication, salt]: [Purpose; 3]) -> Result<Self, Unspecified> {
        let suite = master.suite();
        let key = master.derive::<32>(encryption, suite.key_bytes())?;
        let key = &key[..suite.key_bytes()];
        let gcm = |algorithm| {
            let key = LessSafeKey::new(UnboundKey::new(algorithm, key)?);
            Ok(Self::Gcm { key, salt: master.derive(salt, suite.salt_bytes())? })
        };
        match suite {
            SrtpSuite::AesCm128HmacSha1_32 | SrtpSuite::AesCm128HmacSha1_80 => {
                let authentication = master.derive::<HMAC_KEY_BYTES>(authentication, HMAC_KEY_BYTES)?;
                Ok(Self::CounterMode {
                    key: Box::new(MasterKey::counter_mode(key)?),
                    salt: master.derive(salt, suite.salt_bytes())?,
                    authentication: Box::new(hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, authentication.as_slice())),
                })
            }
            SrtpSuite::AeadAes128Gcm => gcm(&AES_128_GCM),
            SrtpSuite::AeadAes256Gcm => gcm(&AES_256_GCM),
        }
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

impl std::fmt::Debug for ControlCipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ControlCipher").finish_non_exhaustive()
    }
}

#[cfg(test)]
impl ControlCipher {
    /// With session keys as a test vector gives them.
    pub(super) fn gcm_of_session(key: &[u8], salt: [u8; 12]) -> Self {
        let algorithm = if key.len() == 32 { &AES_256_GCM } else { &AES_128_GCM };
        let key = LessSafeKey::new(UnboundKey::new(algorithm, key).unwrap());
        Self { kind: Kind::Gcm { key, salt: Zeroizing::new(salt) } }
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
