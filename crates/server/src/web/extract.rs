//! What routes take out of a request, each failing as a problem document.

use super::error::Problem;
use super::state::State;
use axum::Json;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<State> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &State) -> Result<Self, Problem> {
        let Json(body) = Json::<T>::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// The only identifier of the path. One that cannot be read names nothing that exists.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr> FromRequestParts<State> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

/// `Idempotency-Key`: names a request that is meant once, however often it is sent.
pub(crate) struct IdempotencyKey(pub(crate) String);

/// Characters of such a key.
const KEY_CHARS: std::ops::RangeInclusive<usize> = 8..=128;

impl FromRequestParts<State> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Problem> {
        let key = parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
        let key = key.filter(|key| KEY_CHARS.contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
        let wrong = "this needs the header `Idempotency-Key`: a fresh UUID for each request that is meant";
        key.map(|key| Self(key.to_owned())).ok_or_else(|| Problem::invalid_input(wrong))
    }
}

/// The query.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<State> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let Query(query) = Query::<T>::from_request_parts(parts, state).await?;
        Ok(Self(query))
    }
}

/// Where a request comes from: the connection's far end, or what the proxy in front says of it.
pub(crate) struct Source(pub(crate) IpAddr);

impl FromRequestParts<State> for Source {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let forwarded = if state.config.http.behind_proxy { forwarded(parts) } else { None };
        forwarded.or(peer).map(|address| Self(address.to_canonical())).ok_or_else(Problem::internal)
    }
}

/// The last address of `X-Forwarded-For`: the one that our own proxy wrote. Those before it are the sender's claims.
fn forwarded(parts: &Parts) -> Option<IpAddr> {
    let line = parts.headers.get_all("x-forwarded-for").iter().next_back()?;
    line.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}
