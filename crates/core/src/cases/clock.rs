//! Clocks of cases: until when something is due, how much of the time is used, and what is raised when. Pure: a clock, its calendar and
//! the time go in. A breach is raised once, and never before the last day is over where the regime holds.
//!
//! Days are counted by their ends: the deadline is the end of the last of the term's days, the first being the day after the start. A day
//! that ends while the clock stands still does not count.

use super::regime::{Needs, Term, Terms};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::{Actor, Role},
    calendar::{Calendar, CalendarError},
    ids::{CaseId, ClockId, StaffId},
    time::{Span, Wall},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Times a clock may stand still: whoever needs more asks the customer for everything at once.
const PAUSES_MAX: usize = 20;

/// A calendar that lacks a year is looked into again this often.
const LOOK_AGAIN: Span = Span::from_s(24 * 3_600);

/// How long a clock is kept at least once it started (domain: the file of a complaint, close and five years). It goes with its case.
const KEPT: Span = Span::from_s(6 * 365 * 24 * 3_600);

/// A clock of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Its identifier.
    pub id: ClockId,
    /// The case.
    pub case: CaseId,
    /// The wallet.
    pub wallet: String,
    /// What was in force when it started.
    pub terms: Terms,
    /// When it started.
    pub started_at: Wall,
    /// When it stood still, in order; the last one may not be over.
    pub pauses: Vec<Pause>,
    /// How it was extended, in order of the rule's extensions.
    pub extended: Vec<Extended>,
    /// The last that was raised.
    pub raised: Option<Alert>,
    /// How it ended.
    pub ended: Option<Ended>,
    /// What follows from all this and the calendar.
    pub reckoned: Reckoned,
    /// When it must be gone.
    pub expires_at: Wall,
}

/// A time in which a clock stood still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Its begin.
    pub from: Wall,
    /// Its end; none while it lasts.
    pub until: Option<Wall>,
    /// Who stopped it.
    pub by: StaffId,
}

/// That a term was extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extended {
    /// When.
    pub at: Wall,
    /// By whom.
    pub by: StaffId,
}

/// How a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub at: Wall,
    /// How.
    pub how: End,
}

/// Why a clock runs no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// What was due was done.
    Met,
    /// The rule's own exception holds: nothing is due.
    Excepted,
}

/// What is raised, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// Half of the time is used.
    Half,
    /// Four fifths are.
    Most,
    /// The deadline passed.
    Over,
}

impl Alert {
    /// Every alert, in order.
    pub const ALL: [Self; 3] = [Self::Half, Self::Most, Self::Over];

    /// The share of the time that is used when it is raised, in percent.
    #[must_use]
    pub const fn percent(self) -> u8 {
        match self {
            Self::Half => 50,
            Self::Most => 80,
            Self::Over => 100,
        }
    }
}

/// What follows from a clock and its calendar, kept beside it so that the earliest is found without reckoning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reckoned {
    /// The last microsecond in time; none while it stands still, or the calendar does not reach so far.
    pub deadline: Option<Wall>,
    /// When somebody has to look at it next; none when never.
    pub next_at: Option<Wall>,
    /// The year that the calendar lacks.
    pub missing_year: Option<i16>,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It runs.
    Running,
    /// It stands still.
    Paused,
    /// The deadline passed, and what was due was not done.
    Over,
    /// What was due was done in time.
    Met,
    /// It was done too late.
    MetLate,
    /// Nothing was due.
    Excepted,
}

/// What is shown of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// How it stands.
    pub phase: Phase,
    /// The last microsecond in time; none while it stands still.
    pub deadline: Option<Wall>,
    /// How much of the time is used, in percent, 100 at most.
    pub used_percent: u8,
}

/// Something that is done to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockAct {
    /// It stands still from now on.
    Pause,
    /// It goes on.
    Resume,
    /// The rule's next extension is used.
    Extend {
        /// The amount in question was credited provisionally.
        credited: bool,
    },
    /// What was due is done.
    Meet,
    /// The rule's exception holds.
    Except,
}

impl ClockAct {
    /// What it is called in the audit log.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Extend { .. } => "extended",
            Self::Meet => "met",
            Self::Except => "excepted",
        }
    }
}

