//! Ends the keying of a code.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// End the keying of a code in one's own live contact: agent and customer hear each other again.
#[utoipa::path(delete, path = "/api/v1/contacts/{id}/challenges", operation_id = "endChallenge", tag = "agent",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 204, description = "It is over."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line, or no code is being keyed."),
))]
pub(crate) async fn end_challenge(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::EndChallenge { contact }).await?;
    Ok(StatusCode::NO_CONTENT)
}
