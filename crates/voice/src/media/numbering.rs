//! Sequence numbers and timestamps of what a leg sends: one unbroken stream, whether its packets come from a playback, from
//! silence, or from whoever it is bridged to. The far end must never see the seams as loss or as time running backwards.

use super::codec::SAMPLE_RATE;
use std::time::{Duration, Instant};

/// A pause before a frame of our own that its timestamp does not show. Our own frames are numbered by when they were due, 20 ms
/// apart, so a longer one is a real gap: the far end was on hold, or the leg's clock was moved because the machine stood still.
const OWN_PAUSE_MAX: Duration = Duration::from_millis(80);
/// How far a forwarded timestamp may stray from the wall clock before its sender is taken to have started a new clock.
const CLOCK_STRAY_MAX: Duration = Duration::from_secs(2);
/// How many sequence numbers a forwarded stream may leap, or go back, before it is taken to have started anew (RFC 3550 A.1).
const SEQUENCE_LEAP_MAX: i16 = 3000;
const SEQUENCE_BACK_MAX: i16 = -100;
/// Sequence numbers in one count of SRTP's rollover counter.
const ROLLOVER: u64 = 1 << 16;
/// Packets that may be lost right after a change of keys without harm: five seconds of audio.
const LOST_AT_ONCE_MAX: u64 = 256;

/// Where a packet to be sent comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A playback, a mix or silence: frames of 20 ms in order, each with the moment it was due.
    Own { due: Instant },
    /// A packet of a telephone event that we press, one for each 20 ms: all of them have the timestamp of the first.
    Event { due: Instant, first: bool },
    /// Forwarded: as the bridged leg received it.
    Far { ssrc: u32, sequence: u16, timestamp: u32 },
}

impl Origin {
    /// Whether it is a packet of a telephone event.
    pub(super) const fn is_event(self) -> bool {
        matches!(self, Self::Event { .. })
    }

    /// SSRC and timestamp of what is forwarded.
    pub(super) const fn far_stamp(self) -> Option<(u32, u32)> {
        match self {
            Self::Own { .. } | Self::Event { .. } => None,
            Self::Far { ssrc, sequence: _, timestamp } => Some((ssrc, timestamp)),
        }
    }
}

/// What to write into the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Extended: its low 16 bits are the sequence number.
    pub(super) sequence: u64,
    pub(super) timestamp: u32,
    pub(super) marker: bool,
}

/// The numbering of one outgoing stream.
#[derive(Debug)]
pub(super) struct Numbering {
    /// Ticks per second of the stream's timestamps.
    clock: u32,
    last: Option<Last>,
    next_sequence: u64,
    next_timestamp: u32,
    /// Of the telephone event that is sent.
    event_timestamp: u32,
    far: Option<Far>,
}

/// The newest packet sent.
#[derive(Debug)]
struct Last {
    at: Instant,
    timestamp: u32,
}

/// How a forwarded stream's numbers become ours.
#[derive(Debug)]
struct Far {
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    /// Our numbers of that packet.
    our_sequence: u64,
    our_timestamp: u32,
    /// Numbers below belong to what was sent before.
    first_sequence: u64,
    at: Instant,
}

impl Numbering {
    /// Starts at random numbers; the sequence low enough not to wrap within the first minutes (SRTP's rollover counter).
    pub(super) fn new(sequence: u16, timestamp: u32) -> Self {
        Self {
            clock: SAMPLE_RATE,
            last: None,
            next_sequence: u64::from(sequence & 0x7FFF),
            next_timestamp: timestamp,
            event_timestamp: timestamp,
            far: None,
        }
    }

    /// Its timestamps are of another clock than that of a telephone.
    pub(super) fn with_clock(self, clock: u32) -> Self {
        Self { clock, ..self }
    }

    /// Numbers for a packet of `samples` ticks that is sent now. `None`: it is too old to have a place in the stream.
    pub(super) fn stamp(&mut self, origin: Origin, samples: u32, now: Instant) -> Option<Stamp> {
        match origin {
            Origin::Own { due } => Some(self.own(samples, due)),
            Origin::Event { due, first } => Some(self.event(first, samples, due)),
            Origin::Far { ssrc, sequence, timestamp } => self.far(ssrc, sequence, timestamp, samples, now),
        }
    }

    /// What is sent from now on is encrypted under a new key. Returns the number at which its rollover counter is 0. A receiver
    /// takes the first number it hears for one of that count, so none of the count before may follow, and where it is about to
    /// end the next one is begun: its first packets could be lost.
    pub(super) fn new_key(&mut self) -> u64 {
        self.far = None;
        let next = self.next_sequence.next_multiple_of(ROLLOVER);
        if next - self.next_sequence < LOST_AT_ONCE_MAX {
            self.next_sequence = next;
        }
        self.next_sequence / ROLLOVER * ROLLOVER
    }

