//! From the payloads of one far end to PCM, in order, and what stands in for those that were lost. Knows no clock, no socket and
//! no packet's number; allocates nothing for a packet. Payloads come from whoever is at the other end: none may panic.

use super::codec::{Codec, SAMPLE_RATE};
use super::conceal::Concealer;
use super::halfband::{Doubler, Halver};
use audio_codec::Decoder as _;
use audio_codec::g722::G722Decoder;
use ropus::{Channels, DecodeMode};

/// Samples per second of wideband PCM.
pub(super) const WIDE_RATE: u32 = 2 * SAMPLE_RATE;
/// Longest payload that is decoded whole.
const PAYLOAD_MAX: usize = super::rtp::DATAGRAM_MAX;
/// Longest audio one payload can hold, in samples of 8 kHz; twice as many of 16 kHz. Of Opus it is 120 ms.
pub(crate) const DECODED_MAX: usize = PAYLOAD_MAX;

/// Decodes one stream.
pub(crate) struct Decoder {
    codec: Codec,
    rate: u32,
    kind: Kind,
    /// Audio at the codec's rate on its way to ours.
    room: Box<[i16]>,
}

enum Kind {
    Law {
        concealer: Concealer,
        doubler: Option<Doubler>,
    },
    G722 {
        decoder: Box<G722Decoder>,
        concealer: Concealer,
        halver: Option<Halver>,
    },
    Opus(Box<ropus::Decoder>),
    /// It could not be made: nothing is heard.
    Broken,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").field("codec", &self.codec).field("rate", &self.rate).finish_non_exhaustive()
    }
}

impl Decoder {
    /// `rate`: samples per second that are wanted, 8000 or 16,000.
    pub(crate) fn new(codec: Codec, rate: u32) -> Self {
        let wide = rate == WIDE_RATE;
        let kind = match codec {
            Codec::Pcma | Codec::Pcmu => {
                Kind::Law { concealer: Concealer::new(SAMPLE_RATE), doubler: wide.then(Doubler::default) }
            }
            Codec::G722 => Kind::G722 {
                decoder: Box::new(G722Decoder::new()),
                concealer: Concealer::new(WIDE_RATE),
                halver: (!wide).then(Halver::default),
            },
            Codec::Opus => match ropus::Decoder::new(rate, Channels::Mono) {
                Ok(decoder) => Kind::Opus(Box::new(decoder)),
                Err(error) => {
                    tracing::error!(%error, "no Opus decoder");
                    Kind::Broken
                }
            },
        };
        Self { codec, rate, kind, room: vec![0; 2 * DECODED_MAX].into() }
    }

    pub(crate) fn codec(&self) -> Codec {
        self.codec
    }

    /// Decodes a payload, as far as there is room for it: [`DECODED_MAX`] samples of 8 kHz always suffice. Returns how many
    /// samples it was.
    pub(crate) fn decode(&mut self, payload: &[u8], samples: &mut [i16]) -> usize {
        let payload = &payload[..payload.len().min(PAYLOAD_MAX)];
        match &mut self.kind {
            Kind::Law { concealer, doubler } => {
                let native = native(doubler.is_some(), samples, &mut self.room);
                let count = self.codec.decode_into(payload, native);
                concealer.received(&mut native[..count]);
                doubled(doubler.as_mut(), count, &self.room, samples)
            }
            Kind::G722 { decoder, concealer, halver } => {
                let native = native(halver.is_some(), samples, &mut self.room);
                let payload = &payload[..payload.len().min(native.len() / 2)];
                let count = decoder.decode_into(payload, native).unwrap_or(0);
                concealer.received(&mut native[..count]);
                halved(halver.as_mut(), count, &self.room, samples)
            }
            Kind::Opus(decoder) => {
                let most = samples.len().min(self.rate as usize / 1000 * 120);
                let decoded = decoder.decode(payload, &mut samples[..most], DecodeMode::Normal);
                // What is no Opus is as good as lost.
                decoded.unwrap_or_else(|_| opus_lost(decoder, self.rate, samples))
            }
            Kind::Broken => 0,
        }
    }

    /// Makes up 20 ms, or as much as there is room for, of audio that was lost. `following`: the payload right after it, where
    /// that has come already; Opus may carry a copy of what was before. Returns how many samples it was.
    pub(crate) fn conceal(&mut self, following: Option<&[u8]>, samples: &mut [i16]) -> usize {
        let count = samples.len().min(self.rate as usize / 50);
        let samples = &mut samples[..count];
        match &mut self.kind {
            Kind::Law { concealer, doubler } => {
                let count = if doubler.is_some() { count / 2 } else { count };
                concealer.lost(&mut native(doubler.is_some(), samples, &mut self.room)[..count]);
                doubled(doubler.as_mut(), count, &self.room, samples)
            }
            Kind::G722 { concealer, halver, .. } => {
                let count = if halver.is_some() { count * 2 } else { count };
                concealer.lost(&mut native(halver.is_some(), samples, &mut self.room)[..count]);
                halved(halver.as_mut(), count, &self.room, samples)
            }
            Kind::Opus(decoder) => {
                let copy = following.and_then(|payload| decoder.decode(payload, samples, DecodeMode::Fec).ok());
                copy.unwrap_or_else(|| opus_lost(decoder, self.rate, samples))
            }
            Kind::Broken => 0,
        }
    }
}

