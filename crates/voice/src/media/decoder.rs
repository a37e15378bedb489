//! From the payloads of one far end to 8 kHz PCM, in order, and what stands in for those that were lost. Knows no clock, no
//! socket and no packet's number; allocates nothing for a packet.

use super::codec::Codec;
use super::conceal::Concealer;

/// Longest audio one payload can hold, in samples of 8 kHz: that of the longest payload a jitter buffer takes.
pub(super) const DECODED_MAX: usize = 1280;

/// Decodes one stream.
#[derive(Debug)]
pub(super) struct Decoder {
    codec: Codec,
    concealer: Concealer,
}

impl Decoder {
    pub(super) fn new(codec: Codec) -> Self {
        Self { codec, concealer: Concealer::new(codec.clock_rate()) }
    }

    pub(super) fn codec(&self) -> Codec {
        self.codec
    }

    /// Decodes a payload, as far as there is room for it ([`DECODED_MAX`] always suffices). Returns how many samples it was.
    pub(super) fn decode(&mut self, payload: &[u8], samples: &mut [i16]) -> usize {
        let count = self.codec.decode_into(payload, samples);
        self.concealer.received(&mut samples[..count]);
        count
    }

    /// Makes up audio for what was lost, as much as there is room for. `following`: the payload right after it, where that has
    /// come already. Returns how many samples it was.
    pub(super) fn conceal(&mut self, following: Option<&[u8]>, samples: &mut [i16]) -> usize {
        // G.711 carries no copy of what was before.
        let _ = following;
        self.concealer.lost(samples);
        samples.len()
    }
}
