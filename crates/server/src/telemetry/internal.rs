//! The internal listener: metrics, for machines of the operator only. It never faces customers or staff.

use super::Scrape;
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use std::sync::Arc;

/// The internal listener's routes.
pub fn router(scrape: Scrape) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(Arc::new(scrape))
}

async fn metrics(State(scrape): State<Arc<Scrape>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], scrape.render().await)
}
