//! A recording as a sound file: two channels of 16-bit samples, any part of it without what stands before. It is made as it is read,
//! second by second, and stands nowhere in clear.

use std::ops::Range;
use walletline_voice::{CHANNELS, CHUNK_SAMPLES, RECORDING_RATE, RecordingError, RecordingFile};

/// Bytes before the first sample.
const HEADER_BYTES: u64 = 44;

/// Bytes of one sample of every channel.
const FRAME_BYTES: u64 = 2 * CHANNELS as u64;

/// Bytes of a second.
const SECOND_BYTES: u64 = FRAME_BYTES * CHUNK_SAMPLES as u64;

/// A recording opened as a sound file.
#[derive(Debug)]
pub struct Wav {
    file: RecordingFile,
}

impl Wav {
    pub(super) const fn new(file: RecordingFile) -> Self {
        Self { file }
    }

    /// Bytes of the whole.
    #[must_use]
    pub fn length(&self) -> u64 {
        HEADER_BYTES + self.file.samples() * FRAME_BYTES
    }

    /// The milliseconds that sound in a part, from the recording's start; none of its header.
    #[must_use]
    pub fn sounds(&self, part: &Range<u64>) -> Range<u64> {
        let frames = |byte: u64| byte.saturating_sub(HEADER_BYTES);
        let per_ms = FRAME_BYTES * u64::from(RECORDING_RATE) / 1_000;
        frames(part.start) / per_ms..frames(part.end).div_ceil(per_ms)
    }

    /// The first bytes of a part: as many as one second of the recording gives. Empty only where the part is.
    ///
    /// # Errors
    /// When a second does not open.
    pub fn read(&mut self, part: &Range<u64>) -> Result<Vec<u8>, RecordingError> {
        let end = part.end.min(self.length());
        if part.start >= end {
            return Ok(Vec::new());
        }
        let (from, bytes) = if part.start < HEADER_BYTES {
            (0, self.header())
        } else {
            let second = (part.start - HEADER_BYTES) / SECOND_BYTES;
            (HEADER_BYTES + second * SECOND_BYTES, interleave(&self.file.second(second)?))
        };
        let skipped = usize::try_from(part.start - from).unwrap_or(usize::MAX);
        let length = usize::try_from(end - part.start).unwrap_or(usize::MAX);
        Ok(bytes.into_iter().skip(skipped).take(length).collect())
    }

    fn header(&self) -> Vec<u8> {
        // A recording ends after four hours: its bytes fit.
        let length = u32::try_from(self.file.samples() * FRAME_BYTES).unwrap_or(u32::MAX);
        let mut header = Vec::with_capacity(44);
        header.extend(b"RIFF");
        header.extend((length.saturating_add(36)).to_le_bytes());
        header.extend(b"WAVEfmt \x10\0\0\0\x01\0");
        header.extend((CHANNELS as u16).to_le_bytes());
        header.extend(RECORDING_RATE.to_le_bytes());
        header.extend((RECORDING_RATE * FRAME_BYTES as u32).to_le_bytes());
        header.extend((FRAME_BYTES as u16).to_le_bytes());
        header.extend(16_u16.to_le_bytes());
        header.extend(b"data");
        header.extend(length.to_le_bytes());
        header
    }
}

fn interleave([one, other]: &[Vec<i16>; CHANNELS]) -> Vec<u8> {
    one.iter().zip(other).flat_map(|(one, other)| [*one, *other]).flat_map(i16::to_le_bytes).collect()
}
