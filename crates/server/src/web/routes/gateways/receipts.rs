//! Takes a delivery receipt.

use crate::connector::messages::signature::HEADER;
use crate::web::error::Problem;
use crate::web::extract::Source;
use crate::web::gateways::NotTaken;
use crate::web::state::State;
use crate::web::wire;
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, StatusCode};

/// Tell what became of a text message. For the gateway of this route: the body names the message and its state where the route's
/// configuration says, and the header `X-Walletline-Signature: t=<seconds>,v1=<hex>` carries the HMAC-SHA256 of `<seconds>`, a line break
/// and the body, under the route's key. What is told twice changes nothing.
#[utoipa::path(post, path = "/api/gateways/{wallet}/{route}/receipts", operation_id = "tellDelivery", tag = "operation", security(()),
    params(("wallet" = String, Path), ("route" = String, Path)),
    request_body(content_type = "application/json", content = serde_json::Value), responses(
    (status = 204, description = "It is written down, or was before."),
    (status = 401, body = wire::Problem, description = "Not signed with the route's key, or not within five minutes."),
    (status = 404, body = wire::Problem, description = "No message of this route is called so; it may be known a moment later."),
    (status = 422, body = wire::Problem, description = "Names no message or no state."),
    (status = 429, body = wire::Problem, description = "Too many from one address; see `Retry-After`."),
    (status = 503, body = wire::Problem, description = "It cannot be kept just now: send it again."),
))]
pub(crate) async fn receipts(
    Shared(state): Shared<State>,
    Source(source): Source,
    Path((wallet, route)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let gateways = state.receipts.as_ref().ok_or_else(Problem::not_signed)?;
    let signature = headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let taken = gateways.take(source, (&wallet, &route), signature, &body, &state.clock).await;
    taken.map(|()| StatusCode::NO_CONTENT).map_err(|why| match why {
        NotTaken::TooMany(wait) => Problem::too_many_requests(wait.as_s() + 1),
        NotTaken::NotSigned => Problem::not_signed(),
        NotTaken::NotRead => {
            Problem::invalid_input("the receipt names no message or no state where the route's configuration looks")
        }
        NotTaken::Unknown => Problem::not_found(),
        NotTaken::Unavailable => Problem::unavailable(),
    })
}
