//! A plan as its file says it: a week of stretches, holidays, services with hours of their own, closures. What does not hold together is
//! refused with the key it stands under. Figures only: what they mean at an instant is reckoned elsewhere.

use super::DAY_MINUTES;
use crate::call::Service;
use crate::kernel::language::Language;
use jiff::civil::{DateTime, Weekday};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Stretches of one day: more is a mistake.
const STRETCHES_MAX: usize = 8;

/// Closures of one plan: more is no plan.
const CLOSURES_MAX: usize = 200;

pub use crate::kernel::calendar::Names;

/// A weekly plan with its exceptions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Plan {
    /// Its name, as lines refer to it.
    pub id: String,
    /// The calendar whose holidays it keeps; none when it keeps none.
    pub calendar: Option<String>,
    /// When people are there, for whatever names no hours of its own.
    pub people: Week,
    /// Services with hours of their own.
    pub services: BTreeMap<Service, Week>,
    /// Closures once.
    pub closures: Vec<Closure>,
}

/// The hours of a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Week {
    /// At any time.
    Always,
    /// By the day.
    Days(Box<Days>),
}

/// Hours by the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// Monday first.
    pub week: [Vec<Stretch>; 7],
    /// On holidays, whatever day of the week.
    pub holidays: Vec<Stretch>,
    /// On weekend days worked to make up for a holiday.
    pub workdays: Vec<Stretch>,
}

/// From when to when, in minutes from the start of the day; past midnight it goes on counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// From 0 to 1,439.
    pub opens: u16,
    /// At most a day after it opened.
    pub closes: u16,
}

/// A closure of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// From when, by the clocks of the wallet's zone, to the minute.
    pub from: DateTime,
    /// Until when.
    pub to: DateTime,
    /// What for, in each language.
    pub name: Names,
    /// The services it is about; none means all of them. A freeze is served all the same.
    #[serde(default)]
    pub services: Vec<Service>,
}

/// The file is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPlan {
    /// Not a stretch of a day.
    #[error("hours `{plan}`: {key}: `{text}` cannot be read: write \"09:00-18:00\"; what ends after midnight \"22:00-02:00\"")]
    Stretch {
        /// The plan.
        plan: String,
        /// Under which key.
        key: String,
        /// What was written.
        text: String,
    },
    /// Two stretches of one day meet.
    #[error("hours `{plan}`: {key}: the stretches must stand in order and apart, at most {STRETCHES_MAX} of them")]
    Order {
        /// The plan.
        plan: String,
        /// Under which key.
        key: String,
    },
    /// Every hour is written down and yet it says always, or nothing at all.
    #[error("hours `{plan}`: {key}: write either `always = true` or the hours of days")]
    Week {
        /// The plan.
        plan: String,
        /// Under which key.
        key: String,
    },
    /// A freeze with hours.
    #[error("hours `{plan}`: services.freeze: a freeze is served at any time: remove this key")]
    Freeze {
        /// The plan.
        plan: String,
    },
    /// A closure that says too little.
    #[error("hours `{plan}`: closures[{place}]: `to` must come after `from`, and `name` must say what for in zh-CN and in en")]
    Closure {
        /// The plan.
        plan: String,
        /// Which.
        place: usize,
    },
    /// Too many closures.
    #[error("hours `{plan}`: closures: at most {CLOSURES_MAX}: remove those that are over")]
    Closures {
        /// The plan.
        plan: String,
    },
}

impl Week {
    /// The stretches of a day of the week.
    #[must_use]
    pub fn of(&self, day: Weekday) -> &[Stretch] {
        match self {
            Self::Always => &[WHOLE_DAY],
            Self::Days(days) => &days.week[usize::try_from(day.to_monday_zero_offset()).unwrap_or_default()],
        }
    }

    /// The stretches of a holiday.
    #[must_use]
    pub fn on_holidays(&self) -> &[Stretch] {
        match self {
            Self::Always => &[WHOLE_DAY],
            Self::Days(days) => &days.holidays,
        }
    }

    /// The stretches of a weekend day worked to make up for a holiday.
    #[must_use]
    pub fn on_workdays(&self) -> &[Stretch] {
        match self {
            Self::Always => &[WHOLE_DAY],
            Self::Days(days) => &days.workdays,
        }
    }
}

const WHOLE_DAY: Stretch = Stretch { opens: 0, closes: DAY_MINUTES };

impl Closure {
    /// It is about this service, or about whoever names none.
    #[must_use]
    pub fn holds_for(&self, service: Option<Service>) -> bool {
        self.services.is_empty() || service.is_some_and(|service| self.services.contains(&service))
    }
}

/// A time that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadStretch;

impl FromStr for Stretch {
    type Err = BadStretch;

