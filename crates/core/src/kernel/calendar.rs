//! Business days as data. A calendar knows the years somebody wrote down from a published list and no others: asked about another
//! year it says so, and never guesses. It reads no clock; every instant is an argument.

mod kind;

pub use kind::{DayKind, Named, Names};

use super::{
    length::Length,
    source::Mark,
    time::{Span, Wall},
};
use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::{TimeZone, TimeZoneDatabase},
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A business calendar: a time zone, the weekend, and the days that differ from the week.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Calendar {
    id: String,
    time_zone: TimeZone,
    weekend: BTreeSet<i8>,
    days: Days,
}

/// Which days differ from the week.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Days {
    /// None, in any year.
    None,
    /// These, in these years alone.
    Years(BTreeMap<i16, Year>),
}

/// The days of one year that differ from the week, and where they were read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// Days without business. They may fall on a weekend.
    pub holidays: BTreeSet<Date>,
    /// Days of a weekend on which business is done, to make up for a holiday.
    #[serde(default)]
    pub workdays: BTreeSet<Date>,
    /// What the holidays are called.
    #[serde(default)]
    pub names: Vec<Named>,
    /// Where the list was read.
    pub source: String,
    /// How far to trust it.
    pub mark: Mark,
    /// When it was read.
    pub checked_on: Date,
}

/// The calendar cannot answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Nobody wrote that year down.
    #[error("the calendar `{calendar}` does not know {year}: add [years.{year}] to it from the published list")]
    UnknownYear {
        /// The calendar.
        calendar: String,
        /// The year.
        year: i16,
    },
    /// The instant or day lies outside of the years that can be reckoned with.
    #[error("the instant is outside of the years -9999 to 9999: check where it comes from")]
    OutOfRange,
}

/// The file is no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCalendar {
    /// No such time zone.
    #[error("calendar `{calendar}`: `{name}` is not a time zone of the IANA database: write one such as `Asia/Shanghai`")]
    TimeZone {
        /// The calendar.
        calendar: String,
        /// What was written.
        name: String,
    },
    /// No such day of the week.
    #[error("calendar `{calendar}`: `{name}` is not a day of the week: write `saturday`")]
    Weekday {
        /// The calendar.
        calendar: String,
        /// What was written.
        name: String,
    },
    /// Every day is a weekend.
    #[error("calendar `{calendar}`: the weekend leaves no business day: name fewer days")]
    NoBusinessDay {
        /// The calendar.
        calendar: String,
    },
    /// Neither years nor the word that none are needed, or both.
    #[error("calendar `{calendar}`: write either `without_holidays = true` or at least one [years.YYYY]")]
    Years {
        /// The calendar.
        calendar: String,
    },
    /// Not a year.
    #[error("calendar `{calendar}`: `{year}` is not a year: write [years.2026]")]
    Year {
        /// The calendar.
        calendar: String,
        /// What was written.
        year: String,
    },
    /// Nobody can tell where the list comes from.
    #[error("calendar `{calendar}`: say where the days of {year} were read (`source`)")]
    Unsourced {
        /// The calendar.
        calendar: String,
        /// The year.
        year: i16,
    },
    /// A day stands under another year.
    #[error("calendar `{calendar}`: {day} is not a day of {year}: move it to its own year")]
    DayOfAnotherYear {
        /// The calendar.
        calendar: String,
        /// The year it stands under.
        year: i16,
        /// The day.
        day: Date,
    },
    /// A name for days that are no holidays, or not in every language.
    #[error("calendar `{calendar}`: the name from {from} on must be given in zh-CN and en, and every day of it be a holiday")]
    Name {
        /// The calendar.
        calendar: String,
        /// The first day named.
        from: Date,
    },
    /// A make-up workday that is a holiday too, or no weekend day at all.
    #[error("calendar `{calendar}`: {day} makes up for nothing: a workday is a day of the weekend that is no holiday")]
    Workday {
        /// The calendar.
        calendar: String,
        /// The day.
        day: Date,
    },
}

impl Calendar {
    /// Its name, which windows and clocks refer to.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its time zone's IANA name.
    #[must_use]
    pub fn time_zone(&self) -> &str {
        self.time_zone.iana_name().unwrap_or("UTC")
    }

