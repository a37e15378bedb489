//! Takes a call up again at the desk.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, Accepted};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::ActReply;
use walletline_core::switchboard::event::Act;

/// Take up a call whose audio this desk lost, within 30 s. The desk then sends `rtc.offer` with the leg on its live connection.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/reconnect", operation_id = "reconnect", tag = "agent",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = Accepted),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not with this person, or on their phone."),
))]
pub(crate) async fn reconnect(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<Json<Accepted>, Problem> {
    let leg = state.fresh_id()?;
    match state.engine.act(signed.staff.id, Act::Reconnect { contact, leg }).await? {
        ActReply::Accepted { contact } => {
            state.desks.accepted(signed.staff.id, contact, leg);
            Ok(Json(Accepted { contact: contact.to_string(), leg: leg.to_string() }))
        }
        ActReply::Done => Err(Problem::internal()),
    }
}
