//! The demo's addresses. Merged into the public listener only where the demo world was asked for.

use super::routes;
use crate::web::{State, demo_phone};
use axum::Router;
use axum::routing::{get, post};

/// All of them.
pub(crate) fn router() -> Router<State> {
    Router::new()
        .route("/demo/phone", get(demo_phone))
        .route("/demo/api/app/talking-to-us", get(routes::talking_to_us::read))
        .route("/demo/api/clock", post(routes::clock::advance))
        .route("/demo/api/customers", get(routes::customers::list))
        .route("/demo/api/lines", get(routes::lines::list))
        .route("/demo/api/lines/{number}", post(routes::lines::hold))
        .route("/demo/api/phones/{msisdn}/messages", get(routes::messages::list))
        .route("/demo/api/prompts/{id}/{file}", get(routes::prompts::play))
        .route("/demo/api/reset", post(routes::reset::reset))
        .route("/demo/api/wallet/fault", post(routes::fault::order))
        .route("/demo/api/wallet/ledger", get(routes::ledger::list))
        .route("/demo/api/call", get(routes::call::connect))
}