    /// The years it knows; `None` when it holds in any year.
    #[must_use]
    pub const fn years(&self) -> Option<&BTreeMap<i16, Year>> {
        match &self.days {
            Days::None => None,
            Days::Years(years) => Some(years),
        }
    }

    /// The day on which an instant falls here.
    ///
    /// # Errors
    /// When the instant is out of range.
    pub fn date_of(&self, at: Wall) -> Result<Date, CalendarError> {
        let instant = Timestamp::from_microsecond(at.0).map_err(|_| CalendarError::OutOfRange)?;
        Ok(self.time_zone.to_datetime(instant).date())
    }

    /// Whether business is done on a day.
    ///
    /// # Errors
    /// When the calendar does not know the year.
    pub fn is_business_day(&self, day: Date) -> Result<bool, CalendarError> {
        let weekend = self.weekend.contains(&day.weekday().to_monday_zero_offset());
        match &self.days {
            Days::None => Ok(!weekend),
            Days::Years(years) => {
                let unknown = || CalendarError::UnknownYear { calendar: self.id.clone(), year: day.year() };
                let year = years.get(&day.year()).ok_or_else(unknown)?;
                Ok(!year.holidays.contains(&day) && (!weekend || year.workdays.contains(&day)))
            }
        }
    }

    /// The day itself when business is done on it, else the next one that is. An order given on a day without business counts as
    /// received on this day.
    ///
    /// # Errors
    /// When the way there leads into a year that the calendar does not know.
    pub fn business_day_from(&self, day: Date) -> Result<Date, CalendarError> {
        let mut day = day;
        while !self.is_business_day(day)? {
            day = tomorrow(day)?;
        }
        Ok(day)
    }

    /// The `count`-th business day after a day. Zero is [`Calendar::business_day_from`].
    ///
    /// # Errors
    /// When the way there leads into a year that the calendar does not know.
    pub fn add_business_days(&self, day: Date, count: u16) -> Result<Date, CalendarError> {
        let mut day = day;
        if count == 0 {
            return self.business_day_from(day);
        }
        for _ in 0..count {
            day = self.business_day_from(tomorrow(day)?)?;
        }
        Ok(day)
    }

    /// The first instant of a day.
    ///
    /// # Errors
    /// When the day is out of range.
    pub fn start_of_day(&self, day: Date) -> Result<Wall, CalendarError> {
        // Where the clocks skip midnight the day begins right after the gap; where they repeat it, at the first midnight.
        let start = self.time_zone.to_ambiguous_timestamp(day.to_datetime(jiff::civil::Time::midnight())).compatible();
        Ok(Wall(start.map_err(|_| CalendarError::OutOfRange)?.as_microsecond()))
    }

    /// The last microsecond of a day: said in the calendar's own time zone, it still is that day.
    ///
    /// # Errors
    /// When the day is out of range.
    pub fn end_of_day(&self, day: Date) -> Result<Wall, CalendarError> {
        Ok(Wall(self.start_of_day(tomorrow(day)?)?.0 - 1))
    }

    /// The end of a length that begins with an order: elapsed time as it is, business days counted from the day on which the order
    /// counts as received.
    ///
    /// # Errors
    /// When the way there leads into a year that the calendar does not know.
    pub fn end_of_order(&self, ordered_at: Wall, length: Length) -> Result<Wall, CalendarError> {
        match length {
            Length::Seconds(seconds) => Ok(ordered_at + Span::from_s(seconds.into())),
            Length::BusinessDays(count) => {
                let received = self.business_day_from(self.date_of(ordered_at)?)?;
                self.end_of_day(self.add_business_days(received, count)?)
            }
        }
    }

    /// The end of a length that begins with an event, such as a failure: elapsed time as it is, business days counted from the day
    /// after it.
    ///
    /// # Errors
    /// When the way there leads into a year that the calendar does not know.
    pub fn end_after(&self, happened_at: Wall, length: Length) -> Result<Wall, CalendarError> {
        match length {
            Length::Seconds(seconds) => Ok(happened_at + Span::from_s(seconds.into())),
            Length::BusinessDays(count) => self.end_of_day(self.add_business_days(self.date_of(happened_at)?, count)?),
        }
    }

