//! What was received on a stream: packets, loss (RFC 3550 A.3) and jitter (A.8). A sender that starts anew (a new SSRC, or a
//! leap of the sequence) is counted on, not mistaken for loss.

use super::codec::SAMPLE_RATE;
use std::time::Instant;

/// A larger leap of the sequence is a sender starting anew, not loss (MAX_DROPOUT and MAX_MISORDER of RFC 3550 A.1).
const DROPOUT_MAX: u16 = 3000;
const MISORDER_MAX: u16 = 100;

/// Counts one incoming stream.
#[derive(Debug)]
pub(super) struct Reception {
    /// Ticks per second of the RTP clock.
    clock: f64,
    received: u64,
    run: Option<Run>,
    /// Loss of the runs before.
    lost_before: u64,
    /// In RTP ticks.
    jitter: f64,
}

/// Packets of one SSRC without a leap.
#[derive(Debug)]
struct Run {
    ssrc: u32,
    first: u64,
    highest: u64,
    received: u64,
    transit: Option<(Instant, u32)>,
    /// Expected and received when it was last reported on.
    reported: (u64, u64),
}

/// How the reception of the current source stands, for a report on it (RFC 3550 section 6.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) ssrc: u32,
    /// Since the last report: expected, and of those missing (below zero: duplicates).
    pub(super) interval: (u64, i64),
    /// Since the source was first heard, below zero when duplicates outweigh loss.
    pub(super) lost: i64,
    /// The highest sequence number, extended by its rollovers.
    pub(super) highest: u32,
    /// In RTP ticks.
    pub(super) jitter: u32,
}

impl Default for Reception {
    fn default() -> Self {
        Self::new(SAMPLE_RATE)
    }
}

impl Reception {
    pub(super) fn new(clock: u32) -> Self {
        Self { clock: clock.into(), received: 0, run: None, lost_before: 0, jitter: 0.0 }
    }

    /// Counts a packet. `timed`: its timestamp says when it was sampled, which is not so for telephone events.
    pub(super) fn packet(&mut self, ssrc: u32, sequence: u16, timestamp: u32, timed: bool, now: Instant) {
        self.received += 1;
        let run = match self.run.as_mut() {
            Some(run) if run.goes_on_with(ssrc, sequence) => run,
            _ => {
                self.lost_before += self.run.as_ref().map_or(0, Run::lost);
                let first = u64::from(sequence) + (1 << 16);
                self.run.insert(Run { ssrc, first, highest: first, received: 0, transit: None, reported: (0, 0) })
            }
        };
        run.received += 1;
        run.place(sequence);
        if !timed {
            return;
        }
        if let Some((then, earlier)) = run.transit.replace((now, timestamp)) {
            let arrived = now.saturating_duration_since(then).as_secs_f64() * self.clock;
            let sampled = f64::from(timestamp.wrapping_sub(earlier).cast_signed());
            // A pause in silence is no jitter: senders may stop their clock meanwhile.
            if sampled.abs() < self.clock {
                self.jitter += ((arrived - sampled).abs() - self.jitter) / 16.0;
            }
        }
    }

    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Packets expected and not received, never below zero (duplicates can outweigh loss).
    pub(super) fn lost(&self) -> u64 {
        self.lost_before + self.run.as_ref().map_or(0, Run::lost)
    }

    /// The source heard now.
    pub(super) fn source(&self) -> Option<u32> {
        self.run.as_ref().map(|run| run.ssrc)
    }

    /// How reception stands, for a report that is sent now; `None` when nothing came since the last one.
    pub(super) fn report(&mut self) -> Option<Standing> {
        let jitter = self.jitter as u32;
        let run = self.run.as_mut()?;
        let (expected, received) = (run.highest - run.first + 1, run.received);
        let before = std::mem::replace(&mut run.reported, (expected, received));
        if received == before.1 {
            return None;
        }
        // `first` may have gone back, never forward, so what is expected only grows.
        let interval = (expected - before.0, (expected - before.0) as i64 - (received - before.1) as i64);
        // Numbers start above 2^16, so that one before the first can be counted.
        let highest = (run.highest - (1 << 16)) as u32;
        Some(Standing { ssrc: run.ssrc, interval, lost: expected as i64 - received as i64, highest, jitter })
    }

