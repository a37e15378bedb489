//! Where a request was started: the staff's writes carry a header that no foreign page can send; sockets, and the demo's writes,
//! come from our own pages.

use crate::web::error::Problem;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Refuses writes without `X-Walletline: 1`. A page of another origin cannot add it without asking us first, and we say no.
pub(crate) async fn require_header(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let shown = request.headers().get("x-walletline").is_some_and(|value| value == "1");
    if reads || shown { next.run(request).await } else { Problem::missing_header().into_response() }
}

/// Refuses writes that a page of another origin starts. For addresses without a session, which programs may write to as they are.
pub(crate) async fn own_origin(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let (parts, body) = request.into_parts();
    if !reads && !is_own(&parts) {
        return Problem::forbidden("this must be sent by a page of this address, or by no page at all").into_response();
    }
    next.run(Request::from_parts(parts, body)).await
}

/// Proof that a WebSocket was opened by one of our own pages: browsers let any page open one, and send cookies along.
pub(crate) struct SameOrigin;

impl<S: Sync> FromRequestParts<S> for SameOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if is_own(parts) { Ok(Self) } else { Err(Problem::forbidden("this connection must be opened by a page of this address")) }
    }
}

/// Whether a request comes from a page of this address, or from no page.
fn is_own(parts: &Parts) -> bool {
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return true };
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).or_else(|| parts.uri.host());
    let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    matches!((authority, host), (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_socket_comes_from_our_own_page_or_from_no_page() {
        for (origin, host, ok) in [
            (None, "desk.example", true),
            (Some("https://desk.example"), "desk.example", true),
            (Some("http://127.0.0.1:8080"), "127.0.0.1:8080", true),
            (Some("http://127.0.0.1:9999"), "127.0.0.1:8080", false),
            (Some("https://evil.example"), "desk.example", false),
            (Some("https://desk.example.evil.example"), "desk.example", false),
            (Some("null"), "desk.example", false),
        ] {
            let mut request = Request::builder().uri("/api/v1/live").header(header::HOST, host);
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin);
            }
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(SameOrigin::from_request_parts(&mut parts, &()).await.is_ok(), ok, "{origin:?} {host}");
        }
    }
}
