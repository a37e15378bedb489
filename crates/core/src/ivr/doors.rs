//! How the line stands for whoever wants a person: who is away and until when, whether the wait is long, and what callers are told of it.
//! Facts of the moment, given to a flow; it keeps no hours and counts no queue.

use super::dialogue::{Line, Moment};
use super::phrases;
use super::prompt::Spoken;
use crate::call::Service;
use std::collections::BTreeMap;

/// How the line stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doors {
    /// Services nobody serves now; `None` stands for callers who named none.
    pub away: BTreeMap<Option<Service>, Away>,
    /// A disturbance that callers are told of.
    pub incident: bool,
    /// More callers than usual: a call back is offered before they wait.
    pub long_wait: Option<LongWait>,
}

/// Nobody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    /// Why.
    pub why: AwayFor,
    /// When somebody is there again, where that can be said.
    pub back: Option<Back>,
}

/// Why nobody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwayFor {
    /// The day's hours are over or have not begun.
    Hours,
    /// A holiday.
    Holiday,
    /// A closure of its own.
    Closure,
}

/// When somebody is there again, as people say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Back {
    /// Which day.
    pub day: BackOn,
    /// The point in time, in the wallet's zone.
    pub at: Moment,
}

/// Which day, seen from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackOn {
    /// The same day.
    Today,
    /// The next day.
    Tomorrow,
    /// A later one.
    Date,
}

/// The wait is long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongWait {
    /// From so many minutes to so many, where that can be said.
    pub minutes: Option<(u32, u32)>,
}

impl Doors {
    /// Why a caller with this wish finds nobody. An emergency freeze always finds somebody.
    #[must_use]
    pub fn away(&self, service: Option<Service>) -> Option<Away> {
        self.away.get(&service).copied().filter(|_| service != Some(Service::Freeze))
    }

    /// What every caller hears before the menu; nothing while all is as usual.
    pub(super) fn notice(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.incident {
            lines.push(Line::plain(phrases::LINE_INCIDENT));
        }
        if let Some(away) = self.away(None) {
            lines.extend(away.lines());
            lines.push(Line::plain(phrases::LINE_STILL));
        } else if self.long_wait.is_some() {
            lines.push(Line::plain(phrases::LINE_OVERLOAD));
        }
        lines
    }
}

impl Away {
    /// Why, and when somebody is there again.
    pub(super) fn lines(self) -> Vec<Line> {
        let why = match self.why {
            AwayFor::Hours => phrases::LINE_CLOSED,
            AwayFor::Holiday => phrases::LINE_HOLIDAY,
            AwayFor::Closure => phrases::LINE_CLOSURE,
        };
        let back = self.back.map(|Back { day, at }| match day {
            BackOn::Today => Line { prompt: phrases::LINE_BACK_TODAY, values: vec![("time", at.time())] },
            BackOn::Tomorrow => Line { prompt: phrases::LINE_BACK_TOMORROW, values: vec![("time", at.time())] },
            BackOn::Date => Line { prompt: phrases::LINE_BACK_ON, values: vec![("date", at.date()), ("time", at.time())] },
        });
        [Some(Line::plain(why)), back].into_iter().flatten().collect()
    }
}

impl LongWait {
    /// How long, where that can be said.
    pub(super) fn lines(self) -> Vec<Line> {
        let words = self.minutes.map(|(from, to)| wait_words(from, to));
        words.map(|(prompt, values)| Line { prompt, values }).into_iter().collect()
    }
}

/// The prompt for a range of minutes, and its values.
#[must_use]
pub fn wait_words(from_min: u32, to_min: u32) -> (&'static str, Vec<(&'static str, Spoken)>) {
    let minutes = |minutes: u32| Spoken::Duration(u64::from(minutes) * 60);
    match from_min {
        0 => (phrases::QUEUE_WAIT_UP_TO, vec![("to", minutes(to_min))]),
        _ => (phrases::QUEUE_WAIT, vec![("from", minutes(from_min)), ("to", minutes(to_min))]),
    }
}
