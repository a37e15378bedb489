//! What a leg receives under one key: the packet's index is found, replays are refused, the tag is checked, and only then is
//! anything remembered. A stranger's packets change nothing here, however many they are.

use super::INDEX_MAX;
use super::cipher::{Cipher, Place};
use crate::media::rtp::{self, DATAGRAM_MAX};

/// Packets before the newest one in which a replay is told from a late packet: two and a half seconds of audio. RFC 3711 asks
/// for 64 at least.
const WINDOW: u64 = 128;

/// Sources that one key may have. A phone starts a new one when it goes on after a hold or changes its device; forgetting one
/// would let what was recorded of it be played again.
const SOURCES_MAX: usize = 64;

/// Why a packet was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) enum Refusal {
    /// No RTP header, or no room for a tag.
    Malformed,
    /// The tag is not what the key makes of the packet.
    Unauthentic,
    /// It came before, or is so late that this can no longer be told.
    Replayed,
}

/// Opens what one leg receives.
#[derive(Debug)]
pub(in crate::media) struct Inbound {
    current: Key,
    /// The key before, until the first packet under the new one: what is on its way when keys change is still heard.
    previous: Option<Key>,
}

#[derive(Debug)]
struct Key {
    cipher: Cipher,
    sources: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    ssrc: u32,
    /// The highest index seen.
    highest: u64,
    /// Bit n: the packet n before the highest one has come.
    seen: u128,
}

impl Inbound {
    pub(super) fn new(cipher: Cipher, before: Option<Self>) -> Self {
        let current = Key { cipher, sources: Vec::new() };
        Self { current, previous: before.map(|before| before.current) }
    }

    /// Opens a packet where it lies. Returns its length without the tag.
    pub(in crate::media) fn open(&mut self, packet: &mut [u8]) -> Result<usize, Refusal> {
        if packet.len() > DATAGRAM_MAX {
            return Err(Refusal::Malformed);
        }
        let Some(previous) = &mut self.previous else {
            return self.current.open(packet);
        };
        // A failure may have overwritten the packet.
        let mut copy = [0; DATAGRAM_MAX];
        let copy = &mut copy[..packet.len()];
        copy.copy_from_slice(packet);
        match self.current.open(packet) {
            Ok(length) => {
                self.previous = None;
                Ok(length)
            }
            Err(refusal) => {
                packet.copy_from_slice(copy);
                previous.open(packet).map_err(|_| refusal)
            }
        }
    }
}

impl Key {
    fn open(&mut self, packet: &mut [u8]) -> Result<usize, Refusal> {
        let clear = rtp::read_clear(packet).ok_or(Refusal::Malformed)?;
        let end = packet.len().checked_sub(self.cipher.suite().tag_bytes()).filter(|end| clear.header <= *end);
        let end = end.ok_or(Refusal::Malformed)?;
        let known = self.sources.iter().position(|source| source.ssrc == clear.ssrc);
        let index = match known {
            Some(at) => self.sources[at].expect(clear.sequence)?,
            // Nobody can tell whether this one is new.
            None if self.sources.len() >= SOURCES_MAX => return Err(Refusal::Replayed),
            // A source starts with the rollover counter at 0.
            None => u64::from(clear.sequence),
        };
        let place = Place { ssrc: clear.ssrc, index };
        self.cipher.open(packet, clear.header, place).map_err(|_| Refusal::Unauthentic)?;
        match known {
            Some(at) => self.sources[at].remember(index),
            None => self.sources.push(Source { ssrc: clear.ssrc, highest: index, seen: 1 }),
        }
        Ok(end)
    }
}

impl Source {
    /// The index of a packet with this sequence number: the one nearest to the highest (RFC 3711 section 3.3.1), unless it has
    /// come.
    fn expect(&self, sequence: u16) -> Result<u64, Refusal> {
        // The low 16 bits of an index are the sequence number.
        let ahead = i64::from(sequence.wrapping_sub(self.highest as u16).cast_signed());
        let index = self.highest.checked_add_signed(ahead).filter(|index| *index <= INDEX_MAX).ok_or(Refusal::Replayed)?;
        let back = self.highest.saturating_sub(index);
        let came = index <= self.highest && (back >= WINDOW || self.seen & (1 << back) != 0);
        if came { Err(Refusal::Replayed) } else { Ok(index) }
    }

    fn remember(&mut self, index: u64) {
        match index.checked_sub(self.highest) {
            Some(ahead) => {
                self.seen = if ahead < WINDOW { self.seen << ahead | 1 } else { 1 };
                self.highest = index;
            }
            // `expect` let it through, so it is within the window.
            None => self.seen |= 1 << (self.highest - index),
        }
    }
}
