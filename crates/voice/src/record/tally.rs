//! What is told of a recording besides its audio, gathered second by second: its length, its waveform, what of it is masked, and
//! the hash of its file. It neither reads nor writes.

use super::format::{CHANNELS, Chunk};
use super::{MaskedSpan, PEAK_MS, RATE, RecordingSummary, milliseconds};
use crate::media::Codec;
use aws_lc_rs::digest::{Context, SHA256};
use std::ops::Range;
use std::sync::LazyLock;

/// Samples behind one value of the waveform.
const PEAK_SAMPLES: usize = (RATE * PEAK_MS as u64 / 1000) as usize;

/// The loudness of every byte of µ-law, 0 to 255.
static LOUDNESS: LazyLock<[u8; 256]> = LazyLock::new(|| {
    let bytes: [u8; 256] = std::array::from_fn(|byte| byte as u8);
    let samples = Codec::Pcmu.decode(&bytes);
    // 15 bits of magnitude in 8.
    std::array::from_fn(|byte| (samples[byte].unsigned_abs() >> 7) as u8)
});

/// What is known of a recording so far.
pub(super) struct Tally {
    samples: u64,
    peaks: [Vec<u8>; CHANNELS],
    masked: Vec<Range<u64>>,
    hash: Context,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self { samples: 0, peaks: Default::default(), masked: Vec::new(), hash: Context::new(&SHA256) }
    }

    /// These bytes stand in the file next.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    /// This is heard next.
    pub(super) fn chunk(&mut self, chunk: &Chunk) {
        for (peaks, samples) in self.peaks.iter_mut().zip(&chunk.channels) {
            let loudest = |span: &[u8]| span.iter().map(|byte| LOUDNESS[usize::from(*byte)]).max().unwrap_or(0);
            peaks.extend(samples.chunks(PEAK_SAMPLES).map(loudest));
        }
        if !chunk.masked.is_empty() {
            let masked = self.samples + u64::from(chunk.masked.start)..self.samples + u64::from(chunk.masked.end);
            match self.masked.last_mut() {
                Some(last) if last.end == masked.start => last.end = masked.end,
                Some(_) | None => self.masked.push(masked),
            }
        }
        self.samples += chunk.samples() as u64;
    }

    pub(super) fn summary(self, lost: u64, failed: Option<String>) -> RecordingSummary {
        let span = |span: &Range<u64>| MaskedSpan { from_ms: milliseconds(span.start), to_ms: milliseconds(span.end) };
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(self.hash.finish().as_ref());
        RecordingSummary {
            duration_ms: milliseconds(self.samples),
            peaks: self.peaks,
            masked: self.masked.iter().map(span).collect(),
            sha256,
            lost,
            failed,
        }
    }
}
