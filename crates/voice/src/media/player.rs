//! A playback: clips and pauses joined to the sample, cut into frames. Knows no clock and no socket.

use super::clips::{Clip, ClipLibrary};
use super::codec::{Codec, FRAME_SAMPLES, SAMPLE_RATE};
use crate::{PlayItem, PlaybackId};
use std::sync::Arc;

/// Longest pause in a playback, milliseconds: nobody listens to a minute of silence.
const PAUSE_MS_MAX: u32 = 60_000;

/// What a leg plays now.
#[derive(Debug)]
pub(super) struct Playback {
    pub(super) id: PlaybackId,
    segments: Vec<Segment>,
    repeat: bool,
    /// Segment being played, and the next sample in it.
    at: usize,
    offset: usize,
}

#[derive(Debug)]
enum Segment {
    Clip(Arc<Clip>),
    Silence(usize),
}

impl Segment {
    fn samples(&self) -> usize {
        match self {
            Self::Clip(clip) => clip.samples(),
            Self::Silence(samples) => *samples,
        }
    }
}

impl Playback {
    /// Prepares a playback. A clip that the library lacks is left out and named in the log: the rest is better than nothing.
    pub(super) fn new(id: PlaybackId, items: &[PlayItem], repeat: bool, clips: &ClipLibrary) -> Self {
        let segment = |item: &PlayItem| match item {
            PlayItem::Clip(name) => {
                let clip = clips.get(name);
                if clip.is_none() {
                    tracing::warn!(clip = %name.0, "no such clip");
                }
                clip.map(Segment::Clip)
            }
            PlayItem::Pause(ms) => Some(Segment::Silence((*ms).min(PAUSE_MS_MAX) as usize * SAMPLE_RATE as usize / 1000)),
        };
        let segments: Vec<_> = items.iter().filter_map(segment).filter(|segment| segment.samples() > 0).collect();
        Self { id, segments, repeat, at: 0, offset: 0 }
    }

    /// Whether everything has been played.
    pub(super) fn is_over(&self) -> bool {
        self.at >= self.segments.len()
    }

    /// Writes the next frame, by the law of a codec; after the end of the last clip it is filled up with silence.
    pub(super) fn fill(&mut self, codec: Codec, frame: &mut [u8; FRAME_SAMPLES]) {
        let mut rest = &mut frame[..];
        while let (false, Some(segment)) = (rest.is_empty(), self.segments.get(self.at)) {
            let count = rest.len().min(segment.samples() - self.offset);
            let (now, later) = std::mem::take(&mut rest).split_at_mut(count);
            match segment {
                Segment::Clip(clip) => now.copy_from_slice(&clip.encoded(codec)[self.offset..self.offset + count]),
                Segment::Silence(_) => now.fill(codec.silence()),
            }
            rest = later;
            self.offset += count;
            if self.offset == segment.samples() {
                self.offset = 0;
                self.at += 1;
                if self.repeat && self.is_over() {
                    self.at = 0;
                }
            }
        }
        rest.fill(codec.silence());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ClipId;

    fn wav(samples: &[i16]) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data".to_vec();
        file.extend(u32::try_from(samples.len() * 2).unwrap().to_le_bytes());
        file.extend(samples.iter().flat_map(|s| s.to_le_bytes()));
        file
    }

    fn clip(name: &str) -> PlayItem {
        PlayItem::Clip(ClipId::from(name))
    }

    fn played(items: &[PlayItem], repeat: bool, frames: usize) -> (Vec<u8>, bool) {
        let ramp: Vec<i16> = (0..100).map(|n| n * 300).collect();
        let library = ClipLibrary::from_wav([(ClipId::from("a"), wav(&ramp)), (ClipId::from("b"), wav(&[-9000; 250]))]).unwrap();
        let mut playback = Playback::new(PlaybackId(1), items, repeat, &library);
        let mut heard = Vec::new();
        for _ in 0..frames {
            let mut frame = [0; FRAME_SAMPLES];
            playback.fill(Codec::Pcma, &mut frame);
            heard.extend(frame);
        }
        (heard, playback.is_over())
    }

    #[test]
    fn clips_and_pauses_are_joined_to_the_sample() {
        let (heard, over) = played(&[clip("a"), PlayItem::Pause(5), clip("b"), clip("a")], false, 4);
        let ramp = Codec::Pcma.encode(&(0..100).map(|n| n * 300).collect::<Vec<i16>>());
        let silence = vec![Codec::Pcma.silence(); 150];
        let expected = [ramp.clone(), silence[..40].to_vec(), Codec::Pcma.encode(&[-9000; 250]), ramp, silence].concat();
        assert_eq!(heard, expected);
        assert!(over);
    }

    #[test]
    fn music_goes_round_without_a_gap() {
        let (heard, over) = played(&[clip("a")], true, 10);
        let ramp = Codec::Pcma.encode(&(0..100).map(|n| n * 300).collect::<Vec<i16>>());
        assert_eq!(heard, ramp.iter().copied().cycle().take(1600).collect::<Vec<_>>());
        assert!(!over);
    }

    #[test]
    fn nothing_to_play_is_over_at_once() {
        for repeat in [false, true] {
            assert!(played(&[], repeat, 0).1);
            assert!(played(&[clip("missing"), PlayItem::Pause(0)], repeat, 1).1);
        }
    }
}
