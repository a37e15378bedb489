//! How many new calls and registrations one source may ask for. Trusted sources and this machine itself are not counted.
//! Owned by the receiving task alone, so it takes no lock.

use crate::rate::{Buckets, RateLimit};
use std::net::IpAddr;
use tokio::time::Instant;

/// Sources remembered at once: 1 MiB of table, and far more than call a hotline in one second.
const SOURCES_MAX: usize = 16_384;

/// Says which sources are not limited, such as a trunk's. Called for every new call: answer from memory.
pub type Trusted = Box<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// The limits of all sources.
pub(super) struct Floodgate {
    trusted: Trusted,
    buckets: Buckets<IpAddr>,
}

impl Floodgate {
    pub(super) fn new(limit: RateLimit, trusted: Trusted, now: Instant) -> Self {
        Self { trusted, buckets: Buckets::new(limit, SOURCES_MAX, now) }
    }

    /// Whether this source may ask once more now.
    pub(super) fn admits(&mut self, source: IpAddr, now: Instant) -> bool {
        let source = source.to_canonical();
        source.is_loopback() || (self.trusted)(source) || self.buckets.take(source, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trusted_sources_and_this_machine_are_not_counted() {
        let ip = |last: u8| IpAddr::from([203, 0, 113, last]);
        let start = Instant::now();
        let limit = RateLimit { per_second: 2.0, burst: 3.0 };
        let mut gate = Floodgate::new(limit, Box::new(move |source| source == ip(1)), start);
        assert!((0..100).all(|_| gate.admits(ip(1), start)));
        assert!((0..100).all(|_| gate.admits(IpAddr::from([127, 0, 0, 1]), start)));
        assert!((0..100).all(|_| gate.admits("::ffff:127.0.0.1".parse().unwrap(), start)));
        assert_eq!((0..5).filter(|_| gate.admits(ip(128), start)).count(), 3);
    }
}
