//! Tables of days and instants that calendars go wrong on, and the laws that hold on every day.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;

const SOURCE: &str = "source = \"a list\"\nmark = \"S\"\nchecked_on = \"2026-11-27\"\n";

fn calendar(text: &str) -> Result<Calendar, String> {
    toml::from_str(text).map_err(|error| error.message().to_owned())
}

/// China around National Day 2026, with its make-up Saturday.
fn cn() -> Calendar {
    let days = "holidays = [\"2026-10-01\", \"2026-10-02\", \"2026-10-03\", \"2026-10-04\", \"2026-10-05\", \"2026-10-06\", \
                \"2026-10-07\"]\nworkdays = [\"2026-09-20\", \"2026-10-10\"]\n";
    let head = "id = \"cn\"\ntime_zone = \"Asia/Shanghai\"\nweekend = [\"saturday\", \"sunday\"]\n";
    calendar(&format!("{head}[years.2026]\n{SOURCE}{days}")).unwrap()
}

/// Saturdays and Sundays are off, in any year.
fn week(time_zone: &str) -> Calendar {
    let text =
        format!("id = \"week\"\ntime_zone = \"{time_zone}\"\nweekend = [\"saturday\", \"sunday\"]\nwithout_holidays = true\n");
    calendar(&text).unwrap()
}

fn at(text: &str) -> Wall {
    Wall(text.parse::<Timestamp>().unwrap().as_microsecond())
}

fn unknown(year: i16) -> CalendarError {
    CalendarError::UnknownYear { calendar: "cn".to_owned(), year }
}

#[test]
fn a_day_is_a_business_day_or_not() {
    let cases = [
        (date(2026, 9, 30), Ok(true), "a Wednesday"),
        (date(2026, 10, 1), Ok(false), "a holiday"),
        (date(2026, 9, 19), Ok(false), "a Saturday"),
        (date(2026, 9, 20), Ok(true), "a Sunday worked to make up"),
        (date(2026, 10, 10), Ok(true), "a Saturday worked to make up"),
        (date(2026, 10, 11), Ok(false), "the Sunday after it"),
        (date(2025, 12, 31), Err(unknown(2025)), "a year before the list"),
        (date(2027, 1, 1), Err(unknown(2027)), "a year after the list"),
    ];
    for (day, expected, what) in cases {
        assert_eq!(cn().is_business_day(day), expected, "{day}, {what}");
    }
}

#[test]
fn business_days_are_added() {
    let cases = [
        (date(2026, 9, 30), 0, Ok(date(2026, 9, 30)), "today"),
        (date(2026, 9, 30), 1, Ok(date(2026, 10, 8)), "over the holidays"),
        (date(2026, 9, 30), 3, Ok(date(2026, 10, 10)), "onto the make-up Saturday"),
        (date(2026, 9, 30), 4, Ok(date(2026, 10, 12)), "and past it"),
        (date(2026, 9, 18), 1, Ok(date(2026, 9, 20)), "Friday to the make-up Sunday"),
        (date(2026, 10, 3), 0, Ok(date(2026, 10, 8)), "zero from a holiday"),
        (date(2026, 10, 3), 1, Ok(date(2026, 10, 8)), "one from a holiday"),
        (date(2026, 12, 30), 1, Ok(date(2026, 12, 31)), "to the last day that is known"),
        (date(2026, 12, 30), 2, Err(unknown(2027)), "into a year that is not"),
        (date(2026, 12, 31), 1, Err(unknown(2027)), "across the turn of the year"),
    ];
    for (day, count, expected, what) in cases {
        assert_eq!(cn().add_business_days(day, count), expected, "{day} + {count}, {what}");
    }
}

