//! Takes a contact's customer back from hold.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Take the customer of one's own live contact back from hold. Asking again changes nothing.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/resume", operation_id = "resume", tag = "agent",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 204, description = "They hear each other."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line."),
))]
pub(crate) async fn resume(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::Resume { contact }).await?;
    Ok(StatusCode::NO_CONTENT)
}
