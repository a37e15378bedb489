//! Asks for an operation.

use super::{may_ask, refunds, shown};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, IdempotencyKey};
use crate::web::state::State;
use crate::web::wire::{self, Operation, OperationAsked};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;

/// Asks for an operation for the customer of one's own live contact. The same request under the same key is made once, however often it is
/// sent; a small sum that its customer showed enough for is approved by rule, anything else waits for a second person.
#[utoipa::path(post, path = "/api/v1/operations", operation_id = "askOperation", tag = "money",
    params(("Idempotency-Key" = String, Header, description = "A fresh UUID for each request that is meant: 8 to 128 visible characters")),
    request_body = OperationAsked, responses(
    (status = 201, body = Operation, description = "It is asked for; its state says what comes next."),
    (status = 200, body = Operation, description = "It was asked for before under this key."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an agent, or without a certificate for refunds that is valid today."),
    (status = 404, body = wire::Problem, description = "The customer has no such transaction."),
    (status = 409, body = wire::Problem, description = "The contact is not on this person's line or has shown too little; more than is left; \
a limit is reached."),
    (status = 422, body = wire::Problem, description = "No key, a key of another request, no such amount, or no reason."),
    (status = 503, body = wire::Problem, description = "The wallet or the store does not answer: nothing was asked for."),
))]
pub(crate) async fn ask(
    Shared(state): Shared<State>,
    signed: Signed,
    IdempotencyKey(key): IdempotencyKey,
    Body(asked): Body<OperationAsked>,
) -> Result<(StatusCode, Json<Operation>), Problem> {
    may_ask(signed.staff.role)?;
    let asked = asked.read().map_err(Problem::invalid_input)?;
    let refunds = refunds(&state)?;
    let (refund, is_new) = refunds.ask(&signed.staff, &key, asked).await?;
    let number_of = state.numbers().await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(shown(refunds, refund.id, &number_of).await?)))
}
