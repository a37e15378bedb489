//! The second factor of a member of staff: an authenticator's seed, passkeys, codes for the day both are lost, and what wrong ones lead
//! to. Whether a code or a signature is right is found out at the edge, which holds the key and the clock; what follows is ruled here.
//! Seeds and passkeys stand here sealed, recovery codes as keyed hashes, and none can be read.

use super::passkey::{Passkey, PasskeyRefusal};
use super::{Examiner, Secret};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::actor::Actor;
use crate::kernel::ids::StaffId;
use crate::kernel::time::{Span, Wall};

/// Wrong codes in a row before the second factor is locked (NIST SP 800-63B allows a hundred; nobody needs more than a few).
pub const MISSES_MAX: u32 = 5;

/// How long it is locked then: 480 guesses a day of a million codes, three of which are good at a time.
pub const LOCKED_FOR: Span = Span::from_s(15 * 60);

/// A seed that was shown must be confirmed within this long.
pub const CONFIRM_WITHIN: Span = Span::from_s(10 * 60);

/// Recovery codes that are drawn at once.
pub const RECOVERY_CODES: usize = 10;

/// The second factor of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whose.
    pub staff: StaffId,
    /// The authenticator that counts, where one was set up.
    pub authenticator: Option<Authenticator>,
    /// The passkeys that count, oldest first; no two of one id.
    pub passkeys: Vec<Passkey>,
    /// A seed that was shown and not confirmed yet.
    pub offered: Option<Offered>,
    /// Keyed hashes of the recovery codes that were not used.
    pub recovery: Vec<Secret>,
    /// Wrong codes since the last good one.
    pub misses: u32,
    /// No code is looked at before this.
    pub locked_until: Option<Wall>,
}

/// An authenticator that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticator {
    /// Its seed, sealed.
    pub seed: Secret,
    /// Since when.
    pub since: Wall,
    /// The step of the last code that was taken. None of this step or an earlier one is taken again (RFC 6238, 5.2).
    pub step: u64,
}

/// A seed that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The seed, sealed.
    pub seed: Secret,
    /// When it was shown.
    pub at: Wall,
}

/// Why something about a second factor was refused. Of a code that was not taken nothing more is ever said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FactorRefusal {
    /// Wrong, used before, or not asked for.
    #[error("the code is wrong or was used before: wait for the next one")]
    Wrong,
    /// Too many wrong ones: how long to wait.
    #[error("too many wrong codes: wait {} minutes, or ask an admin", .0.as_s().div_ceil(60))]
    Locked(Span),
    /// There is no second factor.
    #[error("there is no second factor: set one up first")]
    NotEnrolled,
    /// Nothing was offered, or too long ago.
    #[error("the setup was begun too long ago: begin again")]
    NothingOffered,
    /// The role needs one.
    #[error("your role needs a second factor: set up another instead of removing it")]
    Required,
    /// By somebody who is no admin, or for themselves.
    #[error("a lost second factor is reset by an admin, and by nobody for themselves")]
    NotYourWork,
}

impl SecondFactor {
    /// Of somebody who has none.
    #[must_use]
    pub const fn none(staff: StaffId) -> Self {
        Self {
            staff,
            authenticator: None,
            passkeys: Vec::new(),
            offered: None,
            recovery: Vec::new(),
            misses: 0,
            locked_until: None,
        }
    }

    /// Whether there is anything to show.
    #[must_use]
    pub const fn is_enrolled(&self) -> bool {
        self.authenticator.is_some() || !self.passkeys.is_empty()
    }

    /// Whether codes are looked at. Asked before a code is compared, so that a locked one tells nothing.
    ///
    /// # Errors
    /// [`FactorRefusal::Locked`] with the time that is left.
    pub fn open(&self, now: Wall) -> Result<(), FactorRefusal> {
        match self.locked_until.filter(|until| *until > now) {
            Some(until) => Err(FactorRefusal::Locked(until - now)),
            None => Ok(()),
        }
    }

    /// A new seed was drawn and is shown; what counted before goes on counting until it is confirmed.
    #[must_use]
    pub fn offer(&self, version: Version, seed: Secret, now: Wall) -> Commit {
        self.commit(version, now, "offered", Self { offered: Some(Offered { seed, at: now }), ..self.clone() })
    }

    /// The seed that waits to be confirmed.
    ///
    /// # Errors
    /// [`FactorRefusal::NothingOffered`] when there is none, or it was shown too long ago.
    pub fn offered(&self, now: Wall) -> Result<&Secret, FactorRefusal> {
        let lasting = self.offered.as_ref().filter(|offered| now - offered.at < CONFIRM_WITHIN);
        lasting.map(|offered| &offered.seed).ok_or(FactorRefusal::NothingOffered)
    }

