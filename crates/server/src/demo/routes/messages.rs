//! Lists what a customer's phone received.

use super::demo;
use crate::demo::wire::DemoMessage;
use crate::web::State;
use crate::web::error::Problem;
use crate::web::extract::Id;
use axum::Json;
use axum::extract::State as Shared;

/// What a customer's phone received, newest first. Nothing is sent to customers yet.
#[utoipa::path(get, path = "/demo/api/phones/{msisdn}/messages", operation_id = "listDemoMessages", tag = "demo", security(()),
    params(("msisdn" = String, Path, description = "The phone number, E.164")), responses(
    (status = 200, body = Vec<DemoMessage>),
    (status = 404, body = crate::web::wire::Problem, description = "No customer has this phone."),
))]
pub(crate) async fn list(Shared(state): Shared<State>, Id(msisdn): Id<String>) -> Result<Json<Vec<DemoMessage>>, Problem> {
    let known = demo(&state)?.customers.iter().any(|customer| customer.msisdn == msisdn);
    if known { Ok(Json(Vec::new())) } else { Err(Problem::not_found()) }
}
