//! What kind of day it is, and what a holiday is called. Whoever keeps hours must tell a holiday from a weekend, and a make-up workday
//! from both.

use super::{Calendar, CalendarError, Days, Year};
use crate::kernel::language::Language;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What something is called, in each language.
pub type Names = BTreeMap<Language, String>;

/// What some holidays that follow one another are called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The first of them.
    pub from: Date,
    /// The last of them.
    pub to: Date,
    /// The name, in each language.
    pub name: Names,
}

/// What kind of day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// As its day of the week.
    Ordinary,
    /// A holiday, and its name where somebody wrote it down.
    Holiday(Option<&'a Names>),
    /// A weekend day worked to make up for a holiday.
    Workday,
}

impl Named {
    /// Every day of it is a holiday, and no language is missing.
    pub(super) fn holds_in(&self, holidays: &BTreeSet<Date>) -> bool {
        let said = self.name.len() == Language::ALL.len() && self.name.values().all(|name| !name.trim().is_empty());
        let days = self.from.series(jiff::Span::new().days(1)).take_while(|day| *day <= self.to);
        said && self.from <= self.to && days.into_iter().all(|day| holidays.contains(&day))
    }
}

impl Calendar {
    /// What kind of day it is.
    ///
    /// # Errors
    /// When the calendar does not know the year.
    pub fn day(&self, day: Date) -> Result<DayKind<'_>, CalendarError> {
        let Days::Years(years) = &self.days else { return Ok(DayKind::Ordinary) };
        let unknown = || CalendarError::UnknownYear { calendar: self.id.clone(), year: day.year() };
        let year: &Year = years.get(&day.year()).ok_or_else(unknown)?;
        Ok(if year.holidays.contains(&day) {
            let named = year.names.iter().find(|named| (named.from..=named.to).contains(&day));
            DayKind::Holiday(named.map(|named| &named.name))
        } else if year.workdays.contains(&day) {
            DayKind::Workday
        } else {
            DayKind::Ordinary
        })
    }
}
