//! Look-ups: a masked number of a contact, shown in full to one person for a reason. Whoever serves the customer of a live contact needs
//! no second look; of every other look-up somebody else says afterwards that they have seen it. Nothing is shown before it is on record.

use super::Contact;
use crate::agent::Staff;
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::actor::{Actor, Role};
use crate::kernel::ids::{ContactId, LookUpId, StaffId};
use crate::kernel::pii::Pii;
use crate::kernel::purpose::Purpose;
use crate::kernel::time::{Span, Wall};

/// A number stays shown for this long; then the screen masks it again.
pub const SHOWN_FOR: Span = Span::from_s(30);

/// Least that is a reason: fewer characters say nothing.
const REASON_CHARS_MIN: usize = 4;

/// Longest reason.
const REASON_CHARS_MAX: usize = 200;

/// Kept as long as what was verified: two years.
const KEPT_FOR: Span = Span::from_s(730 * 24 * 60 * 60);

/// What became of a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// Of a live contact, by whoever was on it: nobody has to see it.
    NotNeeded,
    /// Nobody has seen it yet.
    Waiting,
    /// Somebody has.
    Seen {
        /// Who.
        by: StaffId,
        /// When.
        at: Wall,
    },
}

/// One look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookUp {
    /// Which one.
    pub id: LookUpId,
    /// Who asked.
    pub staff: StaffId,
    /// Of which contact.
    pub contact: ContactId,
    /// Why, in their own words.
    pub reason: Pii<String>,
    /// When.
    pub at: Wall,
    /// Whether it was seen.
    pub review: Review,
    /// When its row is due to go.
    pub expires_at: Wall,
}

/// Why something about a look-up was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LookUpRefusal {
    /// No reason, or a novel.
    #[error("give a reason of {REASON_CHARS_MIN} to {REASON_CHARS_MAX} characters")]
    BadReason,
    /// Nobody called from a number, or it was withheld.
    #[error("no number was shown by this call")]
    NoNumber,
    /// Not somebody who checks.
    #[error("look-ups are seen by compliance, and by whoever leads the person who looked up")]
    NotYourWork,
    /// One's own.
    #[error("somebody else must see your look-up")]
    Oneself,
    /// Seen already, or nobody has to see it.
    #[error("this look-up does not wait to be seen")]
    NotWaiting,
}

/// Shows the calling number of a contact to somebody who may read it. `is_live` when it is with them at this moment.
///
/// # Errors
/// [`LookUpRefusal`] when the reason says nothing, or there is no number.
pub fn look_up(
    id: LookUpId,
    contact: &Contact,
    by: &Staff,
    is_live: bool,
    reason: &str,
    now: Wall,
) -> Result<Commit, LookUpRefusal> {
    let reason = reason.trim();
    if !(REASON_CHARS_MIN..=REASON_CHARS_MAX).contains(&reason.chars().count()) {
        return Err(LookUpRefusal::BadReason);
    }
    if contact.caller.expose().is_empty() {
        return Err(LookUpRefusal::NoNumber);
    }
    let purpose = if contact.agents.contains(&by.id) || is_live { Purpose::Service } else { by.role.reads_for() };
    let row = LookUp {
        id,
        staff: by.id,
        contact: contact.id,
        reason: Pii::new(reason.to_owned()),
        at: now,
        review: if is_live { Review::NotNeeded } else { Review::Waiting },
        expires_at: now + KEPT_FOR,
    };
    let entry = Entry::new(now, Actor::Staff { id: by.id }, "contact.number_shown", contact.id).for_purpose(purpose);
    Ok(Commit::new(entry, vec![Change::LookUp(0, Box::new(row))]))
}

/// Who sees look-ups of others. A supervisor those of the people they lead; `leads` says whether they do.
#[must_use]
pub const fn sees_look_ups(role: Role, leads: bool) -> bool {
    match role {
        Role::Compliance => true,
        Role::Supervisor => leads,
        Role::Agent | Role::Checker | Role::Handler | Role::Auditor | Role::Admin => false,
    }
}

impl LookUp {
    /// Somebody has seen it.
    ///
    /// # Errors
    /// [`LookUpRefusal`] when they may not, or it does not wait.
    pub fn see(&self, version: Version, by: &Staff, leads: bool, now: Wall) -> Result<Commit, LookUpRefusal> {
        if self.staff == by.id {
            return Err(LookUpRefusal::Oneself);
        }
        if !sees_look_ups(by.role, leads) {
            return Err(LookUpRefusal::NotYourWork);
        }
        match self.review {
            Review::NotNeeded | Review::Seen { .. } => Err(LookUpRefusal::NotWaiting),
            Review::Waiting => {
                let row = Self { review: Review::Seen { by: by.id, at: now }, ..self.clone() };
                let entry = Entry::new(now, Actor::Staff { id: by.id }, "look_up.seen", self.id);
                Ok(Commit::new(entry, vec![Change::LookUp(version, Box::new(row))]))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Teams;

    const NOW: Wall = Wall(1_000_000_000_000);

    fn staff(id: u128, role: Role) -> Staff {
        Staff {
            id: id.into(),
            user: String::new(),
            number: String::new(),
            role,
            languages: Vec::new(),
            skills: Vec::new(),
            teams: Teams::default(),
            password_hash: None,
            sip_ha1: None,
        }
    }

    fn row(review: Review) -> LookUp {
        LookUp {
            id: 9.into(),
            staff: 1.into(),
            contact: 5.into(),
            reason: Pii::new("asked twice".to_owned()),
            at: NOW,
            review,
            expires_at: NOW + KEPT_FOR,
        }
    }

    #[test]
    fn a_look_up_is_seen_once_by_somebody_else_who_checks() {
        let waiting = row(Review::Waiting);
        for (by, leads, expected) in [
            (staff(2, Role::Compliance), false, Ok(())),
            (staff(2, Role::Supervisor), true, Ok(())),
            (staff(2, Role::Supervisor), false, Err(LookUpRefusal::NotYourWork)),
            (staff(2, Role::Admin), true, Err(LookUpRefusal::NotYourWork)),
            (staff(2, Role::Auditor), true, Err(LookUpRefusal::NotYourWork)),
            (staff(1, Role::Compliance), true, Err(LookUpRefusal::Oneself)),
        ] {
            assert_eq!(waiting.see(1, &by, leads, NOW).map(drop), expected, "{:?} {leads}", by.role);
        }
        let seen = row(Review::Seen { by: 3.into(), at: NOW });
        for other in [seen, row(Review::NotNeeded)] {
            assert_eq!(other.see(1, &staff(2, Role::Compliance), false, NOW), Err(LookUpRefusal::NotWaiting));
        }
    }
}
