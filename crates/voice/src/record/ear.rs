//! From what a leg says or hears, in whatever codec, to the µ-law of a recording. One for each channel: Opus and G.722 are only
//! understood packet after packet.

use super::RECORDING_RATE;
use super::track::Stamp;
use crate::media::{Codec, DECODED_MAX, Decoder};

/// One channel's.
#[derive(Debug, Default)]
pub(super) struct Ear {
    decoder: Option<Decoder>,
}

impl Ear {
    /// The payload as µ-law: where it lies, or in the room.
    pub(super) fn hear<'a>(&mut self, codec: Codec, payload: &'a mut [u8], room: &'a mut [u8; DECODED_MAX]) -> &'a [u8] {
        if codec.passes_as(Codec::Pcmu) {
            codec.transcode(Codec::Pcmu, payload);
            return payload;
        }
        let decoder = match &mut self.decoder {
            Some(decoder) if decoder.codec() == codec => decoder,
            other => other.insert(Decoder::new(codec, RECORDING_RATE)),
        };
        let mut samples = [0; DECODED_MAX];
        let decoded = decoder.decode(payload, &mut samples);
        let encoded = Codec::Pcmu.encode_into(&samples[..decoded], room);
        &room[..encoded]
    }
}

/// The numbers of a packet, in samples of the recording.
pub(super) fn in_samples(codec: Codec, stamp: Stamp) -> Stamp {
    // Where the codec's clock wraps this leaps, and the packet is placed by when it came.
    Stamp { timestamp: stamp.timestamp / (codec.clock_rate() / RECORDING_RATE), ..stamp }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_laws_pass_and_opus_is_decoded() {
        let (mut ear, mut room) = (Ear::default(), [0; DECODED_MAX]);
        let samples: Vec<i16> = (0..160).map(|n| n * 100).collect();
        let (mut pcma, mut pcmu) = (Codec::Pcma.encode(&samples), Codec::Pcmu.encode(&samples));
        let mut expected = pcma.clone();
        Codec::Pcma.transcode(Codec::Pcmu, &mut expected);
        assert_eq!(ear.hear(Codec::Pcma, &mut pcma, &mut room), expected);
        assert_eq!(ear.hear(Codec::Pcmu, &mut pcmu, &mut room), Codec::Pcmu.encode(&samples));
        // 20 ms of silence, as Opus calls it.
        let mut silence = [0xF8, 0xFF, 0xFE];
        let silence = ear.hear(Codec::Opus, &mut silence, &mut room);
        assert_eq!(silence.len(), 160);
        assert!(Codec::Pcmu.decode(silence).iter().all(|sample| sample.abs() < 16));
        assert_eq!(ear.hear(Codec::G722, &mut [0x55; 160], &mut room).len(), 160);
    }

    #[test]
    fn clocks_are_told_in_samples() {
        let stamp = Stamp { ssrc: 1, timestamp: 48_000 };
        assert_eq!(in_samples(Codec::Opus, stamp).timestamp, 8000);
        assert_eq!(in_samples(Codec::G722, stamp), stamp);
    }
}
