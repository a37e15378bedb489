//! `/transactions/{transactionReference}`, and its reversals.

use super::accounts::{manner, text};
use super::check_wallet;
use crate::client::is_uuid;
use crate::sandbox::House;
use crate::sandbox::answer::{Answer, Refusal};
use crate::sandbox::fault::Operation;
use crate::sandbox::house::find_movement;
use crate::sandbox::reversal::Asked;
use crate::wire::ReversalRequest;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;

pub(super) async fn read(State(house): State<Arc<House>>, Path((wallet, reference)): Path<(String, String)>) -> Response {
    let act = async |_| {
        check_wallet(&wallet)?;
        if let Some(reversal) = house.reversal_transaction(&wallet, &reference).await? {
            return Answer::json(&reversal);
        }
        let now = house.clock.now();
        let mut transaction = house.database.begin().await?;
        let movement = find_movement(&mut transaction, &wallet, &reference).await?;
        Answer::json(&movement.ok_or_else(|| Refusal::not_found("no such transaction"))?.to_transaction(now))
    };
    house.answer(Operation::Transaction, act).await
}

pub(super) async fn reverse(
    State(house): State<Arc<House>>,
    Path((wallet, original)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let act = async |fault| {
        check_wallet(&wallet)?;
        let request: ReversalRequest = serde_json::from_slice(&body).map_err(|_| Refusal::invalid("the body is no reversal"))?;
        let correlation_id = text(&headers, "x-correlationid").ok_or_else(|| Refusal::missing("X-CorrelationID"))?;
        if !is_uuid(correlation_id) {
            return Err(Refusal::invalid("X-CorrelationID: a UUID"));
        }
        let callback_url = text(&headers, "x-callback-url");
        if callback_url.is_some_and(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
            return Err(Refusal::invalid("X-Callback-URL: an http or https address"));
        }
        let correlation_id = correlation_id.to_ascii_lowercase();
        let asked =
            Asked { wallet: &wallet, original: &original, request: &request, correlation_id: &correlation_id, callback_url };
        house.reverse(&asked, manner(fault)).await
    };
    house.answer(Operation::Reversal, act).await
}
