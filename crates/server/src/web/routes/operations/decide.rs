//! Decides on an operation.

use super::{may_decide, refunds, shown};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, Operation, OperationDecision};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::RefundId;

/// Decides as the second person: on an operation that waits, or on what became of one that the wallet cannot account for. Never by whoever
/// asked for it, nor by anybody they lead. Needs a fresh factor.
#[utoipa::path(post, path = "/api/v1/operations/{id}/decisions", operation_id = "decideOperation", tag = "money",
    params(("id" = String, Path, description = "The operation")), request_body = OperationDecision, responses(
    (status = 200, body = Operation, description = "As it is now."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Neither a checker nor a supervisor, without a certificate, the same person, or \
what was shown last is not fresh."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "As it stands this cannot be decided: evidence is missing, its time is over, a limit \
is reached, or somebody decided."),
    (status = 422, body = wire::Problem, description = "No reason."),
))]
pub(crate) async fn decide(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<RefundId>,
    Body(decision): Body<OperationDecision>,
) -> Result<Json<Operation>, Problem> {
    may_decide(signed.staff.role)?;
    let refunds = refunds(&state)?;
    refunds.decide(&signed.staff, id, &decision.into(), |now| signed.fresh(now)).await?;
    let number_of = state.numbers().await?;
    Ok(Json(shown(refunds, id, &number_of).await?))
}
