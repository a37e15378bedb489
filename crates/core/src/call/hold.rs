//! Legal holds: a recording that must not go, whatever its time says, until somebody lets it. Rulings over a recording's row, so that a
//! hold and an erasure that meet cannot both be kept. What was said for a hold stays with the row; the audit log says who and when.

use super::{Recording, RecordingState};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::{Actor, Role},
    ids::StaffId,
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};

/// Longest reason, in characters.
pub const HOLD_REASON_CHARS_MAX: usize = 500;

/// Holds of one recording: each was somebody's decision, and a row has to stay readable.
const HOLDS_MAX: usize = 20;

/// How long a recording stays at least after a hold was lifted: a lifting by mistake can be taken back, an erasure cannot. Our own
/// default.
pub const LIFTED_KEPT: Span = Span::from_s(7 * 24 * 3_600);

/// A hold of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Who placed it, when and why.
    pub placed: HoldWord,
    /// Who lifted it; none while it stands.
    pub lifted: Option<HoldWord>,
}

/// What somebody decided about a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldWord {
    /// Who.
    pub by: StaffId,
    /// When.
    pub at: Wall,
    /// Why.
    pub reason: String,
}

/// Why nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoldRefusal {
    /// Not this role's work.
    #[error("only compliance places and lifts a legal hold")]
    NotYourWork,
    /// Nothing was said, or too much.
    #[error("a hold is placed and lifted with a reason of 1 to {HOLD_REASON_CHARS_MAX} characters")]
    BadReason,
    /// It is still being made.
    #[error("the call is still being recorded: place the hold when it has ended")]
    Unfinished,
    /// Nothing is left of it.
    #[error("this recording is erased")]
    Erased,
    /// One stands.
    #[error("a hold stands already")]
    Held,
    /// None stands.
    #[error("no hold stands: somebody may have been faster")]
    NotHeld,
    /// A row holds only so many.
    #[error("this recording was held {HOLDS_MAX} times: leave the next hold in place")]
    TooMany,
}

impl Recording {
    /// The hold that stands.
    #[must_use]
    pub fn hold(&self) -> Option<&Hold> {
        self.holds.last().filter(|hold| hold.lifted.is_none())
    }

    /// It may not go until somebody lets it.
    ///
    /// # Errors
    /// Why it is not held now.
    pub fn place_hold(&self, version: Version, role: Role, word: HoldWord) -> Result<Commit, HoldRefusal> {
        let word = said(role, word)?;
        match &self.state {
            RecordingState::Open { .. } => return Err(HoldRefusal::Unfinished),
            RecordingState::Erased { .. } => return Err(HoldRefusal::Erased),
            RecordingState::Kept { .. } if self.hold().is_some() => return Err(HoldRefusal::Held),
            RecordingState::Kept { .. } if self.holds.len() >= HOLDS_MAX => return Err(HoldRefusal::TooMany),
            RecordingState::Kept { .. } => {}
        }
        let entry = Entry::new(word.at, Actor::Staff { id: word.by }, "recording.held", self.id);
        let mut held = self.clone();
        held.holds.push(Hold { placed: word, lifted: None });
        Ok(Commit::new(entry, vec![Change::Recording(version, Box::new(held))]))
    }

    /// It goes when its time is over, and not within [`LIFTED_KEPT`].
    ///
    /// # Errors
    /// Why the hold stands.
    pub fn lift_hold(&self, version: Version, role: Role, word: HoldWord) -> Result<Commit, HoldRefusal> {
        let word = said(role, word)?;
        if self.hold().is_none() {
            return Err(HoldRefusal::NotHeld);
        }
        let entry = Entry::new(word.at, Actor::Staff { id: word.by }, "recording.hold_lifted", self.id);
        let mut free = self.clone();
        free.expires_at = free.expires_at.max(word.at + LIFTED_KEPT);
        if let Some(hold) = free.holds.last_mut() {
            hold.lifted = Some(word);
        }
        Ok(Commit::new(entry, vec![Change::Recording(version, Box::new(free))]))
    }
}

