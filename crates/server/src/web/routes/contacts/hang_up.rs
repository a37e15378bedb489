//! Ends the call with a contact's customer: an agent their own, a supervisor one that no agent is on any more.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Hang up on the customer of one's own live contact; wrap-up follows. Whoever leads the agents who left it may end a call that no agent
/// is on any more.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/hangup", operation_id = "hangUp", tag = "agent",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 204, description = "The call ends."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line."),
))]
pub(crate) async fn hang_up(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::HangUp { contact }).await?;
    Ok(StatusCode::NO_CONTENT)
}
