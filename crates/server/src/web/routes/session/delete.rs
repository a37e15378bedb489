//! Logs somebody out.

use crate::web::auth::{Arriving, close_cookie};
use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::IntoResponse;
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;

/// Log out. Ends the session and its live connections; the desk takes no more calls once the last one is closed.
#[utoipa::path(delete, path = "/api/v1/session", operation_id = "logOut", tag = "session", responses(
    (status = 204, description = "Logged out."),
    (status = 401, body = wire::Problem, description = "Nobody was logged in."),
))]
pub(crate) async fn delete(Shared(state): Shared<State>, arriving: Arriving) -> Result<impl IntoResponse, Problem> {
    let id = arriving.staff.id;
    let entry = Entry::new(state.clock.wall(), Actor::Staff { id }, "session.ended", id);
    state.store.commit(Commit::new(entry, vec![Change::SessionEnded(arriving.session.token_hash)])).await?;
    state.auth.end(arriving.session.id);
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, close_cookie(state.config.http.is_secure()))]))
}
