//! Who hears whom. A leg is heard by those it lists and hears those its speaker lists; the two are only ever changed together,
//! here, one change at a time. Packets need none of this.

use super::MediaPlane;
use super::keypad::{KEYS_MAX, read_keys};
use super::leg::{Leg, lock};
use super::mix::GAIN_PLAIN;
use crate::{LegId, LegStats, Source};
use std::sync::{Arc, Weak};

/// Most sources one leg hears: a conference of five and a supervisor, with room.
const SOURCES_MAX: usize = 8;
/// Most legs that hear one leg: each costs every packet of it a sending.
const LISTENERS_MAX: usize = 16;

/// Why an order to a leg was refused. Nothing of it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// A leg would hear more than 8 others.
    #[error("a leg hears at most 8 others: leave some out")]
    TooManySources,
    /// A leg would be heard by more than 16 others.
    #[error("leg {0} is heard by 16 others already: end one of these first")]
    TooManyListeners(LegId),
    /// A key that no telephone has.
    #[error("only the keys 0-9, *, # and A-D can be pressed")]
    NotAKey,
    /// More keys than may wait.
    #[error("at most {KEYS_MAX} keys may wait to be pressed: wait until some were")]
    TooManyKeys,
}

impl MediaPlane {
    /// Lets two legs hear each other and nobody else. Whoever was bridged to one of them stays in silence. What either plays is
    /// stopped.
    pub fn bridge(&self, a: LegId, b: LegId) {
        let _patching = lock(&self.shared.patching);
        let (Some(a), Some(b)) = (self.leg(a), self.leg(b)) else { return };
        if a.id == b.id {
            return;
        }
        for (leg, other) in [(&a, &b), (&b, &a)] {
            if let Some(before) = self.bridged(leg).filter(|before| before.id != other.id) {
                self.patch(&before, &[]);
            }
        }
        for (leg, other) in [(&a, &b), (&b, &a)] {
            self.patch(leg, &[Source { leg: other.id, gain: GAIN_PLAIN }]);
            leg.stop();
        }
    }

    /// Parts two legs: neither hears the other any more.
    pub fn unbridge(&self, a: LegId, b: LegId) {
        let _patching = lock(&self.shared.patching);
        for (leg, other) in [(a, b), (b, a)] {
            if let Some(leg) = self.leg(leg) {
                self.patch(&leg, &without(&leg, other));
            }
        }
    }

    /// Replaces whom a leg hears. Sources that do not exist, and the leg itself, are left out. What is played to the leg goes on.
    ///
    /// # Errors
    /// [`OrderError::TooManySources`], [`OrderError::TooManyListeners`]; then nothing has changed.
    pub fn mix(&self, leg: LegId, hears: &[Source]) -> Result<(), OrderError> {
        let _patching = lock(&self.shared.patching);
        let Some(listener) = self.leg(leg) else { return Ok(()) };
        let mut sources: Vec<Source> = Vec::new();
        for source in hears {
            let known = source.leg != leg && self.leg(source.leg).is_some();
            if known && sources.iter().all(|before| before.leg != source.leg) {
                sources.push(*source);
            }
        }
        if sources.len() > SOURCES_MAX {
            return Err(OrderError::TooManySources);
        }
        let before = listener.sources();
        for new in sources.iter().filter(|source| before.iter().all(|before| before.leg != source.leg)) {
            if self.leg(new.leg).is_some_and(|source| source.listeners().len() >= LISTENERS_MAX) {
                return Err(OrderError::TooManyListeners(new.leg));
            }
        }
        self.patch(&listener, &sources);
        Ok(())
    }

    /// Begins or ends a time in which nobody hears what a leg says and keys; keys are still told. The silence outlives its end
    /// by 200 ms.
    pub fn secure(&self, leg: LegId, on: bool) {
        if let Some(leg) = self.leg(leg) {
            leg.secure(on);
        }
    }

    /// Presses keys towards a leg's far end, after those that still wait.
    ///
    /// # Errors
    /// [`OrderError::NotAKey`], [`OrderError::TooManyKeys`]; then none is pressed.
    pub fn send_digits(&self, leg: LegId, digits: &str) -> Result<(), OrderError> {
        let keys = read_keys(digits).ok_or(OrderError::NotAKey)?;
        let taken = self.leg(leg).is_none_or(|leg| leg.press(&keys));
        if taken { Ok(()) } else { Err(OrderError::TooManyKeys) }
    }

    /// Ends a leg's media, in whatever state it is, and says what it did. Whoever heard it stays up and hears the others, or
    /// silence. A leg that does not exist has done nothing.
    #[must_use]
    pub fn close(&self, leg: LegId) -> LegStats {
        let leg = {
            let _patching = lock(&self.shared.patching);
            let Some(leg) = lock(&self.shared.legs).remove(&leg) else {
                return LegStats::default();
            };
            for source in leg.sources().iter().filter_map(|source| self.leg(source.leg)) {
                source.remove_listener(&leg);
            }
            for listener in leg.listeners().iter().filter_map(Weak::upgrade) {
                self.patch(&listener, &without(&listener, leg.id));
                leg.remove_listener(&listener);
            }
            leg
        };
        let stats = leg.close();
        lock(&self.shared.ended).add(&leg.counters);
        stats
    }

    /// Changes whom a leg hears, and tells those who are heard.
    fn patch(&self, listener: &Arc<Leg>, sources: &[Source]) {
        let before = listener.sources();
        let is_in = |list: &[Source], leg: LegId| list.iter().any(|source| source.leg == leg);
        listener.hear(sources);
        for gone in before.iter().filter(|before| !is_in(sources, before.leg)).filter_map(|before| self.leg(before.leg)) {
            gone.remove_listener(listener);
        }
        for new in sources.iter().filter(|source| !is_in(&before, source.leg)).filter_map(|source| self.leg(source.leg)) {
            new.add_listener(listener);
        }
    }

    /// The leg that this one hears alone and is heard by alone.
    fn bridged(&self, leg: &Leg) -> Option<Arc<Leg>> {
        let alone = |leg: &Leg| match leg.sources()[..] {
            [Source { leg, gain: GAIN_PLAIN }] => Some(leg),
            [..] => None,
        };
        let other = self.leg(alone(leg)?)?;
        (alone(&other) == Some(leg.id)).then_some(other)
    }
}

fn without(leg: &Leg, other: LegId) -> Vec<Source> {
    leg.sources().into_iter().filter(|source| source.leg != other).collect()
}
