//! What a look at a clock writes, and when it writes nothing.

use super::*;
use crate::cases::{CaseKind, Keep, NewCase, Phase, Reference, Regime, status};
use crate::kernel::subject::Subject;

const DISP: &str = include_str!("../../../../../clocks/uk-disp.toml");
const GB: &str = include_str!("../../../../../calendars/gb.toml");

/// Noon of 2 November 2026, a Monday.
const MONDAY: Wall = Wall(1_793_620_800_000_000);

fn at_day(day: u64) -> Wall {
    MONDAY + crate::kernel::time::Span::from_s(day * 86_400)
}

fn complaint() -> Case {
    let new = NewCase { id: 3.into(), reference: Reference::draw(5), keep: Keep::default() };
    Case::open(new, CaseKind::Complaint, "harbor".to_owned(), Subject::new("hash".to_owned()), None, 9.into(), MONDAY)
}

/// The clocks that start with the complaint, on their calendar.
fn clocks() -> (Calendar, Vec<Clock>) {
    let (calendar, regime): (Calendar, Regime) = (toml::from_str(GB).unwrap(), toml::from_str(DISP).unwrap());
    let start = |terms| start_clock(&complaint(), terms, 1.into(), &calendar, MONDAY).0;
    let clocks = regime.terms_for(CaseKind::Complaint).map(start).collect();
    (calendar, clocks)
}

fn action(commit: &Commit) -> &str {
    &commit.entries()[0].action
}

#[test]
fn several_clocks_run_on_one_case_each_at_its_own_pace() {
    let (calendar, clocks) = clocks();
    let deadlines: Vec<_> = clocks.iter().map(|clock| clock.reckoned.deadline.unwrap() - MONDAY).collect();
    assert_eq!(deadlines.len(), 2);
    assert!(deadlines[0] < deadlines[1]);
    let now = at_day(4);
    let phases: Vec<_> = clocks.iter().map(|clock| status(clock, &calendar, now).unwrap().phase).collect();
    assert_eq!(phases, [Phase::Over, Phase::Running]);
}

#[test]
fn a_breach_stands_in_the_audit_log_and_in_the_record_once() {
    let (calendar, clocks) = clocks();
    let case = complaint();
    let clock = clocks[1].clone();
    let raised = look_at_clock((1, clock), &case, &calendar, at_day(40)).unwrap().unwrap();
    assert_eq!((raised.alert, action(&raised.commit)), (Some(Alert::Over), "clock.breached"));
    let told = raised.commit.changes().iter().any(|change| {
        matches!(change, Change::Added(contact, AddedLine { fact: Fact::Clock { percent: 100, regime, .. }, .. })
            if *contact == 9.into() && regime == "uk-disp")
    });
    assert!(told, "{:?}", raised.commit);
    assert_eq!(look_at_clock((2, raised.clock), &case, &calendar, at_day(41)).unwrap(), None);
}

#[test]
fn what_is_no_duty_lapses_and_is_not_called_a_breach() {
    let (calendar, clocks) = clocks();
    let raised = look_at_clock((1, clocks[0].clone()), &complaint(), &calendar, at_day(10)).unwrap().unwrap();
    assert_eq!(action(&raised.commit), "clock.lapsed");
}

#[test]
fn a_case_closed_in_time_ends_its_clocks_however_late_that_is_noticed() {
    let (calendar, clocks) = clocks();
    let closed = complaint().closed(at_day(2));
    for clock in clocks {
        let ended = look_at_clock((1, clock), &closed, &calendar, at_day(40)).unwrap().unwrap();
        assert_eq!((ended.alert, action(&ended.commit)), (None, "clock.ended_with_case"));
        assert_eq!(status(&ended.clock, &calendar, at_day(40)).unwrap().phase, Phase::Met);
    }
}

#[test]
fn india_counts_from_the_day_of_the_transaction_in_india_however_late_it_is_told_of() {
    const IN: &str = include_str!("../../../../../calendars/in.toml");
    const TAT: &str = include_str!("../../../../../clocks/in-rbi-tat.toml");
    let (calendar, regime): (Calendar, Regime) = (toml::from_str(IN).unwrap(), toml::from_str(TAT).unwrap());
    let at = |text: &str| Wall(text.parse::<jiff::Timestamp>().unwrap().as_microsecond());
    // Told of at noon of 2 November; the last evening of October in India is the afternoon in Greenwich.
    let cases = [
        (
            Some("2026-10-30T18:00:00Z"),
            "2026-10-31T18:29:59.999999Z",
            "2026-11-04T18:29:59.999999Z",
            "30 October, 23:30 in India",
        ),
        (
            Some("2026-10-30T19:00:00Z"),
            "2026-11-01T18:29:59.999999Z",
            "2026-11-05T18:29:59.999999Z",
            "31 October, 00:30 in India",
        ),
        (None, "2026-11-03T18:29:59.999999Z", "2026-11-07T18:29:59.999999Z", "not known: from the case"),
    ];
    for (transacted, one_day, five_days, what) in cases {
        for kind in [CaseKind::RefundDue, CaseKind::TransactionOverdue] {
            let case = Case { kind, ..complaint() }.transacted(transacted.map(at));
            let start = |terms| start_clock(&case, terms, 1.into(), &calendar, MONDAY).0;
            let deadlines: Vec<_> = regime.terms_for(kind).map(start).map(|clock| clock.reckoned.deadline).collect();
            assert_eq!(deadlines, [Some(at(one_day)), Some(at(five_days))], "{what}");
        }
    }
}
