//! Presses keys towards the customer's end of a call, or the one outside.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, KeysAct};
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Press keys towards the far end of one's own live contact: through somebody else's menu. While the customer is on hold and somebody outside
/// is on the call, towards theirs.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/keys", operation_id = "pressKeys", tag = "agent",
    params(("id" = String, Path, description = "The contact")), request_body = KeysAct, responses(
    (status = 204, description = "They are sent, one after the other."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line, or the customer is on hold."),
    (status = 422, body = wire::Problem, description = "No keys, or too many."),
))]
pub(crate) async fn press_keys(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
    Body(asked): Body<KeysAct>,
) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::PressKeys { contact, digits: asked.digits }).await?;
    Ok(StatusCode::NO_CONTENT)
}
