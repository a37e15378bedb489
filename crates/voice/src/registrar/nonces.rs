//! The nonces this registrar has given out, with their age and the highest count seen on each: a captured Authorization header
//! is good for nothing. Bounded; the oldest go first.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::time::Instant;

/// How long a nonce may be used. Phones refresh more often; a stale one is asked again without a new password prompt.
const LIFETIME: Duration = Duration::from_secs(300);

/// Nonces remembered at once. At 50 challenges a second from each of many sources a phone still has a second to answer.
const NONCES_MAX: usize = 65_536;

/// How a nonce stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Ours, young, and this count was not seen on it.
    Fresh,
    /// Not ours, too old, or used before with this count: challenge again with `stale=true`.
    Stale,
}

#[derive(Debug)]
struct Given {
    at: Instant,
    /// Highest count used; without counts (no qop) a nonce is good once.
    used: Option<u32>,
}

/// All nonces given out and not yet forgotten.
#[derive(Debug, Default)]
pub(crate) struct Nonces {
    given: HashMap<String, Given>,
    order: VecDeque<String>,
}

impl Nonces {
    /// A new nonce of 96 random bits.
    pub(crate) fn issue(&mut self, now: Instant) -> String {
        while self.order.len() >= NONCES_MAX || self.order.front().is_some_and(|oldest| self.is_expired(oldest, now)) {
            let Some(oldest) = self.order.pop_front() else { break };
            self.given.remove(&oldest);
        }
        let nonce = crate::random::token();
        self.given.insert(nonce.clone(), Given { at: now, used: None });
        self.order.push_back(nonce.clone());
        nonce
    }

    /// Looks at a nonce as used with `count` (none without qop), without using it up.
    pub(crate) fn check(&self, nonce: &str, count: Option<u32>, now: Instant) -> Freshness {
        let fresh = self.given.get(nonce).is_some_and(|given| {
            now.saturating_duration_since(given.at) < LIFETIME
                && match (count, given.used) {
                    (Some(count), used) => count > used.unwrap_or(0),
                    (None, used) => used.is_none(),
                }
        });
        if fresh { Freshness::Fresh } else { Freshness::Stale }
    }

    /// Uses a nonce up to `count`; called once the answer on it was right.
    pub(crate) fn spend(&mut self, nonce: &str, count: Option<u32>) {
        if let Some(given) = self.given.get_mut(nonce) {
            given.used = Some(count.unwrap_or(u32::MAX));
        }
    }

    fn is_expired(&self, nonce: &str, now: Instant) -> bool {
        self.given.get(nonce).is_none_or(|given| now.saturating_duration_since(given.at) >= LIFETIME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_good_once_and_only_upwards() {
        let now = Instant::now();
        let mut nonces = Nonces::default();
        let nonce = nonces.issue(now);
        assert_eq!(nonces.check(&nonce, Some(0), now), Freshness::Stale);
        assert_eq!(nonces.check(&nonce, Some(1), now), Freshness::Fresh);
        nonces.spend(&nonce, Some(9));
        assert_eq!(nonces.check(&nonce, Some(9), now), Freshness::Stale);
        assert_eq!(nonces.check(&nonce, Some(10), now), Freshness::Fresh);
        assert_eq!(nonces.check(&nonce, None, now), Freshness::Stale);
    }

    #[test]
    fn without_counts_a_nonce_is_good_once() {
        let now = Instant::now();
        let mut nonces = Nonces::default();
        let nonce = nonces.issue(now);
        assert_eq!(nonces.check(&nonce, None, now), Freshness::Fresh);
        nonces.spend(&nonce, None);
        assert_eq!(nonces.check(&nonce, None, now), Freshness::Stale);
    }

    #[test]
    fn nonces_grow_old_and_strangers_are_stale() {
        let now = Instant::now();
        let mut nonces = Nonces::default();
        let nonce = nonces.issue(now);
        assert_eq!(nonces.check(&nonce, Some(1), now + LIFETIME), Freshness::Stale);
        assert_eq!(nonces.check("made-up", Some(1), now), Freshness::Stale);
        nonces.issue(now + LIFETIME);
        assert_eq!(nonces.order.len(), 1, "the old one is forgotten");
    }
}
