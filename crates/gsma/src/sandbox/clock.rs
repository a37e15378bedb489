//! Sandbox time: the caller's clock, put forward on demand. It never runs backwards by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Gives wall time in microseconds since the Unix epoch.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Microseconds of a second.
pub(super) const SECOND_US: i64 = 1_000_000;

pub(super) struct SandboxClock {
    wall: Clock,
    offset_us: AtomicI64,
}

impl SandboxClock {
    pub(super) fn new(wall: Clock, offset_us: i64) -> Self {
        Self { wall, offset_us: AtomicI64::new(offset_us) }
    }

    /// Sandbox time, microseconds since the Unix epoch.
    pub(super) fn now(&self) -> i64 {
        (self.wall)().saturating_add(self.offset_us.load(Ordering::Acquire))
    }

    /// Goes by this offset from now on. An earlier and smaller one that arrives late changes nothing.
    pub(super) fn go_by(&self, offset_us: i64) {
        self.offset_us.fetch_max(offset_us, Ordering::AcqRel);
    }
}

/// RFC 3339 of a time in microseconds. A time that no calendar holds reads as the epoch: the sandbox's clock cannot give one.
pub(super) fn rfc3339(at_us: i64) -> String {
    jiff::Timestamp::from_microsecond(at_us).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_put_forward() {
        let clock = SandboxClock::new(Arc::new(|| 1_000), 5);
        assert_eq!(clock.now(), 1_005);
        clock.go_by(30);
        clock.go_by(20);
        assert_eq!(clock.now(), 1_030);
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
    }
}
