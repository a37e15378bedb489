//! Tables of instants that hours go wrong on, and the laws that hold at every instant.

use super::*;
use crate::kernel::language::Language;
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZoneDatabase;
use proptest::prelude::*;

const CN: &str = r#"
id = "cn"
time_zone = "Asia/Shanghai"
weekend = ["saturday", "sunday"]
[years.2026]
source = "a list"
mark = "S"
checked_on = "2026-11-27"
holidays = ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04", "2026-10-05", "2026-10-06", "2026-10-07"]
workdays = ["2026-09-20", "2026-10-10"]
names = [{ from = "2026-10-01", to = "2026-10-07", name = { zh-CN = "国庆节", en = "National Day" } }]
"#;

const PLAN: &str = r#"
id = "jinqiao"
calendar = "cn"
[people]
every_day = ["09:00-12:00", "13:00-22:00"]
friday = ["09:00-12:00", "13:00-02:00"]
saturday = ["10:00-18:00"]
sunday = []
holidays = ["10:00-16:00"]
[services.security]
always = true
[services.refunds]
monday = ["09:00-17:00"]
[[closures]]
from = "2026-11-11T14:00"
to = "2026-11-11T15:30"
name = { zh-CN = "演练", en = "a drill" }
"#;

fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

fn plan(text: &str) -> Result<Plan, String> {
    toml::from_str(text).map_err(|error| error.message().to_owned())
}

fn calendars() -> Calendars {
    [toml::from_str::<Calendar>(CN).unwrap()].into_iter().collect()
}

fn jinqiao() -> Hours {
    Hours::new(plan(PLAN).unwrap(), zone("Asia/Shanghai"), &calendars()).unwrap()
}

/// An instant by the clocks of a zone; of two that look alike the first.
fn at(hours: &Hours, local: &str) -> Wall {
    let local: DateTime = local.parse().unwrap();
    Wall(hours.zone().to_ambiguous_timestamp(local).earlier().unwrap().as_microsecond())
}

fn shown(hours: &Hours, at: Wall) -> String {
    let local = hours.zone().to_datetime(Timestamp::from_microsecond(at.0).unwrap());
    local.strftime("%m-%d %H:%M").to_string()
}

/// One line: `open 09-30 13:00 until 22:00`, `closed (holiday National Day), opens …`.
fn told(hours: &Hours, service: Option<Service>, local: &str) -> String {
    let time = |at: Option<Wall>| at.map_or_else(|| "?".to_owned(), |at| shown(hours, at));
    match hours.status(service, at(hours, local)) {
        Standing::Open { since, until } => format!("open {} to {}", time(since), time(until)),
        Standing::Closed { why, opens, .. } => {
            let why = match why {
                Why::OutOfHours => "out of hours".to_owned(),
                Why::Holiday(names) => names.map_or_else(|| "holiday".to_owned(), |names| names[&Language::En].clone()),
                Why::Closure(names) => names[&Language::En].clone(),
            };
            let opens = match opens {
                Next::At(at) => shown(hours, at),
                Next::NotAnnounced(year) => format!("not announced for {year}"),
                Next::Never => "never".to_owned(),
            };
            format!("closed: {why}; opens {opens}")
        }
        Standing::NotAnnounced { year } => format!("not announced for {year}"),
    }
}

