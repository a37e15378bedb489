//! Says what an operation would be.

use super::{may_ask, refunds};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Body;
use crate::web::state::State;
use crate::web::wire::{self, OperationAsked, OperationPreview};
use axum::Json;
use axum::extract::State as Shared;

/// What an operation would be, before it is asked for: its effect, who would have to agree, and what is missing. Nothing is written.
#[utoipa::path(post, path = "/api/v1/operation-previews", operation_id = "previewOperation", tag = "money",
    request_body = OperationAsked, responses(
    (status = 200, body = OperationPreview),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an agent."),
    (status = 404, body = wire::Problem, description = "The customer has no such transaction."),
    (status = 409, body = wire::Problem, description = "The contact is not on this person's line or has shown too little."),
    (status = 422, body = wire::Problem, description = "No such amount."),
    (status = 503, body = wire::Problem, description = "The wallet or the store does not answer."),
))]
pub(crate) async fn preview(
    Shared(state): Shared<State>,
    signed: Signed,
    Body(asked): Body<OperationAsked>,
) -> Result<Json<OperationPreview>, Problem> {
    may_ask(signed.staff.role)?;
    let asked = asked.read().map_err(Problem::invalid_input)?;
    Ok(Json(refunds(&state)?.preview(&signed.staff, &asked).await?.into()))
}
