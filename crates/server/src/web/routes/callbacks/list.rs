//! Lists the requests to be called back that nobody has finished.

use super::may_call;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire::{self, Callback};
use axum::Json;
use axum::extract::State as Shared;

/// A screenful.
const LIMIT: u32 = 100;

/// Requests to be called back that nobody has finished, the oldest first, at most a hundred. Numbers are masked: whoever takes one sees
/// it.
#[utoipa::path(get, path = "/api/v1/callbacks", operation_id = "listCallbacks", tag = "cases", responses(
    (status = 200, body = Vec<Callback>),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an agent or a supervisor."),
))]
pub(crate) async fn list(Shared(state): Shared<State>, signed: Signed) -> Result<Json<Vec<Callback>>, Problem> {
    may_call(signed.staff.role)?;
    let number_of = state.numbers().await?;
    let open = state.store.open_callbacks(LIMIT).await?;
    Ok(Json(open.iter().map(|(callback, case)| Callback::new(callback, case, &number_of)).collect()))
}
