//! The windows and calendars as shipped: every one can be read, is sourced, stands once, and counts as the published lists say.

use jiff::civil::{Date, date};
use serde::de::DeserializeOwned;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use walletline_core::{
    kernel::{
        calendar::{Calendar, Calendars},
        language::Language,
        time::Wall,
    },
    wallet::{
        timeline::{Observed, Status, Verdict, assess},
        window::{Corridor, Kind, Rail, Window, WindowFile, check, find},
    },
};

fn read<T: DeserializeOwned>(folder: &str) -> Vec<T> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut files: Vec<_> =
        fs::read_dir(&folder).expect("the folder is shipped").map(|entry| entry.expect("it can be listed").path()).collect();
    files.sort();
    let parse = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("the file can be read");
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    files.iter().map(parse).collect()
}

fn windows() -> Vec<Window> {
    read::<WindowFile>("windows").into_iter().flat_map(|file| file.windows).collect()
}

fn calendars() -> Calendars {
    read::<Calendar>("calendars").into_iter().collect()
}

fn at(text: &str) -> Wall {
    Wall(text.parse::<jiff::Timestamp>().expect("RFC 3339").as_microsecond())
}

fn business_days(calendar: &Calendar, year: i16) -> usize {
    let days = date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(|day: &Date| day.year() == year);
    days.filter(|day| calendar.is_business_day(*day).expect("the year is known")).count()
}

#[test]
fn what_is_shipped_may_be_used() {
    let windows = windows();
    let problems: Vec<String> = check(&windows, &calendars()).iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(windows.len() >= 14, "{} windows", windows.len());
}

#[test]
fn every_kind_has_a_window_and_every_calendar_is_used() {
    let windows = windows();
    for kind in Kind::ALL {
        assert!(windows.iter().any(|window| window.kind == kind), "{}", kind.name());
    }
    let used: BTreeSet<&str> = windows.iter().map(|window| window.calendar.as_str()).collect();
    let calendars = calendars();
    assert_eq!(used, calendars.iter().map(Calendar::id).collect());
    assert_eq!(read::<Calendar>("calendars").len(), calendars.iter().count(), "no two calendars of one name");
}

#[test]
fn a_basis_can_be_said_in_one_breath_and_promises_nothing() {
    for window in windows() {
        let (zh, en) = (window.basis.text(Language::ZhCn), window.basis.text(Language::En));
        assert!(zh.chars().count() <= 40 && zh.ends_with('。'), "{}: {zh}", window.key());
        assert!(en.len() <= 130 && en.ends_with('.') && en.is_ascii(), "{}: {en}", window.key());
        let promises = ["保证", "一定", "承诺", "guarantee", "promise", "will arrive", "always"];
        assert!(!promises.iter().any(|word| zh.contains(word) || en.contains(word)), "{}", window.key());
    }
}

#[test]
fn calendars_count_as_the_published_lists_do() {
    let calendars = calendars();
    // Counted with the PyPI packages chinesecalendar 1.11.0 and holidays 0.109 (XECB, XFED, GB-ENG).
    let cases = [
        ("cn", 2026, 248),
        ("target", 2026, 256),
        ("target", 2027, 258),
        ("us-fed", 2026, 251),
        ("us-fed", 2027, 252),
        ("gb", 2026, 253),
        ("gb", 2027, 253),
    ];
    for (id, year, expected) in cases {
        assert_eq!(business_days(calendars.get(id).unwrap(), year), expected, "{id} {year}");
    }
}

#[test]
fn a_demo_payment_to_germany_goes_from_on_time_to_overdue_across_the_year() {
    let (windows, calendars) = (windows(), calendars());
    let (rail, corridor): (Rail, Corridor) = ("swift_gpi".parse().unwrap(), "CN-DE".parse().unwrap());
    let window = find(&windows, "jinqiao", Kind::CrossBorder, &rail, corridor);
    assert_eq!(window.unwrap().key(), "*/cross_border/swift_gpi/CN-DE");
    // Thursday, New Year's Eve in Shanghai: received on 31 December, and 1 January and a weekend lie between.
    let created_at = at("2026-12-31T10:00:00+08:00");
    let observed = Observed {
        kind: Kind::CrossBorder,
        rail,
        corridor,
        status: Status::Pending,
        created_at,
        changed_at: created_at,
        refund_due_at: None,
        reason: None,
    };
    let expected_by = at("2027-01-04T23:59:59.999999+01:00");
    let overdue_from = at("2027-01-05T23:59:59.999999+01:00");
    let verdict = |now: &str| assess(window, &calendars, &observed, at(now));
    assert_eq!(verdict("2026-12-31T10:05:00+08:00"), Verdict::OnTime { expected_by });
    assert_eq!(verdict("2027-01-05T09:00:00+01:00"), Verdict::Late { expected_by, overdue_from });
    assert_eq!(verdict("2027-01-06T09:00:00+01:00"), Verdict::Overdue { since: overdue_from });
}

#[test]
fn a_deadline_in_a_year_that_nobody_wrote_down_is_unknown() {
    let (windows, calendars) = (windows(), calendars());
    let (rail, corridor): (Rail, Corridor) = ("card_refund".parse().unwrap(), "CN-CN".parse().unwrap());
    let window = find(&windows, "*", Kind::Refund, &rail, corridor);
    let created_at = at("2026-12-30T10:00:00+08:00");
    let observed = Observed {
        kind: Kind::Refund,
        rail,
        corridor,
        status: Status::Pending,
        created_at,
        changed_at: created_at,
        refund_due_at: None,
        reason: None,
    };
    let verdict = assess(window, &calendars, &observed, created_at);
    assert!(matches!(verdict, Verdict::Unknown(_)), "{verdict:?}");
    assert_eq!(verdict.name(), "unknown");
}
