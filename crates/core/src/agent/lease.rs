//! How long a desk is believed to be there: its live connection, its heartbeats, and the grace of a reload. It decides nothing
//! about the agent.

use crate::kernel::time::{Mono, Span};

/// What is known of an agent's desk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lease {
    /// There is none.
    #[default]
    None,
    /// It is connected and was heard.
    Connected {
        /// When it was last heard.
        heard: Mono,
    },
    /// It is connected but has said nothing for too long.
    Silent {
        /// When it was last heard.
        heard: Mono,
    },
    /// Its connection closed a moment ago, or it is expected to connect.
    Away {
        /// Since when.
        since: Mono,
    },
}

/// What came of a sign of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Nothing changed.
    Known,
    /// It is there again, soon enough to take up where it was.
    Back,
    /// It is there, new or after too long.
    New,
}

/// What a passed deadline means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapse {
    /// A connected desk fell silent.
    Silent,
    /// It did not come back.
    Gone,
}

impl Lease {
    /// Somebody would see a card on this desk.
    #[must_use]
    pub const fn sees_cards(self) -> bool {
        matches!(self, Self::Connected { .. })
    }

    /// There is a desk, be it silent or in the middle of a reload.
    #[must_use]
    pub const fn exists(self) -> bool {
        !matches!(self, Self::None)
    }

    /// The desk connected or was heard. `grace` is how long it may have been away to count as back.
    pub fn heard(&mut self, now: Mono, grace: Span) -> Sign {
        let sign = match *self {
            Self::Connected { .. } => Sign::Known,
            Self::Silent { heard: last } | Self::Away { since: last } if now - last <= grace => Sign::Back,
            Self::None | Self::Silent { .. } | Self::Away { .. } => Sign::New,
        };
        *self = Self::Connected { heard: now };
        sign
    }

    /// The desk's last connection closed.
    pub const fn closed(&mut self, now: Mono) {
        *self = match *self {
            Self::None => Self::None,
            Self::Connected { .. } => Self::Away { since: now },
            Self::Silent { heard } => Self::Away { since: heard },
            Self::Away { since } => Self::Away { since },
        };
    }

    /// A desk that was never connected is expected to connect within the grace.
    pub const fn expect(&mut self, now: Mono) {
        if matches!(self, Self::None) {
            *self = Self::Away { since: now };
        }
    }

    /// When [`Lease::lapse`] is due.
    #[must_use]
    pub fn deadline(self, silence: Span, grace: Span) -> Option<Mono> {
        match self {
            Self::Connected { heard } => Some(heard + silence),
            Self::Away { since } => Some(since + grace),
            Self::None | Self::Silent { .. } => None,
        }
    }

    /// Whether the deadline passed, and what that means.
    pub fn lapse(&mut self, now: Mono, silence: Span, grace: Span) -> Option<Lapse> {
        if self.deadline(silence, grace).is_none_or(|at| at > now) {
            return None;
        }
        match *self {
            Self::Connected { heard } => {
                *self = Self::Silent { heard };
                Some(Lapse::Silent)
            }
            _ => {
                *self = Self::None;
                Some(Lapse::Gone)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SILENCE: Span = Span::from_s(12);
    const GRACE: Span = Span::from_s(20);

    const fn s(s: u64) -> Mono {
        Mono(s * 1_000_000)
    }

    #[test]
    fn a_desk_that_beats_never_lapses() {
        let mut lease = Lease::None;
        assert_eq!(lease.heard(s(0), GRACE), Sign::New);
        for beat in (5..100).step_by(5) {
            assert_eq!(lease.lapse(s(beat), SILENCE, GRACE), None);
            assert_eq!(lease.heard(s(beat), GRACE), Sign::Known);
        }
    }

    #[test]
    fn silence_lapses_and_a_soon_beat_brings_it_back() {
        let mut lease = Lease::Connected { heard: s(0) };
        assert_eq!(lease.lapse(s(11), SILENCE, GRACE), None);
        assert_eq!(lease.lapse(s(12), SILENCE, GRACE), Some(Lapse::Silent));
        assert!(!lease.sees_cards() && lease.exists());
        assert_eq!(lease.deadline(SILENCE, GRACE), None);
        assert_eq!(lease.heard(s(19), GRACE), Sign::Back);
        assert_eq!(lease.lapse(s(31), SILENCE, GRACE), Some(Lapse::Silent));
        assert_eq!(lease.heard(s(60), GRACE), Sign::New);
    }

    #[test]
    fn a_reload_is_back_and_a_closed_desk_is_gone() {
        let mut lease = Lease::Connected { heard: s(0) };
        lease.closed(s(3));
        assert_eq!(lease.heard(s(5), GRACE), Sign::Back);
        lease.closed(s(6));
        assert_eq!(lease.lapse(s(26), SILENCE, GRACE), Some(Lapse::Gone));
        assert!(!lease.exists());
    }
}
