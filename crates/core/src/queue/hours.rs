//! When people are there: a weekly plan with its holidays and closures, in the zone of the wallet. It says so for any instant, why not,
//! and when next. It reads no clock, and where the holidays of a year are not announced it says that and never guesses. An emergency
//! freeze is always served: no plan can say otherwise.

mod plan;

pub use plan::{BadPlan, Closure, Days, Names, Plan, Stretch, Week};

use crate::call::Service;
use crate::kernel::{
    calendar::{self, Calendar, CalendarError, Calendars},
    time::Wall,
};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, TimeZone},
};

/// How far back and ahead a stretch of opening is followed; one that reaches further has no end worth telling.
const LOOK_DAYS: i32 = 10;

/// How far ahead the next opening is looked for.
const AHEAD_DAYS: i32 = 400;

const DAY_MINUTES: u16 = 24 * 60;

/// A plan where it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    plan: Plan,
    zone: TimeZone,
    calendar: Option<Calendar>,
}

/// The plan cannot be used here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the hours `{plan}` go by the calendar `{calendar}`, which is not there: add calendars/{calendar}.toml or name another")]
pub struct NoCalendar {
    plan: String,
    calendar: String,
}

/// What kind of day it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// As its day of the week.
    Ordinary,
    /// A holiday, and how it is called where the calendar knows.
    Holiday(Option<Names>),
    /// A weekend day worked to make up for a holiday.
    Workday,
    /// The holidays of this year are not announced.
    NotAnnounced(i16),
}

/// One day by the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// What kind of day.
    pub kind: DayKind,
    /// From when to when people are there, closures left out; none where it cannot be said.
    pub open: Option<Vec<(Wall, Wall)>>,
}

/// How it stands at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// People are there.
    Open {
        /// Since when, where that is near.
        since: Option<Wall>,
        /// Until when, where that is near and can be said.
        until: Option<Wall>,
    },
    /// Nobody is there.
    Closed {
        /// Since when, where that is near.
        since: Option<Wall>,
        /// Why.
        why: Why,
        /// When somebody is there again.
        opens: Next,
    },
    /// The holidays of this year are not announced, and it depends on them.
    NotAnnounced {
        /// The year.
        year: i16,
    },
}

/// Why nobody is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The day's hours are over or have not begun.
    OutOfHours,
    /// A holiday, and how it is called where the calendar knows.
    Holiday(Option<Names>),
    /// A closure of its own, and what for.
    Closure(Names),
}

/// When somebody is there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// At this instant.
    At(Wall),
    /// It depends on the holidays of this year, which are not announced.
    NotAnnounced(i16),
    /// Not within a year.
    Never,
}

/// What some days come to: when people are there, and which stretches of time cannot be told.
#[derive(Default)]
struct Spread {
    open: Vec<(Wall, Wall)>,
    unknown: Vec<(Wall, Wall, i16)>,
}

/// What to make of a day whose year is not announced.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unannounced {
    Tell,
    TakeAsOrdinary,
}

impl Hours {
    /// The plan in a zone, with the calendar it names.
    ///
    /// # Errors
    /// [`NoCalendar`] when that is not at hand.
    pub fn new(plan: Plan, zone: TimeZone, calendars: &Calendars) -> Result<Self, NoCalendar> {
        let calendar = match &plan.calendar {
            None => None,
            Some(name) => {
                let missing = || NoCalendar { plan: plan.id.clone(), calendar: name.clone() };
                Some(calendars.get(name).cloned().ok_or_else(missing)?)
            }
        };
        Ok(Self { plan, zone, calendar })
    }

