//! `/requeststates/{serverCorrelationId}` and `/responses/{clientCorrelationId}`: what became of earlier requests.

use super::check_wallet;
use crate::Private;
use crate::sandbox::House;
use crate::sandbox::answer::Answer;
use crate::sandbox::fault::Operation;
use crate::wire::ResponseLink;
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;

pub(super) async fn state(State(house): State<Arc<House>>, Path((wallet, server_id)): Path<(String, String)>) -> Response {
    let act = async |_| {
        check_wallet(&wallet)?;
        match house.reversal_state(&wallet, &server_id).await? {
            Some(state) => Answer::json(&state),
            None => Answer::json(&house.request_state(&wallet, &server_id).await?),
        }
    };
    house.answer(Operation::Any, act).await
}

pub(super) async fn response(State(house): State<Arc<House>>, Path((wallet, id)): Path<(String, String)>) -> Response {
    let act = async |_| {
        check_wallet(&wallet)?;
        let id = id.to_ascii_lowercase();
        let link = match house.reversal_link(&wallet, &id).await? {
            Some(link) => link,
            None => house.response_link(&wallet, &id).await?,
        };
        Answer::json(&ResponseLink { link: Private::new(link) })
    };
    house.answer(Operation::Any, act).await
}
