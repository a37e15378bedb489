//! A supervisor listens no more.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Listen no more. Asking again changes nothing.
#[utoipa::path(delete, path = "/api/v1/contacts/{id}/monitor", operation_id = "stopMonitoring", tag = "supervisor",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 204, description = "The others go on."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
))]
pub(crate) async fn stop_monitoring(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::StopMonitoring { contact }).await?;
    Ok(StatusCode::NO_CONTENT)
}
