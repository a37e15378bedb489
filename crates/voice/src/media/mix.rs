//! Whom a leg hears, and what they say together. One source at its own loudness is forwarded and costs nothing here; of several
//! each waits in a buffer of its own for the listener's clock, and they are added with saturation.

use super::codec::{Codec, FRAME_SAMPLES};
use super::playout::Playout;
use crate::{LegId, Source};
use std::time::Instant;

/// As it is.
pub(super) const GAIN_PLAIN: u8 = 100;
/// Loudest a source may be made.
const GAIN_MAX: u8 = 200;

/// A packet of audio that a leg received.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) codec: Codec,
    pub(super) ssrc: u32,
    pub(super) sequence: u16,
    pub(super) timestamp: u32,
    pub(super) payload: &'a [u8],
}

/// Whom a leg hears when nothing is played to it.
#[derive(Debug, Default)]
pub(super) enum Hearing {
    /// Nobody: silence.
    #[default]
    Nobody,
    /// One leg, forwarded.
    One(LegId),
    /// Mixed.
    Mix(Mixer),
}

impl Hearing {
    pub(super) fn sources(&self) -> Vec<Source> {
        match self {
            Self::Nobody => Vec::new(),
            Self::One(leg) => vec![Source { leg: *leg, gain: GAIN_PLAIN }],
            Self::Mix(mixer) => mixer.voices.iter().map(|voice| voice.source).collect(),
        }
    }

    /// Replaces the sources. Who stays in a mix is heard on without a gap.
    pub(super) fn change(&mut self, sources: &[Source]) {
        let before = std::mem::take(self);
        *self = match sources {
            [] => Self::Nobody,
            [Source { leg, gain: GAIN_PLAIN }] => Self::One(*leg),
            [..] => {
                let mut mixer = if let Self::Mix(mixer) = before { mixer } else { Mixer::default() };
                mixer.change(sources);
                Self::Mix(mixer)
            }
        };
    }
}

/// Several sources for one listener.
#[derive(Debug, Default)]
pub(super) struct Mixer {
    voices: Vec<Voice>,
}

#[derive(Debug)]
struct Voice {
    source: Source,
    playout: Box<Playout>,
}

impl Mixer {
    fn change(&mut self, sources: &[Source]) {
        let mut before = std::mem::take(&mut self.voices);
        self.voices = sources.iter().map(|source| Voice { source: *source, playout: kept(&mut before, source.leg) }).collect();
        for Voice { source, playout } in before {
            let (delay, counts) = (playout.target_delay(), playout.counts());
            tracing::debug!(leg = %source.leg, ?delay, ?counts, "a source leaves a mix");
        }
    }

    /// Takes what a source said.
    pub(super) fn take(&mut self, from: LegId, said: &Said<'_>, now: Instant) {
        if let Some(playout) = self.playout(from) {
            playout.push(said.codec, said.ssrc, said.sequence, said.timestamp, said.payload, now);
        }
    }

    /// A packet of a source was a key, and is not heard.
    pub(super) fn omit(&mut self, from: LegId, ssrc: u32, sequence: u16) {
        if let Some(playout) = self.playout(from) {
            playout.omit(ssrc, sequence);
        }
    }

    fn playout(&mut self, of: LegId) -> Option<&mut Playout> {
        self.voices.iter_mut().find(|voice| voice.source.leg == of).map(|voice| &mut *voice.playout)
    }

    /// The next 20 ms of all of them.
    pub(super) fn frame(&mut self, now: Instant) -> [i16; FRAME_SAMPLES] {
        let (mut sum, mut heard) = ([0i32; FRAME_SAMPLES], [0; FRAME_SAMPLES]);
        for voice in &mut self.voices {
            voice.playout.frame(now, &mut heard);
            let gain = i32::from(voice.source.gain.min(GAIN_MAX));
            for (sum, sample) in sum.iter_mut().zip(heard) {
                *sum += i32::from(sample) * gain / 100;
            }
        }
        // Within an i16 after the clamp.
        sum.map(|sample| sample.clamp(i16::MIN.into(), i16::MAX.into()) as i16)
    }
}

