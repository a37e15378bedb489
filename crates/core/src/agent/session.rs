//! Log-in sessions: what somebody showed to open one, what is still asked of them before they may act, and how fresh it is. Whoever
//! confirms for others needs it fresh; a [`FreshFactor`] can be had nowhere else.

use crate::kernel::{
    ids::{SessionId, StaffId},
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};

/// What was shown last counts as fresh for this long: long enough to read what is being confirmed, too short for a desk that was
/// left open.
pub const FRESH_FOR: Span = Span::from_s(5 * 60);

/// A session in which a second factor is still missing lasts this long: enough to set one up.
pub const UNFINISHED_FOR: Span = Span::from_s(15 * 60);

/// What somebody showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// The password alone.
    Password,
    /// A code of their authenticator, after the password.
    Code,
    /// A recovery code, after the password.
    RecoveryCode,
    /// A signature of a passkey of theirs, after the password.
    Passkey,
}

impl Shown {
    /// More than the password.
    #[must_use]
    pub const fn is_second(self) -> bool {
        match self {
            Self::Password => false,
            Self::Code | Self::RecoveryCode | Self::Passkey => true,
        }
    }
}

/// A log-in session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which one. It stays the same when the token changes, and opens nothing.
    pub id: SessionId,
    /// SHA-256 of the cookie's token, hex: the token itself is never stored.
    pub token_hash: String,
    /// Whose.
    pub staff: StaffId,
    /// When it ends whatever happens.
    pub expires_at: Wall,
    /// What was shown last.
    pub shown: Shown,
    /// When.
    pub shown_at: Wall,
}

/// What is asked of a person besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// Their role needs a second factor.
    pub is_required: bool,
    /// They have set one up.
    pub is_enrolled: bool,
}

/// What is missing before a session may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The second factor they have.
    SecondFactor,
    /// A second factor to be set up: their role needs one.
    Enrolment,
}

/// Proof that a person showed lately what is asked of them. A ruling on what one person confirms for another takes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreshFactor {
    staff: StaffId,
    shown: Shown,
    at: Wall,
}

impl FreshFactor {
    /// Whose.
    #[must_use]
    pub const fn staff(&self) -> StaffId {
        self.staff
    }

    /// What was shown.
    #[must_use]
    pub const fn shown(&self) -> Shown {
        self.shown
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> Wall {
        self.at
    }
}

/// What was shown is too old, or too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("confirm that it is you: show your second factor again, or your password where you have none")]
pub struct NotFresh;

impl Session {
    /// What is still missing before this session may act; none when nothing is.
    #[must_use]
    pub const fn missing(&self, demand: Demand) -> Option<Missing> {
        match (demand.is_enrolled, self.shown.is_second(), demand.is_required) {
            (true, true, _) | (false, _, false) => None,
            (true, false, _) => Some(Missing::SecondFactor),
            (false, _, true) => Some(Missing::Enrolment),
        }
    }

    /// The proof that this person showed what is asked of them within the last [`FRESH_FOR`].
    ///
    /// # Errors
    /// [`NotFresh`] when it was longer ago, lies in the future, or something is missing.
    pub fn fresh(&self, demand: Demand, now: Wall) -> Result<FreshFactor, NotFresh> {
        let is_fresh = self.missing(demand).is_none() && self.shown_at <= now && now - self.shown_at < FRESH_FOR;
        is_fresh.then_some(FreshFactor { staff: self.staff, shown: self.shown, at: self.shown_at }).ok_or(NotFresh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Wall = Wall(1_000_000_000_000);

    fn session(shown: Shown) -> Session {
        Session { id: 1.into(), token_hash: String::new(), staff: 2.into(), expires_at: T0, shown, shown_at: T0 }
    }

    #[test]
    fn whoever_has_a_second_factor_or_needs_one_is_asked_for_it() {
        for (shown, is_enrolled, is_required, missing) in [
            (Shown::Password, false, false, None),
            (Shown::Password, false, true, Some(Missing::Enrolment)),
            (Shown::Password, true, false, Some(Missing::SecondFactor)),
            (Shown::Password, true, true, Some(Missing::SecondFactor)),
            (Shown::Code, true, true, None),
            (Shown::RecoveryCode, true, true, None),
            // Taken away meanwhile: what was shown counts for nothing more.
            (Shown::Code, false, true, Some(Missing::Enrolment)),
            (Shown::Code, false, false, None),
        ] {
            let found = session(shown).missing(Demand { is_required, is_enrolled });
            assert_eq!(found, missing, "{shown:?} {is_enrolled} {is_required}");
        }
    }

    #[test]
    fn it_is_fresh_for_five_minutes_and_never_when_something_is_missing() {
        let nothing = Demand { is_required: false, is_enrolled: false };
        let s = |s: i64| Wall(T0.0 + s * 1_000_000);
        for (now, fresh) in [(s(-1), false), (s(0), true), (s(299), true), (s(300), false)] {
            assert_eq!(session(Shown::Password).fresh(nothing, now).is_ok(), fresh, "{now:?}");
        }
        let enrolled = Demand { is_required: false, is_enrolled: true };
        assert_eq!(session(Shown::Password).fresh(enrolled, T0), Err(NotFresh));
        let fresh = session(Shown::Code).fresh(enrolled, T0).unwrap();
        assert_eq!((fresh.staff(), fresh.shown(), fresh.at()), (2.into(), Shown::Code, T0));
    }
}
