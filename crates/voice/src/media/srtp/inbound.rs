//! What a leg receives under one key: the packet's index is found, replays are refused, the tag is checked, and only then is
//! anything remembered. A stranger's packets change nothing here, however many they are.

use super::INDEX_MAX;
use super::cipher::{Cipher, ControlCipher, Place};
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

/// Opens what one leg receives of one protocol: with a [`Cipher`] RTP, with a [`ControlCipher`] RTCP.
#[derive(Debug)]
pub(in crate::media) struct Inbound<C> {
    current: Key<C>,
    /// The key before, until the first packet under the new one: what is on its way when keys change is still heard.
    previous: Option<Key<C>>,
}

/// How packets of a protocol are told apart, and opened.
pub(in crate::media) trait Opens {
    /// The source that a packet names.
    fn source(packet: &[u8]) -> Option<u32>;

    /// The index of a packet that has not come before; `known` is what came of its source.
    fn index(&self, packet: &[u8], known: Option<&Source>) -> Result<u64, Refusal>;

    /// Checks the tag and decrypts. Returns the length of what is left.
    fn open(&self, packet: &mut [u8], place: Place) -> Result<usize, Refusal>;
}

#[derive(Debug)]
struct Key<C> {
    cipher: C,
    sources: Vec<(u32, Source)>,
}

/// What came of one source.
#[derive(Debug)]
pub(in crate::media) struct Source {
    /// The highest index seen.
    highest: u64,
    /// Bit n: the packet n before the highest one has come.
    seen: u128,
}

impl<C: Opens> Inbound<C> {
    pub(super) fn new(cipher: C, before: Option<Self>) -> Self {
        let current = Key { cipher, sources: Vec::new() };
        Self { current, previous: before.map(|before| before.current) }
    }

    /// Opens a packet where it lies. Returns its length without what was added to protect it.
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

impl<C: Opens> Key<C> {
    fn open(&mut self, packet: &mut [u8]) -> Result<usize, Refusal> {
        let ssrc = C::source(packet).ok_or(Refusal::Malformed)?;
        let known = self.sources.iter().position(|(source, _)| *source == ssrc);
        if known.is_none() && self.sources.len() >= SOURCES_MAX {
            // Nobody can tell whether this one is new.
            return Err(Refusal::Replayed);
        }
        let index = self.cipher.index(packet, known.map(|at| &self.sources[at].1))?;
        let length = self.cipher.open(packet, Place { ssrc, index })?;
        match known {
            Some(at) => self.sources[at].1.remember(index),
            None => self.sources.push((ssrc, Source { highest: index, seen: 1 })),
        }
        Ok(length)
    }
}

impl Opens for Cipher {
    fn source(packet: &[u8]) -> Option<u32> {
        rtp::read_clear(packet).map(|clear| clear.ssrc)
    }

    fn index(&self, packet: &[u8], known: Option<&Source>) -> Result<u64, Refusal> {
        let clear = rtp::read_clear(packet).ok_or(Refusal::Malformed)?;
        match known {
            Some(source) => source.expect(clear.sequence),
            // A source starts with the rollover counter at 0.
            None => Ok(u64::from(clear.sequence)),
        }
    }

    fn open(&self, packet: &mut [u8], place: Place) -> Result<usize, Refusal> {
        let header = rtp::read_clear(packet).ok_or(Refusal::Malformed)?.header;
        let end = packet.len().checked_sub(self.suite().tag_bytes()).filter(|end| header <= *end).ok_or(Refusal::Malformed)?;
        Self::open(self, packet, header, place).map_err(|_| Refusal::Unauthentic)?;
        Ok(end)
    }
}

impl Opens for ControlCipher {
    fn source(packet: &[u8]) -> Option<u32> {
        packet.get(4..)?.first_chunk().map(|source| u32::from_be_bytes(*source))
    }

    fn index(&self, packet: &[u8], known: Option<&Source>) -> Result<u64, Refusal> {
        let index = Self::index(self, packet).ok_or(Refusal::Malformed)?;
        if known.is_some_and(|source| source.has_come(index)) { Err(Refusal::Replayed) } else { Ok(index) }
    }

    fn open(&self, packet: &mut [u8], place: Place) -> Result<usize, Refusal> {
        Self::open(self, packet, place).map_err(|_| Refusal::Unauthentic)
    }
}

impl Source {
    /// The index of a packet with this sequence number: the one nearest to the highest (RFC 3711 section 3.3.1), unless it has
    /// come.
    fn expect(&self, sequence: u16) -> Result<u64, Refusal> {
        // The low 16 bits of an index are the sequence number.
        let ahead = i64::from(sequence.wrapping_sub(self.highest as u16).cast_signed());
        let index = self.highest.checked_add_signed(ahead).filter(|index| *index <= INDEX_MAX).ok_or(Refusal::Replayed)?;
        if self.has_come(index) { Err(Refusal::Replayed) } else { Ok(index) }
    }

    /// Whether a packet has come, or is so late that this can no longer be told.
    fn has_come(&self, index: u64) -> bool {
        let back = self.highest.saturating_sub(index);
        index <= self.highest && (back >= WINDOW || self.seen & (1 << back) != 0)
    }

    fn remember(&mut self, index: u64) {
        match index.checked_sub(self.highest) {
            Some(ahead) => {
                self.seen = if ahead < WINDOW { self.seen << ahead | 1 } else { 1 };
                self.highest = index;
            }
            // It was found not to have come, so it is within the window.
            None => self.seen |= 1 << (self.highest - index),
        }
    }
}