/// Why something is not done to a clock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockRefusal {
    /// Neither theirs to do.
    #[error("handlers, supervisors and compliance see to the clocks of cases")]
    NotYourWork,
    /// It ended.
    #[error("this clock has ended")]
    Ended,
    /// The deadline passed.
    #[error("the deadline has passed: it can only be met now, late")]
    TooLate,
    /// It stands still already.
    #[error("this clock stands still already")]
    Paused,
    /// It runs.
    #[error("this clock runs")]
    Running,
    /// The rule knows no pause.
    #[error("under this rule time does not stand still")]
    NoPause,
    /// It stood still too often.
    #[error("this clock stood still {PAUSES_MAX} times: ask the customer for everything at once")]
    PausedTooOften,
    /// The rule has no further extension.
    #[error("this rule knows no further extension")]
    NoExtension,
    /// Somebody else must agree.
    #[error("a supervisor or compliance must agree to this extension")]
    ApprovalNeeded,
    /// The amount was not credited.
    #[error("the amount in question must be credited provisionally first")]
    CreditFirst,
    /// The rule has no exception.
    #[error("this rule knows no exception")]
    NoException,
    /// The days cannot be counted.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

impl Clock {
    /// A clock that starts, with what follows.
    #[must_use]
    pub fn start(
        id: ClockId,
        case: CaseId,
        wallet: String,
        terms: Terms,
        started_at: Wall,
        calendar: &Calendar,
        now: Wall,
    ) -> Self {
        let expires_at = started_at + KEPT;
        let (pauses, extended, reckoned) = (Vec::new(), Vec::new(), Reckoned::default());
        let clock =
            Self { id, case, wallet, terms, started_at, pauses, extended, raised: None, ended: None, reckoned, expires_at };
        clock.reckon(calendar, now)
    }

    /// The same clock with what follows from it and the calendar.
    #[must_use]
    pub fn reckon(mut self, calendar: &Calendar, now: Wall) -> Self {
        let found = deadline(&self, calendar).and_then(|deadline| Ok((deadline, next_deadline(&self, calendar)?)));
        self.reckoned = match found {
            Ok((deadline, next)) => Reckoned { deadline, next_at: next.map(|(at, _)| at), missing_year: None },
            Err(CalendarError::UnknownYear { year, .. }) => {
                let next_at = self.ended.is_none().then(|| now + LOOK_AGAIN);
                Reckoned { deadline: None, next_at, missing_year: Some(year) }
            }
            Err(CalendarError::OutOfRange) => Reckoned::default(),
        };
        self
    }

    /// The same clock, to be looked at again later: whatever it is reckoned with is not there.
    #[must_use]
    pub fn put_off(mut self, now: Wall) -> Self {
        self.reckoned.next_at = Some(now + LOOK_AGAIN);
        self
    }