#[test]
fn a_week_with_split_days_a_night_a_holiday_and_its_make_up_day() {
    let hours = jinqiao();
    let cases = [
        ("2026-09-14T08:59", "closed: out of hours; opens 09-14 09:00"),
        ("2026-09-14T09:00", "open 09-14 09:00 to 09-14 12:00"),
        ("2026-09-14T12:00", "closed: out of hours; opens 09-14 13:00"),
        ("2026-09-14T21:59", "open 09-14 13:00 to 09-14 22:00"),
        ("2026-09-14T22:00", "closed: out of hours; opens 09-15 09:00"),
        // Friday goes on past midnight.
        ("2026-09-18T23:59", "open 09-18 13:00 to 09-19 02:00"),
        ("2026-09-19T01:59", "open 09-18 13:00 to 09-19 02:00"),
        ("2026-09-19T02:00", "closed: out of hours; opens 09-19 10:00"),
        // A Sunday without hours, and the Sunday worked to make up.
        ("2026-09-13T11:00", "closed: out of hours; opens 09-14 09:00"),
        ("2026-09-20T11:00", "open 09-20 09:00 to 09-20 12:00"),
        // The holiday: its own hours, and why nobody is there outside of them.
        ("2026-10-01T09:30", "closed: National Day; opens 10-01 10:00"),
        ("2026-10-01T11:00", "open 10-01 10:00 to 10-01 16:00"),
        ("2026-10-01T20:00", "closed: National Day; opens 10-02 10:00"),
        ("2026-10-01T23:00", "closed: out of hours; opens 10-02 10:00"),
        ("2026-10-07T17:00", "closed: National Day; opens 10-08 09:00"),
        // The Saturday worked to make up goes by Monday's hours.
        ("2026-10-10T19:00", "open 10-10 13:00 to 10-10 22:00"),
        // A closure cuts the afternoon in two.
        ("2026-11-11T13:59", "open 11-11 13:00 to 11-11 14:00"),
        ("2026-11-11T14:00", "closed: a drill; opens 11-11 15:30"),
        ("2026-11-11T15:30", "open 11-11 15:30 to 11-11 22:00"),
        // Nobody has announced 2027.
        ("2026-12-31T20:00", "open 12-31 13:00 to 12-31 22:00"),
        ("2026-12-31T23:00", "closed: out of hours; opens not announced for 2027"),
        ("2027-01-04T10:00", "not announced for 2027"),
    ];
    for (local, expected) in cases {
        assert_eq!(told(&hours, None, local), expected, "{local}");
    }
}

#[test]
fn services_have_hours_of_their_own_and_a_freeze_has_none() {
    let hours = jinqiao();
    assert_eq!(told(&hours, Some(Service::Security), "2026-10-01T03:00"), "open ? to ?");
    assert_eq!(told(&hours, Some(Service::Security), "2026-11-11T14:30"), "closed: a drill; opens 11-11 15:30");
    assert_eq!(told(&hours, Some(Service::Security), "2027-05-01T14:30"), "open ? to ?", "every kind of day is alike");
    assert_eq!(told(&hours, Some(Service::Refunds), "2026-09-15T10:00"), "closed: out of hours; opens 09-20 09:00");
    for local in ["2026-10-01T03:00", "2026-11-11T14:30", "2027-01-01T00:00"] {
        assert_eq!(told(&hours, Some(Service::Freeze), local), "open ? to ?");
    }
}

#[test]
fn no_edge_is_told_where_it_touches_a_year_not_announced() {
    // Had the last day of 2025 been ordinary, somebody was there until four.
    let told = |thursday: &str, clock: &str| {
        let text =
            format!("id = \"eve\"\ncalendar = \"cn\"\n[people]\nwednesday = [\"20:00-04:00\"]\nthursday = [\"{thursday}\"]\n");
        let hours = Hours::new(plan(&text).unwrap(), zone("Asia/Shanghai"), &calendars()).unwrap();
        told(&hours, None, &format!("2026-01-01T{clock}"))
    };
    assert_eq!(told("02:00-06:00", "03:15"), "not announced for 2025");
    assert_eq!(told("02:00-06:00", "05:00"), "open ? to 01-01 06:00");
    assert_eq!(told("04:00-06:00", "05:00"), "open ? to 01-01 06:00");
    assert_eq!(told("05:00-06:00", "05:30"), "open 01-01 05:00 to 01-01 06:00");
}

#[test]
fn a_line_goes_by_the_ordinary_week_where_nothing_is_announced() {
    let hours = jinqiao();
    for (local, serves) in [("2027-01-04T10:00", true), ("2027-01-04T12:30", false), ("2027-01-03T10:00", false)] {
        assert_eq!(hours.serves(None, at(&hours, local)), serves, "{local}");
    }
}

#[test]
fn a_day_is_told_whole() {
    let hours = jinqiao();
    let told = |day: Day| {
        let open =
            day.open.map(|open| open.iter().map(|(from, to)| (shown(&hours, *from), shown(&hours, *to))).collect::<Vec<_>>());
        (day.kind, open)
    };
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(
        told(hours.day(None, date(2026, 9, 19))),
        (DayKind::Ordinary, Some(vec![pair("09-19 00:00", "09-19 02:00"), pair("09-19 10:00", "09-19 18:00")])),
        "what began on Friday is told where it ends"
    );
    assert_eq!(told(hours.day(None, date(2026, 9, 13))), (DayKind::Ordinary, Some(Vec::new())));
    assert!(matches!(told(hours.day(None, date(2026, 10, 3))), (DayKind::Holiday(Some(_)), Some(open)) if open.len() == 1));
    assert_eq!(told(hours.day(None, date(2027, 1, 2))), (DayKind::NotAnnounced(2027), None));
}

