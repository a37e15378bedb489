//! The app on a customer's phone: what it asks, and what the customer types.

use super::{demo, sandbox};
use crate::demo::wire::{DemoApproval, DemoTyped};
use crate::web::State;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use walletline_gsma::sandbox::{ApprovalOpen, CodeTyped};

/// What the wallet's app asks this customer now, oldest first.
#[utoipa::path(get, path = "/demo/api/phones/{msisdn}/approvals", operation_id = "listDemoApprovals", tag = "demo", security(()),
    params(("msisdn" = String, Path, description = "The phone number, E.164")), responses(
    (status = 200, body = Vec<DemoApproval>),
    (status = 503, body = crate::web::wire::Problem, description = "The wallet does not answer."),
))]
pub(crate) async fn list(Shared(state): Shared<State>, Id(msisdn): Id<String>) -> Result<Json<Vec<DemoApproval>>, Problem> {
    let open = demo(&state)?.wallet.control.approvals().await.map_err(sandbox)?;
    Ok(Json(open.into_iter().filter(|open| open.msisdn == msisdn).map(Into::into).collect()))
}

/// The customer types a code into the app, or refuses.
#[utoipa::path(post, path = "/demo/api/phones/{msisdn}/approvals/{id}", operation_id = "answerDemoApproval", tag = "demo", security(()),
    params(("msisdn" = String, Path, description = "The phone number, E.164"), ("id" = String, Path, description = "Which")),
    request_body = DemoTyped, responses(
    (status = 204, description = "The wallet has it: list again to see whether the code was right."),
    (status = 404, body = crate::web::wire::Problem, description = "This phone is not asked that."),
    (status = 422, body = crate::web::wire::Problem),
))]
pub(crate) async fn answer(
    Shared(state): Shared<State>,
    Path((msisdn, id)): Path<(String, String)>,
    Body(DemoTyped { code }): Body<DemoTyped>,
) -> Result<StatusCode, Problem> {
    let control = &demo(&state)?.wallet.control;
    let open = control.approvals().await.map_err(sandbox)?;
    if !open.iter().any(|open| open.number == id && open.msisdn == msisdn) {
        return Err(Problem::not_found());
    }
    match code {
        Some(code) => control.type_code(&id, &CodeTyped { code }).await,
        None => control.refuse(&id).await,
    }
    .map_err(sandbox)?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<ApprovalOpen> for DemoApproval {
    fn from(open: ApprovalOpen) -> Self {
        let ApprovalOpen { number, msisdn: _, agent, operation, amount, currency, payee, asked_at, expires_at } = open;
        Self { id: number, agent, operation, amount, currency, payee, asked_at, expires_at }
    }
}
