//! One offer of a waiting caller to an agent: where it rings, and what each thing that can happen makes of it.

use crate::kernel::{
    ids::{ContactId, LegId, OfferId, StaffId},
    time::{Mono, Wall},
};

/// A ringing offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its identifier.
    pub id: OfferId,
    /// Who waits.
    pub contact: ContactId,
    /// Who is asked.
    pub agent: StaffId,
    /// Where it rings.
    pub rings: Rings,
    /// The leg to the agent's phone, when that rings.
    pub phone: Option<LegId>,
    /// When it is over by itself.
    pub deadline: Mono,
    /// The same on the wall clock, for the card.
    pub expires_at: Wall,
}

/// Where an offer rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rings {
    /// On the desk.
    Desk,
    /// On the phone; nobody sees the card.
    Phone,
    /// On both.
    Both,
}

/// What can happen to a ringing offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// The agent took it.
    Accepted,
    /// The agent gave it back.
    Declined,
    /// Its time is over.
    Expired,
    /// The agent's phone refused it.
    PhoneRefused,
    /// The agent's phone cannot be reached any more.
    PhoneLost,
    /// The agent's desk is gone.
    DeskLost,
    /// The agent's desk is back.
    DeskBack,
    /// The caller is gone, or was put elsewhere.
    CallerGone,
}

/// How an offer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The agent took it.
    Accepted,
    /// Nobody reacted.
    Missed,
    /// It was given back.
    Declined,
    /// It lost its reason.
    Withdrawn,
}

/// What becomes of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It rings on.
    Rings(Rings),
    /// It is over.
    Over {
        /// How.
        outcome: Outcome,
        /// It counts against the agent as missed.
        missed: bool,
        /// The agent let it pass: others come first now.
        passed: bool,
    },
}

impl Outcome {
    /// The word on the wire and in the timeline.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Missed => "missed",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Rings {
    /// What `happening` makes of an offer that rings here. A phone that refuses counts as missed too: else one that refuses at once
    /// would be rung for ever. A decline at the desk is a person's choice and does not.
    #[must_use]
    pub const fn after(self, happening: Happening) -> Verdict {
        match (self, happening) {
            (_, Happening::Accepted) => over(Outcome::Accepted, false, false),
            (_, Happening::Declined) => over(Outcome::Declined, false, true),
            (_, Happening::Expired) => over(Outcome::Missed, true, true),
            (_, Happening::CallerGone) => over(Outcome::Withdrawn, false, false),
            (Self::Phone, Happening::PhoneRefused) => over(Outcome::Declined, true, true),
            (Self::Phone, Happening::PhoneLost) => over(Outcome::Missed, true, true),
            (Self::Desk | Self::Both, Happening::PhoneRefused | Happening::PhoneLost) => Verdict::Rings(Self::Desk),
            (Self::Desk, Happening::DeskLost) => over(Outcome::Withdrawn, false, false),
            (Self::Phone | Self::Both, Happening::DeskLost) => Verdict::Rings(Self::Phone),
            (Self::Desk, Happening::DeskBack) => Verdict::Rings(Self::Desk),
            (Self::Phone | Self::Both, Happening::DeskBack) => Verdict::Rings(Self::Both),
        }
    }
}

const fn over(outcome: Outcome, missed: bool, passed: bool) -> Verdict {
    Verdict::Over { outcome, missed, passed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offer_ends_by_its_deadline_wherever_it_rings() {
        for rings in [Rings::Desk, Rings::Phone, Rings::Both] {
            assert_eq!(rings.after(Happening::Expired), over(Outcome::Missed, true, true));
        }
    }

    #[test]
    fn a_phone_that_refuses_leaves_the_desk_ringing() {
        assert_eq!(Rings::Both.after(Happening::PhoneRefused), Verdict::Rings(Rings::Desk));
        assert_eq!(Rings::Phone.after(Happening::PhoneRefused), over(Outcome::Declined, true, true));
        assert_eq!(Rings::Phone.after(Happening::PhoneLost), over(Outcome::Missed, true, true));
    }

    #[test]
    fn a_lost_desk_withdraws_what_rings_nowhere_else() {
        assert_eq!(Rings::Desk.after(Happening::DeskLost), over(Outcome::Withdrawn, false, false));
        assert_eq!(Rings::Both.after(Happening::DeskLost), Verdict::Rings(Rings::Phone));
        assert_eq!(Rings::Phone.after(Happening::DeskBack), Verdict::Rings(Rings::Both));
    }
}
