//! What is said of every state of a transaction, as a table, and the law that a verdict only ever grows worse with time.

use super::*;
use crate::kernel::calendar::Calendar;
use proptest::prelude::*;

const CALENDARS: [&str; 2] = [
    "id = \"week\"\ntime_zone = \"Europe/Berlin\"\nweekend = [\"saturday\", \"sunday\"]\nwithout_holidays = true",
    "id = \"2026\"\ntime_zone = \"Europe/Berlin\"\nweekend = [\"saturday\", \"sunday\"]\n[years.2026]\nholidays = []\n\
     source = \"a list\"\nmark = \"S\"\nchecked_on = \"2026-11-27\"",
];

fn calendars() -> Calendars {
    CALENDARS.iter().map(|text| toml::from_str::<Calendar>(text).unwrap()).collect()
}

fn window(late_after: &str, overdue_after: &str, refund: &str, calendar: &str) -> Window {
    let refund = if refund.is_empty() { String::new() } else { format!("refund_due_after = \"{refund}\"\n") };
    toml::from_str(&format!(
        "wallet = \"*\"\nkind = \"cross_border\"\nrail = \"swift_gpi\"\ncorridor = \"*\"\np50 = \"30 min\"\np95 = \"1 h\"\n\
         late_after = \"{late_after}\"\noverdue_after = \"{overdue_after}\"\n{refund}calendar = \"{calendar}\"\n\
         basis = {{ zh-CN = \"通常\", en = \"Usually\" }}\nsource = \"x\"\nmark = \"D\"\nchecked_on = \"2026-11-27\"\n"
    ))
    .unwrap()
}

fn at(text: &str) -> Wall {
    Wall(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

/// Ordered on Friday, 27 November 2026, at noon in Berlin.
fn observed(status: Status) -> Observed {
    let created_at = at("2026-11-27T12:00:00+01:00");
    let (rail, corridor) = ("swift_gpi".parse().unwrap(), "CN-DE".parse().unwrap());
    Observed {
        kind: Kind::CrossBorder,
        rail,
        corridor,
        status,
        created_at,
        changed_at: created_at,
        refund_due_at: None,
        reason: None,
    }
}

#[test]
fn a_pending_one_is_on_time_then_late_then_overdue() {
    let window = window("1 business day", "2 business days", "", "week");
    let expected_by = at("2026-11-30T23:59:59.999999+01:00");
    let overdue_from = at("2026-12-01T23:59:59.999999+01:00");
    let cases = [
        ("2026-11-27T11:59:00+01:00", Verdict::OnTime { expected_by }, "before it was ordered: a clock that differs"),
        ("2026-11-29T12:00:00+01:00", Verdict::OnTime { expected_by }, "a Sunday"),
        ("2026-11-30T23:59:59.999999+01:00", Verdict::OnTime { expected_by }, "the last instant"),
        ("2026-12-01T00:00:00+01:00", Verdict::Late { expected_by, overdue_from }, "the next one"),
        ("2026-12-01T23:59:59.999999+01:00", Verdict::Late { expected_by, overdue_from }, "the last instant of that"),
        ("2026-12-02T00:00:00+01:00", Verdict::Overdue { since: overdue_from }, "the next one"),
        ("2027-11-27T00:00:00+01:00", Verdict::Overdue { since: overdue_from }, "a year later"),
    ];
    for (now, expected, what) in cases {
        assert_eq!(assess(Some(&window), &calendars(), &observed(Status::Pending), at(now)), expected, "{what}");
    }
}

#[test]
fn a_failed_one_is_due_back_until_it_is_overdue() {
    let now = at("2026-11-28T12:00:00+01:00");
    let by_rule = at("2026-12-02T23:59:59.999999+01:00");
    let by_wallet = at("2026-11-30T12:00:00+01:00");
    let with_rule = window("1 h", "2 h", "3 business days", "week");
    let without_rule = window("1 h", "2 h", "", "week");
    let told = Observed { refund_due_at: Some(by_wallet), ..observed(Status::Failed) };
    let untold = observed(Status::Failed);
    let cases = [
        (Some(&with_rule), &untold, now, Verdict::RefundDue { by: by_rule }, "by the window's rule"),
        (Some(&with_rule), &told, now, Verdict::RefundDue { by: by_wallet }, "the wallet's word goes first"),
        (None, &told, now, Verdict::RefundDue { by: by_wallet }, "even without a window"),
        (Some(&without_rule), &untold, now, Verdict::Failed, "no rule"),
        (None, &untold, now, Verdict::Failed, "no window"),
        (None, &told, by_wallet, Verdict::RefundDue { by: by_wallet }, "on the day itself"),
        (None, &told, Wall(by_wallet.0 + 1), Verdict::Overdue { since: by_wallet }, "past its day"),
    ];
    for (window, observed, now, expected, what) in cases {
        assert_eq!(assess(window, &calendars(), observed, now), expected, "{what}");
    }
}

#[test]
fn what_counts_from_the_order_is_due_that_long_after_it_however_late_it_failed() {
    let failed = Observed { changed_at: at("2026-12-03T09:00:00+01:00"), ..observed(Status::Failed) };
    let from_failure = window("1 h", "2 h", "24 h", "week");
    let from_order = Window { refund_due_from: DueFrom::Order, ..from_failure.clone() };
    let now = at("2026-12-03T10:00:00+01:00");
    let by = at("2026-12-04T09:00:00+01:00");
    assert_eq!(assess(Some(&from_failure), &calendars(), &failed, now), Verdict::RefundDue { by });
    let since = at("2026-11-28T12:00:00+01:00");
    assert_eq!(assess(Some(&from_order), &calendars(), &failed, now), Verdict::Overdue { since });
}

#[test]
fn what_went_back_is_refunded_whatever_its_window_says() {
    let reversed = observed(Status::Reversed);
    let window = window("1 h", "2 h", "", "week");
    for window in [None, Some(&window)] {
        assert_eq!(
            assess(window, &calendars(), &reversed, at("2027-01-31T12:00:00+01:00")),
            Verdict::Refunded { at: reversed.changed_at }
        );
    }
}

#[test]
fn what_is_not_known_is_said_to_be_unknown() {
    let now = at("2026-12-31T12:00:00+01:00");
    let pending = Observed { created_at: at("2026-12-31T09:00:00+01:00"), ..observed(Status::Pending) };
    let failed = Observed { changed_at: at("2026-12-31T09:00:00+01:00"), ..observed(Status::Failed) };
    let year = || Ignorance::Calendar(CalendarError::UnknownYear { calendar: "2026".to_owned(), year: 2027 });
    let covered = window("1 business day", "2 business days", "1 business day", "2026");
    let lost = window("1 h", "2 h", "1 h", "moon");
    let known = window("1 h", "2 h", "", "week");
    let cases = [
        (None, &pending, Ignorance::NoWindow),
        (Some(&known), &observed(Status::Unknown), Ignorance::Status),
        (Some(&lost), &pending, Ignorance::NoCalendar("moon".to_owned())),
        (Some(&lost), &failed, Ignorance::NoCalendar("moon".to_owned())),
        (Some(&covered), &pending, year()),
        (Some(&covered), &failed, year()),
    ];
    for (window, observed, expected) in cases {
        assert_eq!(assess(window, &calendars(), observed, now), Verdict::Unknown(expected));
    }
}

#[test]
fn an_answer_that_needs_no_unknown_year_is_given() {
    let window = window("1 h", "2 business days", "", "2026");
    let created_at = at("2026-12-31T09:00:00+01:00");
    let pending = Observed { created_at, ..observed(Status::Pending) };
    let verdict = assess(Some(&window), &calendars(), &pending, created_at);
    assert_eq!(verdict, Verdict::OnTime { expected_by: at("2026-12-31T10:00:00+01:00") });
}

#[test]
fn a_verdict_has_its_word_and_the_instant_it_changes() {
    let (a, b) = (Wall(1), Wall(2));
    let cases = [
        (Verdict::OnTime { expected_by: a }, "on_time", Some(a)),
        (Verdict::Late { expected_by: a, overdue_from: b }, "late", Some(b)),
        (Verdict::Overdue { since: a }, "overdue", None),
        (Verdict::RefundDue { by: b }, "refund_due", Some(b)),
        (Verdict::Completed { at: a }, "on_time", None),
        (Verdict::Refunded { at: a }, "on_time", None),
        (Verdict::Failed, "unknown", None),
        (Verdict::Unknown(Ignorance::NoWindow), "unknown", None),
    ];
    for (verdict, name, deadline) in cases {
        assert_eq!((verdict.name(), verdict.next_deadline()), (name, deadline), "{verdict:?}");
    }
}

fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Completed { .. } | Verdict::Refunded { .. } | Verdict::Failed => 0,
        Verdict::OnTime { .. } | Verdict::RefundDue { .. } => 1,
        Verdict::Late { .. } => 2,
        Verdict::Overdue { .. } => 3,
        Verdict::Unknown(_) => 4,
    }
}