    /// How much of the time between two instants lies in business days; zero when they are the wrong way round.
    ///
    /// # Errors
    /// When the calendar does not know a year between them.
    pub fn business_time(&self, from: Wall, to: Wall) -> Result<Span, CalendarError> {
        let mut counted = Span::default();
        let mut begins = from;
        while begins < to {
            let day = self.date_of(begins)?;
            let next = self.start_of_day(tomorrow(day)?)?;
            if self.is_business_day(day)? {
                counted = Span(counted.0 + (next.min(to) - begins).0);
            }
            begins = next;
        }
        Ok(counted)
    }
}

fn tomorrow(day: Date) -> Result<Date, CalendarError> {
    day.tomorrow().map_err(|_| CalendarError::OutOfRange)
}

/// The calendars at hand, by name.
#[derive(Debug, Clone, Default)]
pub struct Calendars(BTreeMap<String, Calendar>);

impl Calendars {
    /// The calendar of that name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Calendar> {
        self.0.get(id)
    }

    /// Every calendar, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Calendar> {
        self.0.values()
    }
}

impl FromIterator<Calendar> for Calendars {
    /// A later calendar takes the place of an earlier one of the same name: an operator's own file wins over the shipped one.
    fn from_iter<I: IntoIterator<Item = Calendar>>(calendars: I) -> Self {
        Self(calendars.into_iter().map(|calendar| (calendar.id.clone(), calendar)).collect())
    }
}

/// A calendar as its file says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    time_zone: String,
    weekend: Vec<String>,
    #[serde(default)]
    without_holidays: bool,
    #[serde(default)]
    years: BTreeMap<String, Year>,
}

impl TryFrom<Written> for Calendar {
    type Error = BadCalendar;

    fn try_from(written: Written) -> Result<Self, BadCalendar> {
        let calendar = written.id;
        // The bundled database, not the machine's: the same answer everywhere, and no file is read.
        let Ok(time_zone) = TimeZoneDatabase::bundled().get(&written.time_zone) else {
            return Err(BadCalendar::TimeZone { calendar, name: written.time_zone });
        };
        let mut weekend = BTreeSet::new();
        for name in written.weekend {
            match weekday(&name) {
                Some(day) => weekend.insert(day.to_monday_zero_offset()),
                None => return Err(BadCalendar::Weekday { calendar, name }),
            };
        }
        if weekend.len() == 7 {
            return Err(BadCalendar::NoBusinessDay { calendar });
        }
        if written.without_holidays != written.years.is_empty() {
            return Err(BadCalendar::Years { calendar });
        }
        if written.without_holidays {
            return Ok(Self { id: calendar, time_zone, weekend, days: Days::None });
        }
        let mut years = BTreeMap::new();
        for (name, days) in written.years {
            let Some(year) = name.parse().ok().filter(|year| (1900..=9998).contains(year)) else {
                return Err(BadCalendar::Year { calendar, year: name });
            };
            check_year(&calendar, &weekend, year, &days)?;
            years.insert(year, days);
        }
        Ok(Self { id: calendar, time_zone, weekend, days: Days::Years(years) })
    }
}

fn check_year(calendar: &str, weekend: &BTreeSet<i8>, year: i16, days: &Year) -> Result<(), BadCalendar> {
    let calendar = calendar.to_owned();
    if days.source.trim().is_empty() {
        return Err(BadCalendar::Unsourced { calendar, year });
    }
    if let Some(&day) = days.holidays.iter().chain(&days.workdays).find(|day| day.year() != year) {
        return Err(BadCalendar::DayOfAnotherYear { calendar, year, day });
    }
    if let Some(named) = days.names.iter().find(|named| !named.holds_in(&days.holidays)) {
        return Err(BadCalendar::Name { calendar, from: named.from });
    }
    let on_weekend = |day: &Date| weekend.contains(&day.weekday().to_monday_zero_offset());
    match days.workdays.iter().find(|day| !on_weekend(day) || days.holidays.contains(day)) {
        Some(&day) => Err(BadCalendar::Workday { calendar, day }),
        None => Ok(()),
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    match name {
        "monday" => Some(Weekday::Monday),
        "tuesday" => Some(Weekday::Tuesday),
        "wednesday" => Some(Weekday::Wednesday),
        "thursday" => Some(Weekday::Thursday),
        "friday" => Some(Weekday::Friday),
        "saturday" => Some(Weekday::Saturday),
        "sunday" => Some(Weekday::Sunday),
        _ => None,
    }
}

#[cfg(test)]
mod laws;
