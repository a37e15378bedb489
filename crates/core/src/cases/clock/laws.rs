//! Worked deadlines on shipped calendars, what may be done to a clock when, and the laws that hold across holidays and clock changes.

use super::*;
use crate::cases::CaseKind;
use crate::cases::regime::{CountsFrom, CreditRule, Extension, Rule};
use crate::kernel::{calendar::Names, language::Language, source::Mark};
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

const GB: &str = include_str!("../../../../../calendars/gb.toml");
const US: &str = include_str!("../../../../../calendars/us-fed.toml");
const CN: &str = include_str!("../../../../../calendars/cn.toml");
const TARGET: &str = include_str!("../../../../../calendars/target.toml");

/// Clocks go forward or back by half an hour here, at two in the morning.
const LORD_HOWE: &str =
    "id = \"lh\"\ntime_zone = \"Australia/Lord_Howe\"\nweekend = [\"saturday\", \"sunday\"]\nwithout_holidays = true\n";

/// Clocks went over midnight itself here.
const SANTIAGO: &str = "id = \"cl\"\ntime_zone = \"America/Santiago\"\nweekend = [\"sunday\"]\nwithout_holidays = true\n";

const HOUR: Span = Span::from_s(3_600);

fn calendar(text: &str) -> Calendar {
    toml::from_str(text).unwrap()
}

fn at(text: &str) -> Wall {
    Wall(text.parse::<Timestamp>().unwrap().as_microsecond())
}

fn shown(at: Wall) -> String {
    Timestamp::from_microsecond(at.0).unwrap().to_string()
}

fn handler() -> (StaffId, Role) {
    (7.into(), Role::Handler)
}

fn names() -> Names {
    Language::ALL.into_iter().map(|language| (language, "text".to_owned())).collect()
}

fn terms(term: &str, extensions: &[(&str, Needs)]) -> Terms {
    let extension = |(term, needs): &(&str, Needs)| Extension { term: term.parse().unwrap(), needs: *needs, when: names() };
    let rule = Rule {
        id: "reply".to_owned(),
        what: names(),
        starts: names(),
        starts_on: vec![CaseKind::Complaint],
        counts_from: CountsFrom::Case,
        term: term.parse().unwrap(),
        binding: true,
        pauses: Some(names()),
        exception: Some(names()),
        extensions: extensions.iter().map(extension).collect(),
        provisional_credit: Some(CreditRule { amount: names(), reversal: names() }),
    };
    Terms {
        regime: "law".to_owned(),
        name: names(),
        calendar: "c".to_owned(),
        source: "a law".to_owned(),
        mark: Mark::Primary,
        checked_on: date(2026, 11, 28),
        rule,
    }
}

fn started(term: &str, start: Wall, calendar: &Calendar) -> Clock {
    Clock::start(1.into(), 2.into(), "w".to_owned(), terms(term, &[]), start, calendar, start)
}

#[test]
fn deadlines_are_the_ends_of_days_in_the_calendars_own_zone() {
    let cases = [
        (GB, "2026-12-23T10:00:00Z", "3 business days", "2026-12-30T23:59:59.999999Z", "over Christmas"),
        (GB, "2026-03-27T12:00:00Z", "15 calendar days", "2026-04-11T22:59:59.999999Z", "into summer time"),
        (GB, "2026-11-28T09:00:00Z", "1 business day", "2026-11-30T23:59:59.999999Z", "from a Saturday"),
        (GB, "2026-11-27T09:00:00Z", "1 business day", "2026-11-30T23:59:59.999999Z", "from a Friday"),
        (US, "2026-11-27T15:00:00Z", "10 business days", "2026-12-12T04:59:59.999999Z", "ten business days"),
        (US, "2026-11-27T03:00:00Z", "10 business days", "2026-12-11T04:59:59.999999Z", "still Thursday, a holiday, in New York"),
        (US, "2026-10-20T15:00:00Z", "45 calendar days", "2026-12-05T04:59:59.999999Z", "out of summer time"),
        (CN, "2026-09-30T02:00:00Z", "3 business days", "2026-10-10T15:59:59.999999Z", "onto a Saturday worked to make up"),
        (
            CN,
            "2026-12-28T02:00:00Z",
            "15 calendar days",
            "2027-01-12T15:59:59.999999Z",
            "into a year whose holidays nobody knows",
        ),
        (TARGET, "2026-12-10T09:00:00Z", "15 business days", "2027-01-04T22:59:59.999999Z", "over the turn of the year"),
    ];
    for (text, start, term, expected, what) in cases {
        let clock = started(term, at(start), &calendar(text));
        assert_eq!(clock.reckoned.deadline.map(shown).as_deref(), Some(expected), "{term} from {start}, {what}");
    }
}