    /// Whether it stands still.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.pauses.last().is_some_and(|pause| pause.until.is_none())
    }

    /// The term in force: the last extension that was used, else the rule's own.
    #[must_use]
    pub fn term(&self) -> Term {
        let rule = &self.terms.rule;
        let used = self.extended.len().checked_sub(1).and_then(|last| rule.extensions.get(last));
        used.map_or(rule.term, |extension| extension.term)
    }

    /// Something is done to it.
    ///
    /// # Errors
    /// [`ClockRefusal`]: it stays as it was.
    pub fn ruled(self, act: ClockAct, (by, role): (StaffId, Role), calendar: &Calendar, now: Wall) -> Result<Self, ClockRefusal> {
        if !matches!(role, Role::Handler | Role::Supervisor | Role::Compliance) {
            return Err(ClockRefusal::NotYourWork);
        }
        let phase = status(&self, calendar, now)?.phase;
        let mut clock = self;
        match (phase, act) {
            (Phase::Met | Phase::MetLate | Phase::Excepted, _) => return Err(ClockRefusal::Ended),
            (Phase::Over, ClockAct::Pause | ClockAct::Resume | ClockAct::Extend { .. }) => return Err(ClockRefusal::TooLate),
            (Phase::Paused, ClockAct::Pause | ClockAct::Extend { .. }) => return Err(ClockRefusal::Paused),
            (Phase::Running, ClockAct::Resume) => return Err(ClockRefusal::Running),
            (Phase::Running, ClockAct::Pause) => clock.pause(by, now)?,
            (Phase::Paused, ClockAct::Resume) => clock.resume(now),
            (Phase::Running, ClockAct::Extend { credited }) => clock.extend(credited, (by, role), now)?,
            (Phase::Running | Phase::Paused | Phase::Over, ClockAct::Meet) => clock.end(End::Met, now),
            (Phase::Running | Phase::Paused | Phase::Over, ClockAct::Except) => {
                if clock.terms.rule.exception.is_none() {
                    return Err(ClockRefusal::NoException);
                }
                clock.end(End::Excepted, now);
            }
        }
        if matches!(act, ClockAct::Extend { .. }) {
            // What was raised of the shorter term is raised anew of the longer one, where it is not reached yet.
            let used = status(&clock, calendar, now)?.used_percent;
            clock.raised = Alert::ALL.into_iter().filter(|alert| alert.percent() <= used).max();
        }
        Ok(clock.reckon(calendar, now))
    }

    fn pause(&mut self, by: StaffId, now: Wall) -> Result<(), ClockRefusal> {
        if self.terms.rule.pauses.is_none() {
            return Err(ClockRefusal::NoPause);
        }
        if self.pauses.len() >= PAUSES_MAX {
            return Err(ClockRefusal::PausedTooOften);
        }
        self.pauses.push(Pause { from: now, until: None, by });
        Ok(())
    }

    fn resume(&mut self, now: Wall) {
        if let Some(pause) = self.pauses.last_mut().filter(|pause| pause.until.is_none()) {
            pause.until = Some(now.max(pause.from));
        }
    }

    fn extend(&mut self, credited: bool, (by, role): (StaffId, Role), now: Wall) -> Result<(), ClockRefusal> {
        let extension = self.terms.rule.extensions.get(self.extended.len()).ok_or(ClockRefusal::NoExtension)?;
        match extension.needs {
            Needs::Reason | Needs::HoldingReply => {}
            Needs::Approval if matches!(role, Role::Supervisor | Role::Compliance) => {}
            Needs::Approval => return Err(ClockRefusal::ApprovalNeeded),
            Needs::ProvisionalCredit if credited => {}
            Needs::ProvisionalCredit => return Err(ClockRefusal::CreditFirst),
        }
        self.extended.push(Extended { at: now, by });
        Ok(())
    }

    fn end(&mut self, how: End, at: Wall) {
        self.resume(at);
        self.ended = Some(Ended { at, how });
    }

    /// Its case was closed: what was due was done then.
    #[must_use]
    pub fn ended_with_case(mut self, closed_at: Wall, calendar: &Calendar, now: Wall) -> Self {
        if self.ended.is_none() {
            self.end(End::Met, closed_at);
        }
        self.reckon(calendar, now)
    }

    /// What has to be raised by now, and the clock that remembers it; none when there is nothing. What was passed over while nobody
    /// looked is raised as the last of it alone.
    ///
    /// # Errors
    /// When the calendar does not reach so far.
    pub fn raise(mut self, calendar: &Calendar, now: Wall) -> Result<Option<(Self, Alert)>, CalendarError> {
        let mut reached = None;
        while let Some((at, alert)) = next_deadline(&self, calendar)? {
            if at > now {
                break;
            }
            (self.raised, reached) = (Some(alert), Some(alert));
        }
        Ok(reached.map(|alert| (self.reckon(calendar, now), alert)))
    }

    /// The transaction that writes it, named by what happened to it.
    #[must_use]
    pub fn written(&self, version: Version, actor: Actor, verb: &str, now: Wall) -> Commit {
        let entry = Entry::new(now, actor, &format!("clock.{verb}"), self.id);
        Commit::new(entry, vec![Change::Clock(version, Box::new(self.clone()))])
    }
}

/// How a clock stands.
///
/// # Errors
/// When the calendar does not reach so far.
pub fn status(clock: &Clock, calendar: &Calendar, now: Wall) -> Result<Status, CalendarError> {
    let deadline = deadline(clock, calendar)?;
    let late = |at: Wall| deadline.is_some_and(|deadline| at > deadline);
    let phase = match clock.ended {
        Some(Ended { how: End::Excepted, .. }) => Phase::Excepted,
        Some(Ended { at, how: End::Met }) if late(at) => Phase::MetLate,
        Some(Ended { how: End::Met, .. }) => Phase::Met,
        None if clock.is_paused() => Phase::Paused,
        None if late(now) => Phase::Over,
        None => Phase::Running,
    };
    // A clock that stands still is shown as if it went on this moment.
    let seen = Clock { pauses: closed(&clock.pauses, now), ..clock.clone() };
    let until = clock.ended.map_or(now, |ended| ended.at);
    let used_percent = match self::deadline(&seen, calendar)? {
        Some(end) => {
            let pieces = running(&seen, calendar, end)?;
            share(sum(&pieces, until), sum(&pieces, end))
        }
        None => 0,
    };
    Ok(Status { phase, deadline, used_percent })
}