/// Where audio at the codec's own rate goes: into the room, where it has to be resampled from there.
fn native<'a>(resampled: bool, samples: &'a mut [i16], room: &'a mut [i16]) -> &'a mut [i16] {
    if resampled { room } else { samples }
}

fn doubled(doubler: Option<&mut Doubler>, count: usize, room: &[i16], samples: &mut [i16]) -> usize {
    let Some(doubler) = doubler else { return count };
    let count = count.min(samples.len() / 2);
    doubler.run(&room[..count], &mut samples[..2 * count]);
    2 * count
}

fn halved(halver: Option<&mut Halver>, count: usize, room: &[i16], samples: &mut [i16]) -> usize {
    let Some(halver) = halver else { return count };
    let count = (count / 2).min(samples.len());
    halver.run(&room[..2 * count], &mut samples[..count]);
    count
}

/// Lets Opus itself go on for 20 ms.
fn opus_lost(decoder: &mut ropus::Decoder, rate: u32, samples: &mut [i16]) -> usize {
    let count = samples.len().min(rate as usize / 50);
    decoder.decode(&[], &mut samples[..count], DecodeMode::Normal).unwrap_or_else(|_| {
        samples[..count].fill(0);
        count
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn opus_carries_a_copy_of_what_was_before() {
        let mut encoder = crate::media::encoder::Encoder::new(Codec::Opus, SAMPLE_RATE);
        // Loud and faint frames in turn: only a copy tells that the lost one was loud.
        let mut packets = Vec::new();
        for n in 0..60 {
            let loud = if n % 6 == 4 { 12_000.0 } else { 1500.0 };
            let sample = |at: usize| ((at as f64 * 0.2).sin() * loud) as i16;
            let frame: Vec<i16> = (n * 160..(n + 1) * 160).map(sample).collect();
            let mut payload = [0; 400];
            let length = encoder.encode(&frame, &mut payload);
            packets.push(payload[..length].to_vec());
        }
        let level = |with_copy: bool| {
            let mut decoder = Decoder::new(Codec::Opus, SAMPLE_RATE);
            let (mut room, mut sum) = ([0i16; DECODED_MAX], 0.0);
            for n in 0..59 {
                let count = if n % 6 == 4 {
                    decoder.conceal(with_copy.then_some(&packets[n + 1][..]), &mut room)
                } else {
                    decoder.decode(&packets[n], &mut room)
                };
                assert_eq!(count, 160);
                if n % 6 == 4 {
                    sum += room[..count].iter().map(|s| f64::from(*s).powi(2)).sum::<f64>();
                }
            }
            sum.sqrt()
        };
        assert!(level(true) > 2.0 * level(false), "{} with the copy, {} without", level(true), level(false));
    }

    #[test]
    fn silence_written_over_a_payload_is_silence_after_anything() {
        for codec in [Codec::Pcma, Codec::Pcmu, Codec::Opus, Codec::G722] {
            let mut encoder = crate::media::encoder::Encoder::new(codec, SAMPLE_RATE);
            let mut decoder = Decoder::new(codec, SAMPLE_RATE);
            let (mut payload, mut room, mut count) = ([0; 400], [0; DECODED_MAX], 0);
            for n in 0..20 {
                let frame: [i16; 160] = std::array::from_fn(|at| (((n * 160 + at) as f64 * 0.2).sin() * 20_000.0) as i16);
                let mut length = encoder.encode(&frame, &mut payload);
                if n >= 10 {
                    length = codec.write_silence(&mut payload[..length]);
                }
                count = decoder.decode(&payload[..length], &mut room);
            }
            assert_eq!(count, 160, "{codec:?}");
            assert!(room[..count].iter().all(|sample| sample.abs() < 64), "{codec:?}");
        }
    }

    #[test]
    fn every_decoder_goes_on_after_a_loss_and_ends_in_silence() {
        for codec in [Codec::Pcma, Codec::Pcmu, Codec::Opus, Codec::G722] {
            for rate in [SAMPLE_RATE, WIDE_RATE] {
                let mut decoder = Decoder::new(codec, rate);
                let mut room = vec![0; 2 * DECODED_MAX];
                for _ in 0..50 {
                    assert_eq!(decoder.conceal(None, &mut room), rate as usize / 50);
                }
                assert!(room[..160].iter().all(|sample| sample.abs() < 4), "{codec:?} at {rate}");
                assert_eq!(decoder.conceal(None, &mut room[..80]), 80, "{codec:?} at {rate}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_payload_and_no_room_panics(
            payloads in proptest::collection::vec((any::<bool>(), proptest::collection::vec(any::<u8>(), 0..1600), 0usize..3100), 1..6),
            codec in 0usize..4,
            wide: bool,
        ) {
            let codec = [Codec::Pcma, Codec::Pcmu, Codec::Opus, Codec::G722][codec];
            let mut decoder = Decoder::new(codec, if wide { WIDE_RATE } else { SAMPLE_RATE });
            let mut room = vec![0; 3100];
            for (lost, payload, most) in payloads {
                let room = &mut room[..most];
                let count = if lost { decoder.conceal(Some(&payload), room) } else { decoder.decode(&payload, room) };
                prop_assert!(count <= room.len());
            }
        }
    }
}
