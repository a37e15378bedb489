//! What a leg sends under one key.

use super::cipher::{Cipher, ControlCipher, Place};
use super::{CONTROL_INDEX_MAX, INDEX_MAX};
use crate::media::rtp::HEADER;

/// Protects one outgoing stream.
#[derive(Debug)]
pub(in crate::media) struct Outbound {
    cipher: Cipher,
    /// The extended sequence number, a multiple of 65,536, at which the rollover counter is 0.
    first: u64,
}

impl Outbound {
    pub(super) fn new(cipher: Cipher, first: u64) -> Self {
        Self { cipher, first }
    }

    /// Protects the packet in `room`: a header of ours, a payload up to `end`, and at least as many bytes after it as a tag
    /// needs. Returns its length; `None` where the key must not be used for this packet.
    pub(in crate::media) fn protect(&self, room: &mut [u8], end: usize, ssrc: u32, sequence: u64) -> Option<usize> {
        let index = sequence.checked_sub(self.first).filter(|index| *index <= INDEX_MAX)?;
        let length = end + self.cipher.suite().tag_bytes();
        self.cipher.protect(room.get_mut(..length)?, HEADER, Place { ssrc, index }).ok()?;
        Some(length)
    }
}

/// Protects what a leg sends by RTCP.
#[derive(Debug)]
pub(in crate::media) struct ControlOutbound {
    cipher: ControlCipher,
    /// Never goes back, not under a new key either (RFC 3711 section 3.4).
    next: u64,
}

impl ControlOutbound {
    pub(super) fn new(cipher: ControlCipher, before: Option<&Self>) -> Self {
        Self { cipher, next: before.map_or(0, |before| before.next) }
    }

    /// Protects the packet in the first `end` bytes of `room`. Returns its length; `None` where the key must not be used for it.
    pub(in crate::media) fn protect(&mut self, room: &mut [u8], end: usize, ssrc: u32) -> Option<usize> {
        let index = Some(self.next).filter(|index| *index <= CONTROL_INDEX_MAX)?;
        self.next += 1;
        self.cipher.protect(room, end, Place { ssrc, index }).ok()
    }
}
