//! Whether what a far end says is a secret now. While a code is keyed nobody may hear its tones, and a tone lasts longer than
//! the packet by which we know the key: so silence outlives the order that ends it.

use std::time::{Duration, Instant};

/// Silence after the end of a secret, and after each packet of a key that is still held then.
const TAIL: Duration = Duration::from_millis(200);

/// One leg's secrecy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Secrecy {
    /// What is said is heard.
    #[default]
    Open,
    /// Silence instead.
    On,
    /// Silence up to then.
    Until(Instant),
}

impl Secrecy {
    pub(super) fn set(&mut self, on: bool, now: Instant) {
        *self = match (on, *self) {
            (true, _) => Self::On,
            (false, Self::On) => Self::Until(now + TAIL),
            (false, ended @ (Self::Open | Self::Until(_))) => ended,
        };
    }

    /// A packet of a key came.
    pub(super) fn keyed(&mut self, now: Instant) {
        if let Self::Until(_) = self
            && self.masks(now)
        {
            *self = Self::Until(now + TAIL);
        }
    }

    /// Whether what comes now is kept from everyone.
    pub(super) fn masks(&mut self, now: Instant) -> bool {
        if let Self::Until(end) = *self
            && end <= now
        {
            *self = Self::Open;
        }
        *self != Self::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_outlives_the_last_key() {
        let (mut secrecy, start) = (Secrecy::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        secrecy.keyed(at(0));
        secrecy.set(false, at(0));
        assert!(!secrecy.masks(at(0)), "what never began does not end");
        secrecy.set(true, at(0));
        assert!(secrecy.masks(at(100_000)));
        secrecy.set(false, at(100_000));
        secrecy.set(false, at(100_150));
        assert!(secrecy.masks(at(100_199)));
        secrecy.keyed(at(100_199));
        assert!(secrecy.masks(at(100_398)), "the key is still held");
        assert!(!secrecy.masks(at(100_399)));
        secrecy.keyed(at(100_500));
        assert!(!secrecy.masks(at(100_501)), "a later key is no secret");
        secrecy.set(true, at(100_600));
        assert!(secrecy.masks(at(100_600)));
    }
}
