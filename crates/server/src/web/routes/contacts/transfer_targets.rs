//! Where a call can be handed on to.

use super::is_with;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, TransferTargets};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::ContactId;

/// Everybody and everything one's own live contact can be handed on to, and what the agents are doing.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/transfer-targets", operation_id = "transferTargets", tag = "agent",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = TransferTargets),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact on this person's line."),
))]
pub(crate) async fn transfer_targets(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<Json<TransferTargets>, Problem> {
    if !is_with(&state, &signed.staff, contact).await {
        return Err(Problem::not_found());
    }
    let (snapshot, _) = state.engine.subscribe().await.ok_or_else(Problem::unavailable)?;
    let view = snapshot.contacts.get(&(contact, signed.staff.id)).ok_or_else(Problem::not_found)?;
    let outlook = state.engine.outlook();
    Ok(Json(TransferTargets::of(&snapshot, &outlook, signed.staff.id, &view.wallet, state.clock.wall())))
}
