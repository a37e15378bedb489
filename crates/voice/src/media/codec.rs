//! The codecs a leg can carry, what of them is a matter of bytes alone, and the tables between the two laws of G.711. What needs
//! a state from one payload to the next is in [`decoder`](super::decoder) and [`encoder`](super::encoder).

use super::opus_packet;
use audio_codec::pcma::{PcmaDecoder, PcmaEncoder};
use audio_codec::pcmu::{PcmuDecoder, PcmuEncoder};
use audio_codec::{Decoder, Encoder};
use std::sync::LazyLock;
use std::time::Duration;

/// Samples per second of G.711, of clips and mixes, and ticks per second of a telephone's RTP clock.
pub(crate) const SAMPLE_RATE: u32 = 8000;
/// Length of the packets we send.
pub(crate) const FRAME: Duration = Duration::from_millis(20);
/// Samples, and with G.711 bytes, in a packet we send.
pub(crate) const FRAME_SAMPLES: usize = 160;

/// The byte of G.722 that, repeated, takes a decoder to silence from whatever it said before (below -56 dB within 40 ms).
const G722_SILENCE: u8 = 0xFC;

/// A codec that a leg can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// G.711 A-law.
    Pcma,
    /// G.711 µ-law.
    Pcmu,
    /// Opus (RFC 6716): browsers.
    Opus,
    /// G.722 at 64 kbit/s: desk phones. Its RTP clock is 8000 although it has 16,000 samples a second (RFC 3551 section 4.5.2).
    G722,
}

impl Codec {
    const ALL: [Self; 4] = [Self::Pcma, Self::Pcmu, Self::Opus, Self::G722];

    /// The encoding name of its rtpmap.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pcma => "PCMA",
            Self::Pcmu => "PCMU",
            Self::Opus => "opus",
            Self::G722 => "G722",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|codec| codec.name().eq_ignore_ascii_case(name))
    }

    /// The payload type RFC 3551 gives it.
    pub(crate) fn static_payload_type(self) -> Option<u8> {
        match self {
            Self::Pcma => Some(8),
            Self::Pcmu => Some(0),
            Self::Opus => None,
            Self::G722 => Some(9),
        }
    }

    pub(crate) fn by_static_payload_type(payload_type: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|codec| codec.static_payload_type() == Some(payload_type))
    }

    /// Ticks per second of its RTP clock.
    pub(crate) fn clock_rate(self) -> u32 {
        match self {
            Self::Pcma | Self::Pcmu | Self::G722 => SAMPLE_RATE,
            Self::Opus => opus_packet::CLOCK_RATE,
        }
    }

    /// How long the audio of a payload lasts, in ticks of the RTP clock. `None`: it is no payload of this codec.
    pub(crate) fn ticks(self, payload: &[u8]) -> Option<u32> {
        match self {
            // A tick is a byte.
            Self::Pcma | Self::Pcmu | Self::G722 => u32::try_from(payload.len()).ok().filter(|ticks| *ticks > 0),
            Self::Opus => opus_packet::ticks(payload),
        }
    }

    /// The law of G.711 in which what we say of our own (clips, mixes, silence) is made for a leg of this codec. Sent to one
    /// that does not speak G.711 it is transcoded as whatever else comes from a phone.
    pub(crate) fn law(self) -> Self {
        match self {
            Self::Pcma => Self::Pcma,
            Self::Pcmu | Self::Opus | Self::G722 => Self::Pcmu,
        }
    }

    /// Whether a payload needs no more than a table to become one of `target`.
    pub(crate) fn passes_as(self, target: Self) -> bool {
        self == target || (self == self.law() && target == target.law())
    }

    /// The byte of a silent sample of its law.
    pub(crate) fn silence(self) -> u8 {
        match self.law() {
            Self::Pcma => 0xD5,
            Self::Pcmu | Self::Opus | Self::G722 => 0xFF,
        }
    }

    /// Writes silence over a payload of this codec. Returns its length, which is no longer than before.
    pub(crate) fn write_silence(self, payload: &mut [u8]) -> usize {
        match self {
            Self::Pcma | Self::Pcmu => payload.fill(self.silence()),
            Self::G722 => payload.fill(G722_SILENCE),
            Self::Opus => {
                let length = payload.len().min(opus_packet::SILENCE.len());
                payload[..length].copy_from_slice(&opus_packet::SILENCE[..length]);
                return length;
            }
        }
        payload.len()
    }

    /// Encodes 16-bit samples by its law, one byte each.
    pub(crate) fn encode(self, samples: &[i16]) -> Vec<u8> {
        let mut encoded = vec![self.silence(); samples.len()];
        self.encode_into(samples, &mut encoded);
        encoded
    }

    /// Encodes by its law as many samples as there is room for. Returns how many.
    pub(crate) fn encode_into(self, samples: &[i16], encoded: &mut [u8]) -> usize {
        let count = samples.len().min(encoded.len());
        let (samples, encoded) = (&samples[..count], &mut encoded[..count]);
        let written = match self.law() {
            Self::Pcma => PcmaEncoder::new().encode_into(samples, encoded),
            Self::Pcmu | Self::Opus | Self::G722 => PcmuEncoder::new().encode_into(samples, encoded),
        };
        debug_assert_eq!(written.ok(), Some(count), "G.711 is one byte a sample");
        count
    }

    /// Decodes bytes by its law to 16-bit samples, one each.
    pub(crate) fn decode(self, bytes: &[u8]) -> Vec<i16> {
        let mut samples = vec![0; bytes.len()];
        self.decode_into(bytes, &mut samples);
        samples
    }

    /// Decodes by its law as many bytes as there is room for samples. Returns how many.
    pub(crate) fn decode_into(self, bytes: &[u8], samples: &mut [i16]) -> usize {
        let count = bytes.len().min(samples.len());
        let (bytes, samples) = (&bytes[..count], &mut samples[..count]);
        let written = match self.law() {
            Self::Pcma => PcmaDecoder::new().decode_into(bytes, samples),
            Self::Pcmu | Self::Opus | Self::G722 => PcmuDecoder::new().decode_into(bytes, samples),
        };
        debug_assert_eq!(written.ok(), Some(count), "G.711 is one byte a sample");
        count
    }

    /// Turns a payload of this codec into one of `target`, in place, where it [`passes_as`](Self::passes_as) one.
    pub(crate) fn transcode(self, target: Self, payload: &mut [u8]) {
        let table = match (self, target) {
            (Self::Pcma, Self::Pcmu) => &*A_TO_MU,
            (Self::Pcmu, Self::Pcma) => &*MU_TO_A,
            (Self::Pcma | Self::Pcmu | Self::Opus | Self::G722, _) => return,
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
    fn only_the_laws_pass_as_each_other() {
        let passing = |a: Codec| Codec::ALL.into_iter().filter(|b| a.passes_as(*b)).collect::<Vec<_>>();
        assert_eq!(passing(Codec::Pcma), [Codec::Pcma, Codec::Pcmu]);
        assert_eq!(passing(Codec::Pcmu), [Codec::Pcma, Codec::Pcmu]);
        assert_eq!(passing(Codec::Opus), [Codec::Opus]);
        assert_eq!(passing(Codec::G722), [Codec::G722]);
    }

    #[test]
    fn silence_is_silent_in_both() {
        for codec in [Codec::Pcma, Codec::Pcmu] {
            let sample = codec.decode(&[codec.silence()])[0];
            assert!(sample.abs() <= 8, "{codec:?} silence is {sample}");
        }
    }
}