#[test]
fn clocks_that_change_lose_and_double_no_hour_of_opening() {
    let text = "id = \"night\"\n[people]\nevery_day = [\"00:30-01:30\", \"02:15-02:45\", \"22:00-24:00\"]\nholidays = []\n";
    let hours = Hours::new(plan(text).unwrap(), zone("Europe/Berlin"), &Calendars::default()).unwrap();
    let open = |day: Date| -> Vec<(String, i64)> {
        let told = hours.day(None, day).open.unwrap();
        told.iter().map(|(from, to)| (shown(&hours, *from), (to.0 - from.0) / 60_000_000)).collect()
    };
    let minutes = |day| open(day).into_iter().map(|(_, minutes)| minutes).collect::<Vec<_>>();
    assert_eq!(minutes(date(2026, 3, 28)), [60, 30, 120]);
    // 02:15 does not exist: it comes an hour later. 02:15 twice: from the first to the second.
    assert_eq!(open(date(2026, 3, 29))[1], ("03-29 03:15".to_owned(), 30));
    assert_eq!(minutes(date(2026, 10, 25)), [60, 90, 120]);
}

#[test]
fn what_is_no_plan_is_refused_with_its_key() {
    let with = |people: &str| format!("id = \"p\"\n[people]\n{people}\n");
    let cases = [
        (with("monday = [\"9-18\"]"), "people.monday: `9-18` cannot be read"),
        (with("monday = [\"09:00-25:00\"]"), "people.monday: `09:00-25:00` cannot be read"),
        (with("monday = [\"24:00-25:00\"]"), "people.monday"),
        (with("monday = [\"09:00-12:00\", \"11:00-13:00\"]"), "people.monday: the stretches must stand in order"),
        (with("monday = [\"13:00-14:00\", \"09:00-10:00\"]"), "people.monday: the stretches must stand in order"),
        (with(""), "people: write either"),
        (with("always = true\nmonday = [\"09:00-10:00\"]"), "people: write either"),
        (format!("{}[services.freeze]\nalways = true\n", with("always = true")), "services.freeze"),
        (format!("{}[services.loans]\nalways = true\n", with("always = true")), "unknown variant"),
        (with("moonday = []"), "unknown field"),
        (
            format!(
                "{}[[closures]]\nfrom = \"2026-01-02T00:00\"\nto = \"2026-01-01T00:00\"\nname = {{ en = \"x\" }}\n",
                with("always = true")
            ),
            "closures[0]",
        ),
    ];
    for (text, expected) in cases {
        let error = plan(&text).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    let missing =
        Hours::new(plan("id = \"p\"\ncalendar = \"mars\"\n[people]\nalways = true\n").unwrap(), TimeZone::UTC, &calendars());
    assert!(missing.unwrap_err().to_string().contains("calendars/mars.toml"));
}

fn stretches() -> impl Strategy<Value = Vec<Stretch>> + Clone {
    let cuts = proptest::collection::btree_set(0_u16..1_440, 0..=6);
    cuts.prop_map(|cuts| {
        let cuts: Vec<u16> = cuts.into_iter().collect();
        cuts.chunks_exact(2).map(|pair| Stretch { opens: pair[0], closes: pair[1] }).collect()
    })
}

/// Any week; sometimes a day's last stretch goes on past midnight.
fn weeks() -> impl Strategy<Value = Week> {
    let day = (stretches(), 0_u16..600).prop_map(|(mut day, more)| {
        if let Some(last) = day.last_mut()
            && more < 300
        {
            last.closes = DAY_MINUTES + more;
        }
        day
    });
    (proptest::array::uniform7(day.clone()), stretches(), day)
        .prop_map(|(week, holidays, workdays)| Week::Days(Box::new(Days { week, holidays, workdays })))
}

const ZONES: [&str; 5] = ["Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"];

/// The first instant of 2026 in UTC, and how many minutes a year has.
const YEAR: i64 = 1_767_225_600;
const MINUTES: i64 = 365 * 24 * 60;

/// A plan anywhere, with a closure, and an instant.
fn anywhere() -> impl Strategy<Value = (Hours, Wall)> {
    (weeks(), 0_usize..ZONES.len(), 0_i64..MINUTES, any::<bool>(), 0_i64..MINUTES).prop_map(
        |(people, place, minute, keeps, shut)| {
            let zone = zone(ZONES[place]);
            let local = |at: i64| zone.to_datetime(Timestamp::from_second(YEAR + at * 60).unwrap());
            let name = [(Language::En, "shut".to_owned()), (Language::ZhCn, "休".to_owned())].into();
            let closures = vec![Closure { from: local(shut), to: local(shut + 300), name, services: Vec::new() }];
            let closures = closures.into_iter().filter(|closure| closure.from < closure.to).collect();
            let calendar = keeps.then(|| "cn".to_owned());
            let plan = Plan { id: "any".to_owned(), calendar, people, services: [].into(), closures };
            (Hours::new(plan, zone, &calendars()).unwrap(), Wall((YEAR + minute * 60) * 1_000_000))
        },
    )
}

proptest! {
    /// Away from changes of the clocks, open is what the clock on the wall says.
    #[test]
    fn an_instant_is_open_as_the_clock_on_the_wall_says((hours, at) in anywhere()) {
        let zoned = Timestamp::from_microsecond(at.0).unwrap().to_zoned(hours.zone.clone());
        let near = |span: i64| hours.zone.to_offset(zoned.timestamp() + jiff::SignedDuration::from_hours(span));
        prop_assume!(near(-36) == near(36));
        let day_of = |date: Date| match hours.kind(date) {
            DayKind::Holiday(_) => hours.plan.people.on_holidays().to_vec(),
            DayKind::Workday => hours.plan.people.on_workdays().to_vec(),
            DayKind::Ordinary | DayKind::NotAnnounced(_) => hours.plan.people.of(date.weekday()).to_vec(),
        };
        let now = u16::try_from(i32::from(zoned.hour()) * 60 + i32::from(zoned.minute())).unwrap();
        let within = |date, minute: u16| day_of(date).iter().any(|s: &Stretch| s.opens <= minute && minute < s.closes);
        let shut = hours.plan.closures.iter().any(|c| c.from <= zoned.datetime() && zoned.datetime() < c.to);
        let expected = (within(zoned.date(), now) || within(later(zoned.date(), -1), now + DAY_MINUTES)) && !shut;
        prop_assert_eq!(hours.serves(None, at), expected);
    }

    /// Whatever is told holds: open until the end, closed from there; closed up to the next opening, open from there.
    #[test]
    fn what_is_told_holds((hours, at) in anywhere()) {
        let serves = |at: i64| hours.serves(None, Wall(at));
        match hours.status(None, at) {
            Standing::Open { since, until } => {
                prop_assert!(serves(at.0));
                if let Some(since) = since { prop_assert!(serves(since.0) && !serves(since.0 - 1) && since <= at); }
                if let Some(until) = until { prop_assert!(serves(until.0 - 1) && !serves(until.0) && until > at); }
            }
            Standing::Closed { since, opens, .. } => {
                prop_assert!(!serves(at.0));
                if let Some(since) = since { prop_assert!(serves(since.0 - 1) && !serves(since.0) && since <= at); }
                if let Next::At(opens) = opens {
                    prop_assert!(serves(opens.0) && !serves(opens.0 - 1) && opens > at);
                    let middle = at.0 + (opens.0 - at.0) / 2;
                    prop_assert!(!serves(middle));
                }
            }
            Standing::NotAnnounced { year } => prop_assert!(hours.plan.calendar.is_some() && year != 2026),
        }
    }

    /// A freeze is served whatever the plan says.
    #[test]
    fn a_freeze_is_always_served((hours, at) in anywhere()) {
        prop_assert!(hours.serves(Some(Service::Freeze), at));
    }

    /// No text is a stretch by accident, and none makes the reader fail.
    #[test]
    fn any_text_is_a_stretch_or_is_not(text in "\\PC{0,16}") {
        if let Ok(Stretch { opens, closes }) = text.parse::<Stretch>() {
            prop_assert!(opens < closes && opens < DAY_MINUTES && closes - opens <= DAY_MINUTES);
        }
    }
}
