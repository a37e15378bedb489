//! Sources that guess passwords or numbers. Each failure counts against the address it came from; too many within a while and
//! nothing new of it is read for a time that doubles with every relapse. What a phone does by mistake stays far below. Addresses
//! alone are held, for as long as they matter, and the log tells how many there were, not who.

use crate::sip::flood::Trusted;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Sources remembered at once: 1.5 MiB of table. When it is full of sources that are all worse, a new one is not remembered; the
/// limit on how often anybody may ask still holds for it.
const SOURCES_MAX: usize = 16_384;

/// What a source did that an honest one seldom does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offence {
    /// A wrong password when a phone registers.
    Registration,
    /// A wrong password when a trunk calls.
    Digest,
    /// A call to a line that does not exist.
    UnknownLine,
}

/// When a source is blocked, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// This many failures …
    pub offences: u32,
    /// … within this time block a source.
    pub window: Duration,
    /// For this long the first time; each time after that twice as long.
    pub block: Duration,
    /// Never longer than this. A source that behaved for as long is new again.
    pub block_max: Duration,
    /// How often the log tells of blocked sources, at most.
    pub report: Duration,
    /// Whether this machine's own addresses are blocked too. A proxy in front of us is trusted as a trunk is.
    pub loopback: bool,
}

impl Default for Throttle {
    /// An office whose phones all have an old password fails twice a minute each, and its phone's owner mistypes a number now and then.
    fn default() -> Self {
        Self {
            offences: 20,
            window: Duration::from_secs(60),
            block: Duration::from_secs(30),
            block_max: Duration::from_secs(3600),
            report: Duration::from_secs(60),
            loopback: false,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Record {
    offences: u32,
    window_began: Instant,
    blocks: u32,
    blocked_until: Option<Instant>,
}

impl Record {
    /// When it no longer matters.
    fn over(&self, limits: &Throttle) -> Instant {
        match self.blocked_until {
            Some(until) => until + limits.block_max,
            None => self.window_began + limits.window,
        }
    }
}

#[derive(Debug, Default)]
struct Table {
    records: HashMap<IpAddr, Record>,
    /// Blocked since the last line of the log, by what the last failure of each was.
    unreported: [u32; 3],
    reported: Option<Instant>,
}

/// All sources' failures.
pub(super) struct Offenders {
    limits: Throttle,
    trusted: Trusted,
    table: Mutex<Table>,
}

impl Offenders {
    pub(super) fn new(limits: Throttle, trusted: Trusted) -> Self {
        Self { limits, trusted, table: Mutex::default() }
    }

    /// Whether nothing new of this source is read now.
    pub(super) fn is_blocked(&self, source: IpAddr, now: Instant) -> bool {
        let source = source.to_canonical();
        self.table().records.get(&source).is_some_and(|record| record.blocked_until.is_some_and(|until| now < until))
    }

    /// Counts a failure. True where it blocks the source.
    pub(super) fn count(&self, source: IpAddr, offence: Offence, now: Instant) -> bool {
        let source = source.to_canonical();
        if (source.is_loopback() && !self.limits.loopback) || (self.trusted)(source) {
            return false;
        }
        let mut table = self.table();
        let blocked = table.count(source, &self.limits, now);
        if blocked {
            table.unreported[offence as usize] += 1;
            table.report(&self.limits, now);
        }
        blocked
    }

    /// Sources that are blocked now.
    pub(super) fn blocked(&self, now: Instant) -> usize {
        self.table().records.values().filter(|record| record.blocked_until.is_some_and(|until| now < until)).count()
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // A record is replaced as a whole.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn count(&mut self, source: IpAddr, limits: &Throttle, now: Instant) -> bool {
        if self.records.len() >= SOURCES_MAX && !self.records.contains_key(&source) {
            self.records.retain(|_, record| now < record.over(limits));
            if self.records.len() >= SOURCES_MAX {
                return false;
            }
        }
        let fresh = Record { offences: 0, window_began: now, blocks: 0, blocked_until: None };
        let record = self.records.entry(source).or_insert(fresh);
        if now >= record.over(limits) {
            *record = fresh;
        } else if now.saturating_duration_since(record.window_began) >= limits.window {
            (record.offences, record.window_began) = (0, now);
        }
        record.offences += 1;
        if record.offences < limits.offences || record.blocked_until.is_some_and(|until| now < until) {
            return false;
        }
        // Thirty doublings are longer than any limit.
        let block = limits.block.saturating_mul(1 << record.blocks.min(30)).min(limits.block_max);
        *record = Record { offences: 0, window_began: now, blocks: record.blocks + 1, blocked_until: Some(now + block) };
        true
    }

    fn report(&mut self, limits: &Throttle, now: Instant) {
        if self.reported.is_some_and(|last| now.saturating_duration_since(last) < limits.report) {
            return;
        }
        let [registrations, digests, unknown_lines] = std::mem::take(&mut self.unreported);
        self.reported = Some(now);
        tracing::warn!(registrations, digests, unknown_lines, "sources blocked that guess SIP passwords or numbers");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, last])
    }

    fn limits() -> Throttle {
        Throttle { offences: 3, ..Throttle::default() }
    }

    fn offend(offenders: &Offenders, source: IpAddr, now: Instant) -> usize {
        (0..3).filter(|_| offenders.count(source, Offence::Registration, now)).count()
    }

    #[test]
    fn a_relapse_is_blocked_for_twice_as_long() {
        let offenders = Offenders::new(limits(), Box::new(|_| false));
        let mut now = Instant::now();
        for seconds in [30, 60, 120, 240, 480, 960, 1920, 3600, 3600] {
            assert!(!offenders.is_blocked(ip(1), now));
            assert_eq!(offend(&offenders, ip(1), now), 1);
            let block = Duration::from_secs(seconds);
            assert!(offenders.is_blocked(ip(1), now + block - Duration::from_millis(1)));
            assert!(!offenders.is_blocked(ip(2), now) && offenders.blocked(now) == 1);
            now += block;
        }
        now += limits().block_max;
        offend(&offenders, ip(1), now);
        assert!(!offenders.is_blocked(ip(1), now + Duration::from_secs(30)), "it behaved for an hour");
    }

    #[test]
    fn failures_far_apart_block_nobody_and_trusted_sources_never_are() {
        let offenders = Offenders::new(limits(), Box::new(|source| source == ip(9)));
        let start = Instant::now();
        for n in 0..20 {
            assert!(!offenders.count(ip(1), Offence::UnknownLine, start + n * Duration::from_secs(30)));
        }
        for trusted in [ip(9), IpAddr::from([127, 0, 0, 1])] {
            assert_eq!(offend(&offenders, trusted, start), 0);
        }
        assert_eq!(offend(&offenders, "::ffff:203.0.113.2".parse().unwrap(), start), 1);
        assert!(offenders.is_blocked(ip(2), start));
    }

    #[test]
    fn forged_sources_do_not_grow_the_table() {
        let offenders = Offenders::new(limits(), Box::new(|_| false));
        let start = Instant::now();
        for n in 0..u32::try_from(SOURCES_MAX).unwrap() + 100 {
            offenders.count(IpAddr::from(n.to_be_bytes()), Offence::UnknownLine, start);
        }
        assert_eq!(offenders.table().records.len(), SOURCES_MAX);
        offenders.count(ip(1), Offence::UnknownLine, start + Duration::from_secs(61));
        assert_eq!(offenders.table().records.len(), 1, "quiet sources are forgotten");
    }
}