    /// A code of the offered seed was right: it counts from now on, with these recovery codes and no earlier ones.
    ///
    /// # Errors
    /// [`FactorRefusal`] when nothing is offered, or codes are not looked at.
    pub fn enrol(&self, version: Version, step: u64, recovery: Vec<Secret>, now: Wall) -> Result<Commit, FactorRefusal> {
        self.open(now)?;
        let seed = self.offered(now)?.clone();
        let authenticator = Some(Authenticator { seed, since: now, step });
        let passkeys = self.passkeys.clone();
        Ok(self.commit(version, now, "enrolled", Self { authenticator, passkeys, recovery, ..Self::none(self.staff) }))
    }

    /// A code of this step was right.
    ///
    /// # Errors
    /// [`FactorRefusal`] when codes are not looked at, or one of this step or a later one was taken before.
    pub fn take_code(&self, version: Version, step: u64, now: Wall) -> Result<Commit, FactorRefusal> {
        self.open(now)?;
        let known = self.authenticator.as_ref().ok_or(FactorRefusal::NotEnrolled)?;
        if step <= known.step {
            return Err(FactorRefusal::Wrong);
        }
        let authenticator = Some(Authenticator { step, ..known.clone() });
        Ok(self.commit(version, now, "shown", Self { authenticator, misses: 0, locked_until: None, ..self.clone() }))
    }

    /// A recovery code was right: it is the one at this place, and is used up.
    ///
    /// # Errors
    /// [`FactorRefusal`] when codes are not looked at, or there is none at this place.
    pub fn take_recovery_code(&self, version: Version, place: usize, now: Wall) -> Result<Commit, FactorRefusal> {
        self.open(now)?;
        let mut left = self.clone();
        if !self.is_enrolled() || place >= left.recovery.len() {
            return Err(FactorRefusal::Wrong);
        }
        left.recovery.remove(place);
        Ok(self.commit(version, now, "recovery_code_used", Self { misses: 0, locked_until: None, ..left }))
    }

    /// A code was wrong. After [`MISSES_MAX`] none is looked at for [`LOCKED_FOR`].
    #[must_use]
    pub fn miss(&self, version: Version, now: Wall) -> Commit {
        let misses = self.misses + 1;
        if misses < MISSES_MAX {
            return self.commit(version, now, "refused", Self { misses, locked_until: None, ..self.clone() });
        }
        self.commit(version, now, "locked", Self { misses: 0, locked_until: Some(now + LOCKED_FOR), ..self.clone() })
    }

    /// These recovery codes instead of those before.
    ///
    /// # Errors
    /// [`FactorRefusal::NotEnrolled`] when there is nothing to recover.
    pub fn renew_recovery(&self, version: Version, recovery: Vec<Secret>, now: Wall) -> Result<Commit, FactorRefusal> {
        if !self.is_enrolled() {
            return Err(FactorRefusal::NotEnrolled);
        }
        Ok(self.commit(version, now, "recovery_codes_renewed", Self { recovery, ..self.clone() }))
    }

    /// Its owner removes the authenticator, unless it is all they have and their role needs one.
    ///
    /// # Errors
    /// [`FactorRefusal`] when there is none, or it is needed.
    pub fn remove(&self, version: Version, is_required: bool, now: Wall) -> Result<Commit, FactorRefusal> {
        self.authenticator.as_ref().ok_or(FactorRefusal::NotEnrolled)?;
        let left = Self { authenticator: None, offered: None, ..self.clone() };
        Ok(self.commit(version, now, "removed", left.if_allowed(is_required)?))
    }

    /// A passkey was made and its first signature was right: it counts from now on. The first thing that counts comes with
    /// recovery codes.
    ///
    /// # Errors
    /// [`PasskeyRefusal`] when there are too many, or this one counts already.
    pub fn add_passkey(
        &self,
        version: Version,
        passkey: Passkey,
        recovery: Vec<Secret>,
        now: Wall,
    ) -> Result<Commit, PasskeyRefusal> {
        passkey.may_join(&self.passkeys)?;
        let recovery = if self.is_enrolled() { self.recovery.clone() } else { recovery };
        let mut passkeys = self.passkeys.clone();
        passkeys.push(passkey);
        Ok(self.commit(version, now, "passkey_added", Self { passkeys, recovery, ..self.clone() }))
    }

