//! A wallet calls back about a refund.

use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use walletline_core::kernel::ids::RefundId;

/// A wallet says that something became of what it was asked. Nothing of what it sends is read or believed: it is asked, by the key of the
/// request. Whoever does not show the token of the address we gave is told that there is nothing here.
#[utoipa::path(put, path = "/api/public/wallet-callbacks/{id}/{token}", operation_id = "walletCallback", tag = "public", security(()),
    params(("id" = String, Path, description = "The operation"), ("token" = String, Path, description = "As we gave it to the wallet")),
    responses(
    (status = 204, description = "Taken."),
    (status = 404, body = wire::Problem, description = "No such address."),
    (status = 429, body = wire::Problem, description = "Asked too often; `Retry-After` says when to try again."),
    (status = 503, body = wire::Problem, description = "Call back once more: it could not be taken."),
))]
pub(crate) async fn wallet_callback(
    Shared(state): Shared<State>,
    Path((id, token)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    called_back(&state, &id, &token).await
}

/// The same from a provider that tells its ends by POST, as WeChat Pay does.
#[utoipa::path(post, path = "/api/public/wallet-callbacks/{id}/{token}", operation_id = "walletNotice", tag = "public", security(()),
    params(("id" = String, Path, description = "The operation"), ("token" = String, Path, description = "As we gave it to the provider")),
    responses(
    (status = 204, description = "Taken."),
    (status = 404, body = wire::Problem, description = "No such address."),
    (status = 429, body = wire::Problem, description = "Asked too often; `Retry-After` says when to try again."),
    (status = 503, body = wire::Problem, description = "Call back once more: it could not be taken."),
))]
pub(crate) async fn wallet_notice(
    Shared(state): Shared<State>,
    Path((id, token)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    called_back(&state, &id, &token).await
}

async fn called_back(state: &State, id: &str, token: &str) -> Result<StatusCode, Problem> {
    let refunds = state.refunds.as_ref().ok_or_else(Problem::not_found)?;
    let id: RefundId = id.parse().map_err(|_| Problem::not_found())?;
    if refunds.called_back(id, token).await? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
