//! Which window is found, and what is refused when windows are read.

use super::*;
use crate::kernel::calendar::Calendar;

fn calendars() -> Calendars {
    let text = "id = \"plain\"\ntime_zone = \"UTC\"\nweekend = []\nwithout_holidays = true";
    std::iter::once(toml::from_str::<Calendar>(text).unwrap()).collect()
}

fn text(wallet: &str, rail: &str, corridor: &str) -> String {
    format!(
        "wallet = \"{wallet}\"\nkind = \"cross_border\"\nrail = \"{rail}\"\ncorridor = \"{corridor}\"\np50 = \"30 min\"\n\
         p95 = \"24 h\"\nlate_after = \"1 business day\"\noverdue_after = \"2 business days\"\ncalendar = \"plain\"\n\
         basis = {{ zh-CN = \"通常\", en = \"Usually\" }}\nsource = \"x\"\nmark = \"D\"\nchecked_on = \"2026-11-27\"\n"
    )
}

fn window(wallet: &str, rail: &str, corridor: &str) -> Window {
    toml::from_str(&text(wallet, rail, corridor)).unwrap()
}

#[test]
fn the_window_that_says_most_is_found() {
    let mut windows = vec![
        window("*", "*", "*"),
        window("*", "*", "CN-DE"),
        window("*", "swift_gpi", "*"),
        window("*", "swift_gpi", "*-DE"),
        window("*", "swift_gpi", "CN-*"),
        window("*", "swift_gpi", "CN-DE"),
        window("jinqiao", "*", "*"),
    ];
    let cases = [
        (("harbor", "swift_gpi", "CN-DE"), "*/cross_border/swift_gpi/CN-DE"),
        (("harbor", "swift_gpi", "CN-FR"), "*/cross_border/swift_gpi/CN-*"),
        (("harbor", "swift_gpi", "GB-DE"), "*/cross_border/swift_gpi/*-DE"),
        (("harbor", "swift_gpi", "GB-FR"), "*/cross_border/swift_gpi/*"),
        (("harbor", "swift_gpi", "*"), "*/cross_border/swift_gpi/*"),
        (("harbor", "swift_gpi", "*-DE"), "*/cross_border/swift_gpi/*-DE"),
        (("harbor", "pigeon", "CN-DE"), "*/cross_border/*/CN-DE"),
        (("harbor", "*", "GB-FR"), "*/cross_border/*/*"),
        (("jinqiao", "swift_gpi", "CN-DE"), "jinqiao/cross_border/*/*"),
    ];
    for _ in 0..2 {
        for ((wallet, rail, corridor), expected) in cases {
            let (rail, corridor): (Rail, Corridor) = (rail.parse().unwrap(), corridor.parse().unwrap());
            let found = find(&windows, wallet, Kind::CrossBorder, &rail, corridor).unwrap();
            assert_eq!(found.key(), expected, "{wallet} {rail} {corridor}");
            assert!(find(&windows, wallet, Kind::Refund, &rail, corridor).is_none());
        }
        windows.reverse();
    }
}

#[test]
fn among_equals_the_first_is_found() {
    let windows = [Window { calendar: "first".to_owned(), ..window("*", "*", "*") }, window("*", "*", "*")];
    assert_eq!(find(&windows, "x", Kind::CrossBorder, &Rail::any(), Corridor::ANY).unwrap().calendar, "first");
}

#[test]
fn what_must_not_be_used_is_named() {
    let good = || window("*", "*", "*");
    let days = Length::BusinessDays;
    let key = || good().key();
    let order = |earlier, later| Problem::Order { key: key(), earlier, later };
    let cases = [
        (vec![good()], vec![]),
        (vec![good(), window("*", "*", "CN-*")], vec![]),
        (vec![good(), good()], vec![Problem::Twice { key: key() }]),
        (
            vec![Window { calendar: "moon".to_owned(), ..good() }],
            vec![Problem::NoCalendar { key: key(), calendar: "moon".to_owned() }],
        ),
        (vec![Window { source: " ".to_owned(), ..good() }], vec![Problem::Empty { key: key(), field: "source" }]),
        (vec![Window { p50: Length::Seconds(90_000), ..good() }], vec![order("p50", "p95")]),
        (vec![Window { p95: days(1), late_after: Length::Seconds(90_000), ..good() }], vec![order("p95", "late_after")]),
        (vec![Window { overdue_after: days(0), ..good() }], vec![order("late_after", "overdue_after")]),
    ];
    for (windows, expected) in cases {
        assert_eq!(check(&windows, &calendars()), expected);
    }
}

#[test]
fn what_is_written_wrong_is_refused_with_a_hint() {
    let good = text("*", "swift_gpi", "CN-DE");
    let cases = [
        (good.replace("30 min", "half an hour"), "whole number and a unit"),
        (good.replace("24 h", "1 day"), "`1 business day`"),
        (good.replace("CN-DE", "China-Germany"), "two country codes"),
        (good.replace("CN-DE", "cn-de"), "two country codes"),
        (good.replace("swift_gpi", "SWIFT gpi"), "is not a rail"),
        (good.replace("cross_border", "abroad"), "unknown variant"),
        (good.replace("\"D\"", "\"X\""), "unknown variant"),
        (good.replace(", en = \"Usually\"", ""), "missing field"),
        (good.replace("late_after", "late"), "unknown field"),
        (good.replace("source = \"x\"\n", ""), "missing field"),
    ];
    assert!(toml::from_str::<Window>(&good).is_ok());
    for (text, expected) in cases {
        let error = toml::from_str::<Window>(&text).expect_err(&text).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_corridor_is_read_as_it_is_written() {
    for written in ["*", "CN-DE", "CN-*", "*-DE"] {
        assert_eq!(written.parse::<Corridor>().unwrap().to_string(), written);
    }
    assert_eq!("*-*".parse(), Ok(Corridor::ANY));
    for bad in ["", "CN", "CN-DE-FR", "C-DE", "中国-DE", "**-DE"] {
        assert!(bad.parse::<Corridor>().is_err(), "{bad}");
    }
}

#[test]
fn what_is_usual_can_be_quoted() {
    let window = window("*", "*", "*");
    assert_eq!(window.usual(), (Length::Seconds(1_800), Length::Seconds(86_400)));
    assert_eq!((window.basis.text(Language::ZhCn), window.basis.text(Language::En)), ("通常", "Usually"));
}
