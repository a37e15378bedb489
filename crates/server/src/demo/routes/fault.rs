//! Makes something go wrong at the demo's wallet.

use super::{demo, sandbox};
use crate::demo::wire::DemoFault;
use crate::web::State;
use crate::web::error::Problem;
use crate::web::extract::Body;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_gsma::sandbox::FaultOrder;

/// So many times something goes wrong with an operation of the wallet.
#[utoipa::path(post, path = "/demo/api/wallet/fault", operation_id = "orderDemoFault", tag = "demo", security(()),
    request_body = DemoFault, responses(
    (status = 204, description = "It is ordered."),
    (status = 422, body = crate::web::wire::Problem, description = "The wallet does not know this operation or fault; it lists those it knows."),
))]
pub(crate) async fn order(Shared(state): Shared<State>, Body(asked): Body<DemoFault>) -> Result<StatusCode, Problem> {
    let DemoFault { operation, fault, count } = asked;
    demo(&state)?.wallet.control.fault(&FaultOrder { operation, fault, count }).await.map_err(sandbox)?;
    Ok(StatusCode::NO_CONTENT)
}
