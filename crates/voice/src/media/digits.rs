//! RFC 4733 telephone events, told once per press: at the first packet of an event, whichever of its packets that is. A press
//! is known by its RTP timestamp, which all its packets share, so lost starts and ends and the repeated end change nothing.

use std::time::{Duration, Instant};

/// How long packets of an older press may still arrive. After that an older timestamp means that the sender's clock started
/// anew, not that the network held a packet back.
const REORDERING_MAX: Duration = Duration::from_secs(5);

/// Finds presses in the telephone-event packets of one stream.
#[derive(Debug, Default)]
pub(super) struct DigitDetector {
    last: Option<Press>,
}

#[derive(Debug)]
struct Press {
    ssrc: u32,
    timestamp: u32,
    event: u8,
    duration: u16,
    ended: bool,
    seen: Instant,
}

impl DigitDetector {
    /// Takes one telephone-event packet and returns the key when this packet is the first of its press. A payload that is not an
    /// event of the sixteen keys is ignored.
    pub(super) fn packet(&mut self, ssrc: u32, timestamp: u32, payload: &[u8], now: Instant) -> Option<char> {
        let &[event, flags, high, low] = payload.first_chunk::<4>()?;
        let digit = key(event)?;
        let press =
            Press { ssrc, timestamp, event, duration: u16::from_be_bytes([high, low]), ended: flags & 0x80 != 0, seen: now };
        let Some(last) = &mut self.last else {
            self.last = Some(press);
            return Some(digit);
        };
        if last.ssrc == ssrc {
            if last.timestamp == timestamp {
                last.duration = last.duration.max(press.duration);
                last.ended |= press.ended;
                last.seen = now;
                return None;
            }
            let older = timestamp.wrapping_sub(last.timestamp) > u32::MAX / 2;
            if older && now.saturating_duration_since(last.seen) < REORDERING_MAX {
                return None;
            }
            if last.continues_in(&press) {
                self.last = Some(press);
                return None;
            }
        }
        self.last = Some(press);
        Some(digit)
    }
}

impl Press {
    /// RFC 4733 section 2.5.1.3: a key held longer than the 16-bit duration can say (8.2 s) goes on as a new segment that starts
    /// exactly where the full one stopped.
    fn continues_in(&self, next: &Self) -> bool {
        self.event == next.event
            && !self.ended
            && self.duration == u16::MAX
            && next.timestamp.wrapping_sub(self.timestamp) == 0xFFFF
    }
}

fn key(event: u8) -> Option<char> {
    const KEYS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];
    KEYS.get(usize::from(event)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(timestamp, event, ended, duration)` packets in, keys out; packets are 20 ms apart.
    fn heard(packets: &[(u32, u8, bool, u16)]) -> String {
        let mut detector = DigitDetector::default();
        let start = Instant::now();
        let keys = packets.iter().zip(0u32..).filter_map(|(&(timestamp, event, ended, duration), n)| {
            let [high, low] = duration.to_be_bytes();
            let payload = [event, if ended { 0x8A } else { 0x0A }, high, low];
            detector.packet(7, timestamp, &payload, start + Duration::from_millis(20) * n)
        });
        keys.collect()
    }

    #[test]
    fn a_press_is_told_once() {
        assert_eq!(
            heard(&[(100, 5, false, 160), (100, 5, false, 320), (100, 5, true, 480), (100, 5, true, 480), (100, 5, true, 480)]),
            "5"
        );
    }

    #[test]
    fn lost_starts_and_ends_change_nothing() {
        assert_eq!(heard(&[(100, 5, true, 480)]), "5");
        assert_eq!(heard(&[(100, 5, false, 160), (900, 5, false, 160), (1700, 5, false, 320)]), "555");
    }

    #[test]
    fn quick_presses_are_all_told() {
        let presses: Vec<_> =
            (0..10u8).flat_map(|key| [(u32::from(key) * 400, key, false, 160), (u32::from(key) * 400, key, true, 320)]).collect();
        assert_eq!(heard(&presses), "0123456789");
        assert_eq!(heard(&[(0, 10, false, 1), (400, 11, false, 1), (800, 12, false, 1), (1200, 15, true, 1)]), "*#AD");
    }

    #[test]
    fn late_packets_of_an_older_press_are_not_a_new_one() {
        assert_eq!(heard(&[(100, 1, false, 160), (900, 2, false, 160), (100, 1, true, 480), (900, 2, true, 480)]), "12");
    }

    #[test]
    fn the_clock_may_wrap() {
        assert_eq!(heard(&[(u32::MAX - 10, 1, true, 160), (300, 2, true, 160), (u32::MAX - 10, 1, true, 160)]), "12");
    }

    #[test]
    fn a_key_held_for_long_is_one_press() {
        assert_eq!(heard(&[(0, 3, false, 0xFFFF), (0xFFFF, 3, false, 160), (0xFFFF, 3, true, 320)]), "3");
        assert_eq!(heard(&[(0, 3, true, 0xFFFF), (0xFFFF, 3, false, 160)]), "33");
    }

    #[test]
    fn what_is_not_a_key_is_ignored() {
        assert_eq!(heard(&[(100, 16, false, 160), (200, 255, true, 1)]), "");
        assert_eq!(DigitDetector::default().packet(1, 1, &[5, 0, 0], Instant::now()), None);
    }
}
