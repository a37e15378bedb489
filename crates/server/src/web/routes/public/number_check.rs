//! Says whether a number is official.

use crate::web::error::Problem;
use crate::web::extract::Body;
use crate::web::site::Visitor;
use crate::web::state::State;
use crate::web::wire::{self, NumberCheck, NumberStanding};
use axum::Json;
use axum::extract::State as Shared;

/// Whether a number, a site, a sender or an account is a wallet's own. Nothing of the question is kept. What only resembles a listed
/// address is never called official.
#[utoipa::path(post, path = "/api/public/number-check", operation_id = "checkNumber", tag = "public", security(()),
    request_body = NumberCheck, responses(
    (status = 200, body = NumberStanding),
    (status = 422, body = wire::Problem, description = "Nothing was asked about, or more than 300 characters."),
    (status = 429, body = wire::Problem, description = "Asked too often; see `Retry-After`."),
))]
pub(crate) async fn number_check(
    Shared(state): Shared<State>,
    visitor: Visitor,
    Body(asked): Body<NumberCheck>,
) -> Result<Json<NumberStanding>, Problem> {
    let checked = state.directory.check(&asked.number).await?;
    Ok(Json(NumberStanding::new(&state.directory, &checked, visitor.wallet_id(), visitor.language())))
}
