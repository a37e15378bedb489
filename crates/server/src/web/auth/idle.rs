//! When each session was last used. A session that nobody used for longer than its role may leave a desk alone is over. Kept in
//! memory: after a restart every session counts as used just then, and its absolute limit still stands in its row.

use std::collections::HashMap;
use walletline_core::kernel::ids::SessionId;
use walletline_core::kernel::time::{Mono, Span};

/// Sessions remembered at once: more than staff can have open. Beyond it the longest unused are forgotten.
const SESSIONS_MAX: usize = 10_000;

/// Sightings by session.
#[derive(Default)]
pub(super) struct Sightings(HashMap<SessionId, Mono>);

impl Sightings {
    /// Notes that a session is used. False when it was left alone for longer than `idle_max`: then nothing is noted.
    pub(super) fn see(&mut self, session: SessionId, idle_max: Span, now: Mono) -> bool {
        if self.0.get(&session).is_some_and(|last| now - *last > idle_max) {
            return false;
        }
        if self.0.len() >= SESSIONS_MAX && !self.0.contains_key(&session) {
            self.forget_half();
        }
        self.0.insert(session, now);
        true
    }

    /// How long a session may still be left alone; zero when it was for too long.
    pub(super) fn left(&self, session: SessionId, idle_max: Span, now: Mono) -> Span {
        let unused = self.0.get(&session).map_or(Span::default(), |last| now - *last);
        Span(idle_max.0.saturating_sub(unused.0))
    }

    /// A session is over.
    pub(super) fn forget(&mut self, session: SessionId) {
        self.0.remove(&session);
    }

    fn forget_half(&mut self) {
        let mut times: Vec<Mono> = self.0.values().copied().collect();
        let (_, middle, _) = times.select_nth_unstable(SESSIONS_MAX / 2);
        let middle = *middle;
        self.0.retain(|_, last| *last > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Span = Span::from_s(600);

    const fn at_s(s: u64) -> Mono {
        Mono(s * 1_000_000)
    }

    #[test]
    fn a_session_lives_while_it_is_used_and_is_over_once_it_was_not() {
        let mut seen = Sightings::default();
        for s in [0, 600, 1_200, 1_300] {
            assert!(seen.see(1.into(), IDLE, at_s(s)), "{s}");
        }
        assert_eq!(seen.left(1.into(), IDLE, at_s(1_400)), Span::from_s(500));
        assert!(!seen.see(1.into(), IDLE, at_s(1_901)));
        assert!(!seen.see(1.into(), IDLE, at_s(1_902)), "and stays over");
        assert_eq!(seen.left(1.into(), IDLE, at_s(1_901)), Span::default());
        assert!(seen.see(2.into(), IDLE, at_s(1_901)), "others are not touched");
        seen.forget(1.into());
        assert_eq!(seen.left(1.into(), IDLE, at_s(9_000)), IDLE);
    }

    #[test]
    fn memory_is_bounded() {
        let mut seen = Sightings::default();
        for n in 0..25_000_u64 {
            assert!(seen.see(u128::from(n).into(), IDLE, Mono(n)));
            assert!(seen.0.len() <= SESSIONS_MAX);
        }
        assert!(seen.0.contains_key(&SessionId::from(24_999)), "the latest are kept");
    }
}