fn lengths() -> impl Strategy<Value = (String, String)> {
    let seconds = |s: u32| Length::Seconds(s).to_string();
    let days = |days: u16| Length::BusinessDays(days).to_string();
    prop_oneof![
        (0..200_000_u32, 0..200_000_u32).prop_map(move |(a, b)| (seconds(a), seconds(a + b))),
        (0..86_400_u32, 1..20_u16).prop_map(move |(a, b)| (seconds(a), days(b))),
        (0..20_u16, 0..20_u16).prop_map(move |(a, b)| (days(a), days(a + b))),
    ]
}

proptest! {
    #[test]
    fn time_only_ever_makes_it_worse(
        (late_after, overdue_after) in lengths(),
        status in prop_oneof![Just(Status::Pending), Just(Status::Failed), Just(Status::Completed)],
        created in 0..4_000_000_000_000_000_i64,
        changed_by in 0..1_000_000_000_000_i64,
        first in 0..4_000_000_000_000_i64,
        second in 0..4_000_000_000_000_i64,
    ) {
        let (calendars, window) = (calendars(), window(&late_after, &overdue_after, "2 business days", "week"));
        let seen = Observed { created_at: Wall(created), changed_at: Wall(created + changed_by), ..observed(status) };
        let (earlier, later) = (Wall(created + first), Wall(created + first + second));
        let before = assess(Some(&window), &calendars, &seen, earlier);
        let after = assess(Some(&window), &calendars, &seen, later);
        prop_assert!(rank(&before) <= rank(&after), "{before:?} became {after:?}");
        if let Some(deadline) = before.next_deadline() {
            prop_assert_eq!(before == after, later <= deadline, "it changes right after its deadline: {:?}, {:?}", before, after);
        }
    }
}
