//! Says that somebody has seen a look-up.

use super::{RULINGS_MAX, leads};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::LookUpId;
use walletline_store::CommitError;

/// Have seen a look-up of somebody else: it is listed no more.
#[utoipa::path(post, path = "/api/v1/look-ups/{id}/seen", operation_id = "seeLookUp", tag = "supervisor",
    params(("id" = String, Path, description = "The look-up")), responses(
    (status = 204, description = "Seen."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "One's own, or not compliance nor a supervisor of whoever looked up."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "Seen already, or nobody has to see it."),
))]
pub(crate) async fn see(Shared(state): Shared<State>, signed: Signed, Id(id): Id<LookUpId>) -> Result<StatusCode, Problem> {
    for _ in 0..RULINGS_MAX {
        let (version, look_up) = state.store.look_up(id).await?.ok_or_else(Problem::not_found)?;
        let staff = state.store.staff().await?;
        let who = staff.iter().map(|(_, member)| member).find(|member| member.id == look_up.staff);
        let commit = look_up.see(version, &signed.staff, leads(&signed.staff, who), state.clock.wall())?;
        match state.store.commit(commit).await {
            Ok(()) => return Ok(StatusCode::NO_CONTENT),
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
