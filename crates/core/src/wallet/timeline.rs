//! What can be said about the time of one transaction: what was observed of it, held against the window of its kind. It never
//! promises, and where it does not know it says so.

use super::{
    reason::Reason,
    window::{Corridor, DueFrom, Kind, Rail, Window},
};
use crate::kernel::{
    calendar::{CalendarError, Calendars},
    length::Length,
    time::Wall,
};
use serde::{Deserialize, Serialize};

/// How far a transaction is, as the wallet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// On its way.
    Pending,
    /// Arrived.
    Completed,
    /// It will not arrive.
    Failed,
    /// It arrived once, and all of it went back.
    Reversed,
    /// The wallet said something that is none of these. Never taken for a failure.
    Unknown,
}

/// What is known of one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// What it is for.
    pub kind: Kind,
    /// What it travels on.
    pub rail: Rail,
    /// From where to where.
    pub corridor: Corridor,
    /// How far it is.
    pub status: Status,
    /// When it was ordered.
    pub created_at: Wall,
    /// When its status last changed.
    pub changed_at: Wall,
    /// When the wallet itself says that a failed one is due back. It goes before the window's own rule.
    pub refund_due_at: Option<Wall>,
    /// Why it is where it is, in plain words.
    pub reason: Option<Reason>,
}

/// What to tell the customer about the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Under way, and no longer than usual.
    OnTime {
        /// Past this it will be called late.
        expected_by: Wall,
    },
    /// Longer than usual.
    Late {
        /// Since then.
        expected_by: Wall,
        /// Past this it will be overdue.
        overdue_from: Wall,
    },
    /// Past the hard deadline, or a refund past its day: somebody has to look for it.
    Overdue {
        /// Since then.
        since: Wall,
    },
    /// It failed, and the money is on its way back.
    RefundDue {
        /// By then.
        by: Wall,
    },
    /// It arrived.
    Completed {
        /// Then.
        at: Wall,
    },
    /// It failed, and no rule says that anything comes back.
    Failed,
    /// All of it went back.
    Refunded {
        /// Then.
        at: Wall,
    },
    /// Nothing can be said.
    Unknown(Ignorance),
}

/// Why nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ignorance {
    /// Nobody wrote down how long this takes.
    #[error("no window covers this kind, rail and corridor: add one to windows/")]
    NoWindow,
    /// The wallet's status is none that we know.
    #[error("the wallet's status is not one of ours: ask the wallet")]
    Status,
    /// The window names a calendar that is not there.
    #[error("there is no calendar `{0}`: add it to calendars/")]
    NoCalendar(String),
    /// The calendar cannot answer.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

impl Verdict {
    /// The word on the wire: `on_time`, `late`, `overdue`, `refund_due` or `unknown`. What arrived, or went back, is on time; for what
    /// failed with nothing due, no time can be told.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OnTime { .. } | Self::Completed { .. } | Self::Refunded { .. } => "on_time",
            Self::Late { .. } => "late",
            Self::Overdue { .. } => "overdue",
            Self::RefundDue { .. } => "refund_due",
            Self::Failed | Self::Unknown(_) => "unknown",
        }
    }

    /// The last instant at which this verdict still holds, when time alone will change it.
    #[must_use]
    pub const fn next_deadline(&self) -> Option<Wall> {
        match self {
            Self::OnTime { expected_by } => Some(*expected_by),
            Self::Late { overdue_from, .. } => Some(*overdue_from),
            Self::RefundDue { by } => Some(*by),
            Self::Overdue { .. } | Self::Completed { .. } | Self::Refunded { .. } | Self::Failed | Self::Unknown(_) => None,
        }
    }
}

/// What can be said about a transaction now, given the window that [`super::window::find`] found for it.
#[must_use]
pub fn assess(window: Option<&Window>, calendars: &Calendars, observed: &Observed, now: Wall) -> Verdict {
    let verdict = match observed.status {
        Status::Completed => Ok(Verdict::Completed { at: observed.changed_at }),
        Status::Reversed => Ok(Verdict::Refunded { at: observed.changed_at }),
        Status::Unknown => Err(Ignorance::Status),
        Status::Pending => pending(window, calendars, observed.created_at, now),
        Status::Failed => failed(window, calendars, observed, now),
    };
    verdict.unwrap_or_else(Verdict::Unknown)
}

fn pending(window: Option<&Window>, calendars: &Calendars, created_at: Wall, now: Wall) -> Result<Verdict, Ignorance> {
    let window = window.ok_or(Ignorance::NoWindow)?;
    let calendar = calendars.get(&window.calendar).ok_or_else(|| Ignorance::NoCalendar(window.calendar.clone()))?;
    let expected_by = calendar.end_of_order(created_at, window.late_after)?;
    if now <= expected_by {
        return Ok(Verdict::OnTime { expected_by });
    }
    // The order of the two is checked when windows are loaded; an hour lost to summer time must not turn it round.
    let overdue_from = calendar.end_of_order(created_at, window.overdue_after)?.max(expected_by);
    Ok(match now <= overdue_from {
        true => Verdict::Late { expected_by, overdue_from },
        false => Verdict::Overdue { since: overdue_from },
    })
}

fn failed(window: Option<&Window>, calendars: &Calendars, observed: &Observed, now: Wall) -> Result<Verdict, Ignorance> {
    let by_rule = |window: &Window, length: Length| {
        let calendar = calendars.get(&window.calendar).ok_or_else(|| Ignorance::NoCalendar(window.calendar.clone()))?;
        let from = match window.refund_due_from {
            DueFrom::Failure => observed.changed_at,
            DueFrom::Order => observed.created_at,
        };
        Ok::<_, Ignorance>(calendar.end_after(from, length)?)
    };
    let due = match (observed.refund_due_at, window) {
        (Some(by), _) => Some(by),
        (None, Some(window)) => window.refund_due_after.map(|length| by_rule(window, length)).transpose()?,
        (None, None) => None,
    };
    Ok(match due {
        Some(by) if now <= by => Verdict::RefundDue { by },
        Some(by) => Verdict::Overdue { since: by },
        None => Verdict::Failed,
    })
}

#[cfg(test)]
mod laws;
