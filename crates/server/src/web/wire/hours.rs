//! Opening hours and waiting times on the wire. Public facts: they name nobody, and count callers only in what came true of what was
//! said.

use super::{LineState, Service, Time};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use walletline_core::call;
use walletline_core::kernel::time::Wall;
use walletline_core::queue::hours::{DayKind, Names, Next, Standing, Why};
use walletline_core::queue::wait::{Range, Score, Wait};
use walletline_core::switchboard::LineOutlook;

/// How often a screen may ask how long the wait is.
const POLL_S: u32 = 10;

/// When people are there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hours {
    /// The number.
    #[schema(example = "8000")]
    line: String,
    /// The wallet, by id.
    wallet: String,
    /// The zone of the wallet: days are its days.
    #[schema(example = "Asia/Shanghai")]
    time_zone: String,
    /// The instant that is told of.
    at: Time,
    /// How it stands for whoever names no service.
    #[serde(flatten)]
    standing: Stands,
    /// The day on which the instant falls.
    #[schema(required = true)]
    day: Option<DayHours>,
    /// Every service, the emergency freeze too.
    services: Vec<ServiceHours>,
    /// How the line is held now, whatever its plan says. None when it goes by the plan, or when another time was asked about.
    #[schema(required = true)]
    held: Option<LineState>,
}

/// How it stands.
#[derive(Debug, Serialize, ToSchema)]
struct Stands {
    /// Somebody is there; none when the holidays of the year are not announced.
    #[schema(required = true)]
    open: Option<bool>,
    /// Since when, where that is near.
    #[schema(required = true)]
    since: Option<Time>,
    /// Until when people are there, where that is near.
    #[schema(required = true)]
    until: Option<Time>,
    /// Why nobody is there.
    #[schema(required = true)]
    why: Option<ClosedFor>,
    /// When somebody is there again, where that can be said.
    #[schema(required = true)]
    next_opening: Option<Time>,
    /// A year whose holidays would have to be known and are not announced.
    #[schema(required = true)]
    not_announced: Option<i16>,
}

/// Why nobody is there.
#[derive(Debug, Serialize, ToSchema)]
struct ClosedFor {
    /// `out_of_hours`, `holiday`, `closure`.
    kind: &'static str,
    /// What it is called, by language, where it has a name.
    #[schema(required = true)]
    name: Option<BTreeMap<&'static str, String>>,
}

/// A service's hours.
#[derive(Debug, Serialize, ToSchema)]
struct ServiceHours {
    /// Which.
    service: Service,
    /// How it stands.
    #[serde(flatten)]
    standing: Stands,
    /// The hours of the day; none when the holidays of the year are not announced.
    #[schema(required = true)]
    hours: Option<Vec<Stretch>>,
}

/// A day.
#[derive(Debug, Serialize, ToSchema)]
struct DayHours {
    /// Which, in the wallet's zone.
    #[schema(example = "2026-10-01")]
    date: String,
    /// `ordinary`, `holiday`, `workday` (a weekend day worked to make up for a holiday), `not_announced`.
    kind: &'static str,
    /// What a holiday is called, by language.
    #[schema(required = true)]
    name: Option<BTreeMap<&'static str, String>>,
    /// When people are there for whoever names no service; none when the holidays of the year are not announced.
    #[schema(required = true)]
    hours: Option<Vec<Stretch>>,
}

/// From when to when.
#[derive(Debug, Serialize, ToSchema)]
struct Stretch {
    from: Time,
    to: Time,
}

/// How long whoever calls now would wait.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaitNow {
    /// The number.
    #[schema(example = "8000")]
    line: String,
    /// The wallet, by id.
    wallet: String,
    /// `soon` (an agent is free), `range`, `cannot_say`, `closed`.
    answer: &'static str,
    /// Half of the callers wait less than the first, nine in ten less than the second; only with `range`.
    #[schema(required = true)]
    minutes: Option<Minutes>,
    /// When somebody is there again; only with `closed`, where that can be said.
    #[schema(required = true)]
    next_opening: Option<Time>,
    /// What callers were told since the start of the program, and how often it came true.
    score: Held,
    /// Ask again after so many seconds.
    poll_s: u32,
}

