//! What a listener on a steady clock hears of one far end: its packets through a jitter buffer, decoded, with what is lost made
//! up, as 20 ms of 8 kHz PCM each time it is asked. For whoever cannot hand packets on as they are: a mix, a recording.
//! Knows no clock and no socket, and allocates only when the far end changes its codec.

use super::codec::{Codec, FRAME_SAMPLES, SAMPLE_RATE};
use super::decoder::{DECODED_MAX, Decoder};
use super::jitter::{JitterBuffer, JitterCounts, Packet, Pulled, Spare};
use std::time::{Duration, Instant};

/// Below this mean a frame is taken for silence: about -50 dB.
const SILENCE_MEAN: u32 = 100;
/// Frames made up when a sender pauses, so that its voice fades rather than breaks off.
const FADE_FRAMES: u32 = 3;
/// Samples over which the audio before and after a frame that is left out go over into each other: 10 ms.
const SEAM: usize = 80;

/// What a frame is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// What the far end said.
    Audio,
    /// Made up in part or as a whole.
    Concealed,
    /// Silence: nothing came yet, or the far end pauses.
    Silence,
}

/// One far end as it is heard.
#[derive(Debug)]
pub(super) struct Playout {
    buffer: JitterBuffer,
    decoder: Option<Decoder>,
    ready: Ready,
    /// Frames since the far end paused.
    paused: u32,
}

/// Decoded and not heard yet.
#[derive(Debug)]
struct Ready {
    samples: Vec<i16>,
    /// The beginning of audio that was left out: what comes next is blended with it.
    seam: Option<[i16; SEAM]>,
}

impl Playout {
    pub(super) fn new() -> Self {
        let ready = Ready { samples: Vec::with_capacity(FRAME_SAMPLES + DECODED_MAX), seam: None };
        Self { buffer: JitterBuffer::new(SAMPLE_RATE), decoder: None, ready, paused: FADE_FRAMES }
    }

    /// Takes a packet of audio that arrived now.
    pub(super) fn push(&mut self, codec: Codec, ssrc: u32, sequence: u16, timestamp: u32, payload: &[u8], now: Instant) {
        if self.decoder.as_ref().is_none_or(|decoder| decoder.codec() != codec) {
            self.decoder = Some(Decoder::new(codec, SAMPLE_RATE));
            self.buffer.restart(codec.clock_rate());
        }
        let Some(ticks) = codec.ticks(payload) else { return };
        self.buffer.push(&Packet { ssrc, sequence, timestamp, ticks, payload }, now);
    }

    /// A packet that is no audio, and takes a place in the sequence only: a telephone event.
    pub(super) fn omit(&mut self, ssrc: u32, sequence: u16) {
        self.buffer.omit(ssrc, sequence);
    }

    /// The next 20 ms. To be called every 20 ms.
    pub(super) fn frame(&mut self, now: Instant, frame: &mut [i16; FRAME_SAMPLES]) -> Heard {
        let mut heard = Heard::Audio;
        frame.fill(0);
        let Some(decoder) = &mut self.decoder else { return Heard::Silence };
        // Each turn adds audio or takes a packet from the buffer, which holds a fixed number of them.
        while self.ready.samples.len() < FRAME_SAMPLES {
            match self.buffer.pull(now) {
                Pulled::Packet { payload, spare } => {
                    self.paused = 0;
                    self.ready.add(DECODED_MAX, spare, |room| decoder.decode(payload, room));
                }
                Pulled::Missing { following } => {
                    heard = Heard::Concealed;
                    self.ready.add(FRAME_SAMPLES, Spare::No, |room| decoder.conceal(following, room));
                }
                Pulled::Idle if self.paused < FADE_FRAMES => {
                    heard = Heard::Concealed;
                    self.paused += 1;
                    self.ready.add(FRAME_SAMPLES, Spare::No, |room| decoder.conceal(None, room));
                }
                Pulled::Idle => {
                    heard = if self.ready.samples.is_empty() { Heard::Silence } else { heard };
                    self.ready.samples.resize(FRAME_SAMPLES, 0);
                }
            }
        }
        frame.copy_from_slice(&self.ready.samples[..FRAME_SAMPLES]);
        self.ready.samples.drain(..FRAME_SAMPLES);
        heard
    }

    /// How long what is heard was kept at the least.
    pub(super) fn target_delay(&self) -> Duration {
        self.buffer.target_delay()
    }

    pub(super) fn counts(&self) -> JitterCounts {
        self.buffer.counts()
    }
}

impl Ready {
    /// Adds what `write` writes into the room it is given, unless that is spared.
    fn add(&mut self, room: usize, spare: Spare, write: impl FnOnce(&mut [i16]) -> usize) {
        let start = self.samples.len();
        self.samples.resize(start + room, 0);
        let written = write(&mut self.samples[start..]).min(room);
        self.samples.truncate(start + written);
        let added = &mut self.samples[start..];
        if let Some(seam) = self.seam.take() {
            for ((at, sample), before) in added.iter_mut().enumerate().zip(seam) {
                let weight = (at + 1) as i32;
                *sample = ((i32::from(before) * (SEAM as i32 - weight) + i32::from(*sample) * weight) / SEAM as i32) as i16;
            }
        }
        let spared = match spare {
            Spare::No => false,
            Spare::IfSilent => is_silent(added),
            Spare::Yes => true,
        };
        if let (true, Some(beginning)) = (spared, added.first_chunk()) {
            self.seam = Some(*beginning);
            self.samples.truncate(start);
        }
    }
}

