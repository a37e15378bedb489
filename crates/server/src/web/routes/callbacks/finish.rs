//! Finishes a request to be called back, and its case with it.

use super::{known, may_call};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::cases::Reference;
use walletline_core::kernel::actor::Actor;

/// The customer was called.
#[utoipa::path(post, path = "/api/v1/callbacks/{reference}/finish", operation_id = "finishCallback", tag = "cases",
    params(("reference" = String, Path, description = "The case's reference")), responses(
    (status = 204, description = "The request and its case are closed."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an agent or a supervisor."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "It was not taken, or by another agent, or it is finished."),
))]
pub(crate) async fn finish(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(reference): Id<Reference>,
) -> Result<StatusCode, Problem> {
    may_call(signed.staff.role)?;
    let ((case_version, case), (version, callback)) = known(&state, &reference).await?;
    let (now, actor) = (state.clock.wall(), Actor::Staff { id: signed.staff.id });
    let finished = callback.finish(signed.staff.id, now)?;
    let closed = case.closed(now).written(case_version, actor, "closed", now);
    state.store.commit(finished.written(version, actor, "finished", now).and(closed)).await?;
    Ok(StatusCode::NO_CONTENT)
}
