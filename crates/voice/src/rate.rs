//! Token buckets by key, in a table that forged keys cannot grow. The caller brings the time, so a test needs no waiting.

use std::collections::HashMap;
use std::hash::Hash;
use tokio::time::Instant;

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    /// Times a second, lasting.
    pub per_second: f64,
    /// And this many times at once.
    pub burst: f64,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl Bucket {
    fn level(&self, limit: RateLimit, now: Instant) -> f64 {
        let elapsed_s = now.saturating_duration_since(self.filled_at).as_secs_f64();
        elapsed_s.mul_add(limit.per_second, self.tokens).min(limit.burst)
    }

    fn take(&mut self, limit: RateLimit, now: Instant) -> bool {
        let level = self.level(limit, now);
        let taken = level >= 1.0;
        *self = Self { tokens: if taken { level - 1.0 } else { level }, filled_at: now };
        taken
    }
}

/// One bucket per key. When the table is full of busy keys, all new keys share one bucket.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    limit: RateLimit,
    keys_max: usize,
    buckets: HashMap<K, Bucket>,
    shared: Bucket,
}

impl<K: Hash + Eq> Buckets<K> {
    pub(crate) fn new(limit: RateLimit, keys_max: usize, now: Instant) -> Self {
        Self { limit, keys_max, buckets: HashMap::new(), shared: Bucket { tokens: limit.burst, filled_at: now } }
    }

    /// Takes one token of `key`; false when there is none.
    pub(crate) fn take(&mut self, key: K, now: Instant) -> bool {
        let limit = self.limit;
        if self.buckets.len() >= self.keys_max && !self.buckets.contains_key(&key) {
            self.buckets.retain(|_, bucket| bucket.level(limit, now) < limit.burst);
            if self.buckets.len() >= self.keys_max {
                return self.shared.take(limit, now);
            }
        }
        self.buckets.entry(key).or_insert(Bucket { tokens: limit.burst, filled_at: now }).take(limit, now)
    }

    /// Whether `key` has a token, without taking it.
    pub(crate) fn has(&self, key: &K, now: Instant) -> bool {
        match self.buckets.get(key) {
            Some(bucket) => bucket.level(self.limit, now) >= 1.0,
            None => self.buckets.len() < self.keys_max || self.shared.level(self.limit, now) >= 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const LIMIT: RateLimit = RateLimit { per_second: 2.0, burst: 3.0 };

    #[test]
    fn a_key_gets_its_burst_and_then_its_rate() {
        let start = Instant::now();
        let mut buckets = Buckets::new(LIMIT, 10, start);
        assert_eq!((0..5).filter(|_| buckets.take(1, start)).count(), 3);
        assert!(!buckets.has(&1, start) && buckets.has(&2, start));
        assert!(buckets.take(2, start), "another key is another bucket");
        assert_eq!((0..5).filter(|_| buckets.take(1, start + Duration::from_secs(1))).count(), 2);
    }

    #[test]
    fn forged_keys_do_not_grow_the_table() {
        let start = Instant::now();
        let mut buckets = Buckets::new(LIMIT, 100, start);
        assert_eq!((0..1000).filter(|key| buckets.take(*key, start)).count(), 103);
        assert_eq!(buckets.buckets.len(), 100);
        assert!(!buckets.has(&5000, start));
        let later = start + Duration::from_secs(60);
        assert!(buckets.take(5000, later) && buckets.buckets.len() == 1, "quiet keys are forgotten");
    }
}