    /// A signature of the passkey with this id was right; `key` is what it is known by from now on, its counter included.
    ///
    /// # Errors
    /// [`FactorRefusal`] when nothing is looked at, or there is no such passkey.
    pub fn take_passkey(&self, version: Version, id: &str, key: Secret, now: Wall) -> Result<Commit, FactorRefusal> {
        self.open(now)?;
        let mut passkeys = self.passkeys.clone();
        let known = passkeys.iter_mut().find(|passkey| passkey.id == id).ok_or(FactorRefusal::Wrong)?;
        (known.key, known.used_at) = (key, Some(now));
        Ok(self.commit(version, now, "passkey_shown", Self { passkeys, misses: 0, locked_until: None, ..self.clone() }))
    }

    /// Its owner removes one passkey, unless it is all they have and their role needs something.
    ///
    /// # Errors
    /// [`FactorRefusal`] when there is no such passkey, or it is needed.
    pub fn remove_passkey(&self, version: Version, id: &str, is_required: bool, now: Wall) -> Result<Commit, FactorRefusal> {
        let mut left = self.clone();
        left.passkeys.retain(|passkey| passkey.id != id);
        if left.passkeys.len() == self.passkeys.len() {
            return Err(FactorRefusal::NotEnrolled);
        }
        Ok(self.commit(version, now, "passkey_removed", left.if_allowed(is_required)?))
    }

    /// What is left after a removal: nothing at all, recovery codes included, once nothing counts.
    fn if_allowed(self, is_required: bool) -> Result<Self, FactorRefusal> {
        match (self.is_enrolled(), is_required) {
            (true, _) => Ok(self),
            (false, true) => Err(FactorRefusal::Required),
            (false, false) => Ok(Self::none(self.staff)),
        }
    }

    /// Somebody else removes it, after its owner lost it: every session of theirs ends.
    ///
    /// # Errors
    /// [`FactorRefusal`] when there is none, or whoever asks may not.
    pub fn reset(&self, version: Version, by: Examiner<'_>, now: Wall) -> Result<Commit, FactorRefusal> {
        by.may_decide_on(self.staff).map_err(|_| FactorRefusal::NotYourWork)?;
        if !self.is_enrolled() {
            return Err(FactorRefusal::NotEnrolled);
        }
        let entry = Entry::new(now, by.actor(), "second_factor.reset", self.staff);
        let none = Box::new(Self::none(self.staff));
        Ok(Commit::new(entry, vec![Change::SecondFactor(version, none), Change::SessionsEnded(self.staff)]))
    }