    /// Where the stream's clock stands.
    pub(super) fn clock(&self, now: Instant) -> u32 {
        self.timestamp_by_clock(now)
    }

    /// A packet of the forwarded stream is kept back: close the gap it would leave in the sequence.
    pub(super) fn omit(&mut self, ssrc: u32) {
        if let Some(far) = self.far.as_mut().filter(|far| far.ssrc == ssrc) {
            far.sequence = far.sequence.wrapping_add(1);
        }
    }

    fn own(&mut self, samples: u32, due: Instant) -> Stamp {
        let forwarded_before = self.far.take().is_some();
        let pause = self.last.as_ref().map(|last| due.saturating_duration_since(last.at));
        let steady = pause.is_some_and(|pause| pause <= OWN_PAUSE_MAX);
        let marker = forwarded_before || !steady;
        let timestamp = if steady { self.next_timestamp } else { self.timestamp_by_clock(due) };
        self.sent(self.next_sequence, timestamp, samples, due);
        Stamp { sequence: self.next_sequence - 1, timestamp, marker }
    }

    fn event(&mut self, first: bool, samples: u32, due: Instant) -> Stamp {
        let Stamp { sequence, timestamp, .. } = self.own(samples, due);
        if first {
            self.event_timestamp = timestamp;
        }
        Stamp { sequence, timestamp: self.event_timestamp, marker: first }
    }

    fn far(&mut self, ssrc: u32, sequence: u16, timestamp: u32, samples: u32, now: Instant) -> Option<Stamp> {
        if let Some(far) = self.far.as_ref().filter(|far| far.goes_on_with(ssrc, sequence, timestamp, self.clock, now)) {
            let ahead = sequence.wrapping_sub(far.sequence).cast_signed();
            let ours = far.our_sequence.checked_add_signed(i64::from(ahead)).filter(|ours| *ours >= far.first_sequence)?;
            let our_timestamp = far.our_timestamp.wrapping_add(timestamp.wrapping_sub(far.timestamp));
            if ahead > 0 {
                self.far = Some(Far { sequence, timestamp, our_sequence: ours, our_timestamp, at: now, ..*far });
                self.sent(ours, our_timestamp, samples, now);
            }
            return Some(Stamp { sequence: ours, timestamp: our_timestamp, marker: false });
        }
        let (ours, our_timestamp) = (self.next_sequence, self.timestamp_by_clock(now));
        let far = Far { ssrc, sequence, timestamp, our_sequence: ours, our_timestamp, first_sequence: ours, at: now };
        self.far = Some(far);
        self.sent(ours, our_timestamp, samples, now);
        Some(Stamp { sequence: ours, timestamp: our_timestamp, marker: true })
    }

    /// Where the stream's clock stands, never before the end of what was sent.
    fn timestamp_by_clock(&self, now: Instant) -> u32 {
        let Some(last) = &self.last else {
            return self.next_timestamp;
        };
        let by_clock = last.timestamp.wrapping_add(ticks_in(now.saturating_duration_since(last.at), self.clock));
        let behind = self.next_timestamp.wrapping_sub(by_clock).cast_signed();
        if behind > 0 { self.next_timestamp } else { by_clock }
    }

    fn sent(&mut self, sequence: u64, timestamp: u32, samples: u32, now: Instant) {
        self.last = Some(Last { at: now, timestamp });
        self.next_sequence = sequence + 1;
        self.next_timestamp = timestamp.wrapping_add(samples);
    }
}

impl Far {
    fn goes_on_with(&self, ssrc: u32, sequence: u16, timestamp: u32, clock: u32, now: Instant) -> bool {
        let ahead = sequence.wrapping_sub(self.sequence).cast_signed();
        let moved = i64::from(timestamp.wrapping_sub(self.timestamp).cast_signed());
        let elapsed = i64::from(ticks_in(now.saturating_duration_since(self.at), clock));
        let stray_max = i64::from(ticks_in(CLOCK_STRAY_MAX, clock));
        let in_order = (ahead > 0) == (moved > 0);
        let near = (SEQUENCE_BACK_MAX..=SEQUENCE_LEAP_MAX).contains(&ahead) && (moved - elapsed).abs() <= stray_max;
        ssrc == self.ssrc && in_order && near
    }
}

