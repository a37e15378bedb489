//! What goes out of a leg in its own codec, from packets of another one: decoded, with short losses made up, and encoded again in
//! frames of 20 ms. A packet is transcoded when it comes, by the task that received it, and waits for nothing: the far end's own
//! jitter buffer puts it in its place. One leg has one of these, made when it is first needed.

use super::codec::Codec;
use super::decoder::{DECODED_MAX, Decoder};
use super::encoder::{ENCODED_MAX, Encoder, rate_between};
use super::numbering::Origin;
use super::rtp::{HEADER, TRAILER};

/// Most frames made up for one loss: after 60 ms there is nothing left to go on from.
const MADE_UP_MAX: i64 = 3;
/// A packet numbered that much before the last one came late; further back its sender numbers anew (RFC 3550 A.1).
const MISORDER_MAX: i16 = -100;

/// Into one codec.
#[derive(Debug)]
pub(super) struct Transcoder {
    target: Codec,
    rate: u32,
    encoder: Encoder,
    source: Source,
    /// Decoded, and less than a frame: what comes next is joined to it.
    pending: Vec<i16>,
    next: Place,
}

/// Numbers of a frame that goes out, as of a stream of its own.
#[derive(Debug, Clone, Copy)]
struct Place {
    sequence: u16,
    timestamp: u32,
}

/// The transcoder of a leg: the one it has, or its first.
pub(super) fn into(transcoder: Option<Box<Transcoder>>, from: Codec, target: Codec) -> Box<Transcoder> {
    let suits = transcoder.filter(|transcoder| transcoder.target == target);
    suits.unwrap_or_else(|| Box::new(Transcoder::new(from, target)))
}

/// Transcodes a packet (room for a header, the payload, room for a tag) and hands on such packets, each with its origin.
pub(super) fn each(
    transcoder: &mut Transcoder,
    codec: Codec,
    origin: Origin,
    packet: &[u8],
    send: &mut dyn FnMut(Origin, &mut [u8]),
) {
    let Some(payload) = packet.get(HEADER..packet.len().saturating_sub(TRAILER)) else { return };
    transcoder.run(codec, origin, payload, &mut |origin, frame| {
        let mut room = [0; HEADER + ENCODED_MAX + TRAILER];
        let end = HEADER + frame.len();
        room[HEADER..end].copy_from_slice(frame);
        send(origin, &mut room[..end + TRAILER]);
    });
}

/// What is transcoded now.
#[derive(Debug)]
struct Source {
    codec: Codec,
    decoder: Decoder,
    /// Of the newest packet; none of our own frames.
    newest: Option<Newest>,
}

#[derive(Debug)]
struct Newest {
    ssrc: u32,
    sequence: u16,
    /// Where the packet after it should begin.
    next_timestamp: u32,
}

impl Transcoder {
    fn new(from: Codec, target: Codec) -> Self {
        let rate = rate_between(from, target);
        Self {
            target,
            rate,
            encoder: Encoder::new(target, rate),
            source: Source { codec: from, decoder: Decoder::new(from, rate), newest: None },
            pending: Vec::with_capacity(4 * DECODED_MAX),
            next: Place { sequence: 0, timestamp: 0 },
        }
    }

    pub(super) fn target(&self) -> Codec {
        self.target
    }

    /// Whether packets of this source are transcoded here, so that their numbers are not those that go out.
    pub(super) fn has(&self, ssrc: u32) -> bool {
        self.source.newest.as_ref().is_some_and(|newest| newest.ssrc == ssrc)
    }

    /// A telephone event of the source was kept back.
    pub(super) fn omit(&mut self, ssrc: u32) {
        if let Some(newest) = self.source.newest.as_mut().filter(|newest| newest.ssrc == ssrc) {
            newest.sequence = newest.sequence.wrapping_add(1);
        }
    }