    fn commit(&self, version: Version, now: Wall, verb: &str, row: Self) -> Commit {
        let entry = Entry::new(now, Actor::Staff { id: self.staff }, &format!("second_factor.{verb}"), self.staff);
        Commit::new(entry, vec![Change::SecondFactor(version, Box::new(row))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Wall = Wall(1_000_000_000_000);

    fn s(s: i64) -> Wall {
        Wall(T0.0 + s * 1_000_000)
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    /// The row a commit leaves, and what its entry says.
    fn row(commit: &Commit) -> (SecondFactor, String) {
        let [Change::SecondFactor(_, row), ..] = commit.changes() else { panic!("{commit:?}") };
        ((**row).clone(), commit.entries()[0].action.clone())
    }

    fn enrolled() -> SecondFactor {
        let (offered, _) = row(&SecondFactor::none(1.into()).offer(0, secret("seed"), T0));
        row(&offered.enrol(1, 10, vec![secret("a"), secret("b")], s(5)).unwrap()).0
    }

    #[test]
    fn what_is_offered_counts_once_it_is_confirmed_in_time() {
        let none = SecondFactor::none(1.into());
        assert_eq!(none.enrol(0, 1, vec![], T0), Err(FactorRefusal::NothingOffered));
        let (offered, action) = row(&none.offer(0, secret("seed"), T0));
        assert_eq!((offered.authenticator.is_none(), action.as_str()), (true, "second_factor.offered"));
        assert_eq!(offered.enrol(1, 1, vec![], s(600)), Err(FactorRefusal::NothingOffered));
        let (enrolled, action) = row(&offered.enrol(1, 7, vec![secret("a")], s(599)).unwrap());
        assert_eq!((enrolled.authenticator.as_ref().unwrap().step, action.as_str()), (7, "second_factor.enrolled"));
        assert!(enrolled.offered.is_none());
    }

    #[test]
    fn no_step_is_taken_twice_nor_an_earlier_one() {
        let factor = enrolled();
        for step in [9, 10] {
            assert_eq!(factor.take_code(1, step, s(30)), Err(FactorRefusal::Wrong), "{step}");
        }
        let (after, _) = row(&factor.take_code(1, 11, s(30)).unwrap());
        assert_eq!(after.take_code(2, 11, s(31)), Err(FactorRefusal::Wrong));
        assert!(after.take_code(2, 12, s(60)).is_ok());
    }

    #[test]
    fn a_recovery_code_is_used_up() {
        let factor = enrolled();
        let (after, action) = row(&factor.take_recovery_code(1, 0, T0).unwrap());
        assert_eq!((after.recovery, action.as_str()), (vec![secret("b")], "second_factor.recovery_code_used"));
        assert_eq!(factor.take_recovery_code(1, 2, T0), Err(FactorRefusal::Wrong));
    }

    #[test]
    fn five_wrong_codes_lock_it_for_a_while_and_a_right_one_changes_nothing_then() {
        let mut factor = enrolled();
        for miss in 1..=MISSES_MAX {
            assert_eq!(factor.open(T0), Ok(()), "{miss}");
            factor = row(&factor.miss(1, T0)).0;
        }
        let locked = Err(FactorRefusal::Locked(LOCKED_FOR));
        assert_eq!(factor.take_code(1, 99, T0), locked);
        assert_eq!(factor.take_recovery_code(1, 0, T0), locked);
        assert!(factor.take_code(1, 99, T0 + LOCKED_FOR).is_ok());
        let (once, _) = row(&factor.miss(1, T0 + LOCKED_FOR));
        assert_eq!((once.misses, once.locked_until), (1, None), "and counting starts anew");
    }

    fn passkey(id: &str) -> Passkey {
        Passkey { id: id.to_owned(), name: "phone".to_owned(), key: secret("key"), since: T0, used_at: None }
    }

    #[test]
    fn the_first_passkey_brings_recovery_codes_and_another_leaves_them() {
        let (one, action) = row(&SecondFactor::none(1.into()).add_passkey(0, passkey("a"), vec![secret("r")], T0).unwrap());
        assert_eq!((one.is_enrolled(), one.recovery.len(), action.as_str()), (true, 1, "second_factor.passkey_added"));
        let (two, _) = row(&one.add_passkey(1, passkey("b"), vec![], T0).unwrap());
        assert_eq!((two.passkeys.len(), &two.recovery), (2, &one.recovery));
        assert_eq!(two.add_passkey(2, passkey("b"), vec![], T0), Err(PasskeyRefusal::Known));
        assert_eq!(row(&one.take_recovery_code(1, 0, T0).unwrap()).0.recovery, vec![]);
    }

    #[test]
    fn a_shown_passkey_is_known_by_its_new_counter_and_a_locked_factor_takes_none() {
        let (one, _) = row(&SecondFactor::none(1.into()).add_passkey(0, passkey("a"), vec![], T0).unwrap());
        let (shown, _) = row(&one.take_passkey(1, "a", secret("counted"), s(9)).unwrap());
        assert_eq!((shown.passkeys[0].key.expose(), shown.passkeys[0].used_at), ("counted", Some(s(9))));
        assert_eq!(one.take_passkey(1, "b", secret("counted"), s(9)), Err(FactorRefusal::Wrong));
        let locked = (0..MISSES_MAX).fold(one, |factor, _| row(&factor.miss(1, T0)).0);
        assert_eq!(locked.take_passkey(1, "a", secret("counted"), T0), Err(FactorRefusal::Locked(LOCKED_FOR)));
    }

    #[test]
    fn the_last_thing_that_counts_is_kept_where_the_role_needs_one() {
        let (both, _) = row(&enrolled().add_passkey(1, passkey("a"), vec![], T0).unwrap());
        let (key_left, _) = row(&both.remove(1, true, T0).unwrap());
        assert_eq!((key_left.authenticator.is_none(), key_left.recovery.len()), (true, 2));
        assert_eq!(key_left.remove_passkey(1, "a", true, T0), Err(FactorRefusal::Required));
        assert_eq!(key_left.remove_passkey(1, "b", false, T0), Err(FactorRefusal::NotEnrolled));
        assert_eq!(row(&key_left.remove_passkey(1, "a", false, T0).unwrap()).0, SecondFactor::none(1.into()));
    }

    #[test]
    fn a_needed_one_is_not_removed_by_its_owner_and_a_reset_ends_sessions() {
        let factor = enrolled();
        assert_eq!(factor.remove(1, true, T0), Err(FactorRefusal::Required));
        assert_eq!(row(&factor.remove(1, false, T0).unwrap()).0, SecondFactor::none(1.into()));
        assert_eq!(SecondFactor::none(1.into()).remove(1, false, T0), Err(FactorRefusal::NotEnrolled));
        let reset = factor.reset(1, Examiner::Operator, T0).unwrap();
        assert!(matches!(reset.changes(), [Change::SecondFactor(1, _), Change::SessionsEnded(_)]), "{reset:?}");
    }
}
