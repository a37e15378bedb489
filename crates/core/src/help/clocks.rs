//! Clocks with the cases they belong to: started with a case, raised in the records of its contacts, ended with it.

use crate::call::{AddedLine, Fact};
use crate::cases::{Alert, Case, CaseState, Clock, ClockAct, ClockRefusal, CountsFrom, Terms};
use crate::commit::{Change, Commit, Version};
use crate::kernel::{
    actor::{Actor, Role},
    calendar::{Calendar, CalendarError},
    ids::{ClockId, StaffId},
    time::Wall,
};

/// What a look at a clock came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Raised {
    /// The clock as it is now.
    pub clock: Clock,
    /// What was raised; none where it was reckoned anew, or ended with its case.
    pub alert: Option<Alert>,
    /// What makes it durable.
    pub commit: Commit,
}

/// Starts a clock: it runs since its case was opened, or since the transaction was made where the rule counts from that, whenever that is
/// noticed.
#[must_use]
pub fn start_clock(case: &Case, terms: Terms, id: ClockId, calendar: &Calendar, now: Wall) -> (Clock, Commit) {
    let since = match terms.rule.counts_from {
        CountsFrom::Case => case.opened_at,
        CountsFrom::Transaction => case.transacted_at.unwrap_or(case.opened_at),
    };
    let clock = Clock::start(id, case.id, case.wallet.clone(), terms, since, calendar, now);
    let commit = clock.written(0, Actor::System, "started", now);
    (clock, commit)
}

/// Looks at a clock whose time has come. A case that was closed meanwhile ends it, as of then; nothing is raised of it.
///
/// # Errors
/// When the calendar does not reach so far.
pub fn look_at_clock(
    (version, clock): (Version, Clock),
    case: &Case,
    calendar: &Calendar,
    now: Wall,
) -> Result<Option<Raised>, CalendarError> {
    if case.state == CaseState::Closed {
        let (clock, commit) = end_clock((version, clock), case, calendar, now);
        return Ok(Some(Raised { clock, alert: None, commit }));
    }
    let Some((clock, alert)) = clock.clone().raise(calendar, now)? else {
        // The calendar has been given the year that it lacked, or lacks it still.
        let before = clock.reckoned;
        let clock = clock.reckon(calendar, now);
        let commit = clock.written(version, Actor::System, "reckoned", now);
        return Ok((clock.reckoned != before).then_some(Raised { clock, alert: None, commit }));
    };
    let verb = match alert {
        Alert::Half => "half_used",
        Alert::Most => "mostly_used",
        Alert::Over if clock.terms.rule.binding => "breached",
        Alert::Over => "lapsed",
    };
    let commit = clock.written(version, Actor::System, verb, now).with(noted(&clock, alert, case, now));
    Ok(Some(Raised { clock, alert: Some(alert), commit }))
}

/// Ends a clock whose case is closed.
#[must_use]
pub fn end_clock((version, clock): (Version, Clock), case: &Case, calendar: &Calendar, now: Wall) -> (Clock, Commit) {
    let clock = clock.ended_with_case(case.closed_at.unwrap_or(now), calendar, now);
    let commit = clock.written(version, Actor::System, "ended_with_case", now);
    (clock, commit)
}

/// A member of staff does something to a clock.
///
/// # Errors
/// [`ClockRefusal`]: it stays as it was.
pub fn rule_clock(
    (version, clock): (Version, Clock),
    act: ClockAct,
    (by, role): (StaffId, Role),
    calendar: &Calendar,
    now: Wall,
) -> Result<(Clock, Commit), ClockRefusal> {
    let clock = clock.ruled(act, (by, role), calendar, now)?;
    let commit = clock.written(version, Actor::Staff { id: by }, act.verb(), now);
    Ok((clock, commit))
}

/// The line in the record of the contact in which the case came up last; a case that nobody called about has none.
fn noted(clock: &Clock, alert: Alert, case: &Case, at: Wall) -> Option<Change> {
    let fact = Fact::Clock {
        reference: case.reference.to_string(),
        regime: clock.terms.regime.clone(),
        clock: clock.terms.rule.id.clone(),
        percent: alert.percent(),
        deadline: clock.reckoned.deadline,
    };
    // A term that was extended raises its shares once more.
    let name = format!("{}.{}.{}", clock.id, clock.extended.len(), alert.percent());
    let contact = case.contacts.last()?;
    Some(Change::Added(*contact, AddedLine { name, at, fact }))
}

#[cfg(test)]
mod tests;
