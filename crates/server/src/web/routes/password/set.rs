//! Sets a password by a one-time link, and logs in.

use crate::engine::Clock;
use crate::web::auth::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, Token, open_session, session_cookie, sip_ha1};
use crate::web::error::Problem;
use crate::web::extract::{Body, Source};
use crate::web::routes::session::create::too_many;
use crate::web::state::State;
use crate::web::wire::{self, Me, SetPassword};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::header::SET_COOKIE;
use axum::response::IntoResponse;
use walletline_core::agent::Staff;
use walletline_core::commit::{Change, Commit, Entry, Version};
use walletline_core::kernel::actor::Actor;
use walletline_core::switchboard::event::Event;
use walletline_store::CommitError;

/// Set a password by a one-time link, and log in. The link stops working, and every session from before ends.
#[utoipa::path(post, path = "/api/v1/password", operation_id = "setPassword", tag = "session", security(()), request_body = SetPassword, responses(
    (status = 200, body = Me, headers(("set-cookie" = String, description = "`walletline_session`"))),
    (status = 401, body = wire::Problem, description = "The link was used, has run out, or never existed."),
    (status = 422, body = wire::Problem, description = "The password is too short or too long."),
    (status = 429, body = wire::Problem, description = "Too many tries; see `Retry-After`."),
))]
pub(crate) async fn set(
    Shared(state): Shared<State>,
    Source(source): Source,
    Body(SetPassword { token, password }): Body<SetPassword>,
) -> Result<impl IntoResponse, Problem> {
    let mono = state.clock.now().mono;
    state.auth.begin(LINKS, source, mono).map_err(too_many)?;
    if !(PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&password.chars().count()) {
        let detail = format!("a password has {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters");
        return Err(Problem::invalid_input(detail));
    }
    let token = Token::shown(&token).ok_or_else(spent)?;
    let (version, mut staff) = owner(&state, &token, &state.clock).await?;
    staff.sip_ha1 = Some(sip_ha1(&staff.user, &password));
    staff.password_hash = Some(state.auth.passwords.hash(password).await.ok_or_else(Problem::internal)?);
    let at = state.clock.wall();
    let entry = Entry::new(at, Actor::Staff { id: staff.id }, "password.set", staff.id);
    let changes = vec![
        Change::LoginLinkUsed(token.hash()),
        Change::Staff(version, Box::new(staff.clone())),
        Change::SessionsEnded(staff.id),
    ];
    let (token_of_session, arriving, opened) = open_session(&state, &staff, at).await?;
    state.store.commit(Commit::new(entry, changes).and(opened)).await.map_err(used_meanwhile)?;
    state.auth.succeeded(LINKS, source, mono);
    state.auth.end_all(staff.id);
    let cookie = session_cookie(&token_of_session, &arriving.session, at, state.config.http.is_secure());
    let me = Me::from(&arriving);
    state.engine.post(Event::StaffChanged(Box::new(staff))).await;
    Ok(([(SET_COOKIE, cookie)], Json(me)))
}

/// All links share one bucket of tries besides that of their source. No user name holds a space.
const LINKS: &str = "one-time links";

/// Whose link it is, while it works.
async fn owner(state: &State, token: &Token, clock: &Clock) -> Result<(Version, Staff), Problem> {
    let (link, version, staff) = state.store.login_link(&token.hash()).await?.ok_or_else(spent)?;
    if link.expires_at <= clock.wall() { Err(spent()) } else { Ok((version, staff)) }
}

fn spent() -> Problem {
    Problem::wrong_credentials("this link was used or has run out: ask for a new one")
}

fn used_meanwhile(error: CommitError) -> Problem {
    if matches!(error, CommitError::Conflict(_)) { spent() } else { error.into() }
}
