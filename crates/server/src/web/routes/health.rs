//! `/healthz` and `/readyz`: for whoever keeps the program running.

use crate::engine::Readiness;
use crate::web::state::State;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use std::time::Duration;
use tokio::time::timeout;

/// A loop that does not answer within this long takes no calls.
const ANSWER_MAX: Duration = Duration::from_secs(2);

/// The program runs.
#[utoipa::path(get, path = "/healthz", operation_id = "readHealth", tag = "operation", security(()), responses((status = 200, description = "The program runs.")))]
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The program can take calls: its loop and its store answer, and it is not stopping.
#[utoipa::path(get, path = "/readyz", operation_id = "readReadiness", tag = "operation", security(()), responses(
    (status = 200, description = "It takes calls."),
    (status = 503, description = "It is stopping, or a part of it does not answer."),
))]
pub(crate) async fn ready(Shared(state): Shared<State>) -> (StatusCode, &'static str) {
    let parts = async { tokio::join!(state.engine.readiness(), state.store.ping()) };
    match timeout(ANSWER_MAX, parts).await {
        Ok((Readiness::Ready, Ok(()))) => (StatusCode::OK, "ready\n"),
        Ok((Readiness::NotReady, _)) => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
        Ok((Readiness::Ready, Err(_))) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the loop does not answer\n"),
    }
}
