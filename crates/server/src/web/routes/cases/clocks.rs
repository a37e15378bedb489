//! Lists the clocks that run, the one that is due next first.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Asked;
use crate::web::state::State;
use crate::web::wire::{self, CaseClock, DueClock};
use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;
use utoipa::ToSchema;
use walletline_core::cases::{Phase, status};
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::actor::{Actor, Role};

/// Clocks that are looked through: whoever has more has another worry than a list.
const CLOCKS_MAX: u32 = 500;

/// Which clocks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    state: Option<ClockFilter>,
}

/// How a clock that has not ended stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClockFilter {
    /// It runs, and there is time.
    Running,
    /// It stands still.
    Paused,
    /// Its time is over, and nothing was done.
    Over,
}

/// The clocks of open cases that have not ended, the one that is due next first: to supervisors, handlers, compliance and auditors, each of the
/// kinds of cases that are open to them. Reading it goes on record.
#[utoipa::path(get, path = "/api/v1/clocks", operation_id = "listClocks", tag = "supervisor",
    params(("state" = Option<ClockFilter>, Query, description = "Only these; all that have not ended when not given")), responses(
    (status = 200, body = Vec<DueClock>),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Neither a supervisor, a handler, compliance nor an auditor."),
    (status = 422, body = wire::Problem, description = "The query cannot be read."),
))]
pub(crate) async fn list(
    Shared(state): Shared<State>,
    signed: Signed,
    Asked(page): Asked<Page>,
) -> Result<Json<Vec<DueClock>>, Problem> {
    let reader = &signed.staff;
    if !matches!(reader.role, Role::Supervisor | Role::Handler | Role::Compliance | Role::Auditor) {
        return Err(Problem::forbidden("only supervisors, handlers, compliance and auditors see which clocks run"));
    }
    let now = state.clock.wall();
    let mut due = Vec::new();
    for (_, clock) in state.store.clocks_running(CLOCKS_MAX).await? {
        let Some((_, case)) = state.store.case(clock.case).await? else { continue };
        if !case.kind.is_open_to(reader.role) {
            continue;
        }
        let calendar = state.times.calendars().get(&clock.terms.calendar);
        let phase = calendar.and_then(|calendar| status(&clock, calendar, now).ok()).map(|status| status.phase);
        let wanted = match page.state {
            None => true,
            Some(ClockFilter::Running) => phase == Some(Phase::Running),
            Some(ClockFilter::Paused) => phase == Some(Phase::Paused),
            Some(ClockFilter::Over) => phase == Some(Phase::Over),
        };
        if wanted {
            due.push(DueClock::new(&case, CaseClock::new(&clock, calendar, now)));
        }
    }
    let entry = Entry::new(now, Actor::Staff { id: reader.id }, "clocks.listed", "clocks");
    state.store.commit(Commit::new(entry.for_purpose(reader.role.reads_for()), Vec::new())).await?;
    Ok(Json(due))
}
