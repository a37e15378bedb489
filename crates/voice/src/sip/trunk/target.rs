//! The places that take a trunk's calls, as they stand now: their addresses, and whether they answer. Says in which order a call
//! tries them: those that answer before those that do not, lower priorities first, and by lot, weighted, within one (RFC 2782).

use super::settings::Target;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Addresses of one name that are kept. A carrier that has more has several names.
const ADDRESSES_MAX: usize = 8;

/// How long a target that nobody probes counts as down after a call found it so.
const HOLD_OFF: Duration = Duration::from_secs(30);

/// A target and what is known of it.
#[derive(Debug)]
pub(in crate::sip) struct Place {
    pub(in crate::sip) target: Target,
    /// Its address, or what its name led to when it was last looked up.
    addresses: Mutex<Arc<[SocketAddr]>>,
    down_since: Mutex<Option<Instant>>,
    /// Whether probes will notice that it is back.
    probed: bool,
    /// A call found it silent, or it has an address at last: it is worth a probe.
    pub(super) suspected: Notify,
}

impl Place {
    pub(super) fn new(target: Target, probed: bool) -> Self {
        let literal = target.host.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, target.port));
        Self {
            addresses: Mutex::new(literal.into_iter().collect()),
            target,
            down_since: Mutex::default(),
            probed,
            suspected: Notify::new(),
        }
    }

    /// Whether its host has to be looked up.
    pub(super) fn is_named(&self) -> bool {
        self.target.host.parse::<IpAddr>().is_err()
    }

    pub(in crate::sip) fn addresses(&self) -> Arc<[SocketAddr]> {
        Arc::clone(&locked(&self.addresses))
    }

    /// What its name leads to now.
    pub(super) fn keep_addresses(&self, found: impl Iterator<Item = SocketAddr>) {
        *locked(&self.addresses) = found.take(ADDRESSES_MAX).collect();
    }

    pub(super) fn is_up(&self, now: Instant) -> bool {
        match *locked(&self.down_since) {
            None => true,
            Some(since) => !self.probed && now.saturating_duration_since(since) >= HOLD_OFF,
        }
    }

    /// It did not answer. True where that is news.
    pub(super) fn is_down_now(&self, now: Instant) -> bool {
        let mut down_since = locked(&self.down_since);
        let news = down_since.is_none();
        *down_since = Some(now);
        news
    }

    /// It answered. True where that is news.
    pub(super) fn is_up_now(&self) -> bool {
        locked(&self.down_since).take().is_some()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every use is one assignment or one look.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What decides on a target's turn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) up: bool,
    pub(super) priority: u16,
    pub(super) weight: u16,
}

/// In which order targets are tried. `lot(n)` draws a number below `n`, which is never 0.
pub(super) fn order(standings: &[Standing], mut lot: impl FnMut(u32) -> u32) -> Vec<usize> {
    let mut left: Vec<usize> = (0..standings.len()).collect();
    let mut ordered = Vec::with_capacity(left.len());
    let turn = |at: usize| (!standings[at].up, standings[at].priority);
    while let Some(next) = left.iter().copied().map(turn).min() {
        let mut group: Vec<usize> = left.iter().copied().filter(|at| turn(*at) == next).collect();
        left.retain(|at| turn(*at) != next);
        while !group.is_empty() {
            // One more than the weights, so that a target of weight 0 has its small chance too.
            let total = group.iter().map(|at| u32::from(standings[*at].weight) + 1).sum::<u32>();
            let mut drawn = lot(total);
            let won = group.iter().position(|at| {
                let share = u32::from(standings[*at].weight) + 1;
                let wins = drawn < share;
                drawn = drawn.saturating_sub(share);
                wins
            });
            ordered.push(group.remove(won.unwrap_or_default()));
        }
    }
    ordered
}

/// A number below `n` from the operating system's dice.
pub(super) fn lot(n: u32) -> u32 {
    let mut bytes = [0; 8];
    crate::random::fill(&mut bytes);
    // Of 64 bits the remainder favours nobody that anyone could notice.
    u32::try_from(u64::from_be_bytes(bytes) % u64::from(n.max(1))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(up: bool, priority: u16, weight: u16) -> Standing {
        Standing { up, priority, weight }
    }

    #[test]
    fn those_that_answer_go_first_then_the_lower_priority() {
        let standings = [standing(true, 20, 0), standing(false, 1, 0), standing(true, 10, 0), standing(false, 0, 0)];
        assert_eq!(order(&standings, |_| 0), [2, 0, 3, 1]);
        assert_eq!(order(&[], |_| 0), Vec::<usize>::new());
    }

    #[test]
    fn weights_share_the_calls() {
        let standings = [standing(true, 10, 59), standing(true, 10, 29), standing(true, 10, 9)];
        let mut first = [0; 3];
        for drawn in 0..100 {
            // The first lot is drawn of 100 shares, the others are as they fall.
            let ordered = order(&standings, |n| drawn % n);
            assert_eq!(ordered.len(), 3);
            first[ordered[0]] += 1;
        }
        assert_eq!(first, [60, 30, 10]);
        assert!((0..1000).all(|_| lot(3) < 3));
    }

    #[test]
    fn a_target_nobody_probes_is_tried_again_after_a_while() {
        let now = Instant::now();
        let target = |probed| Place::new("192.0.2.1".parse().unwrap(), probed);
        for (probed, later) in [(true, false), (false, true)] {
            let place = target(probed);
            assert!(place.is_up(now) && place.is_down_now(now) && !place.is_down_now(now));
            assert!(!place.is_up(now));
            assert_eq!(place.is_up(now + HOLD_OFF), later);
            assert!(place.is_up_now() && place.is_up(now) && !place.is_up_now());
        }
        assert_eq!(target(true).addresses().to_vec(), ["192.0.2.1:5060".parse().unwrap()]);
    }
}
