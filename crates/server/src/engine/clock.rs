//! The one place that reads the clocks.

use jiff::Timestamp;
use std::time::{Duration, Instant};
use walletline_core::kernel::time::{Mono, Now, Wall};

/// Reads both clocks; monotonic time counts from its creation.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    zero: Instant,
}

impl Clock {
    /// A clock whose monotonic zero is now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the shell's clock")]
    pub fn start() -> Self {
        Self { zero: Instant::now() }
    }

    /// Both clocks.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the shell's clock")]
    pub fn now(&self) -> Now {
        let mono = u64::try_from(self.zero.elapsed().as_micros()).unwrap_or(u64::MAX);
        Now { mono: Mono(mono), wall: self.wall() }
    }

    /// The wall clock, microseconds since the Unix epoch.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the shell's clock")]
    pub fn wall(&self) -> Wall {
        Wall(Timestamp::now().as_microsecond())
    }

    /// The instant of a monotonic deadline, for the runtime's timers.
    #[must_use]
    pub fn instant(&self, at: Mono) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.zero + Duration::from_micros(at.0))
    }
}
