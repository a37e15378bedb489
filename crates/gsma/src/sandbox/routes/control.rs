//! `/control/`: the sandbox as a thing that is moved, not as a wallet. No misbehaviour reaches it.

use crate::sandbox::House;
use crate::sandbox::clock::{SECOND_US, rfc3339};
use crate::sandbox::control::{
    ApprovalOpen, ClockAdvance, ClockReading, CodeTyped, Customer, FaultOrder, LedgerEntry, LinkUsed, Problem,
};
use crate::sandbox::extension::Unusable;
use crate::sandbox::fault::{Order, Unorderable};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// How far sandbox time may be put forward in all: ten years, beyond which no calendar of a hotline goes.
const OFFSET_US_MAX: i64 = 10 * 366 * 24 * 3_600 * SECOND_US;

pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/customers", get(customers))
        .route("/ledger", get(ledger))
        .route("/fault", post(fault))
        .route("/links/{number}", post(use_link))
        .route("/approvals", get(approvals))
        .route("/approvals/{number}", post(type_code))
        .route("/approvals/{number}/refusal", post(refuse))
        .route("/reset", post(reset))
        .route("/clock", post(clock))
}

/// A request of the control interface that is not carried out.
struct Declined {
    status: StatusCode,
    detail: String,
}

impl Declined {
    fn because(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, detail: detail.into() }
    }
}

impl From<sqlx::Error> for Declined {
    fn from(error: sqlx::Error) -> Self {
        tracing::warn!(error = %error, "the sandbox's file does not answer");
        Self { status: StatusCode::SERVICE_UNAVAILABLE, detail: "the sandbox's file does not answer".to_owned() }
    }
}

impl From<Unorderable> for Declined {
    fn from(Unorderable(detail): Unorderable) -> Self {
        Self::because(detail)
    }
}

impl From<Unusable> for Declined {
    fn from(_: Unusable) -> Self {
        Self::because("there is nothing to use under this number: it never was, was used before, or is too old")
    }
}

impl IntoResponse for Declined {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or_default().to_owned();
        let problem = Problem { kind: "about:blank".to_owned(), title, status: self.status.as_u16(), detail: self.detail };
        let mut response = (self.status, Json(problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

/// Read from the bytes whatever the content type says, so that every refusal is of one form.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Declined> {
    serde_json::from_slice(body).map_err(|error| Declined::because(format!("the body: {error}")))
}

async fn customers(State(house): State<Arc<House>>) -> Result<Json<Vec<Customer>>, Declined> {
    house.settle().await?;
    Ok(Json(house.customers().await?))
}

async fn ledger(State(house): State<Arc<House>>) -> Result<Json<Vec<LedgerEntry>>, Declined> {
    house.settle().await?;
    Ok(Json(house.ledger().await?))
}

async fn fault(State(house): State<Arc<House>>, body: Bytes) -> Result<StatusCode, Declined> {
    let order = Order::parse(&read::<FaultOrder>(&body)?)?;
    house.order_fault(order).await??;
    Ok(StatusCode::NO_CONTENT)
}

async fn use_link(State(house): State<Arc<House>>, Path(number): Path<i64>, body: Bytes) -> Result<StatusCode, Declined> {
    house.use_link(number, &read::<LinkUsed>(&body)?).await??;
    Ok(StatusCode::NO_CONTENT)
}

async fn type_code(State(house): State<Arc<House>>, Path(number): Path<i64>, body: Bytes) -> Result<StatusCode, Declined> {
    house.type_code(number, &read::<CodeTyped>(&body)?).await??;
    Ok(StatusCode::NO_CONTENT)
}

async fn approvals(State(house): State<Arc<House>>) -> Result<Json<Vec<ApprovalOpen>>, Declined> {
    Ok(Json(house.approvals_asked().await?))
}

async fn refuse(State(house): State<Arc<House>>, Path(number): Path<i64>) -> Result<StatusCode, Declined> {
    house.refuse(number).await??;
    Ok(StatusCode::NO_CONTENT)
}

async fn reset(State(house): State<Arc<House>>) -> Result<StatusCode, Declined> {
    house.database.reset(house.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn clock(State(house): State<Arc<House>>, body: Bytes) -> Result<Json<ClockReading>, Declined> {
    let ClockAdvance { advance_s } = read(&body)?;
    let by_us = i64::from(advance_s) * SECOND_US;
    // The first advance of a file has nothing to be added to: it is held to the bound by itself.
    let advanced = if by_us > OFFSET_US_MAX { None } else { house.database.advance_clock(by_us, OFFSET_US_MAX).await? };
    let offset_us = advanced.ok_or_else(|| Declined::because("advance_s: sandbox time goes ten years ahead at most"))?;
    house.clock.go_by(offset_us);
    house.settle().await?;
    house.wake.notify_one();
    Ok(Json(ClockReading { now: rfc3339(house.clock.now()), offset_s: offset_us / SECOND_US }))
}