/// Ticks in a time, wrapping as RTP clocks do.
fn ticks_in(time: Duration, clock: u32) -> u32 {
    // Truncation is the wrap.
    (time.as_micros() * u128::from(clock) / 1_000_000) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(20);

    fn far(ssrc: u32, n: u16) -> Origin {
        Origin::Far { ssrc, sequence: 65_530u16.wrapping_add(n), timestamp: 4_294_967_000u32.wrapping_add(u32::from(n) * 160) }
    }

    #[test]
    fn frames_of_a_playback_follow_one_another() {
        let (mut numbering, start) = (Numbering::new(9, 1000), Instant::now());
        for n in 0..5u32 {
            // Ticks come late and early; the clock of the stream does not care.
            let stamp = numbering.own(160, start + FRAME * n + Duration::from_millis(u64::from(n % 3) * 7));
            assert_eq!(stamp, Stamp { sequence: 9 + u64::from(n), timestamp: 1000 + n * 160, marker: n == 0 });
        }
    }

    #[test]
    fn a_pause_moves_the_clock_and_not_the_sequence() {
        let (mut numbering, start) = (Numbering::new(9, 1000), Instant::now());
        numbering.own(160, start);
        let stamp = numbering.own(160, start + Duration::from_secs(1));
        assert_eq!(stamp, Stamp { sequence: 10, timestamp: 9000, marker: true });
    }

    #[test]
    fn a_pressed_key_is_one_event_and_the_clock_goes_on() {
        let (mut numbering, start) = (Numbering::new(9, 1000), Instant::now());
        numbering.stamp(far(5, 0), 160, start).unwrap();
        for n in 1..=7u32 {
            let origin = Origin::Event { due: start + FRAME * n, first: n == 1 };
            let stamp = numbering.stamp(origin, 160, start + FRAME * n).unwrap();
            assert_eq!(stamp, Stamp { sequence: 9 + u64::from(n), timestamp: 1160, marker: n == 1 });
        }
        let after = numbering.own(160, start + FRAME * 8);
        assert_eq!(after, Stamp { sequence: 17, timestamp: 1000 + 8 * 160, marker: false });
        let forwarded = numbering.stamp(far(5, 9), 160, start + FRAME * 9).unwrap();
        assert_eq!(forwarded, Stamp { sequence: 18, timestamp: 1000 + 9 * 160, marker: true });
    }

    #[test]
    fn a_forwarded_stream_is_moved_as_a_whole() {
        let (mut numbering, start) = (Numbering::new(9, 1000), Instant::now());
        numbering.own(160, start);
        for n in 0..20u16 {
            let stamp = numbering.stamp(far(5, n), 160, start + FRAME * u32::from(n + 1)).unwrap();
            assert_eq!(stamp, Stamp { sequence: 10 + u64::from(n), timestamp: 1160 + u32::from(n) * 160, marker: n == 0 });
        }
        let back = numbering.own(160, start + FRAME * 21);
        assert_eq!(back, Stamp { sequence: 30, timestamp: 1160 + 20 * 160, marker: true });
    }

    #[test]
    fn loss_reordering_and_omission_are_carried_over() {
        let (mut numbering, start) = (Numbering::new(0, 0), Instant::now());
        let sequence =
            |numbering: &mut Numbering, n: u16| numbering.stamp(far(5, n), 160, start + FRAME * u32::from(n)).map(|s| s.sequence);
        assert_eq!(sequence(&mut numbering, 0), Some(0));
        assert_eq!(sequence(&mut numbering, 3), Some(3), "the receiver must see what was lost");
        assert_eq!(sequence(&mut numbering, 2), Some(2), "and what came late");
        assert_eq!(sequence(&mut numbering, 4), Some(4));
        numbering.omit(5);
        numbering.omit(5);
        assert_eq!(sequence(&mut numbering, 7), Some(5), "but not what we kept back");
    }

    #[test]
    fn packets_from_before_the_bridge_are_not_numbered_into_the_past() {
        let (mut numbering, start) = (Numbering::new(0, 0), Instant::now());
        for n in 0..50 {
            numbering.own(160, start + FRAME * n);
        }
        let now = start + FRAME * 50;
        assert_eq!(numbering.stamp(far(5, 10), 160, now).unwrap().sequence, 50);
        assert_eq!(numbering.stamp(far(5, 9), 160, now), None);
    }

    #[test]
    fn a_new_source_or_clock_starts_after_what_was_sent() {
        let (mut numbering, start) = (Numbering::new(0, 0), Instant::now());
        numbering.stamp(far(5, 0), 160, start).unwrap();
        let other = numbering.stamp(far(6, 40), 160, start + FRAME).unwrap();
        assert_eq!(other, Stamp { sequence: 1, timestamp: 160, marker: true });
        let leapt = Origin::Far { ssrc: 6, sequence: 65_530u16.wrapping_add(41), timestamp: 77 };
        assert_eq!(numbering.stamp(leapt, 160, start + FRAME * 2).unwrap(), Stamp { sequence: 2, timestamp: 320, marker: true });
    }

    #[test]
    fn a_sender_that_pauses_in_silence_keeps_its_clock() {
        let (mut numbering, start) = (Numbering::new(0, 0), Instant::now());
        numbering.stamp(far(5, 0), 160, start).unwrap();
        let later = Origin::Far { ssrc: 5, sequence: 65_531, timestamp: 4_294_967_000u32.wrapping_add(10 * 8000) };
        let stamp = numbering.stamp(later, 160, start + Duration::from_secs(10)).unwrap();
        assert_eq!(stamp, Stamp { sequence: 1, timestamp: 80_000, marker: false });
    }
}
