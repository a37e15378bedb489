//! How often something may be tried: a bucket of tries per key, refilled one by one. Bounded in memory whoever tries.

use std::collections::HashMap;
use std::hash::Hash;
use walletline_core::kernel::time::{Mono, Span};

/// Keys remembered at once; about a megabyte. Beyond it the fullest buckets are forgotten first, which forgives the least.
const KEYS_MAX: usize = 10_000;

/// Buckets of tries.
pub(crate) struct Throttle<K> {
    tries: u64,
    refill: Span,
    /// When the bucket will be full again; a key that is absent has a full one.
    full_at: HashMap<K, Mono>,
}

impl<K: Hash + Eq + Clone> Throttle<K> {
    /// Buckets of `tries`, each refilled by one try in `refill`.
    pub(crate) fn new(tries: u32, refill: Span) -> Self {
        Self { tries: u64::from(tries), refill, full_at: HashMap::new() }
    }

    /// Takes one try, or says how long until there is one again.
    pub(crate) fn take(&mut self, key: &K, now: Mono) -> Result<(), Span> {
        let full_at = self.full_at.get(key).copied().unwrap_or(now).max(now);
        let room = Span(self.refill.0.saturating_mul(self.tries - 1));
        let missing = full_at - now;
        if missing > room {
            return Err(Span(missing.0 - room.0));
        }
        if self.full_at.len() >= KEYS_MAX && !self.full_at.contains_key(key) {
            self.forget(now);
        }
        self.full_at.insert(key.clone(), full_at + self.refill);
        Ok(())
    }

    /// Puts one try back.
    pub(crate) fn give_back(&mut self, key: &K, now: Mono) {
        let Some(full_at) = self.full_at.get_mut(key) else { return };
        *full_at = Mono(full_at.0.saturating_sub(self.refill.0));
        if *full_at <= now {
            self.full_at.remove(key);
        }
    }

    /// Makes room: full buckets go, then the fuller half of the others.
    fn forget(&mut self, now: Mono) {
        self.full_at.retain(|_, full_at| *full_at > now);
        if self.full_at.len() >= KEYS_MAX {
            let mut times: Vec<Mono> = self.full_at.values().copied().collect();
            let (_, middle, _) = times.select_nth_unstable(KEYS_MAX / 2);
            let middle = *middle;
            self.full_at.retain(|_, full_at| *full_at > middle);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at_s(s: u64) -> Mono {
        Mono(s * 1_000_000)
    }

    #[test]
    fn tries_run_out_and_come_back_one_by_one() {
        let mut throttle = Throttle::new(3, Span::from_s(10));
        for _ in 0..3 {
            assert_eq!(throttle.take(&"ann", at_s(100)), Ok(()));
        }
        assert_eq!(throttle.take(&"ann", at_s(100)), Err(Span::from_s(10)));
        assert_eq!(throttle.take(&"ann", at_s(104)), Err(Span::from_s(6)));
        assert_eq!(throttle.take(&"bob", at_s(104)), Ok(()), "others are not held up");
        assert_eq!(throttle.take(&"ann", at_s(110)), Ok(()));
        assert_eq!(throttle.take(&"ann", at_s(110)), Err(Span::from_s(10)));
        for _ in 0..3 {
            assert_eq!(throttle.take(&"ann", at_s(1_000)), Ok(()));
        }
        assert!(throttle.take(&"ann", at_s(1_000)).is_err(), "a long wait earns no more than a full bucket");
    }

    #[test]
    fn a_good_try_is_not_counted() {
        let mut throttle = Throttle::new(2, Span::from_s(10));
        for s in 0..50 {
            assert_eq!(throttle.take(&"ann", at_s(s / 10)), Ok(()));
            throttle.give_back(&"ann", at_s(s / 10));
        }
        assert!(throttle.full_at.is_empty());
        throttle.give_back(&"nobody", at_s(9));
    }

    #[test]
    fn memory_is_bounded_and_those_who_try_most_are_forgotten_last() {
        let mut throttle = Throttle::new(5, Span::from_s(30));
        for _ in 0..5 {
            assert_eq!(throttle.take(&0, at_s(1)), Ok(()));
        }
        for key in 1..(KEYS_MAX * 3) {
            assert_eq!(throttle.take(&key, at_s(1)), Ok(()));
            assert!(throttle.full_at.len() <= KEYS_MAX);
        }
        assert!(throttle.take(&0, at_s(1)).is_err());
    }
}
