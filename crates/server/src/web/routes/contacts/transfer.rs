//! Hands a call on.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, TransferAct};
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Hand one's own live contact on: to a queue of the same wallet, or to another agent or an allowed number outside, at once or after speaking
/// with them. An agent is rung for 20 s and a number outside for 30 s, while the customer hears music; whoever does not come leaves the
/// call where it was, with the reason in `not_come`.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/transfer", operation_id = "transfer", tag = "agent",
    params(("id" = String, Path, description = "The contact")), request_body = TransferAct, responses(
    (status = 204, description = "The customer is in the queue, or the other is rung."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line, or cannot go there."),
    (status = 422, body = wire::Problem, description = "The body cannot be read, or a queue cannot be spoken with first."),
))]
pub(crate) async fn transfer(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
    Body(asked): Body<TransferAct>,
) -> Result<StatusCode, Problem> {
    let (to, blind) = asked.read().map_err(Problem::invalid_input)?;
    state.engine.act(signed.staff.id, Act::Transfer { contact, to, blind }).await?;
    Ok(StatusCode::NO_CONTENT)
}
