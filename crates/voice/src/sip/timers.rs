//! Every timer of a leg beside the one that ends its phase, on one screen. Knows when each is due, and nothing of what it is for.

use tokio::time::Instant;

/// What a leg waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timer {
    /// The session has not been refreshed (session.rs).
    Expiry,
    /// We refresh the session (session.rs).
    Refresh,
    /// Whether the far end still sends anything is looked at (watch.rs).
    Watch,
    /// A reliable 180 was not acknowledged (reliable.rs).
    Reliable,
    /// The controller has not answered a REFER (refer.rs).
    Refer,
}

const TIMERS: [Timer; 5] = [Timer::Expiry, Timer::Refresh, Timer::Watch, Timer::Reliable, Timer::Refer];

/// When each timer of one leg is due.
#[derive(Debug, Default)]
pub(super) struct Timers([Option<Instant>; TIMERS.len()]);

impl Timers {
    pub(super) fn set(&mut self, timer: Timer, at: Instant) {
        self.0[timer as usize] = Some(at);
    }

    pub(super) fn clear(&mut self, timer: Timer) {
        self.0[timer as usize] = None;
    }

    pub(super) fn clear_all(&mut self) {
        *self = Self::default();
    }

    pub(super) fn at(&self, timer: Timer) -> Option<Instant> {
        self.0[timer as usize]
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.iter().copied().flatten().min()
    }

    /// Takes one that is due out.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Timer> {
        let timer = TIMERS.into_iter().find(|timer| self.at(*timer).is_some_and(|at| at <= now))?;
        self.clear(timer);
        Some(timer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn timers_fall_due_once_each() {
        let (mut timers, now) = (Timers::default(), Instant::now());
        assert_eq!((timers.next(), timers.take_due(now)), (None, None));
        timers.set(Timer::Refresh, now + Duration::from_secs(2));
        timers.set(Timer::Watch, now + Duration::from_secs(1));
        assert_eq!(timers.next(), Some(now + Duration::from_secs(1)));
        let later = now + Duration::from_secs(3);
        assert_eq!((timers.take_due(now), timers.take_due(later)), (None, Some(Timer::Refresh)));
        assert_eq!((timers.take_due(later), timers.take_due(later)), (Some(Timer::Watch), None));
    }
}