/// What this person says, when it is theirs to say.
fn said(role: Role, mut word: HoldWord) -> Result<HoldWord, HoldRefusal> {
    if !role.holds_recordings() {
        return Err(HoldRefusal::NotYourWork);
    }
    word.reason = word.reason.trim().to_owned();
    if word.reason.is_empty() || word.reason.chars().count() > HOLD_REASON_CHARS_MAX {
        return Err(HoldRefusal::BadReason);
    }
    Ok(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{Audio, Notice, end_recording, open_recording};
    use crate::kernel::language::Language;
    use crate::kernel::wrapped_key::WrappedKey;

    const DAY: Span = Span::from_s(24 * 3_600);

    fn kept() -> Recording {
        let notice = Notice::heard("recording.notice", Language::En, "This call is recorded.", Wall(1));
        let key = WrappedKey::new("1:key".to_owned());
        let (open, _) = open_recording(7.into(), 8.into(), notice, key, Wall(2), Wall(9));
        end_recording((1, &open), Audio::default(), Wall(5)).unwrap().0
    }

    fn word(at: i64, reason: &str) -> HoldWord {
        HoldWord { by: 3.into(), at: Wall(at), reason: reason.to_owned() }
    }

    fn after(commit: &Commit) -> Recording {
        let [Change::Recording(_, row)] = commit.changes() else { panic!("{commit:?}") };
        (**row).clone()
    }

    #[test]
    fn a_hold_is_placed_once_and_lifted_once_and_its_words_stay() {
        let held = kept().place_hold(2, Role::Compliance, word(10, " court order 12 ")).unwrap();
        assert_eq!((held.entries()[0].action.as_str(), held.entries()[0].at), ("recording.held", Wall(10)));
        let row = after(&held);
        assert_eq!(row.hold().unwrap().placed.reason, "court order 12");
        assert_eq!(row.place_hold(3, Role::Compliance, word(11, "again")), Err(HoldRefusal::Held));

        let lifted = row.lift_hold(3, Role::Compliance, word(20, "withdrawn")).unwrap();
        assert_eq!(lifted.entries()[0].action, "recording.hold_lifted");
        let row = after(&lifted);
        assert_eq!(row.hold(), None);
        assert_eq!(row.holds[0].lifted.as_ref().unwrap().reason, "withdrawn");
        assert_eq!(row.expires_at, Wall(20) + LIFTED_KEPT, "a mistake can be taken back");
        assert_eq!(row.lift_hold(4, Role::Compliance, word(21, "again")), Err(HoldRefusal::NotHeld));
    }

    #[test]
    fn lifting_never_shortens() {
        let row = Recording { expires_at: Wall(0) + LIFTED_KEPT + DAY, ..kept() };
        let held = after(&row.place_hold(2, Role::Compliance, word(10, "a claim")).unwrap());
        assert_eq!(after(&held.lift_hold(3, Role::Compliance, word(11, "settled")).unwrap()).expires_at, row.expires_at);
    }

    #[test]
    fn only_compliance_holds_and_only_with_a_reason() {
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Compliance) {
            assert_eq!(kept().place_hold(2, role, word(10, "mine")), Err(HoldRefusal::NotYourWork), "{role:?}");
        }
        for reason in ["", "  ", &"x".repeat(HOLD_REASON_CHARS_MAX + 1)] {
            assert_eq!(kept().place_hold(2, Role::Compliance, word(10, reason)), Err(HoldRefusal::BadReason));
        }
    }

    #[test]
    fn what_is_being_made_or_gone_is_not_held() {
        let key = WrappedKey::new("1:key".to_owned());
        let open = Recording { state: RecordingState::Open { key }, ..kept() };
        assert_eq!(open.place_hold(2, Role::Compliance, word(10, "x")), Err(HoldRefusal::Unfinished));
        let why = crate::call::Erasure::Expired;
        let gone = Recording { state: RecordingState::Erased { at: Wall(9), why, remains: None }, ..kept() };
        assert_eq!(gone.place_hold(2, Role::Compliance, word(10, "x")), Err(HoldRefusal::Erased));
        let mut often = kept();
        for _ in 0..HOLDS_MAX {
            often.holds.push(Hold { placed: word(1, "a"), lifted: Some(word(2, "b")) });
        }
        assert_eq!(often.place_hold(2, Role::Compliance, word(10, "x")), Err(HoldRefusal::TooMany));
    }
}
