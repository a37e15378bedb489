//! How many accounts one caller may freeze without a person. A freeze is easy to ask for, so that it can stop a theft; the limits
//! keep that from becoming a weapon.

use crate::kernel::{
    subject::Subject,
    tally::{Counted, Tally},
    time::Wall,
};

/// Bounds on freezes within a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreezeLimits {
    /// Accounts that one calling number may freeze (domain: five).
    pub caller_max: usize,
    /// Accounts that calls of one trunk may freeze, for callers whose number is withheld or made up.
    pub trunk_max: usize,
}

impl Default for FreezeLimits {
    fn default() -> Self {
        Self { caller_max: 5, trunk_max: 500 }
    }
}

/// The freeze has to go through a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many accounts were frozen from this number or trunk today: a person decides on the next one")]
pub struct TooManyFreezes;

/// Whether one more account may be frozen. Freezing the same account again is always allowed.
///
/// # Errors
/// [`TooManyFreezes`].
pub fn check_freeze(
    caller: &Tally,
    trunk: &Tally,
    subject: &Subject,
    limits: &FreezeLimits,
    now: Wall,
) -> Result<(), TooManyFreezes> {
    let within = |tally: &Tally, max| tally.others(Counted::Freeze, now, subject) < max;
    if within(caller, limits.caller_max) && within(trunk, limits.trunk_max) { Ok(()) } else { Err(TooManyFreezes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_account_of_a_day_goes_through_a_person() {
        let subject = |number: usize| Subject::new(number.to_string());
        let (mut caller, trunk) = (Tally::new("caller".to_owned()), Tally::new("trunk".to_owned()));
        for number in 0..5 {
            assert_eq!(check_freeze(&caller, &trunk, &subject(number), &FreezeLimits::default(), Wall(9)), Ok(()));
            caller.note(Counted::Freeze, Wall(9), &subject(number));
        }
        let check = |number, now| check_freeze(&caller, &trunk, &subject(number), &FreezeLimits::default(), Wall(now));
        assert_eq!(check(5, 10), Err(TooManyFreezes));
        assert_eq!(check(3, 10), Ok(()), "the same account again");
        assert_eq!(check(5, 24 * 3_600_000_000 + 9), Ok(()), "a day later");
    }
}