    /// Takes a payload and hands on what it becomes: none, one or several frames, each with its place in a stream.
    pub(super) fn run(&mut self, codec: Codec, origin: Origin, payload: &[u8], send: &mut dyn FnMut(Origin, &[u8])) {
        self.follow(codec);
        let Origin::Far { ssrc, sequence, timestamp } = origin else {
            // Frames of our own follow one another, and each is whole.
            if self.source.newest.take().is_some() {
                self.pending.clear();
            }
            self.decode(payload);
            return self.encode(&mut |_, frame| send(origin, frame));
        };
        let Some(ticks) = codec.ticks(payload) else { return };
        if !self.catch_up(ssrc, sequence, timestamp, payload) {
            return;
        }
        self.source.newest = Some(Newest { ssrc, sequence, next_timestamp: timestamp.wrapping_add(ticks) });
        self.decode(payload);
        self.encode(&mut |Place { sequence, timestamp }, frame| send(Origin::Far { ssrc, sequence, timestamp }, frame));
    }

    /// Makes sure that the decoder is for this codec, and both sides at the rate that suits.
    fn follow(&mut self, codec: Codec) {
        if self.source.codec == codec {
            return;
        }
        let rate = rate_between(codec, self.target);
        if rate != self.rate {
            self.rate = rate;
            self.encoder = Encoder::new(self.target, rate);
        }
        self.source = Source { codec, decoder: Decoder::new(codec, rate), newest: None };
        self.pending.clear();
    }

    /// Makes up what is missing before a packet, if it is little. `false`: the packet is too late.
    fn catch_up(&mut self, ssrc: u32, sequence: u16, timestamp: u32, payload: &[u8]) -> bool {
        let Some(newest) = &self.source.newest else {
            self.pending.clear();
            return true;
        };
        if newest.ssrc != ssrc {
            self.source.decoder = Decoder::new(self.source.codec, self.rate);
            self.pending.clear();
            return true;
        }
        let ahead = sequence.wrapping_sub(newest.sequence).cast_signed();
        if (MISORDER_MAX..=0).contains(&ahead) {
            return false;
        }
        let clock = i64::from(self.source.codec.clock_rate());
        let gap = i64::from(timestamp.wrapping_sub(newest.next_timestamp).cast_signed());
        let frames = (gap * 50 + clock / 2) / clock;
        if ahead > 1 && (1..=MADE_UP_MAX).contains(&frames) {
            for frame in 1..=frames {
                let following = (frame == frames).then_some(payload);
                let start = self.pending.len();
                self.pending.resize(start + self.encoder.frame_samples(), 0);
                let made_up = self.source.decoder.conceal(following, &mut self.pending[start..]);
                self.pending.truncate(start + made_up);
            }
        } else if gap != 0 {
            // A pause, a long loss or a new clock: what goes out shows it as it is, and begins with a whole frame.
            self.pending.clear();
            let ours = i64::from(self.target.clock_rate());
            if gap > 0 {
                // Truncation is the wrap of the clock.
                self.next.timestamp = self.next.timestamp.wrapping_add((gap * ours / clock) as u32);
            }
            if ahead > 1 {
                self.next.sequence = self.next.sequence.wrapping_add(ahead.unsigned_abs() - 1);
            }
        }
        true
    }

    fn decode(&mut self, payload: &[u8]) {
        let start = self.pending.len();
        self.pending.resize(start + 2 * DECODED_MAX, 0);
        let decoded = self.source.decoder.decode(payload, &mut self.pending[start..]);
        self.pending.truncate(start + decoded);
    }

