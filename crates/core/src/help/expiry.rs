//! When a recording goes: its own time, the cases it is tied to, and a legal hold that goes before both. It looks at rows and erases
//! nothing by itself: the key is destroyed by the commit that comes out, and only when nothing keeps the recording any more.

use crate::call::{BadRecording, Erasure, Recording, erase_recording};
use crate::cases::Keeps;
use crate::commit::{Commit, Version};
use crate::kernel::time::Wall;

/// Until when a recording stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// Until compliance lifts the hold.
    WhileHeld,
    /// Until a case is closed, and for the time that begins then.
    WhileCaseOpen,
    /// Until then.
    Until(Wall),
}

/// Why a recording is not erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOver {
    /// Something keeps it.
    #[error("the recording is kept")]
    Kept,
    /// There is nothing to erase.
    #[error(transparent)]
    Bad(#[from] BadRecording),
}

impl Stay {
    /// Until when this recording stays, tied to cases that keep so.
    #[must_use]
    pub fn of(recording: &Recording, cases: &[Keeps]) -> Self {
        if recording.hold().is_some() {
            return Self::WhileHeld;
        }
        if cases.contains(&Keeps::WhileOpen) {
            return Self::WhileCaseOpen;
        }
        let until = cases.iter().filter_map(|keeps| match keeps {
            Keeps::Until(until) => Some(*until),
            Keeps::Nothing | Keeps::WhileOpen => None,
        });
        Self::Until(until.fold(recording.expires_at, Wall::max))
    }

    /// Its time is over.
    #[must_use]
    pub fn is_over(self, now: Wall) -> bool {
        match self {
            Self::WhileHeld | Self::WhileCaseOpen => false,
            Self::Until(until) => until <= now,
        }
    }
}

/// A recording whose time is over is erased: its key is gone with this commit.
///
/// # Errors
/// When something keeps it, or nothing is left of it.
pub fn expire_recording(row: (Version, &Recording), cases: &[Keeps], now: Wall) -> Result<Commit, NotOver> {
    if !Stay::of(row.1, cases).is_over(now) {
        return Err(NotOver::Kept);
    }
    Ok(erase_recording(row, Erasure::Expired, now)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{Audio, HoldWord, Notice, end_recording, open_recording};
    use crate::commit::Change;
    use crate::kernel::wrapped_key::WrappedKey;
    use crate::kernel::{actor::Role, language::Language};

    fn kept() -> Recording {
        let notice = Notice::heard("recording.notice", Language::En, "This call is recorded.", Wall(1));
        let key = WrappedKey::new("1:key".to_owned());
        let (open, _) = open_recording(7.into(), 8.into(), notice, key, Wall(2), Wall(100));
        end_recording((1, &open), Audio::default(), Wall(5)).unwrap().0
    }

    #[test]
    fn a_recording_stays_as_long_as_whatever_keeps_it_longest() {
        let row = kept();
        for (cases, expected) in [
            (&[][..], Stay::Until(Wall(100))),
            (&[Keeps::Nothing], Stay::Until(Wall(100))),
            (&[Keeps::Until(Wall(50))], Stay::Until(Wall(100))),
            (&[Keeps::Until(Wall(300)), Keeps::Until(Wall(200))], Stay::Until(Wall(300))),
            (&[Keeps::Until(Wall(300)), Keeps::WhileOpen], Stay::WhileCaseOpen),
        ] {
            assert_eq!(Stay::of(&row, cases), expected, "{cases:?}");
        }
    }

    #[test]
    fn nothing_expires_what_is_held_tied_or_not_due() {
        let row = kept();
        assert_eq!(expire_recording((2, &row), &[], Wall(99)), Err(NotOver::Kept));
        assert_eq!(expire_recording((2, &row), &[Keeps::WhileOpen], Wall(i64::MAX)), Err(NotOver::Kept));
        assert_eq!(expire_recording((2, &row), &[Keeps::Until(Wall(200))], Wall(199)), Err(NotOver::Kept));
        let word = HoldWord { by: 3.into(), at: Wall(10), reason: "a claim".to_owned() };
        let commit = row.place_hold(2, Role::Compliance, word).unwrap();
        let [Change::Recording(_, held)] = commit.changes() else { panic!("{commit:?}") };
        assert_eq!(expire_recording((3, held), &[], Wall(i64::MAX)), Err(NotOver::Kept));
        let commit = expire_recording((2, &row), &[Keeps::Until(Wall(200))], Wall(200)).unwrap();
        assert_eq!(commit.entries()[0].action, "recording.expired");
    }
}
