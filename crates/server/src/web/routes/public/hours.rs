//! Says when people are there: now, at an instant, or on a day.

use super::line_of;
use crate::web::error::Problem;
use crate::web::extract::Asked;
use crate::web::state::State;
use crate::web::wire;
use axum::Json;
use axum::extract::State as Shared;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::Deserialize;
use walletline_core::kernel::time::Wall;

/// Which line, and when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    line: Option<String>,
    at: Option<String>,
}

/// When people are there on a line: now, at an instant, or on a day, for every service, with the reason when nobody is there and the
/// next opening. Now is told as it is; another time by the plan. An emergency freeze works at any time.
#[utoipa::path(get, path = "/api/public/hours", operation_id = "readHours", tag = "public", security(()), params(
    ("line" = Option<String>, Query, description = "The number; the first line when not given"),
    ("at" = Option<String>, Query, description = "`2026-10-01T09:30:00+08:00`, or by the clocks of the wallet `2026-10-01T09:30`, or a \
        day `2026-10-01`; now when not given"),
), responses(
    (status = 200, body = wire::Hours),
    (status = 404, body = wire::Problem, description = "No such line."),
    (status = 422, body = wire::Problem, description = "The time cannot be read."),
    (status = 429, body = wire::Problem),
))]
pub(crate) async fn hours(Shared(state): Shared<State>, Asked(asked): Asked<Question>) -> Result<Json<wire::Hours>, Problem> {
    let (number, line) = line_of(&state.engine.outlook(), asked.line.as_deref())?;
    let now = state.clock.wall();
    let wallet = state.config.wallets.iter().find(|wallet| wallet.id == line.wallet).ok_or_else(Problem::not_found)?;
    let at = asked.at.as_deref().map(|text| instant(text, &wallet.zone).ok_or_else(unreadable)).transpose()?;
    Ok(Json(wire::Hours::new(number, &line, &wallet.zone, at, now)))
}

fn unreadable() -> Problem {
    Problem::invalid_input("`at` must be a time such as 2026-10-01T09:30:00+08:00 or a day such as 2026-10-01")
}

/// A time as somebody writes it; a day begins with its first instant.
pub(in crate::web) fn instant(text: &str, zone: &TimeZone) -> Option<Wall> {
    // A plus that was not escaped arrives as a space.
    let text = text.trim().replace(' ', "+");
    let local = |local: DateTime| zone.to_ambiguous_timestamp(local).compatible().ok();
    let instant = match (text.parse::<Timestamp>(), text.parse::<Date>(), text.parse::<DateTime>()) {
        (Ok(instant), _, _) => Some(instant),
        // A day is also a time to the parser: what has no T is a day.
        (_, Ok(day), _) if !text.contains(['T', 't']) => local(day.at(0, 0, 0, 0)),
        (_, _, Ok(time)) => local(time),
        _ => None,
    };
    instant.map(|instant| Wall(instant.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get("Asia/Shanghai").unwrap();
        let utc = |text: &str| Some(Wall(text.parse::<Timestamp>().unwrap().as_microsecond()));
        for (text, expected) in [
            ("2026-10-01T09:30:00+08:00", utc("2026-10-01T01:30:00Z")),
            ("2026-10-01T09:30:00 08:00", utc("2026-10-01T01:30:00Z")),
            ("2026-10-01T01:30:00Z", utc("2026-10-01T01:30:00Z")),
            ("2026-10-01T09:30", utc("2026-10-01T01:30:00Z")),
            ("2026-10-01", utc("2026-09-30T16:00:00Z")),
            ("tomorrow", None),
            ("2026-13-01", None),
            ("", None),
        ] {
            assert_eq!(instant(text, &zone), expected, "{text}");
        }
    }
}
