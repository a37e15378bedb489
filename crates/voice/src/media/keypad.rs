//! Keys that we press towards a far end: each 100 ms long, with 60 ms after it, as RFC 4733 events or as the two tones of ITU-T
//! Q.23. Knows no clock and no socket: it is asked once for each 20 ms.

use super::codec::{FRAME_SAMPLES, SAMPLE_RATE};
use std::collections::VecDeque;

/// Keys that may wait: a card number, a date and a code together are fewer.
pub(super) const KEYS_MAX: usize = 64;

const KEYS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];

/// Frames a key is held: 100 ms.
const HELD: u8 = 5;
/// From one key to the next: 160 ms.
const PERIOD: u8 = 8;
/// Packets that say the end: three, because one may be lost (RFC 4733 section 2.5.1.4).
const ENDS: u8 = 3;
/// How loud an event says it is, in -dBm0.
const EVENT_VOLUME: u8 = 10;
/// Amplitude of each of the two tones: about -10 dBm0.
const TONE_AMPLITUDE: f64 = 7000.0;

/// The keys to press.
#[derive(Debug, Default)]
pub(super) struct Keypad {
    /// The key being pressed is the first.
    keys: VecDeque<u8>,
    /// Frames of that key that have been sent.
    at: u8,
}

/// One frame of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Press {
    key: u8,
    at: u8,
}

/// The keys that a text names; `None` when something in it is none.
pub(super) fn read_keys(text: &str) -> Option<Vec<u8>> {
    let key = |digit: char| KEYS.iter().position(|key| *key == digit.to_ascii_uppercase()).and_then(|key| u8::try_from(key).ok());
    text.chars().map(key).collect()
}

impl Keypad {
    /// Adds keys; false, and none is added, where there would be too many.
    pub(super) fn press(&mut self, keys: &[u8]) -> bool {
        let fits = self.keys.len() + keys.len() <= KEYS_MAX;
        if fits {
            self.keys.extend(keys);
        }
        fits
    }

    pub(super) fn is_idle(&self) -> bool {
        self.keys.is_empty()
    }

    /// The next frame. `None` when all keys have been pressed.
    pub(super) fn next(&mut self) -> Option<Press> {
        let press = Press { key: *self.keys.front()?, at: self.at };
        self.at += 1;
        if self.at == PERIOD {
            self.at = 0;
            self.keys.pop_front();
        }
        Some(press)
    }
}

impl Press {
    /// The payload of the event's packet in this frame, and whether it is the event's first. `None` after the last.
    pub(super) fn event(self) -> Option<([u8; 4], bool)> {
        let ended = self.at + 1 >= HELD;
        let [high, low] = (u16::from((self.at + 1).min(HELD)) * FRAME_SAMPLES as u16).to_be_bytes();
        let payload = [self.key, u8::from(ended) << 7 | EVENT_VOLUME, high, low];
        (self.at < HELD + ENDS - 1).then_some((payload, self.at == 0))
    }

    /// The frame as sound.
    pub(super) fn tone(self) -> [i16; FRAME_SAMPLES] {
        if self.at >= HELD {
            return [0; FRAME_SAMPLES];
        }
        let (low, high) = frequencies(self.key);
        let start = usize::from(self.at) * FRAME_SAMPLES;
        let wave = |n: usize, hz: f64| (n as f64 * hz * std::f64::consts::TAU / f64::from(SAMPLE_RATE)).sin() * TONE_AMPLITUDE;
        std::array::from_fn(|n| (wave(start + n, low) + wave(start + n, high)) as i16)
    }
}

/// The two tones of a key, Hz (ITU-T Q.23).
fn frequencies(key: u8) -> (f64, f64) {
    const ROWS: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
    const COLUMNS: [f64; 4] = [1209.0, 1336.0, 1477.0, 1633.0];
    let (row, column) = match key {
        0 => (3, 1),
        1..=9 => (usize::from((key - 1) / 3), usize::from((key - 1) % 3)),
        10 => (3, 0),
        11 => (3, 2),
        letter => (usize::from(letter.saturating_sub(12).min(3)), 3),
    };
    (ROWS[row], COLUMNS[column])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_held_100_ms_and_ends_three_times() {
        let mut keypad = Keypad::default();
        assert!(keypad.press(&read_keys("5#").unwrap()));
        let events: Vec<_> = std::iter::from_fn(|| keypad.next()).map(Press::event).collect();
        let key = |key: u8| {
            let packet = |end: bool, duration: u16, first: bool| {
                let [high, low] = duration.to_be_bytes();
                Some(([key, if end { 0x8A } else { 0x0A }, high, low], first))
            };
            let held = [160, 320, 480, 640].map(|duration| packet(false, duration, duration == 160));
            [&held[..], &[packet(true, 800, false); 3], &[None]].concat()
        };
        assert_eq!(events, [key(5), key(11)].concat());
        assert!(keypad.is_idle());
    }

    #[test]
    fn keys_are_counted_and_read() {
        let mut keypad = Keypad::default();
        assert!(keypad.press(&[1; KEYS_MAX - 1]));
        assert!(!keypad.press(&[2, 3]), "none of what does not fit");
        assert!(keypad.press(&[4]) && !keypad.press(&[5]));
        assert_eq!(std::iter::from_fn(|| keypad.next()).count(), KEYS_MAX * usize::from(PERIOD));
        assert_eq!(read_keys("0*#aD"), Some(vec![0, 10, 11, 12, 15]));
        assert_eq!(read_keys("12,3"), None);
    }

    #[test]
    fn tones_are_those_of_the_telephone() {
        let expected =
            [("1", 697.0, 1209.0), ("0", 941.0, 1336.0), ("9", 852.0, 1477.0), ("D", 941.0, 1633.0), ("*", 941.0, 1209.0)];
        for (key, low, high) in expected {
            assert_eq!(frequencies(read_keys(key).unwrap()[0]), (low, high), "{key}");
        }
        let loudest = |at: u8| Press { key: 5, at }.tone().iter().map(|s| s.unsigned_abs()).max().unwrap();
        assert!(loudest(0) > 9000 && loudest(4) > 9000 && loudest(5) == 0);
    }
}
