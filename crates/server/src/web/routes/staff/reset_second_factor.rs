//! Removes the second factor of somebody who lost it. Their sessions end, and where their role needs one they set up another.

use super::{RULINGS_MAX, member};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::agent::Examiner;
use walletline_core::kernel::ids::StaffId;
use walletline_store::CommitError;

/// Reset somebody's second factor, after finding out by other means that it is they who lost it. Needs a fresh factor.
#[utoipa::path(delete, path = "/api/v1/staff/{id}/second-factor", operation_id = "resetSecondFactor", tag = "staff",
    params(("id" = String, Path, description = "The member of staff")), responses(
    (status = 204, description = "Reset: they log in again."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an admin, one's own, or what was shown last is not fresh."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "They have none."),
))]
pub(crate) async fn reset_second_factor(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<StaffId>,
) -> Result<StatusCode, Problem> {
    for _ in 0..RULINGS_MAX {
        let now = state.clock.wall();
        let member = member(&state, id).await?;
        let (version, factor) = state.store.second_factor(member.id).await?;
        let commit = factor.reset(version, Examiner::Staff(&signed.staff), now)?;
        signed.fresh(now)?;
        match state.store.commit(commit).await {
            Ok(()) => {
                state.auth.end_all(member.id);
                return Ok(StatusCode::NO_CONTENT);
            }
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
