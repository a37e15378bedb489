//! Makes a call pass.

use crate::web::error::Problem;
use crate::web::prepared::Prepared;
use crate::web::state::State;
use crate::web::wire::{self, CallPass, NewCallPass};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;

/// Prepares a call: what is written here comes to the agent when the six digits are keyed at the question for the language. As a form
/// (`multipart/form-data`) it takes the same fields, and a `screenshot` (PNG, JPEG or WebP, 2 MB). A code is good for a day and proves
/// nothing of who calls.
#[utoipa::path(post, path = "/api/public/call-passes", operation_id = "makeCallPass", tag = "public", security(()),
    request_body = NewCallPass, responses(
    (status = 201, body = CallPass),
    (status = 413, body = wire::Problem, description = "The texts or the screenshot are too large."),
    (status = 422, body = wire::Problem, description = "It says what to change."),
    (status = 429, body = wire::Problem, description = "Too many from this address; `Retry-After` says when again."),
    (status = 503, body = wire::Problem, description = "No pass can be made just now: call without one."),
))]
pub(crate) async fn make_call_pass(
    Shared(state): Shared<State>,
    prepared: Prepared,
) -> Result<(StatusCode, Json<CallPass>), Problem> {
    let shown = prepared.make(&state).await?;
    let pass = CallPass {
        code: shown.code.expose().clone(),
        expires_at: shown.expires_at.into(),
        removed: shown.secrets.into_iter().map(Into::into).collect(),
    };
    Ok((StatusCode::CREATED, Json(pass)))
}