fn kept(before: &mut Vec<Voice>, leg: LegId) -> Box<Playout> {
    let at = before.iter().position(|voice| voice.source.leg == leg);
    at.map_or_else(|| Box::new(Playout::new()), |at| before.swap_remove(at).playout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::codec::FRAME;

    fn source(leg: u128, gain: u8) -> Source {
        Source { leg: LegId(leg), gain }
    }

    /// A call of which only the mix is looked at: each leg says a constant every 20 ms.
    struct Call {
        mixer: Mixer,
        now: Instant,
        frames: u16,
    }

    impl Call {
        fn new(sources: &[Source]) -> Self {
            let mut mixer = Mixer::default();
            mixer.change(sources);
            Self { mixer, now: Instant::now(), frames: 0 }
        }

        /// Goes on for some frames and returns the last one.
        fn hear(&mut self, said: &[(u128, i16)], frames: usize) -> [i16; FRAME_SAMPLES] {
            let mut heard = [0; FRAME_SAMPLES];
            for _ in 0..frames {
                for (leg, sample) in said {
                    let payload = Codec::Pcma.encode(&[*sample; FRAME_SAMPLES]);
                    let (sequence, timestamp) = (self.frames, u32::from(self.frames) * 160);
                    let said = Said { codec: Codec::Pcma, ssrc: 1, sequence, timestamp, payload: &payload };
                    self.mixer.take(LegId(*leg), &said, self.now);
                }
                heard = self.mixer.frame(self.now);
                self.frames += 1;
                self.now += FRAME;
            }
            heard
        }
    }

    fn heard(sources: &[Source], said: &[(u128, i16)]) -> i16 {
        Call::new(sources).hear(said, 10)[FRAME_SAMPLES - 1]
    }

    #[test]
    fn one_plain_source_is_forwarded_and_everything_else_is_mixed() {
        let mut hearing = Hearing::default();
        for (sources, mixed) in [
            (vec![source(1, 100)], false),
            (vec![source(1, 99)], true),
            (vec![source(1, 100), source(2, 100)], true),
            (vec![], false),
        ] {
            hearing.change(&sources);
            assert_eq!((hearing.sources(), matches!(hearing, Hearing::Mix(_))), (sources, mixed));
        }
    }

    #[test]
    fn sources_are_added_with_their_gain_and_saturate() {
        // As A-law quantises.
        let (small, large) = (Codec::Pcma.decode(&Codec::Pcma.encode(&[1000, 30_000])), 32_767);
        assert_eq!(heard(&[source(1, 100), source(2, 50)], &[(1, 1000), (2, 1000)]), small[0] + small[0] / 2);
        assert_eq!(heard(&[source(1, 0), source(2, 100)], &[(1, 1000), (2, 1000)]), small[0]);
        assert_eq!(heard(&[source(1, 255)], &[(1, 1000)]), small[0] * 2, "not louder than twice");
        assert_eq!(heard(&[source(1, 100), source(2, 100)], &[(1, 30_000), (2, 30_000)]), large);
        assert_eq!(heard(&[source(1, 100), source(2, 100)], &[(1, -30_000), (2, -30_000)]), i16::MIN);
        assert_eq!(heard(&[source(1, 100)], &[(3, 1000)]), 0, "who is not in the mix is not heard");
    }

    #[test]
    fn who_stays_is_heard_on() {
        let mut call = Call::new(&[source(1, 100), source(2, 100)]);
        call.hear(&[(1, 1000), (2, 1000)], 10);
        call.mixer.change(&[source(3, 100), source(1, 200)]);
        assert!(call.hear(&[(1, 1000)], 1).iter().all(|sample| *sample > 1900), "at once, and with the new gain");
    }
}