    pub(super) fn jitter_ms(&self) -> f64 {
        self.jitter * 1000.0 / self.clock
    }
}

impl Standing {
    /// The part that was lost since the last report.
    pub(super) fn loss(&self) -> f64 {
        let (expected, missing) = self.interval;
        // Counts of packets are far below 2^52.
        if expected == 0 { 0.0 } else { missing.max(0) as f64 / expected as f64 }
    }
}

impl Run {
    fn goes_on_with(&self, ssrc: u32, sequence: u16) -> bool {
        let ahead = sequence.wrapping_sub(self.highest as u16);
        ssrc == self.ssrc && !(DROPOUT_MAX..=u16::MAX - MISORDER_MAX).contains(&ahead)
    }

    fn place(&mut self, sequence: u16) {
        let ahead = sequence.wrapping_sub(self.highest as u16);
        if ahead < DROPOUT_MAX {
            self.highest += u64::from(ahead);
        } else {
            // A packet from before the first one we saw widens the run, or it would hide a loss.
            self.first = self.first.min(self.highest - u64::from(u16::MAX - ahead) - 1);
        }
    }

    fn lost(&self) -> u64 {
        (self.highest - self.first + 1).saturating_sub(self.received)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn count(packets: &[(u32, u16)]) -> Reception {
        let (mut reception, start) = (Reception::default(), Instant::now());
        for ((ssrc, sequence), n) in packets.iter().zip(0u32..) {
            reception.packet(*ssrc, *sequence, n * 160, true, start + Duration::from_millis(20) * n);
        }
        reception
    }

    #[test]
    fn loss_is_what_was_expected_and_did_not_come() {
        let lost = |packets: &[u16]| count(&packets.iter().map(|s| (1, *s)).collect::<Vec<_>>()).lost();
        assert_eq!(lost(&[10, 11, 12]), 0);
        assert_eq!(lost(&[10, 13]), 2);
        assert_eq!(lost(&[10, 13, 11, 12]), 0, "late is not lost");
        assert_eq!(lost(&[65_534, 65_535, 1, 2]), 1, "the number wraps");
        assert_eq!(lost(&[10, 10, 10, 12]), 0, "never below zero");
        assert_eq!(lost(&[10, 9, 12]), 1);
        assert_eq!(lost(&[10, 12, 40_000, 40_002]), 2, "a leap starts a new count");
        assert_eq!(count(&[(1, 5), (1, 7), (2, 900), (2, 901)]).lost(), 1, "so does a new sender");
    }

    #[test]
    fn reports_say_what_came_since_the_last_one() {
        let mut reception = count(&[(7, 65_530), (7, 65_531), (7, 65_534)]);
        let first = reception.report().unwrap();
        assert_eq!((first.ssrc, first.interval, first.lost, first.highest), (7, (5, 2), 2, 65_534));
        assert_eq!(reception.report(), None, "nothing came");
        let now = Instant::now();
        for sequence in [65_535, 0, 1, 1] {
            reception.packet(7, sequence, 0, false, now);
        }
        let second = reception.report().unwrap();
        assert_eq!((second.interval, second.lost, second.highest), ((3, -1), 1, 65_537), "the count wraps, and one came twice");
        reception.packet(8, 100, 0, false, now);
        let third = reception.report().unwrap();
        assert_eq!((third.ssrc, third.interval, third.lost, third.highest), (8, (1, 0), 0, 100), "a new source");
    }

    #[test]
    fn a_steady_stream_has_no_jitter_and_an_unsteady_one_has() {
        assert!(count(&[(1, 1), (1, 2), (1, 3), (1, 4)]).jitter_ms() < 0.001);
        let (mut reception, start) = (Reception::default(), Instant::now());
        for n in 0..500u32 {
            let late = Duration::from_millis(u64::from(n % 2) * 10);
            reception.packet(1, n as u16, n * 160, true, start + Duration::from_millis(20) * n + late);
        }
        assert!((reception.jitter_ms() - 10.0).abs() < 0.5, "{}", reception.jitter_ms());
        assert_eq!((reception.received(), reception.lost()), (500, 0));
    }
}
