//! A supervisor listens to another agent's call.

use super::watching;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, MonitorAct, Watching};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Listen to another agent's live contact, or change who hears it. The agents' screens say so, and it is put on record. With a leg in the
/// answer the desk sends `rtc.offer` on its live connection, within 10 s.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/monitor", operation_id = "monitor", tag = "supervisor",
    params(("id" = String, Path, description = "The contact")), request_body = MonitorAct, responses(
    (status = 200, body = Watching),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not a supervisor."),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is with no agent just now, or this supervisor is busy."),
))]
pub(crate) async fn monitor(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
    Body(asked): Body<MonitorAct>,
) -> Result<Json<Watching>, Problem> {
    let leg = state.fresh_id()?;
    watching(&state, signed.staff.id, leg, contact, Act::Monitor { contact, mode: asked.mode.into(), leg }).await
}