    /// Encodes every whole frame that is there.
    fn encode(&mut self, send: &mut dyn FnMut(Place, &[u8])) {
        let samples = self.encoder.frame_samples();
        let whole = self.pending.len() / samples * samples;
        for frame in self.pending[..whole].chunks_exact(samples) {
            let mut payload = [0; ENCODED_MAX];
            let length = self.encoder.encode(frame, &mut payload);
            if length > 0 {
                send(self.next, &payload[..length]);
            }
            self.next.sequence = self.next.sequence.wrapping_add(1);
            self.next.timestamp = self.next.timestamp.wrapping_add(self.target.clock_rate() / 50);
        }
        self.pending.drain(..whole);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::codec::SAMPLE_RATE;
    use proptest::prelude::*;

    const CODECS: [Codec; 4] = [Codec::Pcma, Codec::Pcmu, Codec::Opus, Codec::G722];

    fn voice(hz: f64, samples: usize) -> Vec<i16> {
        (0..samples).map(|n| ((n as f64 * hz * std::f64::consts::TAU / 8000.0).sin() * 9000.0) as i16).collect()
    }

    fn level(samples: &[i16]) -> f64 {
        (samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / samples.len().max(1) as f64).sqrt()
    }

    /// How much of a sound is that tone: 1 for nothing else.
    fn share(samples: &[i16], hz: f64) -> f64 {
        let turn = hz * std::f64::consts::TAU / 8000.0;
        let (mut re, mut im) = (0.0, 0.0);
        for (n, sample) in samples.iter().enumerate() {
            re += f64::from(*sample) * (turn * n as f64).cos();
            im += f64::from(*sample) * (turn * n as f64).sin();
        }
        2.0 * (re * re + im * im) / (samples.len() as f64 * level(samples)).powi(2)
    }

    /// A stream in a codec, in packets of 20 ms.
    fn stream(codec: Codec, hz: f64, frames: usize) -> Vec<Vec<u8>> {
        let mut encoder = Encoder::new(codec, SAMPLE_RATE);
        let encode = |frame: &[i16]| {
            let mut payload = [0; ENCODED_MAX];
            let length = encoder.encode(frame, &mut payload);
            payload[..length].to_vec()
        };
        voice(hz, frames * 160).chunks(160).map(encode).collect()
    }

    /// What packets `(number, payload)` become, with the numbers of each frame.
    fn transcoded(from: Codec, to: Codec, packets: &[(u16, Vec<u8>)]) -> Vec<(u16, u32, Vec<u8>)> {
        let mut transcoder = Transcoder::new(from, to);
        let mut frames = Vec::new();
        for (number, payload) in packets {
            let ticks = from.clock_rate() / 50;
            let origin = Origin::Far {
                ssrc: 5,
                sequence: 65_000u16.wrapping_add(*number),
                timestamp: (u32::MAX - 3 * ticks).wrapping_add(u32::from(*number) * ticks),
            };
            transcoder.run(from, origin, payload, &mut |origin, frame| {
                let Origin::Far { ssrc: 5, sequence, timestamp } = origin else { panic!("{origin:?}") };
                frames.push((sequence, timestamp, frame.to_vec()));
            });
        }
        frames
    }

    fn heard(codec: Codec, frames: &[(u16, u32, Vec<u8>)]) -> Vec<i16> {
        let mut decoder = Decoder::new(codec, SAMPLE_RATE);
        let mut audio = Vec::new();
        for (_, _, payload) in frames {
            let mut room = [0; DECODED_MAX];
            let count = decoder.decode(payload, &mut room);
            audio.extend_from_slice(&room[..count]);
        }
        audio
    }

    fn numbered(packets: Vec<Vec<u8>>) -> Vec<(u16, Vec<u8>)> {
        (0..).zip(packets).collect()
    }

    #[test]
    fn a_tone_goes_from_every_codec_into_every_other() {
        for from in CODECS {
            for to in CODECS.into_iter().filter(|to| !from.passes_as(*to)) {
                let frames = transcoded(from, to, &numbered(stream(from, 700.0, 100)));
                assert_eq!(frames.len(), 100, "{from:?} to {to:?}");
                for (pair, n) in frames.windows(2).zip(1u16..) {
                    assert_eq!((pair[1].0, pair[1].1), (n, u32::from(n) * to.clock_rate() / 50), "{from:?} to {to:?}");
                }
                let audio = heard(to, &frames);
                assert_eq!(audio.len(), 16_000);
                let settled = &audio[3200..];
                let level = level(settled) / level(&voice(700.0, 16_000));
                assert!((0.8..1.2).contains(&level), "{from:?} to {to:?}: level {level}");
                assert!(share(settled, 700.0) > 0.95, "{from:?} to {to:?}: {}", share(settled, 700.0));
            }
        }
    }

    #[test]
    fn a_tenth_of_the_packets_lost_is_hardly_heard() {
        for (from, to) in
            [(Codec::Opus, Codec::Pcma), (Codec::Opus, Codec::G722), (Codec::G722, Codec::Opus), (Codec::Pcmu, Codec::G722)]
        {
            let mut packets = numbered(stream(from, 300.0, 300));
            packets.retain(|(number, _)| number % 10 != 7 && number % 40 != 8);
            let frames = transcoded(from, to, &packets);
            assert_eq!(frames.len(), 300, "{from:?} to {to:?}: what is lost is made up");
            let audio = heard(to, &frames);
            let settled = &audio[3200..];
            let level = level(settled) / level(&voice(300.0, 16_000));
            assert!((0.8..1.2).contains(&level), "{from:?} to {to:?}: level {level}");
            assert!(share(&settled[..8000], 300.0) > 0.8, "{from:?} to {to:?}: {}", share(&settled[..8000], 300.0));
            let jump = settled.windows(2).map(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs()).max();
            assert!(jump < Some(5000), "{from:?} to {to:?}: {jump:?}");
        }
    }

    #[test]
    fn long_losses_and_pauses_are_shown() {
        let mut packets = numbered(stream(Codec::Opus, 300.0, 50));
        packets.retain(|(number, _)| !(10..20).contains(number));
        let frames = transcoded(Codec::Opus, Codec::Pcma, &packets);
        assert_eq!((frames[9].0, frames[9].1), (9, 9 * 160));
        assert_eq!((frames[10].0, frames[10].1), (20, 20 * 160), "lost");

        let mut transcoder = Transcoder::new(Codec::Opus, Codec::Pcma);
        let payload = &stream(Codec::Opus, 300.0, 1)[0];
        let mut places = Vec::new();
        for (sequence, timestamp) in [(7, 960), (8, 1920), (9, 48_000 + 2880), (9, 2880), (8, 1920), (10, 77), (400, 9000)] {
            transcoder.run(Codec::Opus, Origin::Far { ssrc: 1, sequence, timestamp }, payload, &mut |origin, _| {
                let Origin::Far { sequence, timestamp, .. } = origin else { return };
                places.push((sequence, timestamp));
            });
        }
        let expected = [(0, 0), (1, 160), (2, 320 + 8000), (3, 480 + 8000), (393, 640 + 8000 + (9000 - 77 - 960) / 6)];
        assert_eq!(places, expected, "a pause, two that come late, a new clock, a long loss");
    }

    #[test]
    fn packets_of_other_lengths_become_frames_of_20_ms() {
        for samples in [80, 240, 480] {
            let mut transcoder = Transcoder::new(Codec::Pcma, Codec::Opus);
            let mut places = Vec::new();
            for (n, piece) in (0u16..).zip(voice(500.0, 480 * 20).chunks(samples)) {
                let origin = Origin::Far { ssrc: 1, sequence: n, timestamp: u32::from(n) * samples as u32 };
                transcoder.run(Codec::Pcma, origin, &Codec::Pcma.encode(piece), &mut |origin, frame| {
                    assert_eq!(Codec::Opus.ticks(frame), Some(960));
                    let Origin::Far { sequence, timestamp, .. } = origin else { return };
                    places.push((sequence, timestamp));
                });
            }
            assert_eq!(places, (0..60).map(|n| (n, u32::from(n) * 960)).collect::<Vec<_>>(), "{samples}");
        }
    }

    #[test]
    fn our_own_frames_and_keys_do_not_disturb_it() {
        let mut transcoder = Transcoder::new(Codec::Opus, Codec::Pcma);
        let payload = &stream(Codec::Opus, 300.0, 1)[0];
        let mut origins = Vec::new();
        for sequence in [3, 4, 7, 8] {
            if sequence == 7 {
                assert!(transcoder.has(2) && !transcoder.has(3));
                transcoder.omit(2);
                transcoder.omit(2);
            }
            let origin = Origin::Far { ssrc: 2, sequence, timestamp: u32::from(sequence) * 960 };
            transcoder.run(Codec::Opus, origin, payload, &mut |origin, _| origins.push(origin));
        }
        let at = |sequence, timestamp| Origin::Far { ssrc: 2, sequence, timestamp };
        assert_eq!(origins, [at(0, 0), at(1, 160), at(2, 640), at(3, 800)], "the time of two keys, and no loss");

        let mut to_browser = Transcoder::new(Codec::Pcmu, Codec::Opus);
        let mut count = 0;
        for _ in 0..10 {
            let own = Origin::Own { due: std::time::Instant::now() };
            to_browser.run(Codec::Pcmu, own, &[0xFF; 160], &mut |origin, _| {
                assert_eq!(origin, own);
                count += 1;
            });
        }
        assert_eq!(count, 10);
    }

    /// The least of many rounds, so that a busy machine does not count.
    #[test]
    #[ignore = "a measurement, not a test"]
    fn cost_of_a_frame() {
        let least = |act: &mut dyn FnMut()| {
            let mut round = || {
                let start = std::time::Instant::now();
                act();
                start.elapsed().as_nanos() as f64 / 1000.0
            };
            (0..400).map(|_| round()).fold(f64::MAX, f64::min)
        };
        for codec in CODECS {
            for rate in [SAMPLE_RATE, crate::media::decoder::WIDE_RATE] {
                let mut encoder = Encoder::new(codec, rate);
                let samples = encoder.frame_samples();
                // A voice: harmonics that glide and swell.
                let voiced = |n: usize| {
                    let t = n as f64 / f64::from(rate);
                    let phase = std::f64::consts::TAU * (120.0 * t + 20.0 * (t * 3.0).sin());
                    let sum: f64 = (1..12).map(|h| (phase * f64::from(h)).sin() / f64::from(h)).sum();
                    (sum * 4000.0 * (0.6 + 0.4 * (t * 25.0).sin())) as i16
                };
                let audio: Vec<i16> = (0..samples * 400).map(voiced).collect();
                let mut frames = audio.chunks_exact(samples);
                let mut payloads = Vec::new();
                let encode = least(&mut || {
                    let mut payload = [0; ENCODED_MAX];
                    let length = frames.next().map_or(0, |frame| encoder.encode(frame, &mut payload));
                    payloads.push(payload[..length].to_vec());
                });
                let (mut decoder, mut room) = (Decoder::new(codec, rate), [0; 2 * DECODED_MAX]);
                let mut next = payloads.iter();
                let decode = least(&mut || {
                    decoder.decode(next.next().map_or(&[], |payload| &payload[..]), &mut room);
                });
                let conceal = least(&mut || {
                    decoder.decode(&payloads[100], &mut room);
                    decoder.conceal(None, &mut room);
                });
                let bytes = payloads.iter().map(Vec::len).sum::<usize>() / payloads.len();
                println!(
                    "{codec:?} at {rate}: {encode:.1} µs encoded, {decode:.1} µs decoded, {:.1} µs made up, {bytes} bytes",
                    conceal - decode
                );
            }
        }
    }

    proptest! {
        /// Payloads come from whoever is at the other end.
        #[test]
        fn no_payload_panics(
            packets in proptest::collection::vec((0usize..4, any::<bool>(), 0u16..8, any::<u32>(), proptest::collection::vec(any::<u8>(), 1..200)), 1..12),
            to in 0usize..4,
        ) {
            let mut transcoder = Transcoder::new(Codec::Opus, CODECS[to]);
            for (from, own, sequence, timestamp, payload) in packets {
                let due = std::time::Instant::now();
                let origin = if own { Origin::Own { due } } else { Origin::Far { ssrc: 1, sequence, timestamp: timestamp % 20_000 } };
                transcoder.run(CODECS[from], origin, &payload, &mut |_, frame| assert!(!frame.is_empty()));
            }
        }
    }
}
