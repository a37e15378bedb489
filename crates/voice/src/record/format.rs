//! The file of a recording. A header, then one record for every second of the call, each sealed alone with AES-256-GCM under the
//! recording's own key:
//!
//! ```text
//! header  "WLREC" version channels codec | rate u32 | samples in a chunk u32 | id of the recording, 16 bytes      (all big-endian)
//! record  kind u8 | sealed( masked from u16 | masked to u16 | channel 0, a byte a sample | channel 1 ) | tag, 16 bytes
//! ```
//!
//! The nonce is the kind and the number of the record; header, kind and number are authenticated with it. So a record opens only
//! in its place of its file, a file without its last record shows that it has none, and no nonce is used for two texts: a record
//! that a crash tore is followed by a last one of another kind. Records but the last are of one length: a second is found without
//! reading those before it.
//!
//! Audio is G.711 µ-law, a byte a sample: what most calls are made of already, a third of nothing worse than the line was, and no
//! state that a lost second could spoil.

use super::{DataKey, RATE, RECORDING_RATE, RecordingId};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

/// Channels of a recording: what the leg says, and what is sent to it.
pub const CHANNELS: usize = 2;

/// Samples of each channel in a chunk: one second.
pub const CHUNK_SAMPLES: usize = RATE as usize;

/// Opens every file.
const MAGIC: &[u8; 5] = b"WLREC";
const VERSION: u8 = 1;
/// µ-law, as RTP numbers it.
const CODEC_PCMU: u8 = 0;

pub(super) const HEADER_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
const KIND_BYTES: usize = 1;
/// The masked samples of a chunk: the first, and one past the last.
const MASK_BYTES: usize = 4;
/// A record without audio.
const BARE_BYTES: usize = KIND_BYTES + MASK_BYTES + TAG_BYTES;
/// A record of a whole second.
pub(super) const WHOLE_BYTES: usize = BARE_BYTES + CHANNELS * CHUNK_SAMPLES;

/// What a record says of those after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// More follow.
    More,
    /// The last one: the recording was ended.
    Last,
    /// The last one: the recording was found without an end, and closed later.
    Recovered,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::More => 0,
            Self::Last => 1,
            Self::Recovered => 2,
        }
    }

    pub(super) fn of(byte: u8) -> Option<Self> {
        [Self::More, Self::Last, Self::Recovered].into_iter().find(|kind| kind.byte() == byte)
    }
}

/// Up to a second of audio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk {
    /// µ-law, of one length.
    pub(super) channels: [Vec<u8>; CHANNELS],
    /// The samples that are silence because they were masked, as a range within the chunk; empty where none are.
    pub(super) masked: std::ops::Range<u16>,
}

impl Chunk {
    pub(super) fn samples(&self) -> usize {
        self.channels[0].len()
    }
}

/// Seals and opens the records of one file.
pub(super) struct Sealer {
    key: LessSafeKey,
    header: [u8; HEADER_BYTES],
}

impl Sealer {
    /// None where the cipher takes no key, which it never says of 32 bytes.
    pub(super) fn new(id: RecordingId, key: &DataKey) -> Option<Self> {
        let key = UnboundKey::new(&AES_256_GCM, key.bytes()).ok()?;
        Some(Self { key: LessSafeKey::new(key), header: header(id) })
    }

    pub(super) const fn header(&self) -> &[u8; HEADER_BYTES] {
        &self.header
    }

    /// The record of a chunk. None where the cipher fails, which it never does on a second of audio.
    pub(super) fn seal(&self, number: u64, kind: Kind, chunk: &Chunk) -> Option<Vec<u8>> {
        let mut text = Vec::with_capacity(WHOLE_BYTES);
        text.extend(chunk.masked.start.to_be_bytes());
        text.extend(chunk.masked.end.to_be_bytes());
        for channel in &chunk.channels {
            text.extend_from_slice(channel);
        }
        self.key.seal_in_place_append_tag(nonce(number, kind), self.aad(number, kind), &mut text).ok()?;
        text.insert(0, kind.byte());
        Some(text)
    }

