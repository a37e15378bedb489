//! How much of a trunk there may be: calls at once, and new calls a second, in both directions together, because a carrier sells
//! channels and counts them so.

use crate::rate::{Buckets, RateLimit};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// Which way a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sip) enum Direction {
    In,
    Out,
}

/// Why a call finds no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sip) enum NoPlace {
    /// As many calls are live as may be.
    Full,
    /// As many calls began this second as may.
    TooFast,
}

/// The limits of one trunk and what is live on it.
#[derive(Debug)]
pub(super) struct Limits {
    calls_max: u64,
    pace: Option<Mutex<Buckets<()>>>,
    live: Mutex<[u64; 2]>,
}

impl Limits {
    pub(super) fn new(calls_max: Option<u32>, calls_per_second: Option<u32>, now: Instant) -> Self {
        let pace = calls_per_second.map(|calls| {
            let limit = RateLimit { per_second: calls.into(), burst: calls.into() };
            Mutex::new(Buckets::new(limit, 1, now))
        });
        Self { calls_max: calls_max.map_or(u64::MAX, u64::from), pace, live: Mutex::default() }
    }

    /// Takes a place; whoever took it gives it back by [`leave`](Self::leave).
    pub(super) fn enter(&self, direction: Direction, now: Instant) -> Result<(), NoPlace> {
        let mut live = locked(&self.live);
        if live.iter().sum::<u64>() >= self.calls_max {
            return Err(NoPlace::Full);
        }
        if self.pace.as_ref().is_some_and(|pace| !locked(pace).take((), now)) {
            return Err(NoPlace::TooFast);
        }
        live[direction as usize] += 1;
        Ok(())
    }

    pub(super) fn leave(&self, direction: Direction) {
        locked(&self.live)[direction as usize] -= 1;
    }

    /// Calls that are live now.
    pub(super) fn live(&self, direction: Direction) -> u64 {
        locked(&self.live)[direction as usize]
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every use is one addition, whole in itself.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn both_directions_share_the_places() {
        let now = Instant::now();
        let limits = Limits::new(Some(2), None, now);
        assert_eq!(limits.enter(Direction::In, now), Ok(()));
        assert_eq!(limits.enter(Direction::Out, now), Ok(()));
        assert_eq!(limits.enter(Direction::In, now), Err(NoPlace::Full));
        limits.leave(Direction::Out);
        assert_eq!(limits.enter(Direction::In, now), Ok(()));
        assert_eq!((limits.live(Direction::In), limits.live(Direction::Out)), (2, 0));
    }

    #[test]
    fn a_second_takes_so_many_calls_and_a_refused_one_takes_no_place() {
        let now = Instant::now();
        let limits = Limits::new(None, Some(3), now);
        let entered = |at| (0..5).filter(|_| limits.enter(Direction::In, at).is_ok()).count();
        assert_eq!((entered(now), entered(now), entered(now + Duration::from_secs(1))), (3, 0, 3));
        assert_eq!(limits.live(Direction::In), 6);
    }
}