#[test]
fn an_order_counts_from_its_receipt_and_a_failure_from_the_day_after() {
    let (week, one) = (week("Europe/Berlin"), Length::BusinessDays(1));
    let saturday = at("2026-11-28T12:00:00+01:00");
    assert_eq!(
        week.end_of_order(saturday, one),
        Ok(at("2026-12-01T23:59:59.999999+01:00")),
        "received on Monday, due on Tuesday"
    );
    assert_eq!(week.end_after(saturday, one), Ok(at("2026-11-30T23:59:59.999999+01:00")), "Monday is the first day after");
    let friday_night = at("2026-11-27T23:30:00+01:00");
    assert_eq!(week.end_of_order(friday_night, one), week.end_after(friday_night, one));
    assert_eq!(week.end_of_order(friday_night, Length::Seconds(3_600)), Ok(at("2026-11-28T00:30:00+01:00")));
}

#[test]
fn a_day_falls_where_its_zone_says() {
    let instant = at("2026-12-31T17:00:00Z");
    assert_eq!(cn().date_of(instant), Ok(date(2027, 1, 1)), "already next year in Shanghai");
    assert_eq!(week("Europe/Berlin").date_of(instant), Ok(date(2026, 12, 31)));
}

#[test]
fn a_day_is_as_long_as_the_clocks_make_it() {
    let hours = |zone: &str, day: Date| {
        let week = week(zone);
        (week.end_of_day(day).unwrap() - week.start_of_day(day).unwrap()).as_s().div_ceil(3_600)
    };
    let cases = [
        ("Europe/Berlin", date(2026, 3, 29), 23, "the gap"),
        ("Europe/Berlin", date(2026, 10, 25), 25, "the fold"),
        ("Europe/Berlin", date(2026, 3, 30), 24, "any other day"),
        ("Asia/Shanghai", date(2026, 3, 29), 24, "no summer time"),
        ("Africa/Cairo", date(2026, 4, 24), 23, "the gap swallows midnight"),
        ("America/Havana", date(2024, 11, 3), 25, "midnight comes twice"),
    ];
    for (zone, day, expected, what) in cases {
        assert_eq!(hours(zone, day), expected, "{zone} {day}, {what}");
    }
}

#[test]
fn business_time_leaves_out_what_is_no_business_day() {
    let berlin = week("Europe/Berlin");
    let cases = [
        ("2026-11-27T12:00:00+01:00", "2026-11-27T13:30:00+01:00", 90, "within a day"),
        ("2026-11-27T23:00:00+01:00", "2026-11-30T01:00:00+01:00", 120, "over a weekend"),
        ("2026-11-28T01:00:00+01:00", "2026-11-29T23:00:00+01:00", 0, "a weekend alone"),
        ("2026-11-27T13:00:00+01:00", "2026-11-27T12:00:00+01:00", 0, "the wrong way round"),
        ("2026-10-23T23:00:00+02:00", "2026-10-26T01:00:00+01:00", 120, "over a weekend with a fold"),
        ("2026-12-31T23:00:00+01:00", "2027-01-01T01:00:00+01:00", 120, "across the turn of the year"),
    ];
    for (from, to, minutes, what) in cases {
        assert_eq!(berlin.business_time(at(from), at(to)), Ok(Span::from_s(minutes * 60)), "{what}");
    }
    assert_eq!(cn().business_time(at("2026-12-31T00:00:00+08:00"), at("2027-01-02T00:00:00+08:00")), Err(unknown(2027)));
}

#[test]
fn an_instant_out_of_range_is_an_error() {
    assert_eq!(cn().date_of(Wall(i64::MAX)), Err(CalendarError::OutOfRange));
    assert_eq!(cn().end_of_order(Wall(i64::MIN), Length::BusinessDays(1)), Err(CalendarError::OutOfRange));
    assert_eq!(week("UTC").end_of_day(Date::MAX), Err(CalendarError::OutOfRange));
}

