//! Logs somebody in.

use crate::web::auth::{PASSWORD_CHARS_MAX, open_session, session_cookie};
use crate::web::error::Problem;
use crate::web::extract::{Body, Source};
use crate::web::state::State;
use crate::web::wire::{self, LogIn, Me};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::header::SET_COOKIE;
use axum::response::IntoResponse;
use walletline_core::kernel::time::Span;

/// Log in. Sets the session cookie. Where `missing` says so, nothing else is open before it is shown by `confirmSession`, or set up.
#[utoipa::path(post, path = "/api/v1/session", operation_id = "logIn", tag = "session", security(()), request_body = LogIn, responses(
    (status = 200, body = Me, headers(("set-cookie" = String, description = "`walletline_session`"))),
    (status = 401, body = wire::Problem, description = "Wrong user or password."),
    (status = 429, body = wire::Problem, description = "Too many tries; see `Retry-After`."),
))]
pub(crate) async fn create(
    Shared(state): Shared<State>,
    Source(source): Source,
    Body(LogIn { user, password }): Body<LogIn>,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    state.auth.begin(&user, source, now.mono).map_err(too_many)?;
    // Longer than any password: answered as any wrong one, without hashing it.
    let password = if password.chars().count() > PASSWORD_CHARS_MAX { String::new() } else { password };
    let staff = state.store.staff_by_user(&user).await?.map(|(_, staff)| staff);
    let hash = staff.as_ref().and_then(|staff| staff.password_hash.clone());
    let good = state.auth.passwords.verify(password, hash).await;
    let Some(staff) = staff.filter(|_| good) else {
        return Err(Problem::wrong_credentials("the user name or the password is wrong"));
    };
    state.auth.succeeded(&user, source, now.mono);
    let (token, arriving, commit) = open_session(&state, &staff, now.wall).await?;
    state.store.commit(commit).await?;
    let cookie = session_cookie(&token, &arriving.session, now.wall, state.config.http.is_secure());
    Ok(([(SET_COOKIE, cookie)], Json(Me::from(&arriving))))
}

/// The answer to one try too many.
pub(crate) fn too_many(wait: Span) -> Problem {
    Problem::too_many_requests(wait.as_s() + 1)
}
