//! One press of a key, told once, although a phone may tell of it twice: as telephone events in its media (RFC 4733) and as an INFO of
//! its signalling. Each press that one of the two tells of may be told of again by the other within a few seconds; that one is
//! the same press. Two presses told of by the same one are two.

use std::time::{Duration, Instant};

/// How long the other one may take: an INFO is sent when the key is let go, and may be repeated on its way.
const LATER_MAX: Duration = Duration::from_secs(5);

/// Presses that may wait to be told of again. More than anybody keys in that time.
const WAITING_MAX: usize = 32;

/// Who tells of a press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Teller {
    Media,
    Signalling,
}

/// The latest presses of one leg.
#[derive(Debug, Default)]
pub(super) struct Presses {
    waiting: Vec<(char, Teller, Instant)>,
}

impl Presses {
    /// Whether this is a press that has not been told of by the other one.
    pub(super) fn is_new(&mut self, digit: char, by: Teller, now: Instant) -> bool {
        self.waiting.retain(|(_, _, told)| now.saturating_duration_since(*told) <= LATER_MAX);
        let same = self.waiting.iter().position(|(known, teller, _)| *known == digit && *teller != by);
        if let Some(same) = same {
            self.waiting.remove(same);
            return false;
        }
        if self.waiting.len() < WAITING_MAX {
            self.waiting.push((digit, by, now));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Teller::{Media, Signalling};

    #[test]
    fn a_press_is_told_once_whoever_tells_of_it() {
        let (mut presses, start) = (Presses::default(), Instant::now());
        let cases = [
            (0, '5', Media, true),
            (100, '5', Signalling, false),
            // The same key again, both told of before the first is told of again.
            (200, '7', Media, true),
            (300, '7', Media, true),
            (400, '7', Signalling, false),
            (500, '7', Signalling, false),
            (600, '7', Signalling, true),
            // Another key, the other one first.
            (700, '1', Signalling, true),
            (800, '1', Media, false),
            // Too late to be the same.
            (900, '9', Media, true),
            (5_901, '9', Signalling, true),
        ];
        for (at_ms, digit, by, wanted) in cases {
            assert_eq!(presses.is_new(digit, by, start + Duration::from_millis(at_ms)), wanted, "{digit} at {at_ms}");
        }
    }
}
