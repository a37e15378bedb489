//! One channel on its way to the file: the last two seconds, into which packets are put where they belong in time. What nobody
//! sent is silence. It knows no clock: positions are samples since the recording began.

use super::{RATE, format::CHUNK_SAMPLES};

/// The byte of a silent sample.
pub(super) const SILENCE: u8 = 0xFF;

/// What is kept open for late packets: more than the writer ever holds back.
const WINDOW: usize = 2 * CHUNK_SAMPLES;

/// How far a stream's own clock may stray from the arrival of its packets before it is set anew: longer than the jitter that phones
/// bridge, shorter than what a listener takes for a gap.
const STRAY_MAX: u64 = RATE / 5;

/// The numbers of a packet in the stream it came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) ssrc: u32,
    pub(super) timestamp: u32,
}

/// One channel.
pub(super) struct Track {
    /// The position of the first sample of the window.
    base: u64,
    window: Vec<u8>,
    /// Where what was placed last ended.
    end: u64,
    anchor: Option<(Stamp, u64)>,
}

impl Track {
    pub(super) fn new() -> Self {
        Self { base: 0, window: vec![SILENCE; WINDOW], end: 0, anchor: None }
    }

    /// Places µ-law that was handed over at `at`. Returns false where none of it has a place any more.
    pub(super) fn place(&mut self, at: u64, stamp: Option<Stamp>, audio: &[u8]) -> bool {
        let position = self.position(at, stamp);
        self.end = position + audio.len() as u64;
        let past = usize::try_from(self.base.saturating_sub(position)).unwrap_or(usize::MAX);
        let from = usize::try_from(position.saturating_sub(self.base)).unwrap_or(usize::MAX);
        let Some(audio) = audio.get(past..).filter(|_| from < WINDOW) else { return false };
        let length = audio.len().min(WINDOW - from);
        self.window[from..from + length].copy_from_slice(&audio[..length]);
        length > 0
    }

    /// Takes the next samples out.
    pub(super) fn take(&mut self, samples: usize) -> Vec<u8> {
        let taken = self.window[..samples].to_vec();
        self.window.copy_within(samples.., 0);
        self.window[WINDOW - samples..].fill(SILENCE);
        self.base += samples as u64;
        taken
    }

    fn position(&mut self, at: u64, stamp: Option<Stamp>) -> u64 {
        let near = |position: u64| position.abs_diff(at) <= STRAY_MAX;
        match (stamp, self.anchor) {
            (Some(stamp), Some((anchor, position))) if stamp.ssrc == anchor.ssrc => {
                let moved = stamp.timestamp.wrapping_sub(anchor.timestamp).cast_signed();
                let by_stamp = position.checked_add_signed(i64::from(moved)).filter(|position| near(*position));
                let position = by_stamp.unwrap_or(at);
                self.anchor = Some((stamp, position));
                position
            }
            (Some(stamp), _) => {
                self.anchor = Some((stamp, at));
                at
            }
            // Frames of our own follow one another without numbers.
            (None, _) => {
                self.anchor = None;
                if near(self.end) { self.end } else { at }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(ssrc: u32, timestamp: u32) -> Option<Stamp> {
        Some(Stamp { ssrc, timestamp })
    }

    /// `(first, last, byte)` of what is not silence.
    fn heard(track: &mut Track) -> Vec<(usize, usize, u8)> {
        let mut runs: Vec<(usize, usize, u8)> = Vec::new();
        for (at, byte) in track.take(CHUNK_SAMPLES).into_iter().enumerate().filter(|(_, byte)| *byte != SILENCE) {
            match runs.last_mut() {
                Some((_, last, same)) if *last + 1 == at && *same == byte => *last = at,
                _ => runs.push((at, at, byte)),
            }
        }
        runs
    }

    #[test]
    fn jitter_moves_nothing_and_a_lost_packet_is_silence() {
        let mut track = Track::new();
        // Handed over up to 100 ms late; the third was lost, the fifth overtook the fourth.
        for (at, timestamp) in [(1000, 0), (1700, 160), (2100, 640), (2101, 480)] {
            assert!(track.place(at, stamp(1, 77 + timestamp), &[1; 160]));
        }
        assert_eq!(heard(&mut track), [(1000, 1319, 1), (1480, 1799, 1)]);
    }

    #[test]
    fn another_stream_begins_where_it_arrives() {
        let mut track = Track::new();
        track.place(1000, stamp(1, 5000), &[1; 160]);
        track.place(1160, stamp(2, 99), &[2; 160]);
        track.place(1320, None, &[3; 160]);
        track.place(1490, None, &[3; 160]);
        assert_eq!(heard(&mut track), [(1000, 1159, 1), (1160, 1319, 2), (1320, 1639, 3)]);
    }

    #[test]
    fn a_clock_that_strays_is_set_anew() {
        let mut track = Track::new();
        track.place(0, stamp(1, 0), &[1; 160]);
        track.place(4000, stamp(1, 160), &[1; 160]);
        assert_eq!(heard(&mut track), [(0, 159, 1), (4000, 4159, 1)]);
    }

    #[test]
    fn what_is_too_late_or_too_early_has_no_place() {
        let mut track = Track::new();
        track.take(CHUNK_SAMPLES);
        assert!(!track.place(0, None, &[1; 160]));
        assert!(track.place(CHUNK_SAMPLES as u64 - 80, stamp(1, 0), &[1; 160]), "half of it");
        assert!(!track.place(10 * CHUNK_SAMPLES as u64, stamp(2, 0), &[1; 160]));
        assert_eq!(heard(&mut track), [(0, 79, 1)]);
    }
}
