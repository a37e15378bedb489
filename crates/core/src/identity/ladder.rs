//! What each act needs, and when a factor is worth nothing. The levels are the house's rules, one line each.

use crate::kernel::assurance::Level;
use crate::kernel::time::{Span, Wall};

/// An act that needs a permit. The type is the act, so that a permit for one opens no other.
pub trait Guarded {
    /// The act on the wire and in the audit log.
    const NAME: &'static str;
    /// The least level it needs.
    const LEVEL: Level;
}

/// Freeze an account in an emergency. A claim is enough: a freeze that was wrong can be undone, a theft cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreezeAccount;

impl Guarded for FreezeAccount {
    const NAME: &'static str = "freeze";
    const LEVEL: Level = Level::A1;
}

/// Learn the status and the expected time of a transaction the customer names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadTransaction;

impl Guarded for ReadTransaction {
    const NAME: &'static str = "transaction_status";
    const LEVEL: Level = Level::A2;
}

/// After a swap of the SIM, whoever holds the new one gets the codes.
const SIM_SWAP_WINDOW: Span = Span::from_s(240 * 3_600);

/// What the wallet knows that makes a factor worth less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signals {
    /// When the SIM of the registered phone was last swapped, as far as anybody knows.
    pub sim_changed_at: Option<Wall>,
}

impl Signals {
    /// A code by text message proves something.
    #[must_use]
    pub fn sms_counts(self, now: Wall) -> bool {
        // A swap dated in the future is a clock that is off, not an old swap.
        self.sim_changed_at.is_none_or(|at| now - at > SIM_SWAP_WINDOW)
    }

    /// The signal's name for the audit log and the agent's screen; none when nothing speaks against the phone.
    #[must_use]
    pub fn name(self, now: Wall) -> Option<&'static str> {
        (!self.sms_counts(now)).then_some("sim_swap")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_within_ten_days_makes_sms_count_for_nothing() {
        let hour = 3_600_000_000;
        let now = Wall(1_000 * hour);
        for (swapped, counts) in [
            (None, true),
            (Some(now), false),
            (Some(Wall(now.0 - 24 * hour)), false),
            (Some(Wall(now.0 - 240 * hour)), false),
            (Some(Wall(now.0 - 240 * hour - 1)), true),
            (Some(Wall(now.0 + hour)), false),
        ] {
            assert_eq!(Signals { sim_changed_at: swapped }.sms_counts(now), counts, "{swapped:?}");
        }
    }
}