#[test]
fn a_year_that_the_calendar_lacks_is_said_and_looked_for_again() {
    let start = at("2026-12-28T02:00:00Z");
    let clock = started("5 business days", start, &calendar(CN));
    assert_eq!((clock.reckoned.deadline, clock.reckoned.missing_year), (None, Some(2027)));
    assert_eq!(clock.reckoned.next_at, Some(start + LOOK_AGAIN));
    assert!(clock.clone().raise(&calendar(CN), start + Span::from_s(90 * 86_400)).is_err(), "never guessed");
    let known = clock.reckon(&calendar(GB), start);
    assert!(known.reckoned.deadline.is_some() && known.reckoned.missing_year.is_none());
}

#[test]
fn a_day_that_ends_while_the_clock_stands_still_does_not_count() {
    let gb = calendar(GB);
    let clock = started("5 business days", at("2026-11-02T10:00:00Z"), &gb);
    assert_eq!(clock.reckoned.deadline.map(shown).as_deref(), Some("2026-11-09T23:59:59.999999Z"));
    let noon = at("2026-11-04T12:00:00Z");
    let paused = clock.clone().ruled(ClockAct::Pause, handler(), &gb, noon).unwrap();
    let stands = status(&paused, &gb, noon + HOUR).unwrap();
    assert_eq!((stands.phase, stands.deadline, paused.reckoned.next_at), (Phase::Paused, None, None));
    let same_day = paused.clone().ruled(ClockAct::Resume, handler(), &gb, noon + HOUR).unwrap();
    assert_eq!(same_day.reckoned.deadline, clock.reckoned.deadline, "no day ended meanwhile");
    let friday = at("2026-11-06T12:00:00Z");
    let later = paused.ruled(ClockAct::Resume, handler(), &gb, friday).unwrap();
    assert_eq!(later.reckoned.deadline.map(shown).as_deref(), Some("2026-11-11T23:59:59.999999Z"), "two days later");
}

#[test]
fn a_longer_term_starts_where_the_first_one_did_and_is_raised_anew() {
    let gb = calendar(GB);
    let start = at("2026-11-02T10:00:00Z");
    let extensions = [("35 business days", Needs::HoldingReply), ("90 calendar days", Needs::Approval)];
    let clock = Clock::start(1.into(), 2.into(), "w".to_owned(), terms("15 business days", &extensions), start, &gb, start);
    let (clock, alert) = clock.raise(&gb, at("2026-11-20T12:00:00Z")).unwrap().unwrap();
    assert_eq!((alert, clock.raised), (Alert::Most, Some(Alert::Most)), "what was passed over is raised as the last of it");
    let longer = clock.clone().ruled(ClockAct::Extend { credited: false }, handler(), &gb, at("2026-11-20T13:00:00Z")).unwrap();
    assert_eq!(longer.reckoned.deadline.map(shown).as_deref(), Some("2026-12-21T23:59:59.999999Z"));
    assert_eq!(longer.raised, None, "two fifths of the longer term are used");
    let half = longer.reckoned.next_at.unwrap();
    assert_eq!(longer.clone().raise(&gb, half).unwrap().unwrap().1, Alert::Half);
    let extend = ClockAct::Extend { credited: false };
    let refused = longer.clone().ruled(extend, handler(), &gb, half).unwrap_err();
    assert_eq!(refused, ClockRefusal::ApprovalNeeded);
    let approved = longer.ruled(extend, (8.into(), Role::Supervisor), &gb, half).unwrap();
    assert_eq!(approved.term(), Term::CalendarDays(90));
    assert_eq!(approved.ruled(extend, (8.into(), Role::Supervisor), &gb, half), Err(ClockRefusal::NoExtension));
    let late = clock.ruled(extend, handler(), &gb, at("2026-11-24T00:00:00Z")).unwrap_err();
    assert_eq!(late, ClockRefusal::TooLate);
}

