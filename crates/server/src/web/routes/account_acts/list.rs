//! Lists acts on accounts that wait for a second person.

use super::may_decide;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire::{self, WaitingAct};
use axum::Json;
use axum::extract::State as Shared;

/// A screenful.
const LIMIT: u32 = 50;

/// Acts on accounts that wait for a second person, the oldest first, at most fifty. They name no customer.
#[utoipa::path(get, path = "/api/v1/account-acts", operation_id = "listWaitingActs", tag = "agent", responses(
    (status = 200, body = Vec<WaitingAct>),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Nobody who decides on them."),
))]
pub(crate) async fn list(Shared(state): Shared<State>, signed: Signed) -> Result<Json<Vec<WaitingAct>>, Problem> {
    may_decide(signed.staff.role)?;
    let number_of = state.numbers().await?;
    let mut waiting = Vec::new();
    for (_, operation) in state.store.operations_awaiting_second(LIMIT).await? {
        let case = state.store.case(operation.case).await?;
        waiting.extend(WaitingAct::new(&operation, case.as_ref().map(|(_, case)| case), &number_of));
    }
    Ok(Json(waiting))
}
