//! G.711: the two codecs every telephone speaks, and the tables between them.

use audio_codec::pcma::{PcmaDecoder, PcmaEncoder};
use audio_codec::pcmu::{PcmuDecoder, PcmuEncoder};
use audio_codec::{Decoder, Encoder};
use std::sync::LazyLock;
use std::time::Duration;

/// Samples per second of every codec here, and ticks per second of its RTP clock.
pub(crate) const SAMPLE_RATE: u32 = 8000;
/// Length of the packets we send.
pub(crate) const FRAME: Duration = Duration::from_millis(20);
/// Samples, and with G.711 bytes, in a packet we send.
pub(crate) const FRAME_SAMPLES: usize = 160;

/// A codec that a leg can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// G.711 A-law.
    Pcma,
    /// G.711 µ-law.
    Pcmu,
}

impl Codec {
    /// The encoding name of its rtpmap.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pcma => "PCMA",
            Self::Pcmu => "PCMU",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        [Self::Pcma, Self::Pcmu].into_iter().find(|codec| codec.name().eq_ignore_ascii_case(name))
    }

    /// The payload type RFC 3551 gives it.
    pub(crate) fn static_payload_type(self) -> u8 {
        match self {
            Self::Pcma => 8,
            Self::Pcmu => 0,
        }
    }

    pub(crate) fn by_static_payload_type(payload_type: u8) -> Option<Self> {
        [Self::Pcma, Self::Pcmu].into_iter().find(|codec| codec.static_payload_type() == payload_type)
    }

    /// Ticks per second of its RTP clock.
    pub(crate) fn clock_rate(self) -> u32 {
        match self {
            Self::Pcma | Self::Pcmu => SAMPLE_RATE,
        }
    }

    /// How long the audio of a payload lasts, in ticks of the RTP clock. `None`: it is no payload of this codec.
    pub(crate) fn ticks(self, payload: &[u8]) -> Option<u32> {
        match self {
            // A sample is a byte.
            Self::Pcma | Self::Pcmu => u32::try_from(payload.len()).ok(),
        }
    }

    /// The byte of a silent sample.
    pub(crate) fn silence(self) -> u8 {
        match self {
            Self::Pcma => 0xD5,
            Self::Pcmu => 0xFF,
        }
    }

    /// Encodes 16-bit samples, one byte each.
    pub(crate) fn encode(self, samples: &[i16]) -> Vec<u8> {
        let mut encoded = vec![self.silence(); samples.len()];
        self.encode_into(samples, &mut encoded);
        encoded
    }

    /// Encodes 16-bit samples into as many bytes.
    pub(crate) fn encode_into(self, samples: &[i16], encoded: &mut [u8]) {
        let written = match self {
            Self::Pcma => PcmaEncoder::new().encode_into(samples, encoded),
            Self::Pcmu => PcmuEncoder::new().encode_into(samples, encoded),
        };
        debug_assert_eq!(written.ok(), Some(samples.len()), "G.711 is one byte a sample");
    }

    /// Decodes bytes to 16-bit samples, one each.
    pub(crate) fn decode(self, bytes: &[u8]) -> Vec<i16> {
        let mut samples = vec![0; bytes.len()];
        self.decode_into(bytes, &mut samples);
        samples
    }

    /// Decodes as many bytes as there is room for samples. Returns how many.
    pub(crate) fn decode_into(self, bytes: &[u8], samples: &mut [i16]) -> usize {
        let count = bytes.len().min(samples.len());
        let (bytes, samples) = (&bytes[..count], &mut samples[..count]);
        let written = match self {
            Self::Pcma => PcmaDecoder::new().decode_into(bytes, samples),
            Self::Pcmu => PcmuDecoder::new().decode_into(bytes, samples),
        };
        debug_assert_eq!(written.ok(), Some(count), "G.711 is one byte a sample");
        count
    }

    /// Turns a payload of this codec into one of `target`, in place.
    pub(crate) fn transcode(self, target: Self, payload: &mut [u8]) {
        let table = match (self, target) {
            (Self::Pcma, Self::Pcmu) => &*A_TO_MU,
            (Self::Pcmu, Self::Pcma) => &*MU_TO_A,
            (Self::Pcma, Self::Pcma) | (Self::Pcmu, Self::Pcmu) => return,
        };
        for byte in payload {
            *byte = table[usize::from(*byte)];
        }
    }
}

static A_TO_MU: LazyLock<[u8; 256]> = LazyLock::new(|| table(Codec::Pcma, Codec::Pcmu));
static MU_TO_A: LazyLock<[u8; 256]> = LazyLock::new(|| table(Codec::Pcmu, Codec::Pcma));

fn table(from: Codec, to: Codec) -> [u8; 256] {
    let every_byte: [u8; 256] = std::array::from_fn(|byte| u8::try_from(byte).unwrap_or(u8::MAX));
    let encoded = to.encode(&from.decode(&every_byte));
    std::array::from_fn(|byte| encoded[byte])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_survives_a_change_of_codec() {
        for (from, to) in [(Codec::Pcma, Codec::Pcmu), (Codec::Pcmu, Codec::Pcma)] {
            let tone: Vec<i16> = (0..800).map(|n| (f64::from(n) * 0.3).sin() * 12_000.0).map(|s| s as i16).collect();
            let mut bytes = from.encode(&tone);
            from.transcode(to, &mut bytes);
            let heard = to.decode(&bytes);
            for (sent, heard) in tone.iter().zip(heard) {
                // G.711 keeps four bits below the leading one: two quantisations lose at most about 1/16 of the value.
                let bound = 32 + i32::from(sent.unsigned_abs()) / 12;
                assert!((i32::from(*sent) - i32::from(heard)).abs() <= bound, "{sent} became {heard}");
            }
        }
    }

    #[test]
    fn silence_is_silent_in_both() {
        for codec in [Codec::Pcma, Codec::Pcmu] {
            let sample = codec.decode(&[codec.silence()])[0];
            assert!(sample.abs() <= 8, "{codec:?} silence is {sample}");
        }
    }
}
