//! Says how long whoever calls now would wait, or that it cannot be said. Screens ask again every few seconds and are answered with
//! nothing while nothing has changed: a connection held open for every stranger would have no bound.

use super::line_of;
use crate::web::error::Problem;
use crate::web::extract::Asked;
use crate::web::state::State;
use crate::web::wire;
use axum::Json;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// Which line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    line: Option<String>,
}

/// How long whoever calls now would wait for a person. Ask again after `poll_s` seconds with the `ETag` of the answer in
/// `If-None-Match`: 304 says that nothing has changed.
#[utoipa::path(get, path = "/api/public/wait", operation_id = "readWait", tag = "public", security(()), params(
    ("line" = Option<String>, Query, description = "The number; the first line when not given"),
), responses(
    (status = 200, body = wire::WaitNow),
    (status = 304, description = "As before."),
    (status = 404, body = wire::Problem, description = "No such line."),
    (status = 429, body = wire::Problem),
))]
pub(crate) async fn wait(
    Shared(state): Shared<State>,
    Asked(asked): Asked<Question>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let outlook = state.engine.outlook();
    let (number, line) = line_of(&outlook, asked.line.as_deref())?;
    let body = wire::WaitNow::new(number, &line, outlook.score, state.clock.wall());
    let digest = Sha256::digest(serde_json::to_vec(&body).map_err(|_| Problem::internal())?);
    let tag: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let mut response = if known.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(body).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).map_err(|_| Problem::internal())?);
    Ok(response)
}
