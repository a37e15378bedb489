//! Packets of one source waiting for the listener's clock: placed by their timestamps, played a little later than they come so
//! that jitter is not heard. Reads no clock: time is the listener asking for the next 20 ms.

use super::codec::FRAME_SAMPLES;
use super::mix_conceal::{BLOCK, Concealment};

/// Samples that have a place: half a second. A power of two, so that places go on when the timestamp wraps.
const RING: usize = 4096;
/// How much is kept back at first, and at most: 40 and 200 ms.
const DEPTH_MIN: u32 = 320;
const DEPTH_MAX: u32 = 1600;
/// One step of the depth: 20 ms.
const STEP: u32 = FRAME_SAMPLES as u32;
/// So many frames without a late packet make the depth smaller: ten seconds.
const CALM: u32 = 500;
/// Frames for which more than needed waits before one is left out: half a second.
const SURPLUS: u32 = 25;
/// Samples over which the seam of a frame that is left out is faded: 5 ms.
const SEAM: usize = 40;

/// One source as one listener hears it.
#[derive(Debug)]
pub(super) struct Playout {
    samples: [Option<i16>; RING],
    ssrc: Option<u32>,
    /// Timestamp of the next sample to play, and of the end of what came.
    next: u32,
    end: u32,
    /// Nothing is played before as much as `depth` has come.
    filling: bool,
    depth: u32,
    calm: u32,
    surplus: u32,
    concealment: Concealment,
}

impl Playout {
    pub(super) fn new() -> Self {
        Self {
            samples: [None; RING],
            ssrc: None,
            next: 0,
            end: 0,
            filling: true,
            depth: DEPTH_MIN,
            calm: 0,
            surplus: 0,
            concealment: Concealment::default(),
        }
    }

    /// Takes the sound of a packet, in whatever order they come.
    pub(super) fn put(&mut self, ssrc: u32, timestamp: u32, sound: &[i16]) {
        let end = timestamp.wrapping_add(sound.len() as u32);
        if self.ssrc != Some(ssrc) {
            self.ssrc = Some(ssrc);
            self.start_at(timestamp);
        }
        let ahead = end.wrapping_sub(self.next).cast_signed();
        let newest = end.wrapping_sub(self.end).cast_signed() > 0;
        if ahead <= 0 && newest {
            // The whole stream is behind: it needs a deeper buffer.
            self.depth = (self.depth + STEP).min(DEPTH_MAX);
            self.calm = 0;
            self.start_at(timestamp);
        } else if !(-(RING as i32)..=RING as i32).contains(&ahead) {
            self.start_at(timestamp);
        } else if ahead <= 0 {
            return;
        }
        for (n, sample) in (0u32..).zip(sound) {
            let at = timestamp.wrapping_add(n);
            if at.wrapping_sub(self.next).cast_signed() >= 0 {
                self.samples[at as usize % RING] = Some(*sample);
            }
        }
        if end.wrapping_sub(self.end).cast_signed() > 0 {
            self.end = end;
        }
    }

    /// The next 20 ms.
    pub(super) fn frame(&mut self) -> [i16; FRAME_SAMPLES] {
        let waiting = self.waiting();
        self.filling &= waiting < self.depth;
        if self.filling {
            return self.blocks(|_| None);
        }
        self.calm += 1;
        if self.calm >= CALM {
            self.calm = 0;
            self.depth = (self.depth - STEP).max(DEPTH_MIN);
        }
        let left_out = self.leave_out(waiting);
        let mut frame = self.blocks(Self::take);
        if let Some(seam) = left_out {
            for (n, (old, new)) in seam.into_iter().zip(&mut frame).enumerate() {
                let (weight, all) = (n as i32, SEAM as i32);
                // Between the two, so an i16.
                *new = ((i32::from(*new) * weight + i32::from(old) * (all - weight)) / all) as i16;
            }
        }
        frame
    }

    fn waiting(&self) -> u32 {
        u32::try_from(self.end.wrapping_sub(self.next).cast_signed()).unwrap_or(0)
    }

    /// Where more waits than the depth for a while (the source's clock is faster than ours, or a burst came), a frame is left
    /// out: who talks to each other must not hear each other later and later. Returns how the frame would have begun.
    fn leave_out(&mut self, waiting: u32) -> Option<[i16; SEAM]> {
        self.surplus = if waiting >= self.depth + 2 * STEP { self.surplus + 1 } else { 0 };
        let far_behind = waiting > DEPTH_MAX + 2 * STEP;
        if self.surplus < SURPLUS && !far_behind {
            return None;
        }
        self.surplus = 0;
        let seam = std::array::from_fn(|n| self.samples[self.next.wrapping_add(n as u32) as usize % RING].unwrap_or(0));
        let frames = if far_behind { (waiting - self.depth) / STEP } else { 1 };
        for _ in 0..frames * STEP / BLOCK as u32 {
            self.take();
        }
        Some(seam)
    }

    /// The next 10 ms, if they came whole.
    fn take(&mut self) -> Option<[i16; BLOCK]> {
        let mut whole = true;
        let block = std::array::from_fn(|n| {
            let sample = self.samples[self.next.wrapping_add(n as u32) as usize % RING].take();
            whole &= sample.is_some();
            sample.unwrap_or(0)
        });
        self.next = self.next.wrapping_add(BLOCK as u32);
        whole.then_some(block)
    }