/// When a clock has to be looked at next, and what is to be raised then; none when nothing ever is, as things stand.
///
/// # Errors
/// When the calendar does not reach so far.
pub fn next_deadline(clock: &Clock, calendar: &Calendar) -> Result<Option<(Wall, Alert)>, CalendarError> {
    let Some(alert) = Alert::ALL.into_iter().find(|alert| Some(*alert) > clock.raised).filter(|_| clock.ended.is_none()) else {
        return Ok(None);
    };
    let Some(end) = deadline(clock, calendar)? else { return Ok(None) };
    if alert == Alert::Over {
        return Ok(Some((end + Span(1), alert)));
    }
    let pieces = running(clock, calendar, end)?;
    let total: u64 = pieces.iter().map(|(from, until)| (*until - *from).0).sum();
    let mut left = (u128::from(total) * u128::from(alert.percent())).div_ceil(100);
    for (from, until) in pieces {
        let piece = u128::from((until - from).0);
        if left <= piece {
            return Ok(Some((from + Span(u64::try_from(left).unwrap_or(0)), alert)));
        }
        left -= piece;
    }
    Ok(Some((end, alert)))
}

/// The last microsecond in time; none while the clock stands still.
fn deadline(clock: &Clock, calendar: &Calendar) -> Result<Option<Wall>, CalendarError> {
    let term = clock.term();
    let mut left = term.days();
    let mut day = calendar.date_of(clock.started_at)?;
    loop {
        day = day.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
        if !counts(term, calendar, day)? {
            continue;
        }
        let end = calendar.end_of_day(day)?;
        match clock.pauses.iter().find(|pause| pause.from <= end && pause.until.is_none_or(|until| end < until)) {
            Some(Pause { until: None, .. }) => return Ok(None),
            Some(_) => {}
            None => left -= 1,
        }
        if left == 0 {
            return Ok(Some(end));
        }
    }
}

/// Whether a day is one of those that a term counts.
fn counts(term: Term, calendar: &Calendar, day: Date) -> Result<bool, CalendarError> {
    match term {
        Term::BusinessDays(_) => calendar.is_business_day(day),
        Term::CalendarDays(_) => Ok(true),
    }
}

/// The pieces of time in which the clock runs until `end`, in order: days that count, without what it stood still.
fn running(clock: &Clock, calendar: &Calendar, end: Wall) -> Result<Vec<(Wall, Wall)>, CalendarError> {
    let term = clock.term();
    let mut pieces = Vec::new();
    let mut from = clock.started_at;
    while from < end {
        let day = calendar.date_of(from)?;
        let next = calendar.end_of_day(day)? + Span(1);
        if counts(term, calendar, day)? {
            without_pauses(&clock.pauses, from, next.min(end), &mut pieces);
        }
        from = next;
    }
    Ok(pieces)
}

fn without_pauses(pauses: &[Pause], from: Wall, until: Wall, pieces: &mut Vec<(Wall, Wall)>) {
    let mut begin = from;
    for pause in pauses {
        let over = pause.until.unwrap_or(until);
        if over <= begin || pause.from >= until {
            continue;
        }
        if pause.from > begin {
            pieces.push((begin, pause.from));
        }
        begin = over;
    }
    if begin < until {
        pieces.push((begin, until));
    }
}

/// The same pauses, the last one over by now.
fn closed(pauses: &[Pause], now: Wall) -> Vec<Pause> {
    pauses.iter().map(|pause| Pause { until: Some(pause.until.unwrap_or(now.max(pause.from))), ..*pause }).collect()
}

/// How much of some pieces lies before an instant.
fn sum(pieces: &[(Wall, Wall)], until: Wall) -> u64 {
    pieces.iter().map(|(from, end)| ((*end).min(until) - *from).0).sum()
}

fn share(used: u64, total: u64) -> u8 {
    let percent = (u128::from(used) * 100).checked_div(u128::from(total)).unwrap_or(100);
    u8::try_from(percent.min(100)).unwrap_or(100)
}

#[cfg(test)]
mod laws;