#[test]
fn a_term_that_needs_a_credit_waits_for_it() {
    let us = calendar(US);
    let start = at("2026-11-02T10:00:00Z");
    let terms = terms("10 business days", &[("45 calendar days", Needs::ProvisionalCredit)]);
    let clock = Clock::start(1.into(), 2.into(), "w".to_owned(), terms, start, &us, start);
    let ask = |credited| clock.clone().ruled(ClockAct::Extend { credited }, handler(), &us, start + HOUR);
    assert_eq!(ask(false), Err(ClockRefusal::CreditFirst));
    assert_eq!(ask(true).unwrap().term(), Term::CalendarDays(45));
}

#[test]
fn an_ended_clock_is_never_raised_and_nothing_is_done_to_it() {
    let gb = calendar(GB);
    let clock = started("5 business days", at("2026-11-02T10:00:00Z"), &gb);
    let (in_time, late) = (at("2026-11-09T23:59:59.999999Z"), at("2026-11-10T00:00:00Z"));
    for (when, expected) in [(in_time, Phase::Met), (late, Phase::MetLate)] {
        let met = clock.clone().ruled(ClockAct::Meet, handler(), &gb, when).unwrap();
        assert_eq!(status(&met, &gb, late + HOUR).unwrap().phase, expected);
        assert_eq!(met.clone().raise(&gb, late + HOUR), Ok(None));
        assert_eq!(met.reckoned.next_at, None);
        for act in [ClockAct::Pause, ClockAct::Resume, ClockAct::Extend { credited: true }, ClockAct::Meet, ClockAct::Except] {
            assert_eq!(met.clone().ruled(act, handler(), &gb, late), Err(ClockRefusal::Ended));
        }
    }
    let excepted = clock.clone().ruled(ClockAct::Except, handler(), &gb, late).unwrap();
    assert_eq!(status(&excepted, &gb, late + HOUR).unwrap().phase, Phase::Excepted);
    for role in [Role::Agent, Role::Checker, Role::Auditor, Role::Admin] {
        assert_eq!(clock.clone().ruled(ClockAct::Meet, (9.into(), role), &gb, in_time), Err(ClockRefusal::NotYourWork));
    }
}

/// A calendar, a start in 2026, a term, and pauses as hours since the start and hours of length.
fn worlds() -> impl Strategy<Value = (Calendar, Wall, Term, Vec<(u64, u64)>)> {
    let texts = prop::sample::select(vec![GB, US, TARGET, LORD_HOWE, SANTIAGO]);
    let term = (1_u16..=40, any::<bool>())
        .prop_map(|(days, business)| if business { Term::BusinessDays(days) } else { Term::CalendarDays(days) });
    let start = (0_i64..300 * 86_400).prop_map(|second| Wall(at("2026-01-02T00:00:00Z").0 + second * 1_000_000));
    let pauses = prop::collection::vec((1_u64..400, 1_u64..120), 0..4);
    (texts.prop_map(calendar), start, term, pauses)
}