/// A range of whole minutes.
#[derive(Debug, Serialize, ToSchema)]
struct Minutes {
    from: u32,
    to: u32,
}

/// What was said, and what came true.
#[derive(Debug, Serialize, ToSchema)]
struct Held {
    said: u64,
    came_true: u64,
}

impl Hours {
    /// A line at an instant; now, when none was asked about.
    pub(crate) fn new(number: String, line: &LineOutlook, zone: &TimeZone, at: Option<Wall>, now: Wall) -> Self {
        let standing = |service| match at {
            Some(at) => line.planned(service, at),
            None => line.standing(service, now),
        };
        let when = at.unwrap_or(now);
        let date = line.hours.as_ref().and_then(|hours| hours.date_of(when));
        let day = |service| Some(line.hours.as_ref()?.day(service, date?));
        let services = call::Service::ALL.map(|service| ServiceHours {
            service: service.into(),
            standing: standing(Some(service)).into(),
            hours: day(Some(service)).and_then(|day| day.open).map(stretches),
        });
        Self {
            line: number,
            wallet: line.wallet.clone(),
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            at: when.into(),
            standing: standing(None).into(),
            day: day(None).map(|day| {
                let (kind, name) = match day.kind {
                    DayKind::Ordinary => ("ordinary", None),
                    DayKind::Holiday(names) => ("holiday", names),
                    DayKind::Workday => ("workday", None),
                    DayKind::NotAnnounced(_) => ("not_announced", None),
                };
                DayHours { date: day.date.to_string(), kind, name: name.map(by_tag), hours: day.open.map(stretches) }
            }),
            services: services.into(),
            held: line.held.filter(|_| at.is_none()).map(Into::into),
        }
    }
}

impl WaitNow {
    /// A line now.
    pub(crate) fn new(number: String, line: &LineOutlook, score: Score, now: Wall) -> Self {
        let (answer, minutes, next_opening) = match (line.standing(None, now), line.wait) {
            (Standing::Closed { opens, .. }, _) => ("closed", None, opening(opens)),
            (_, Wait::Soon) => ("soon", None, None),
            (_, Wait::Between(Range { from_min, to_min })) => ("range", Some(Minutes { from: from_min, to: to_min }), None),
            (_, Wait::NobodyThere | Wait::TooLittleKnown) => ("cannot_say", None, None),
        };
        Self {
            line: number,
            wallet: line.wallet.clone(),
            answer,
            minutes,
            next_opening,
            score: Held { said: score.said, came_true: score.came_true },
            poll_s: POLL_S,
        }
    }
}

impl From<Standing> for Stands {
    fn from(standing: Standing) -> Self {
        let nothing = Self { open: None, since: None, until: None, why: None, next_opening: None, not_announced: None };
        match standing {
            Standing::Open { since, until } => {
                Self { open: Some(true), since: since.map(Into::into), until: until.map(Into::into), ..nothing }
            }
            Standing::Closed { since, why, opens } => Self {
                open: Some(false),
                since: since.map(Into::into),
                why: Some(match why {
                    Why::OutOfHours => ClosedFor { kind: "out_of_hours", name: None },
                    Why::Holiday(names) => ClosedFor { kind: "holiday", name: names.map(by_tag) },
                    Why::Closure(names) => ClosedFor { kind: "closure", name: Some(by_tag(names)) },
                }),
                next_opening: opening(opens),
                not_announced: match opens {
                    Next::NotAnnounced(year) => Some(year),
                    Next::At(_) | Next::Never => None,
                },
                ..nothing
            },
            Standing::NotAnnounced { year } => Self { not_announced: Some(year), ..nothing },
        }
    }
}

fn opening(opens: Next) -> Option<Time> {
    match opens {
        Next::At(at) => Some(at.into()),
        Next::NotAnnounced(_) | Next::Never => None,
    }
}

fn by_tag(names: Names) -> BTreeMap<&'static str, String> {
    names.into_iter().map(|(language, name)| (language.tag(), name)).collect()
}

fn stretches(open: Vec<(Wall, Wall)>) -> Vec<Stretch> {
    open.into_iter().map(|(from, to)| Stretch { from: from.into(), to: to.into() }).collect()
}