    fn from_str(text: &str) -> Result<Self, BadStretch> {
        let (from, to) = text.split_once('-').ok_or(BadStretch)?;
        let (opens, closes) = (minutes(from).ok_or(BadStretch)?, minutes(to).ok_or(BadStretch)?);
        let closes = if closes <= opens { closes + DAY_MINUTES } else { closes };
        if opens < DAY_MINUTES && closes - opens <= DAY_MINUTES { Ok(Self { opens, closes }) } else { Err(BadStretch) }
    }
}

/// `HH:MM`, up to `24:00`.
fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two = |part: &str| (part.len() == 2).then(|| part.parse::<u16>().ok()).flatten();
    let (hour, minute) = (two(hour)?, two(minute)?);
    (minute < 60 && (hour < 24 || (hour, minute) == (24, 0))).then_some(hour * 60 + minute)
}

/// A plan as its file says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    #[serde(default)]
    calendar: Option<String>,
    people: WrittenWeek,
    #[serde(default)]
    services: BTreeMap<Service, WrittenWeek>,
    #[serde(default)]
    closures: Vec<Closure>,
}

/// A week as a file says it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWeek {
    #[serde(default)]
    always: bool,
    /// For the days that are not written.
    #[serde(default)]
    every_day: Option<Vec<String>>,
    monday: Option<Vec<String>>,
    tuesday: Option<Vec<String>>,
    wednesday: Option<Vec<String>>,
    thursday: Option<Vec<String>>,
    friday: Option<Vec<String>>,
    saturday: Option<Vec<String>>,
    sunday: Option<Vec<String>>,
    /// None when nobody is there on holidays.
    holidays: Option<Vec<String>>,
    /// As on a Monday when not written.
    workdays: Option<Vec<String>>,
}

impl TryFrom<Written> for Plan {
    type Error = BadPlan;

    fn try_from(written: Written) -> Result<Self, BadPlan> {
        let Written { id, calendar, people, services, closures } = written;
        if services.contains_key(&Service::Freeze) {
            return Err(BadPlan::Freeze { plan: id });
        }
        if closures.len() > CLOSURES_MAX {
            return Err(BadPlan::Closures { plan: id });
        }
        let says_all = |names: &Names| names.len() == Language::ALL.len() && names.values().all(|name| !name.trim().is_empty());
        if let Some(place) = closures.iter().position(|closure| closure.to <= closure.from || !says_all(&closure.name)) {
            return Err(BadPlan::Closure { plan: id, place });
        }
        let people = week(&id, "people", people)?;
        let mut own = BTreeMap::new();
        for (service, written) in services {
            own.insert(service, week(&id, &format!("services.{}", service.name()), written)?);
        }
        Ok(Self { id, calendar, people, services: own, closures })
    }
}

fn week(plan: &str, key: &str, written: WrittenWeek) -> Result<Week, BadPlan> {
    let WrittenWeek { always, every_day, monday, tuesday, wednesday, thursday, friday, saturday, sunday, holidays, workdays } =
        written;
    let days = [
        ("monday", monday),
        ("tuesday", tuesday),
        ("wednesday", wednesday),
        ("thursday", thursday),
        ("friday", friday),
        ("saturday", saturday),
        ("sunday", sunday),
    ];
    let says_days = every_day.is_some() || holidays.is_some() || workdays.is_some() || days.iter().any(|(_, day)| day.is_some());
    if always == says_days {
        return Err(BadPlan::Week { plan: plan.to_owned(), key: key.to_owned() });
    }
    if always {
        return Ok(Week::Always);
    }
    let read = |name: &str, texts: Option<&Vec<String>>| stretches(plan, &format!("{key}.{name}"), texts);
    let every_day = read("every_day", every_day.as_ref())?.unwrap_or_default();
    let mut week: [Vec<Stretch>; 7] = std::array::from_fn(|_| every_day.clone());
    for (place, (name, texts)) in days.iter().enumerate() {
        if let Some(own) = read(name, texts.as_ref())? {
            week[place] = own;
        }
    }
    let workdays = read("workdays", workdays.as_ref())?.unwrap_or_else(|| week[0].clone());
    let holidays = read("holidays", holidays.as_ref())?.unwrap_or_default();
    Ok(Week::Days(Box::new(Days { week, holidays, workdays })))
}

fn stretches(plan: &str, key: &str, texts: Option<&Vec<String>>) -> Result<Option<Vec<Stretch>>, BadPlan> {
    let Some(texts) = texts else { return Ok(None) };
    let mut read: Vec<Stretch> = Vec::with_capacity(texts.len());
    for text in texts {
        let stretch = text.parse::<Stretch>().map_err(|BadStretch| BadPlan::Stretch {
            plan: plan.to_owned(),
            key: key.to_owned(),
            text: text.clone(),
        })?;
        if read.len() == STRETCHES_MAX || read.last().is_some_and(|before| before.closes >= stretch.opens) {
            return Err(BadPlan::Order { plan: plan.to_owned(), key: key.to_owned() });
        }
        read.push(stretch);
    }
    Ok(Some(read))
}