/// The clock of a world, its pauses one after another.
fn build((calendar, start, term, pauses): &(Calendar, Wall, Term, Vec<(u64, u64)>)) -> Clock {
    let mut clock = started(&term.to_string(), *start, calendar);
    let mut from = *start;
    for (after, length) in pauses {
        let begins = from + Span(HOUR.0 * after);
        let until = begins + Span(HOUR.0 * length);
        clock.pauses.push(Pause { from: begins, until: Some(until), by: 7.into() });
        from = until;
    }
    clock.reckon(calendar, *start)
}

proptest! {
    #[test]
    fn a_breach_is_raised_once_and_never_early(world in worlds()) {
        let (calendar, start, ..) = &world;
        let mut clock = build(&world);
        let deadline = clock.reckoned.deadline.unwrap();
        let (mut seen, mut last) = (Vec::new(), *start);
        while let Some(next) = clock.reckoned.next_at {
            prop_assert!(next >= last, "alerts come in order");
            prop_assert_eq!(clock.clone().raise(calendar, Wall(next.0 - 1)), Ok(None), "nothing is raised a moment before");
            let (after, alert) = clock.raise(calendar, next).unwrap().unwrap();
            prop_assert!(alert != Alert::Over || next > deadline);
            prop_assert!(alert == Alert::Over || next <= deadline);
            prop_assert!(alert == Alert::Over || status(&after, calendar, next).unwrap().used_percent >= alert.percent());
            seen.push(alert);
            (clock, last) = (after, next);
        }
        // A single look raises each that it passes; here every one had its own.
        prop_assert_eq!(seen.last(), Some(&Alert::Over));
        prop_assert_eq!(seen.iter().filter(|alert| **alert == Alert::Over).count(), 1);
        prop_assert_eq!(clock.raise(calendar, last + Span::from_s(400 * 86_400)), Ok(None));
    }

    #[test]
    fn the_deadline_ends_the_last_of_the_days_that_count(world in worlds()) {
        let (calendar, start, term, _) = &world;
        let clock = build(&world);
        let deadline = clock.reckoned.deadline.unwrap();
        let (mut day, last) = (calendar.date_of(*start).unwrap(), calendar.date_of(deadline).unwrap());
        prop_assert_eq!(calendar.end_of_day(last).unwrap(), deadline);
        let mut counted = 0;
        while day < last {
            day = day.tomorrow().unwrap();
            let end = calendar.end_of_day(day).unwrap();
            let stood_still = clock.pauses.iter().any(|pause| pause.from <= end && end < pause.until.unwrap());
            let counts = matches!(term, Term::CalendarDays(_)) || calendar.is_business_day(day).unwrap();
            counted += u16::from(counts && !stood_still);
        }
        prop_assert_eq!(counted, term.days());
    }

    #[test]
    fn standing_still_never_costs_time(world in worlds()) {
        let (calendar, start, term, _) = &world;
        let without = started(&term.to_string(), *start, calendar).reckoned.deadline;
        prop_assert!(build(&world).reckoned.deadline >= without);
    }

    #[test]
    fn the_share_used_only_grows_and_is_whole_at_the_deadline(world in worlds(), steps in prop::collection::vec(1_u64..100, 1..20)) {
        let (calendar, start, ..) = &world;
        let clock = build(&world);
        let (mut now, mut used) = (*start, 0);
        for step in steps {
            now = now + Span(HOUR.0 * step);
            let share = status(&clock, calendar, now).unwrap().used_percent;
            prop_assert!(share >= used);
            used = share;
        }
        let end = clock.reckoned.deadline.unwrap();
        prop_assert_eq!(status(&clock, calendar, end + Span(1)).unwrap().used_percent, 100);
        prop_assert!(status(&clock, calendar, end).unwrap().phase == Phase::Running);
        prop_assert!(status(&clock, calendar, end + Span(1)).unwrap().phase == Phase::Over);
    }
}