fn is_silent(samples: &[i16]) -> bool {
    let sum: u32 = samples.iter().map(|sample| u32::from(sample.unsigned_abs())).sum();
    sum <= SILENCE_MEAN * samples.len() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME_MS: u64 = 20;

    fn tone(at: usize, count: usize) -> Vec<i16> {
        (at..at + count).map(|n| (f64::from(n as u32) * 0.35).sin() * 9000.0).map(|s| s as i16).collect()
    }

    fn level(samples: &[i16]) -> f64 {
        (samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / samples.len() as f64).sqrt()
    }

    /// A tone in packets of `length` samples that are late by so many ms or lost, as it is heard.
    fn hear(codec: Codec, length: usize, packets: u32, late: impl Fn(u32) -> Option<u64>) -> (Vec<i16>, Vec<Heard>, Playout) {
        let (mut playout, start) = (Playout::new(), Instant::now());
        let mut arriving: Vec<(u64, u32)> =
            (0..packets).filter_map(|n| Some((u64::from(n) * length as u64 / 8 + late(n)?, n))).collect();
        arriving.sort_unstable();
        let mut arriving = arriving.into_iter().peekable();
        let (mut audio, mut kinds) = (Vec::new(), Vec::new());
        for frame in 0..u64::from(packets) * length as u64 / 160 {
            let now = frame * FRAME_MS + 3;
            while let Some((at, n)) = arriving.next_if(|(at, _)| *at <= now) {
                let payload = codec.encode(&tone(n as usize * length, length));
                let timestamp = n * length as u32;
                playout.push(codec, 7, n as u16, timestamp, &payload, start + Duration::from_millis(at));
            }
            let mut samples = [0; FRAME_SAMPLES];
            kinds.push(playout.frame(start + Duration::from_millis(now), &mut samples));
            audio.extend(samples);
        }
        (audio, kinds, playout)
    }

    #[test]
    fn packets_of_every_length_are_heard_as_one() {
        for length in [80, 160, 240, 320, 480, 1200] {
            for codec in [Codec::Pcma, Codec::Pcmu] {
                let (audio, kinds, _) = hear(codec, length, 20_000 / length as u32, |_| Some(0));
                let begins = audio.iter().position(|sample| sample.unsigned_abs() > 16).unwrap_or(0);
                assert!(begins <= 480 + length, "{length}: begins after {begins} samples");
                assert_eq!(kinds.iter().filter(|heard| **heard == Heard::Concealed).count(), 0, "{length}");
                let sent = codec.decode(&codec.encode(&tone(0, 20_000)));
                let first = sent.iter().position(|sample| sample.unsigned_abs() > 16).unwrap_or(0);
                let count = 20_000 - 2400 - length;
                assert_eq!(audio[begins..begins + count - begins], sent[first..first + count - begins], "{length}");
            }
        }
    }

    #[test]
    fn a_lossy_and_unsteady_path_is_heard_at_its_level_and_without_clicks() {
        let rolled = |n: u32| u64::from(n.wrapping_mul(2_654_435_761) >> 8);
        let late = |n: u32| (rolled(n) % 100 >= 5).then_some(rolled(n) / 100 % 45);
        let (audio, kinds, playout) = hear(Codec::Pcma, 160, 1500, late);
        let settled = &audio[100 * 160..];
        let concealed = kinds[100..].iter().filter(|heard| **heard == Heard::Concealed).count();
        assert!((40..=130).contains(&concealed), "{concealed} frames were made up");
        assert!(kinds[100..].iter().all(|heard| *heard != Heard::Silence));
        let level = level(settled) / level(&tone(0, 16_000));
        assert!((0.93..1.05).contains(&level), "{level}");
        let jump = settled.windows(2).map(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs()).max().unwrap_or(0);
        assert!(jump < 4200, "{jump}: the tone itself has up to 3200");
        assert!(playout.target_delay() >= Duration::from_millis(35), "{:?}", playout.target_delay());
        assert!(playout.counts().played > 1300);
    }

    #[test]
    fn when_the_far_end_stops_its_voice_fades_and_then_there_is_silence() {
        let (audio, kinds, _) = hear(Codec::Pcmu, 160, 100, |n| (n < 50).then_some(0));
        assert_eq!(kinds[70..], [Heard::Silence; 30]);
        assert!(audio[60 * 160..].iter().all(|sample| *sample == 0));
    }

    #[test]
    fn keys_are_not_made_up_for() {
        let (mut playout, start, mut frame) = (Playout::new(), Instant::now(), [0; FRAME_SAMPLES]);
        let mut heard = Vec::new();
        for n in 0..60u16 {
            let now = start + Duration::from_millis(FRAME_MS) * u32::from(n);
            // Every third packet of the sequence is a key press beside the audio.
            let (sequence, key) = (n + n / 2, n % 2 == 1);
            if key {
                playout.omit(7, sequence);
            }
            let payload = Codec::Pcma.encode(&tone(usize::from(n) * 160, 160));
            playout.push(Codec::Pcma, 7, sequence + u16::from(key), u32::from(n) * 160, &payload, now);
            heard.push(playout.frame(now, &mut frame));
        }
        assert!(heard[3..].iter().all(|heard| *heard == Heard::Audio), "{heard:?}");
    }

    #[test]
    fn another_codec_is_taken_up() {
        let (mut playout, start, mut frame) = (Playout::new(), Instant::now(), [0; FRAME_SAMPLES]);
        for n in 0..60u16 {
            let codec = if n < 30 { Codec::Pcma } else { Codec::Pcmu };
            let now = start + Duration::from_millis(FRAME_MS) * u32::from(n);
            playout.push(codec, 7, n, u32::from(n) * 160, &codec.encode(&tone(usize::from(n) * 160, 160)), now);
            playout.frame(now, &mut frame);
        }
        assert!(level(&frame) > 5000.0);
    }
}
