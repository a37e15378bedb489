//! A circuit breaker per wallet: when one does not answer, callers are told so at once instead of each waiting for it.

use std::sync::Mutex;
use std::sync::PoisonError;
use walletline_core::kernel::time::{Mono, Span};

/// Requests in a row without a usable answer that open it.
const FAILURES_MAX: u32 = 5;

/// How long it stays open before one request may try again.
const OPEN_FOR: Span = Span::from_s(10);

/// Whether a wallet is asked.
#[derive(Debug, Default)]
pub struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    open_until: Option<Mono>,
}

impl Breaker {
    /// Whether a request may be made now. The first one after the pause finds out for all.
    pub fn allows(&self, now: Mono) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.open_until {
            Some(until) if now < until => false,
            Some(_) => {
                state.open_until = Some(now + OPEN_FOR);
                true
            }
            None => true,
        }
    }

    /// The wallet answered, whatever it said; or it did not.
    pub fn note(&self, answered: bool, now: Mono) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if answered {
            *state = State::default();
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES_MAX {
            state.open_until = Some(now + OPEN_FOR);
        }
    }

    /// Nobody is let through.
    pub fn is_open(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).open_until.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_open_it_and_one_answer_closes_it() {
        let (breaker, s) = (Breaker::default(), |s: u64| Mono(s * 1_000_000));
        for _ in 0..FAILURES_MAX {
            assert!(breaker.allows(s(1)));
            breaker.note(false, s(1));
        }
        assert!(!breaker.allows(s(2)) && breaker.is_open());
        assert!(breaker.allows(s(11)), "one finds out for all");
        assert!(!breaker.allows(s(11)));
        breaker.note(true, s(12));
        assert!(breaker.allows(s(12)) && !breaker.is_open());
    }
}
