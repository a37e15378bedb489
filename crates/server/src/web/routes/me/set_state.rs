//! Makes an agent ready, not ready, or logged out.

use super::read_state;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Body;
use crate::web::state::State;
use crate::web::wire::{self, Presence};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::switchboard::event::Act;

/// Become `ready`, `not_ready` (with a reason; without one it is a break) or `logged_out`. The other states follow from calls.
#[utoipa::path(put, path = "/api/v1/me/state", operation_id = "setState", tag = "agent", request_body = Presence, responses(
    (status = 200, body = Presence, description = "The state that was entered."),
    (status = 401, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "During a call, or the role takes no calls."),
    (status = 422, body = wire::Problem, description = "Not a state to ask for."),
))]
pub(crate) async fn set_state(
    Shared(state): Shared<State>,
    signed: Signed,
    Body(asked): Body<Presence>,
) -> Result<Json<Presence>, Problem> {
    let presence = asked
        .asked_for()
        .ok_or_else(|| Problem::invalid_input("ask for ready, not_ready or logged_out; a reason goes with not_ready alone"))?;
    state.engine.act(signed.staff.id, Act::SetPresence(presence)).await?;
    read_state(Shared(state), signed).await
}