    fn blocks(&mut self, mut next: impl FnMut(&mut Self) -> Option<[i16; BLOCK]>) -> [i16; FRAME_SAMPLES] {
        let mut frame = [0; FRAME_SAMPLES];
        for part in frame.as_chunks_mut::<BLOCK>().0 {
            *part = match next(self) {
                Some(mut block) => {
                    self.concealment.came(&mut block);
                    block
                }
                None => self.concealment.missing(),
            };
        }
        frame
    }

    fn start_at(&mut self, timestamp: u32) {
        self.samples.fill(None);
        (self.next, self.end, self.filling, self.surplus) = (timestamp, timestamp, true, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sound whose samples say where they are in it.
    fn sound(from: usize) -> [i16; FRAME_SAMPLES] {
        std::array::from_fn(|n| ((from + n) % 20_000) as i16 + 1)
    }

    /// Puts packet `n` of a stream that wraps soon.
    fn put(playout: &mut Playout, n: usize) {
        playout.put(7, (u32::MAX - 500).wrapping_add(n as u32 * STEP), &sound(n * FRAME_SAMPLES));
    }

    #[test]
    fn two_frames_are_kept_back_and_then_all_is_heard() {
        let mut playout = Playout::new();
        put(&mut playout, 0);
        assert_eq!(playout.frame(), [0; FRAME_SAMPLES]);
        for n in 1..50 {
            put(&mut playout, n);
            let heard = playout.frame();
            let expected = sound((n - 1) * FRAME_SAMPLES);
            assert_eq!(heard[SEAM..], expected[SEAM..], "frame {n}");
            assert!(n == 1 || heard == expected);
        }
    }

    #[test]
    fn order_length_and_doubles_do_not_matter() {
        let mut playout = Playout::new();
        let start = u32::MAX - 200;
        let all: Vec<i16> = (0..4).flat_map(|n| sound(n * FRAME_SAMPLES)).collect();
        playout.put(7, start, &all[..240]);
        playout.put(7, start.wrapping_add(400), &all[400..]);
        playout.put(7, start.wrapping_add(240), &all[240..400]);
        playout.put(7, start.wrapping_add(240), &all[240..400]);
        let heard: Vec<i16> = (0..4).flat_map(|_| playout.frame()).collect();
        assert_eq!(heard[SEAM..], all[SEAM..]);
    }

    #[test]
    fn a_lost_packet_is_concealed_and_the_rest_stays_in_its_place() {
        let mut playout = Playout::new();
        for n in [0, 1, 3, 4, 5] {
            put(&mut playout, n);
        }
        let heard: Vec<_> = (0..6).map(|_| playout.frame()).collect();
        assert_eq!(heard[1], sound(FRAME_SAMPLES));
        assert!(heard[2].iter().any(|s| *s != 0), "something is heard instead");
        assert_eq!(heard[3][SEAM..], sound(3 * FRAME_SAMPLES)[SEAM..]);
        assert_eq!(heard[4], sound(4 * FRAME_SAMPLES));
    }

    #[test]
    fn a_late_stream_gets_a_deeper_buffer_and_loses_no_more() {
        let mut playout = Playout::new();
        let mut missing = 0;
        // From the twelfth on, packets are held back until four have gathered.
        for n in 0..400 {
            match n {
                ..12 => put(&mut playout, n),
                _ if n % 4 == 3 => (n - 3..=n).for_each(|n| put(&mut playout, n)),
                _ => {}
            }
            let heard = playout.frame();
            missing += usize::from((100..380).contains(&n) && heard[FRAME_SAMPLES - 1] % 160 != 0);
        }
        assert_eq!(missing, 0);
        assert!((DEPTH_MIN + STEP..=DEPTH_MIN + 3 * STEP).contains(&playout.depth), "{}", playout.depth);
    }

    #[test]
    fn a_fast_clock_or_a_burst_does_not_make_it_later_and_later() {
        let mut playout = Playout::new();
        (0..15).for_each(|n| put(&mut playout, n));
        playout.frame();
        assert!(playout.waiting() <= DEPTH_MIN + STEP, "{}", playout.waiting());
        for n in 15..1500 {
            put(&mut playout, n);
            if n % 50 != 0 {
                playout.frame();
            }
            assert!(playout.waiting() <= DEPTH_MAX, "{n}: {}", playout.waiting());
        }
        assert!(playout.waiting() < DEPTH_MIN + 4 * STEP, "{}", playout.waiting());
    }

    #[test]
    fn a_new_sender_or_clock_starts_anew() {
        for (ssrc, timestamp) in [(8, 5), (7, 4_000_000_000), (7, 100_000)] {
            let mut playout = Playout::new();
            (0..5).for_each(|n| playout.put(7, 50_000 + n * STEP, &sound(0)));
            playout.frame();
            (0..2).for_each(|n| playout.put(ssrc, timestamp + n * STEP, &sound(300)));
            let heard: Vec<_> = (0..2).map(|_| playout.frame()).collect();
            assert_eq!(heard[1], sound(300), "{ssrc} {timestamp}");
        }
    }

    #[test]
    fn a_source_that_falls_silent_is_not_heard_again_and_again() {
        let mut playout = Playout::new();
        (0..5).for_each(|n| put(&mut playout, n));
        let heard: Vec<_> = (0..20).map(|_| playout.frame()).collect();
        assert!(heard[10..].iter().all(|frame| *frame == [0; FRAME_SAMPLES]));
        // It goes on by its clock.
        put(&mut playout, 21);
        put(&mut playout, 22);
        put(&mut playout, 23);
        let heard: Vec<_> = (0..4).map(|_| playout.frame()).collect();
        assert!(heard.contains(&sound(22 * FRAME_SAMPLES)));
    }
}
