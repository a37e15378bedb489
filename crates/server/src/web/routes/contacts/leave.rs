//! Leaves a call to the other agents on it.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Leave a call to the other agents on it. Of the agent who leads it this completes a transfer. Wrap-up follows for whoever spoke
/// with the customer.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/leave", operation_id = "leave", tag = "agent",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 204, description = "The others go on."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line, or nobody else is on it."),
))]
pub(crate) async fn leave(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::Leave { contact }).await?;
    Ok(StatusCode::NO_CONTENT)
}