#[test]
fn what_is_no_calendar_says_what_to_do() {
    let head = "id = \"x\"\ntime_zone = \"UTC\"\nweekend = [\"sunday\"]\n";
    let year = |days: &str| format!("{head}[years.2026]\n{SOURCE}{days}\n");
    let cases = [
        ("id = \"x\"\ntime_zone = \"Mars/Olympus\"\nweekend = []\nwithout_holidays = true".to_owned(), "not a time zone"),
        ("id = \"x\"\ntime_zone = \"UTC\"\nweekend = [\"Sun\"]\nwithout_holidays = true".to_owned(), "write `saturday`"),
        (
            "id = \"x\"\ntime_zone = \"UTC\"\nweekend = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \
             \"saturday\", \"sunday\"]\nwithout_holidays = true"
                .to_owned(),
            "leaves no business day",
        ),
        (head.to_owned(), "`without_holidays = true` or at least one"),
        (format!("{head}without_holidays = true\n[years.2026]\n{SOURCE}holidays = []"), "either"),
        (year("holidays = [\"2027-01-01\"]"), "not a day of 2026"),
        (year("holidays = []\nworkdays = [\"2026-11-27\"]"), "makes up for nothing"),
        (year("holidays = [\"2026-11-29\"]\nworkdays = [\"2026-11-29\"]"), "makes up for nothing"),
        (year("holidays = []").replace("a list", " "), "say where"),
        (year("holidays = []").replace("years.2026", "years.soon"), "is not a year"),
        (year("holidays = [\"2026-02-30\"]"), ""),
        (year("holidays = []\nholiday = []"), "unknown field"),
    ];
    for (text, expected) in cases {
        let error = calendar(&text).expect_err(&text);
        assert!(error.contains(expected), "{text}\n→ {error}");
    }
}

#[test]
fn a_later_calendar_takes_the_place_of_an_earlier_one() {
    let calendars: Calendars = [week("UTC"), cn(), week("Asia/Shanghai")].into_iter().collect();
    assert_eq!(calendars.iter().map(Calendar::id).collect::<Vec<_>>(), ["cn", "week"]);
    assert_eq!(calendars.get("week").unwrap().time_zone(), "Asia/Shanghai");
    assert!(calendars.get("plain").is_none());
}

fn days() -> impl Strategy<Value = Date> {
    (0..365 * 60_i64).prop_map(|day| date(1990, 1, 1).saturating_add(jiff::Span::new().days(day)))
}

proptest! {
    #[test]
    fn adding_business_days_never_goes_back(a in days(), b in days(), count in 0..300_u16) {
        let week = week("Europe/Berlin");
        let (earlier, later) = (a.min(b), a.max(b));
        let added = week.add_business_days(earlier, count).unwrap();
        prop_assert!(added <= week.add_business_days(later, count).unwrap(), "a later day ends no sooner");
        prop_assert!(added <= week.add_business_days(earlier, count + 1).unwrap(), "one more day ends no sooner");
        prop_assert!(added >= earlier && week.is_business_day(added).unwrap());
    }

    #[test]
    fn deadlines_never_go_back(a in 0..4_000_000_000_000_000_i64, later_by in 0..1_000_000_000_000_i64, count in 0..60_u16) {
        let (week, length) = (week("America/New_York"), Length::BusinessDays(count));
        let (earlier, later) = (Wall(a), Wall(a + later_by));
        prop_assert!(week.end_of_order(earlier, length).unwrap() <= week.end_of_order(later, length).unwrap());
        prop_assert!(week.end_after(earlier, length).unwrap() <= week.end_of_order(earlier, length).unwrap());
        prop_assert!(week.end_after(earlier, length).unwrap() >= earlier);
    }

    #[test]
    fn business_time_adds_up(a in 0..4_000_000_000_000_000_i64, first in 0..1_000_000_000_000_i64, second in 0..1_000_000_000_000_i64) {
        let week = week("Europe/Berlin");
        let (from, middle, to) = (Wall(a), Wall(a + first), Wall(a + first + second));
        let whole = week.business_time(from, to).unwrap();
        prop_assert_eq!(week.business_time(from, middle).unwrap().0 + week.business_time(middle, to).unwrap().0, whole.0);
        prop_assert!(whole <= to - from);
    }
}