    /// Opens a record. None where it is not what was written in this place of this file.
    pub(super) fn open(&self, number: u64, record: &[u8]) -> Option<(Kind, Chunk)> {
        let (kind, sealed) = record.split_first()?;
        let kind = Kind::of(*kind)?;
        let mut text = sealed.to_vec();
        let plain = self.key.open_in_place(nonce(number, kind), self.aad(number, kind), &mut text).ok()?;
        let (masked, audio) = plain.split_first_chunk::<MASK_BYTES>()?;
        let [a, b, c, d] = *masked;
        let masked = u16::from_be_bytes([a, b])..u16::from_be_bytes([c, d]);
        if audio.len() % CHANNELS != 0 || audio.len() > CHANNELS * CHUNK_SAMPLES {
            return None;
        }
        let (one, other) = audio.split_at(audio.len() / CHANNELS);
        Some((kind, Chunk { channels: [one.to_vec(), other.to_vec()], masked }))
    }

    fn aad(&self, number: u64, kind: Kind) -> Aad<[u8; HEADER_BYTES + 9]> {
        let mut aad = [0; HEADER_BYTES + 9];
        aad[..HEADER_BYTES].copy_from_slice(&self.header);
        aad[HEADER_BYTES..HEADER_BYTES + 8].copy_from_slice(&number.to_be_bytes());
        aad[HEADER_BYTES + 8] = kind.byte();
        Aad::from(aad)
    }
}

fn nonce(number: u64, kind: Kind) -> Nonce {
    let mut nonce = [0; 12];
    nonce[0] = kind.byte();
    nonce[4..].copy_from_slice(&number.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

fn header(id: RecordingId) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..5].copy_from_slice(MAGIC);
    header[5] = VERSION;
    header[6] = CHANNELS as u8;
    header[7] = CODEC_PCMU;
    header[8..12].copy_from_slice(&RECORDING_RATE.to_be_bytes());
    header[12..16].copy_from_slice(&RECORDING_RATE.to_be_bytes());
    header[16..].copy_from_slice(&id.0.to_be_bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    fn sealer(id: u128, key: u8) -> Sealer {
        Sealer::new(RecordingId(id), &DataKey::new(Zeroizing::new([key; 32]))).unwrap()
    }

    fn chunk(samples: usize) -> Chunk {
        Chunk { channels: [vec![0x11; samples], vec![0x22; samples]], masked: 3..7 }
    }

    #[test]
    fn a_record_opens_in_its_place_of_its_file_alone() {
        let record = sealer(1, 1).seal(5, Kind::More, &chunk(CHUNK_SAMPLES)).unwrap();
        assert_eq!(record.len(), WHOLE_BYTES);
        assert_eq!(sealer(1, 1).open(5, &record), Some((Kind::More, chunk(CHUNK_SAMPLES))));
        assert_eq!(sealer(1, 1).open(6, &record), None, "moved");
        assert_eq!(sealer(2, 1).open(5, &record), None, "of another recording");
        assert_eq!(sealer(1, 2).open(5, &record), None, "under another key");
        for at in [0, 1, 100, WHOLE_BYTES - 1] {
            let mut spoilt = record.clone();
            spoilt[at] ^= 1;
            assert_eq!(sealer(1, 1).open(5, &spoilt), None, "byte {at}");
        }
    }

    #[test]
    fn a_last_record_is_shorter_than_a_whole_second_and_cannot_be_made_of_another() {
        for (kind, samples) in [(Kind::Last, 7_999), (Kind::Recovered, 0)] {
            let record = sealer(1, 1).seal(0, kind, &chunk(samples)).unwrap();
            assert!(record.len() < WHOLE_BYTES);
            assert_eq!(sealer(1, 1).open(0, &record).unwrap().0, kind);
            let mut more = record.clone();
            more[0] = Kind::More.byte();
            assert_eq!(sealer(1, 1).open(0, &more), None);
        }
    }

    #[test]
    fn nothing_of_the_audio_is_in_clear() {
        let record = sealer(1, 1).seal(0, Kind::More, &chunk(CHUNK_SAMPLES)).unwrap();
        assert!(!record.windows(4).any(|bytes| bytes == [0x11; 4] || bytes == [0x22; 4]));
    }
}
