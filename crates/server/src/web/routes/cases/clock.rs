//! Does something to a clock of a case: it stands still, goes on, gets longer, or ends.

use super::{clocks_of, seen_by};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Body;
use crate::web::state::State;
use crate::web::wire::{self, CaseClock, ClockActAsked};
use axum::Json;
use axum::extract::{Path, State as Shared};
use walletline_core::cases::Reference;
use walletline_core::help::rule_clock;
use walletline_core::kernel::ids::ClockId;
use walletline_store::CommitError;

/// A ruling is made again this often when the row had changed meanwhile.
const RULINGS_MAX: u32 = 3;

/// Do something to a clock of a case. Answers with all clocks of the case.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/clocks/{clock}", operation_id = "ruleClock", tag = "cases",
    params(
        ("reference" = String, Path, description = "The case's reference"),
        ("clock" = String, Path, description = "The clock"),
    ),
    request_body = ClockActAsked, responses(
    (status = 200, body = [CaseClock]),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Neither a handler, a supervisor nor compliance."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "The rule does not allow it, or not as the clock stands."),
))]
pub(crate) async fn rule(
    Shared(state): Shared<State>,
    signed: Signed,
    Path((reference, clock)): Path<(String, String)>,
    Body(asked): Body<ClockActAsked>,
) -> Result<Json<Vec<CaseClock>>, Problem> {
    let reference: Reference = reference.parse().map_err(|_| Problem::not_found())?;
    let id: ClockId = clock.parse().map_err(|_| Problem::not_found())?;
    let (case, _) = seen_by(&state, &signed.staff, &reference).await?;
    for _ in 0..RULINGS_MAX {
        let clocks = state.store.clocks_of(case.id).await?;
        let found = clocks.into_iter().find(|(_, clock)| clock.id == id).ok_or_else(Problem::not_found)?;
        let calendar = state.times.calendars().get(&found.1.terms.calendar).ok_or_else(Problem::unavailable)?;
        let credit = state.store.credit_of(case.id).await?;
        let credited = credit.is_some_and(|(_, credit)| credit.state.is_given());
        let by = (signed.staff.id, signed.staff.role);
        let (_, commit) = rule_clock(found, asked.act.act(credited), by, calendar, state.clock.wall())?;
        match state.store.commit(commit).await {
            Ok(()) => return Ok(Json(clocks_of(&state, case.id).await?)),
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
