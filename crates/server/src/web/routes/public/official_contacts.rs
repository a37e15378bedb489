//! Serves the signed directory.

use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// Whoever copies it sees a withdrawal within this time.
const CACHING: &str = "public, max-age=300";

/// The official directory of all wallets here, as a flattened JSON Web Signature (RFC 7515, EdDSA with Ed25519). It says itself until
/// when it may be relied on; `walletline directory verify` checks it. For everybody, from any page.
#[utoipa::path(get, path = "/.well-known/official-contacts.json", operation_id = "readOfficialContacts", tag = "public", security(()),
    responses(
    (status = 200, body = crate::directory::jws::Signed, content_type = "application/jose+json"),
    (status = 304, description = "As the tag says that it is known."),
    (status = 429, body = wire::Problem, description = "Asked too often; see `Retry-After`."),
    (status = 503, body = wire::Problem, description = "Nothing that may be relied on is signed just now."),
))]
pub(crate) async fn official_contacts(Shared(state): Shared<State>, request: HeaderMap) -> Result<Response, Problem> {
    let edition = state.directory.edition().ok_or_else(Problem::unavailable)?;
    let etag = format!("\"{}\"", edition.hash);
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHING));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jose+json"));
    Ok((headers, edition.document.clone()).into_response())
}
