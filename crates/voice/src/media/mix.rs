//! Whom a leg hears, and what they say together. One source at its own loudness is forwarded and costs nothing here; of several
//! each waits in a buffer of its own for the listener's clock, and they are added with saturation.

use super::codec::{Codec, FRAME_SAMPLES};
use super::mix_playout::Playout;
use super::rtp::DATAGRAM_MAX;
use crate::{LegId, Source};

/// As it is.
pub(super) const GAIN_PLAIN: u8 = 100;
/// Loudest a source may be made.
const GAIN_MAX: u8 = 200;

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
    }

    /// Takes what a source said.
    pub(super) fn take(&mut self, from: LegId, codec: Codec, ssrc: u32, timestamp: u32, payload: &[u8]) {
        let Some(voice) = self.voices.iter_mut().find(|voice| voice.source.leg == from) else { return };
        let mut room = [0; DATAGRAM_MAX];
        let Some(sound) = room.get_mut(..payload.len()) else { return };
        codec.decode_into(payload, sound);
        voice.playout.put(ssrc, timestamp, sound);
    }

    /// The next 20 ms of all of them.
    pub(super) fn frame(&mut self) -> [i16; FRAME_SAMPLES] {
        let mut sum = [0i32; FRAME_SAMPLES];
        for voice in &mut self.voices {
            let gain = i32::from(voice.source.gain.min(GAIN_MAX));
            for (sum, sample) in sum.iter_mut().zip(voice.playout.frame()) {
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

    fn source(leg: u128, gain: u8) -> Source {
        Source { leg: LegId(leg), gain }
    }

    fn mixer(sources: &[Source]) -> Mixer {
        let mut mixer = Mixer::default();
        mixer.change(sources);
        mixer
    }

    /// Lets each leg say a constant, and returns the last sample that is heard.
    fn heard(mixer: &mut Mixer, said: &[(u128, i16)]) -> i16 {
        for n in 0..4 {
            for (leg, sample) in said {
                let payload = Codec::Pcma.encode(&[*sample; FRAME_SAMPLES]);
                mixer.take(LegId(*leg), Codec::Pcma, 1, n * 160, &payload);
            }
        }
        (0..4).map(|_| mixer.frame()[FRAME_SAMPLES - 1]).last().unwrap()
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
        assert_eq!(heard(&mut mixer(&[source(1, 100), source(2, 50)]), &[(1, 1000), (2, 1000)]), small[0] + small[0] / 2);
        assert_eq!(heard(&mut mixer(&[source(1, 0), source(2, 100)]), &[(1, 1000), (2, 1000)]), small[0]);
        assert_eq!(heard(&mut mixer(&[source(1, 255)]), &[(1, 1000)]), small[0] * 2, "not louder than twice");
        assert_eq!(heard(&mut mixer(&[source(1, 100), source(2, 100)]), &[(1, 30_000), (2, 30_000)]), large);
        assert_eq!(heard(&mut mixer(&[source(1, 100), source(2, 100)]), &[(1, -30_000), (2, -30_000)]), i16::MIN);
        assert_eq!(heard(&mut mixer(&[source(1, 100)]), &[(3, 1000)]), 0, "who is not in the mix is not heard");
    }

    #[test]
    fn who_stays_is_heard_on() {
        let mut mix = mixer(&[source(1, 100), source(2, 100)]);
        heard(&mut mix, &[(1, 1000)]);
        for n in 4..7 {
            mix.take(LegId(1), Codec::Pcma, 1, n * 160, &Codec::Pcma.encode(&[1000; FRAME_SAMPLES]));
        }
        mix.change(&[source(3, 100), source(1, 200)]);
        assert!(mix.frame().iter().skip(40).all(|sample| *sample > 1900), "at once, and with the new gain");
    }
}
