//! What was lately done against one account, by one caller or through one trunk: the row on which limits are guarded. It counts;
//! what a count means is decided by the area that asks.

use super::subject::Subject;
use super::time::{Span, Wall};
use serde::{Deserialize, Serialize};

/// How long an act is remembered: the longest window of any limit.
pub const TALLY_KEPT: Span = Span::from_s(24 * 3_600);

/// Acts remembered of one tally. Far above any limit that is asked of it, so that a flood cannot grow a row.
const TICKS_MAX: usize = 2_048;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// A code was sent, or would have been.
    CodeSent,
    /// A wrong code was keyed.
    CodeWrong,
    /// Codes are refused from here on.
    CodesBlocked,
    /// An account was frozen, or would have been.
    Freeze,
    /// A call pass was keyed that is none.
    PassWrong,
    /// A call back was asked for.
    Callback,
    /// An account's app was made to ask for a code, or would have been.
    AppAsked,
    /// A link for a new password was sent, or would have been.
    LinkSent,
    /// A form that names the number became a case.
    FormFiled,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// What.
    pub act: Counted,
    /// When.
    pub at: Wall,
    /// Against whom.
    pub of: Subject,
}

/// Acts of the last day under one key, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// `account:…`, `caller:…`, `trunk:…`; names nobody.
    pub key: String,
    /// What was done.
    pub ticks: Vec<Tick>,
}

impl Tally {
    /// Nothing was done yet.
    #[must_use]
    pub const fn new(key: String) -> Self {
        Self { key, ticks: Vec::new() }
    }

    /// Notes an act and forgets what is older than a day.
    pub fn note(&mut self, act: Counted, at: Wall, of: &Subject) {
        self.ticks.retain(|tick| at - tick.at < TALLY_KEPT);
        if self.ticks.len() == TICKS_MAX {
            self.ticks.remove(0);
        }
        self.ticks.push(Tick { act, at, of: of.clone() });
    }

    /// How often an act was done within this span before `now`.
    #[must_use]
    pub fn count(&self, act: Counted, now: Wall, within: Span) -> usize {
        self.ticks.iter().filter(|tick| tick.act == act && now - tick.at < within).count()
    }

    /// Against how many subjects other than `but` an act was done within the last day.
    #[must_use]
    pub fn others(&self, act: Counted, now: Wall, but: &Subject) -> usize {
        let mut others: Vec<&Subject> =
            self.ticks.iter().filter(|tick| tick.act == act && now - tick.at < TALLY_KEPT).map(|tick| &tick.of).collect();
        others.sort_unstable();
        others.dedup();
        others.into_iter().filter(|subject| *subject != but).count()
    }

    /// When nothing of it counts any more.
    #[must_use]
    pub fn expires_at(&self) -> Wall {
        self.ticks.last().map_or(Wall(0), |tick| tick.at + TALLY_KEPT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(name: &str) -> Subject {
        Subject::new(name.to_owned())
    }

    #[test]
    fn what_is_a_day_old_no_longer_counts() {
        let mut tally = Tally::new("caller:x".to_owned());
        let hour = 3_600_000_000;
        for at in [0, 1, 2, 23] {
            tally.note(Counted::Freeze, Wall(at * hour), &subject(&at.to_string()));
        }
        assert_eq!(tally.count(Counted::Freeze, Wall(23 * hour), TALLY_KEPT), 4);
        assert_eq!(tally.count(Counted::Freeze, Wall(24 * hour), TALLY_KEPT), 3, "exactly a day is over");
        assert_eq!(tally.others(Counted::Freeze, Wall(24 * hour), &subject("2")), 2);
        tally.note(Counted::CodeWrong, Wall(30 * hour), &subject("a"));
        assert_eq!(tally.ticks.len(), 2);
    }
}
