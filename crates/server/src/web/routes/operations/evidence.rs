//! Takes what the customer shows for an operation in a later call.

use super::{may_ask, refunds, shown};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, EvidenceAct, Operation};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::RefundId;

/// The customer of one's own live contact has shown two factors: that is written down as the evidence an operation still lacks. One that
/// needs nobody else is approved with it.
#[utoipa::path(post, path = "/api/v1/operations/{id}/evidence", operation_id = "takeEvidence", tag = "money",
    params(("id" = String, Path, description = "The operation")), request_body = EvidenceAct, responses(
    (status = 200, body = Operation, description = "As it is now."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an agent."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "The contact is not on this person's line, is with another customer, or has not shown \
enough; or the operation does not wait for it any more."),
))]
pub(crate) async fn evidence(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<RefundId>,
    Body(act): Body<EvidenceAct>,
) -> Result<Json<Operation>, Problem> {
    may_ask(signed.staff.role)?;
    let refunds = refunds(&state)?;
    refunds.take_evidence(&signed.staff, id, act.contact).await?;
    let number_of = state.numbers().await?;
    Ok(Json(shown(refunds, id, &number_of).await?))
}