    /// The plan's name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.plan.id
    }

    /// The zone it is told in.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// There are times at which nobody is there.
    #[must_use]
    pub fn closes(&self) -> bool {
        let mut weeks = self.plan.services.values().chain([&self.plan.people]);
        !self.plan.closures.is_empty() || weeks.any(|week| *week != Week::Always)
    }

    /// The day on which an instant falls here; none outside of what can be reckoned with.
    #[must_use]
    pub fn date_of(&self, at: Wall) -> Option<Date> {
        Some(self.local(at)?.date())
    }

    /// An instant by the clocks here; none outside of what can be reckoned with.
    #[must_use]
    pub fn local(&self, at: Wall) -> Option<DateTime> {
        Some(self.zone.to_datetime(Timestamp::from_microsecond(at.0).ok()?))
    }

    /// How it stands for a service, or for whoever names none.
    #[must_use]
    pub fn status(&self, service: Option<Service>, at: Wall) -> Standing {
        let always = Standing::Open { since: None, until: None };
        let Some(date) = self.date_of(at) else { return always };
        let Some(week) = self.week(service) else { return always };
        let from = later(date, -LOOK_DAYS);
        let spread = self.spread(service, week, from, 2 * LOOK_DAYS, Unannounced::Tell);
        if let Some((_, _, year)) = spread.unknown.iter().find(|(from, to, _)| (*from..*to).contains(&at)) {
            return Standing::NotAnnounced { year: *year };
        }
        // What reaches the edge of the window goes on beyond it.
        let (starts, ends) = (self.day_start(from), self.day_start(later(from, 2 * LOOK_DAYS)));
        // And what touches a stretch that cannot be told has no edge there that could be.
        let known_since = |since: Wall| !spread.unknown.iter().any(|(_, to, _)| (since..=at).contains(to));
        let known_until = |until: Wall| !spread.unknown.iter().any(|(from, _, _)| *from > at && *from <= until);
        match spread.open.iter().find(|(from, to)| (*from..*to).contains(&at)) {
            Some(&(since, until)) => Standing::Open {
                since: (Some(since) != starts && known_since(since)).then_some(since),
                until: (Some(until) < ends && known_until(until)).then_some(until),
            },
            None => Standing::Closed {
                since: spread.open.iter().rev().map(|(_, to)| *to).find(|to| *to <= at).filter(|since| known_since(*since)),
                why: self.why(service, week, date, at),
                opens: self.next_opening(service, at),
            },
        }
    }

    /// Whether somebody is there for a call that asks now. A line must be open or not: where the holidays are not announced it goes by
    /// the ordinary week, as a caller kept waiting on a holiday is a smaller harm than one sent away on a working day.
    #[must_use]
    pub fn serves(&self, service: Option<Service>, at: Wall) -> bool {
        let Some((date, week)) = self.date_of(at).zip(self.week(service)) else { return true };
        let spread = self.spread(service, week, later(date, -1), 2, Unannounced::TakeAsOrdinary);
        spread.open.iter().any(|(from, to)| (*from..*to).contains(&at))
    }

    /// The first opening after an instant.
    #[must_use]
    pub fn next_opening(&self, service: Option<Service>, at: Wall) -> Next {
        let Some((date, week)) = self.date_of(at).zip(self.week(service)) else { return Next::Never };
        let mut from = later(date, -1);
        while from < later(date, AHEAD_DAYS) {
            let spread = self.spread(service, week, from, LOOK_DAYS, Unannounced::Tell);
            let opens = spread.open.iter().map(|(from, _)| *from).find(|from| *from > at);
            let unknown = spread.unknown.iter().find(|(_, to, _)| *to > at);
            match (opens, unknown) {
                (Some(opens), Some((from, _, year))) if *from <= opens => return Next::NotAnnounced(*year),
                (Some(opens), _) => return Next::At(opens),
                (None, Some((_, _, year))) => return Next::NotAnnounced(*year),
                (None, None) => from = later(from, LOOK_DAYS),
            }
        }
        Next::Never
    }

    /// One day.
    #[must_use]
    pub fn day(&self, service: Option<Service>, date: Date) -> Day {
        let kind = self.kind(date);
        let span = self.day_start(date).zip(self.day_start(later(date, 1)));
        let open = match (self.week(service), span) {
            (None, Some(whole)) => Some(vec![whole]),
            (Some(week), Some((start, end))) => {
                // What began the evening before belongs to the day on which it is still open, and ends with the day here.
                let spread = self.spread(service, week, later(date, -1), 2, Unannounced::Tell);
                let unknown = spread.unknown.iter().any(|(from, to, _)| *from < end && *to > start);
                let cut = spread.open.iter().map(|(from, to)| ((*from).max(start), (*to).min(end)));
                (!unknown).then(|| cut.filter(|(from, to)| from < to).collect())
            }
            (_, None) => None,
        };
        Day { date, kind, open }
    }

    /// The week of a service; none when it is always served.
    fn week(&self, service: Option<Service>) -> Option<&Week> {
        if service == Some(Service::Freeze) {
            return None;
        }
        let own = service.and_then(|service| self.plan.services.get(&service));
        let week = own.unwrap_or(&self.plan.people);
        // A plan that never closes can still have a closure.
        let closes = *week != Week::Always || self.closures(service).next().is_some();
        closes.then_some(week)
    }

    fn closures(&self, service: Option<Service>) -> impl Iterator<Item = &Closure> {
        self.plan.closures.iter().filter(move |closure| closure.holds_for(service))
    }

    fn kind(&self, date: Date) -> DayKind {
        let Some(calendar) = &self.calendar else { return DayKind::Ordinary };
        match calendar.day(date) {
            Ok(calendar::DayKind::Ordinary) => DayKind::Ordinary,
            Ok(calendar::DayKind::Holiday(names)) => DayKind::Holiday(names.cloned()),
            Ok(calendar::DayKind::Workday) => DayKind::Workday,
            Err(CalendarError::UnknownYear { year, .. }) => DayKind::NotAnnounced(year),
            Err(CalendarError::OutOfRange) => DayKind::NotAnnounced(date.year()),
        }
    }

    fn why(&self, service: Option<Service>, week: &Week, date: Date, at: Wall) -> Why {
        let within = |closure: &&Closure| self.closed_for(closure).is_some_and(|(from, to)| (from..to).contains(&at));
        if let Some(closure) = self.closures(service).find(within) {
            return Why::Closure(closure.name.clone());
        }
        match self.kind(date) {
            DayKind::Holiday(names) => {
                let ordinarily = week.of(date.weekday()).iter().filter_map(|stretch| self.instants(date, *stretch));
                let else_open = ordinarily.into_iter().any(|(from, to)| (from..to).contains(&at));
                let whole_day = week.on_holidays().is_empty();
                if else_open || whole_day { Why::Holiday(names) } else { Why::OutOfHours }
            }
            DayKind::Ordinary | DayKind::Workday | DayKind::NotAnnounced(_) => Why::OutOfHours,
        }
    }

    /// When people are there on these days, in order, stretches that touch made one, closures cut out.
    fn spread(&self, service: Option<Service>, week: &Week, from: Date, days: i32, unannounced: Unannounced) -> Spread {
        let mut spread = Spread::default();
        let dates = (0..days).map(|ahead| later(from, ahead));
        for date in dates {
            let kind = self.kind(date);
            let ordinary = week.of(date.weekday());
            let stretches = match &kind {
                DayKind::Ordinary => ordinary,
                DayKind::Holiday(_) => week.on_holidays(),
                DayKind::Workday => week.on_workdays(),
                DayKind::NotAnnounced(_) if unannounced == Unannounced::TakeAsOrdinary => ordinary,
                // Where every kind of day is alike it does not matter which one this is.
                DayKind::NotAnnounced(_) if *week == Week::Always => ordinary,
                DayKind::NotAnnounced(year) => {
                    if let Some((start, end)) = self.day_start(date).zip(self.day_start(later(date, 1))) {
                        let last = ordinary.iter().filter_map(|stretch| Some(self.instants(date, *stretch)?.1)).max();
                        spread.unknown.push((start, last.map_or(end, |last| last.max(end)), *year));
                    }
                    continue;
                }
            };
            spread.open.extend(stretches.iter().filter_map(|stretch| self.instants(date, *stretch)));
        }
        spread.open = merged(spread.open);
        for closure in self.closures(service) {
            if let Some(closed) = self.closed_for(closure) {
                spread.open = without(&spread.open, closed);
            }
        }
        spread
    }

    fn instants(&self, date: Date, stretch: Stretch) -> Option<(Wall, Wall)> {
        let opens = self.instant(date, stretch.opens, Fold::First)?;
        let closes = self.instant(date, stretch.closes, Fold::Second)?;
        (opens < closes).then_some((opens, closes))
    }

    fn closed_for(&self, closure: &Closure) -> Option<(Wall, Wall)> {
        let at = |when: DateTime, fold| {
            let minutes = u16::try_from(i32::from(when.hour()) * 60 + i32::from(when.minute())).ok()?;
            self.instant(when.date(), minutes, fold)
        };
        Some((at(closure.from, Fold::First)?, at(closure.to, Fold::Second)?))
    }

    fn day_start(&self, date: Date) -> Option<Wall> {
        self.instant(date, 0, Fold::First)
    }

    /// An instant by the clock on the wall. What the clocks skip is moved by as much; where they show a time twice, people come at the
    /// first and go at the second.
    fn instant(&self, date: Date, minutes: u16, fold: Fold) -> Option<Wall> {
        let date = later(date, i32::from(minutes / DAY_MINUTES));
        let minutes = minutes % DAY_MINUTES;
        let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
        let ambiguous = self.zone.to_ambiguous_timestamp(date.at(hour, minute, 0, 0));
        let instant = match (ambiguous.offset(), fold) {
            (AmbiguousOffset::Fold { .. }, Fold::Second) => ambiguous.later(),
            _ => ambiguous.compatible(),
        };
        Some(Wall(instant.ok()?.as_microsecond()))
    }
}

/// Which of two times that look alike.
#[derive(Clone, Copy)]
enum Fold {
    First,
    Second,
}

/// So many days later; the last day there is, when that is passed.
fn later(date: Date, days: i32) -> Date {
    date.saturating_add(jiff::Span::new().days(days))
}

fn merged(mut stretches: Vec<(Wall, Wall)>) -> Vec<(Wall, Wall)> {
    stretches.sort_unstable();
    let mut whole: Vec<(Wall, Wall)> = Vec::with_capacity(stretches.len());
    for (from, to) in stretches {
        match whole.last_mut() {
            Some((_, end)) if from <= *end => *end = (*end).max(to),
            _ => whole.push((from, to)),
        }
    }
    whole
}

fn without(open: &[(Wall, Wall)], (shut, opened): (Wall, Wall)) -> Vec<(Wall, Wall)> {
    let parts = |&(from, to): &(Wall, Wall)| [(from, to.min(shut)), (from.max(opened), to)];
    open.iter().flat_map(parts).filter(|(from, to)| from < to).collect()
}

#[cfg(test)]
mod laws;
