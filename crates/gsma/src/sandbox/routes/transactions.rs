//! `/transactions/{transactionReference}`.

use super::check_wallet;
use crate::sandbox::House;
use crate::sandbox::answer::{Answer, Refusal};
use crate::sandbox::fault::Operation;
use crate::sandbox::house::find_movement;
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;

pub(super) async fn read(State(house): State<Arc<House>>, Path((wallet, reference)): Path<(String, String)>) -> Response {
    let act = async |_| {
        check_wallet(&wallet)?;
        let now = house.clock.now();
        let mut transaction = house.database.begin().await?;
        let movement = find_movement(&mut transaction, &wallet, &reference).await?;
        Answer::json(&movement.ok_or_else(|| Refusal::not_found("no such transaction"))?.to_transaction(now))
    };
    house.answer(Operation::Transaction, act).await
}
