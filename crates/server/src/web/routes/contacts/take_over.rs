//! A supervisor takes a call over.

use super::watching;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, Watching};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Take another agent's live contact over: the agent has its record to finish, and the customer hears whom they speak with now. With a leg
/// in the answer the desk sends `rtc.offer` on its live connection, within 10 s.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/take-over", operation_id = "takeOver", tag = "supervisor",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = Watching),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not a supervisor."),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is with no agent just now, or this supervisor is busy."),
))]
pub(crate) async fn take_over(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<Json<Watching>, Problem> {
    let leg = state.fresh_id()?;
    watching(&state, signed.staff.id, leg, contact, Act::TakeOver { contact, leg }).await
}
