//! The steps of an act on a wallet, as one table. What is not listed cannot happen, and is refused by name.

use serde::{Deserialize, Serialize};

/// How far an act has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Asked for, and waits until a second person agrees.
    AwaitingSecond,
    /// Decided and durable; not sent, or certainly not arrived.
    Committed,
    /// On its way for the first time.
    Sending,
    /// Sent, and what came of it is not known.
    Unknown,
    /// Being asked about, or sent again, under the same key.
    Reconciling,
    /// The wallet confirmed it.
    Done,
    /// The wallet said no.
    Declined,
    /// Its time ran out without an answer: a person decides.
    GivenUp,
}

/// What can happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Happening {
    /// The second person agreed.
    Agreed,
    /// The second person did not.
    Disagreed,
    /// Somebody sets out to carry it out. In `Sending` and `Reconciling`: whoever did before is gone.
    Begun,
    /// The wallet confirmed.
    Confirmed,
    /// The wallet refused for good.
    Refused,
    /// Sent, but no usable answer.
    NoAnswer,
    /// The wallet could not be reached.
    NotReached,
    /// No time is left.
    TimeOver,
}

use Happening::{Agreed, Begun, Confirmed, Disagreed, NoAnswer, NotReached, Refused, TimeOver};
use State::{AwaitingSecond, Committed, Declined, Done, GivenUp, Reconciling, Sending, Unknown};

/// Every step there is.
pub(super) const STEPS: &[(State, Happening, State)] = &[
    (AwaitingSecond, Agreed, Committed),
    (AwaitingSecond, Disagreed, Declined),
    (AwaitingSecond, TimeOver, GivenUp),
    (Committed, Begun, Sending),
    (Committed, TimeOver, GivenUp),
    (Sending, Begun, Reconciling),
    (Sending, Confirmed, Done),
    (Sending, Refused, Declined),
    (Sending, NoAnswer, Unknown),
    (Sending, NotReached, Committed),
    (Sending, TimeOver, GivenUp),
    (Unknown, Begun, Reconciling),
    (Unknown, TimeOver, GivenUp),
    (Reconciling, Begun, Reconciling),
    (Reconciling, Confirmed, Done),
    (Reconciling, Refused, Declined),
    (Reconciling, NoAnswer, Unknown),
    // Not reached this time; the first time it may have been.
    (Reconciling, NotReached, Unknown),
    (Reconciling, TimeOver, GivenUp),
];

impl State {
    /// The state after something happened; none when that cannot happen here.
    #[must_use]
    pub fn after(self, happening: Happening) -> Option<Self> {
        STEPS.iter().find(|(from, by, _)| *from == self && *by == happening).map(|(_, _, to)| *to)
    }

    /// Nothing more happens by itself.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Declined | Self::GivenUp)
    }

    /// The state on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwaitingSecond => "awaiting_second",
            Self::Committed => "committed",
            Self::Sending => "sending",
            Self::Unknown => "unknown",
            Self::Reconciling => "reconciling",
            Self::Done => "done",
            Self::Declined => "declined",
            Self::GivenUp => "given_up",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [State; 8] = [AwaitingSecond, Committed, Sending, Unknown, Reconciling, Done, Declined, GivenUp];

    #[test]
    fn each_step_is_listed_once_and_nothing_leaves_an_end() {
        for (at, (from, by, _)) in STEPS.iter().enumerate() {
            assert!(!STEPS[..at].iter().any(|(f, b, _)| f == from && b == by), "{from:?} {by:?} stands twice");
            assert!(!from.is_over(), "{from:?} is an end");
        }
    }

    #[test]
    fn every_state_that_is_no_end_can_reach_one_and_is_never_stuck() {
        for start in STATES.into_iter().filter(|state| !state.is_over()) {
            let mut reached = vec![start];
            while let Some((_, _, to)) = STEPS.iter().find(|(from, _, to)| reached.contains(from) && !reached.contains(to)) {
                reached.push(*to);
            }
            assert!(reached.contains(&Done) && reached.contains(&Declined) && reached.contains(&GivenUp), "{start:?}");
            assert!(start == AwaitingSecond || start.after(Begun).is_some(), "a restart must be able to take up {start:?}");
            assert_eq!(start.after(TimeOver), Some(GivenUp), "{start:?}");
        }
    }

    #[test]
    fn nothing_is_sent_before_the_second_person_agreed() {
        let from_waiting: Vec<_> = STEPS.iter().filter(|(from, ..)| *from == AwaitingSecond).map(|(_, by, _)| *by).collect();
        assert_eq!(from_waiting, [Agreed, Disagreed, TimeOver]);
        assert!(!STEPS.iter().any(|(.., to)| *to == AwaitingSecond), "nothing waits for a second person again");
    }

    #[test]
    fn what_may_have_reached_the_wallet_is_never_sent_as_new() {
        assert_eq!(Sending.after(Begun), Some(Reconciling));
        assert_eq!(Reconciling.after(NotReached), Some(Unknown));
        assert_eq!(Unknown.after(Begun), Some(Reconciling));
    }
}
