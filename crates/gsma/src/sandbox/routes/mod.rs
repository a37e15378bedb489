//! The sandbox's addresses: one file per resource of the specification, and one for the control interface.

pub(super) mod accounts;
mod control;
mod requests;
mod transactions;

use super::answer::{Answer, Refusal};
use super::clock::rfc3339;
use super::fault::Operation;
use super::{House, WALLETS};
use crate::wire::{Heartbeat, ServiceStatus};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use std::sync::Arc;

/// Bytes of a request at most: ten changes of 512 characters in UTF-8, and room.
const REQUEST_BYTES_MAX: usize = 64 << 10;

pub(super) fn router(house: Arc<House>) -> Router {
    let wallet = Router::new()
        .route("/heartbeat", get(heartbeat))
        .route("/accounts/{identifier_type}/{identifier}", get(accounts::read).patch(accounts::change))
        .route("/accounts/{identifier_type}/{identifier}/status", get(accounts::status))
        .route("/accounts/{identifier_type}/{identifier}/transactions", get(accounts::transactions))
        .route("/transactions/{reference}", get(transactions::read))
        .route("/transactions/{reference}/reversals", post(transactions::reverse))
        .route("/requeststates/{server_id}", get(requests::state))
        .route("/responses/{correlation_id}", get(requests::response))
        .nest("/extension/v1", crate::sandbox::extension::router());
    let at = Arc::clone(&house);
    Router::new()
        .nest("/{wallet}", wallet)
        .nest("/control", control::router())
        .fallback(nothing_here)
        .method_not_allowed_fallback(nothing_here)
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(middleware::from_fn_with_state(at, stamp))
        .with_state(house)
}

/// A brand by the first part of the path.
pub(in crate::sandbox) fn check_wallet(wallet: &str) -> Result<(), Refusal> {
    if WALLETS.contains(&wallet) { Ok(()) } else { Err(Refusal::not_found("no such wallet: jinqiao, harbor")) }
}

async fn heartbeat(State(house): State<Arc<House>>, Path(wallet): Path<String>) -> Response {
    let act = async |_| {
        check_wallet(&wallet)?;
        Answer::json(&Heartbeat { service_status: ServiceStatus::Available, delay: None, planned_restoration_time: None })
    };
    house.answer(Operation::Heartbeat, act).await
}

async fn nothing_here(State(house): State<Arc<House>>) -> Response {
    Refusal::not_found("there is nothing at this address").respond(house.clock.now())
}

/// The time of each answer, in sandbox time, as the specification wants it.
async fn stamp(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Ok(now) = HeaderValue::from_str(&rfc3339(house.clock.now())) {
        response.headers_mut().insert(HeaderName::from_static("x-date"), now);
    }
    response
}
