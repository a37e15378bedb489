//! The one place that reads the clocks. In the demo world the wall clock can be put forward, for the rules that count days; audio and
//! every short timer go by the monotonic clock, which nobody moves.

use jiff::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use walletline_core::kernel::time::{Mono, Now, Span, Wall};

/// Reads both clocks; monotonic time counts from its creation.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    zero: Instant,
    /// How far the wall clock was put forward, in microseconds. Lives as long as the process, like the clock itself.
    ahead_us: &'static AtomicI64,
}

impl Clock {
    /// A clock whose monotonic zero is now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the shell's clock")]
    pub fn start() -> Self {
        Self { zero: Instant::now(), ahead_us: Box::leak(Box::new(AtomicI64::new(0))) }
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
    pub fn wall(&self) -> Wall {
        Wall(Self::unmoved().0.saturating_add(self.ahead_us.load(Ordering::Relaxed)))
    }

    /// The machine's wall clock, however far ours was put forward.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the shell's clock")]
    pub fn unmoved() -> Wall {
        Wall(Timestamp::now().as_microsecond())
    }

    /// Puts the wall clock forward. For the demo world alone.
    pub fn advance(&self, by: Span) {
        self.ahead_us.fetch_add(i64::try_from(by.0).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// The instant of a monotonic deadline, for the runtime's timers.
    #[must_use]
    pub fn instant(&self, at: Mono) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.zero + Duration::from_micros(at.0))
    }
}
