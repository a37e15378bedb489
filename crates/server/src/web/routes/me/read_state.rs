//! Says what an agent is doing.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire::{self, Presence};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::agent::PresenceState;

/// What the person who is logged in is doing. Whose role takes no calls is `logged_out`.
#[utoipa::path(get, path = "/api/v1/me/state", operation_id = "readState", tag = "agent", responses(
    (status = 200, body = Presence),
    (status = 401, body = wire::Problem),
))]
pub(crate) async fn read_state(Shared(state): Shared<State>, signed: Signed) -> Result<Json<Presence>, Problem> {
    let (snapshot, _events) = state.engine.subscribe().await.ok_or_else(Problem::unavailable)?;
    let view = snapshot.agents.get(&signed.staff.id);
    Ok(Json(view.map_or(PresenceState::LoggedOut, |view| view.presence).into()))
}
