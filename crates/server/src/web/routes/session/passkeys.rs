//! A person's own passkeys: what they have, one more, one less. Whoever has a second factor shows it first, freshly; whoever has none
//! and needs one may make a passkey with the password alone.

use super::RULINGS_MAX;
use super::create::too_many;
use super::second_factor::{draw, keys, may_change};
use crate::web::auth::{Arriving, FactorKinds, Passkeys, finish_session, id_of, session_cookie};
use crate::web::error::Problem;
use crate::web::extract::{Body, Source};
use crate::web::state::State;
use crate::web::wire::{self, Passkey, PasskeyAdded, PasskeyAsked, PasskeyMade};
use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::response::IntoResponse;
use walletline_core::agent::{self, FactorRefusal, PasskeyRefusal, SecondFactor, Shown};
use walletline_store::CommitError;
use webauthn_rs::prelude::Passkey as Key;

/// The passkeys that count, oldest first.
#[utoipa::path(get, path = "/api/v1/session/passkeys", operation_id = "listPasskeys", tag = "session", responses(
    (status = 200, body = Vec<Passkey>),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Something is missing in this session."),
))]
pub(crate) async fn list_passkeys(Shared(state): Shared<State>, arriving: Arriving) -> Result<Json<Vec<Passkey>>, Problem> {
    match arriving.missing() {
        Some(missing) => Err(missing.into()),
        None => {
            let (_, factor) = state.store.second_factor(arriving.staff.id).await?;
            Ok(Json(factor.passkeys.iter().map(Into::into).collect()))
        }
    }
}

/// Begin to make a passkey: what the browser is to be asked. Nothing changes before its answer is sent.
#[utoipa::path(post, path = "/api/v1/session/passkeys/offer", operation_id = "offerPasskey", tag = "session", responses(
    (status = 200, body = PasskeyAsked),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "What was shown last is not fresh: confirm the session first."),
    (status = 409, body = wire::Problem, description = "The program has no master key, or its address is no name."),
))]
pub(crate) async fn offer_passkey(Shared(state): Shared<State>, arriving: Arriving) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    may_change(&arriving, now.wall)?;
    let known = known(&state, &arriving).await?.iter().map(|key| key.cred_id().clone()).collect();
    let asked = passkeys(&state)?.begin_making(arriving.session.id, &arriving.staff, known, now.mono);
    let options = asked.ok_or_else(Problem::internal)?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(PasskeyAsked { options })))
}

/// Add the passkey that the browser made. The first thing that counts brings recovery codes, shown once. The session's cookie changes.
#[utoipa::path(post, path = "/api/v1/session/passkeys", operation_id = "addPasskey", tag = "session", request_body = PasskeyMade, responses(
    (status = 200, body = PasskeyAdded, headers(("set-cookie" = String, description = "`walletline_session`"))),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "What was shown last is not fresh: confirm the session first."),
    (status = 409, body = wire::Problem, description = "There are too many, or this one counts already."),
    (status = 422, body = wire::Problem, description = "The name will not do, or the answer is not to what was asked."),
))]
pub(crate) async fn add_passkey(
    Shared(state): Shared<State>,
    arriving: Arriving,
    Body(PasskeyMade { name, credential }): Body<PasskeyMade>,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    may_change(&arriving, now.wall)?;
    let (keys, staff) = (keys(&state)?, arriving.staff.id);
    let made = passkeys(&state)?
        .made(arriving.session.id, credential, now.mono)
        .ok_or_else(|| Problem::invalid_input("the browser's answer is not to what was asked, or came too late: begin again"))?;
    let key = keys.seal_passkey(staff, &made).ok_or_else(Problem::unavailable)?;
    let (shown, kept) = draw(keys, &arriving)?;
    let passkey = agent::Passkey { id: id_of(made.cred_id()), name: name.trim().to_owned(), key, since: now.wall, used_at: None };
    let (version, factor) = state.store.second_factor(staff).await?;
    let is_first = !factor.is_enrolled();
    let factors = FactorKinds { passkey: true, ..FactorKinds::from(&factor) };
    let added = factor.add_passkey(version, passkey, kept, now.wall)?;
    let (token, arriving, renewed) = finish_session(&state, arriving, factors, Shown::Passkey, now.wall)?;
    state.store.commit(added.and(renewed)).await?;
    let cookie = session_cookie(&token, &arriving.session, now.wall, state.config.http.is_secure());
    let body = PasskeyAdded { recovery_codes: is_first.then_some(shown) };
    Ok(([(SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())], Json(body)))
}

/// Ask for a passkey, to finish a log-in or because something wants a fresh factor: what the browser is to be asked. `confirmSession`
/// takes its answer.
#[utoipa::path(post, path = "/api/v1/session/passkeys/challenge", operation_id = "challengePasskey", tag = "session", responses(
    (status = 200, body = PasskeyAsked),
    (status = 401, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "This person has no passkey."),
    (status = 429, body = wire::Problem, description = "Too many tries; see `Retry-After`."),
))]
pub(crate) async fn challenge_passkey(
    Shared(state): Shared<State>,
    Source(source): Source,
    arriving: Arriving,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    let user = &arriving.staff.user;
    state.auth.begin(user, source, now.mono).map_err(too_many)?;
    let known = known(&state, &arriving).await?;
    if known.is_empty() {
        return Err(FactorRefusal::NotEnrolled.into());
    }
    let asked = passkeys(&state)?.begin_showing(arriving.session.id, &known, now.mono);
    let options = asked.ok_or_else(Problem::internal)?;
    // Asking is no try: what is answered will be.
    state.auth.succeeded(user, source, now.mono);
    Ok(([(CACHE_CONTROL, "no-store")], Json(PasskeyAsked { options })))
}

/// Remove one of one's own passkeys; refused where it is all there is and the role needs a second factor.
#[utoipa::path(delete, path = "/api/v1/session/passkeys/{id}", operation_id = "removePasskey", tag = "session",
    params(("id" = String, Path, description = "Identifier, base64url.")), responses(
    (status = 204, description = "Removed: it opens nothing from now on."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "What was shown last is not fresh: confirm the session first."),
    (status = 409, body = wire::Problem, description = "There is no such passkey, or the role needs it."),
))]
pub(crate) async fn remove_passkey(
    Shared(state): Shared<State>,
    arriving: Arriving,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let now = state.clock.wall();
    arriving.session.fresh(arriving.demand, now)?;
    for _ in 0..RULINGS_MAX {
        let (version, factor) = state.store.second_factor(arriving.staff.id).await?;
        match state.store.commit(factor.remove_passkey(version, &id, arriving.demand.is_required, now)?).await {
            Ok(()) => return Ok(StatusCode::NO_CONTENT),
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}

/// Those of this person that can be opened: what was sealed under a key that is gone, or for somebody else, counts for nothing.
async fn known(state: &State, arriving: &Arriving) -> Result<Vec<Key>, Problem> {
    let (keys, staff) = (keys(state)?, arriving.staff.id);
    let (_, SecondFactor { passkeys, .. }) = state.store.second_factor(staff).await?;
    Ok(passkeys.iter().filter_map(|passkey| keys.open_passkey(staff, &passkey.key)).collect())
}

pub(super) fn passkeys(state: &State) -> Result<&Passkeys, Problem> {
    let detail = "http.public_url is an IP address: browsers make passkeys for names alone".to_owned();
    state.auth.passkeys.as_ref().ok_or_else(|| Problem::refused("no-passkeys-here", "No passkeys here", detail))
}

impl From<PasskeyRefusal> for Problem {
    fn from(refusal: PasskeyRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            PasskeyRefusal::Known => Self::refused("passkey-known", "It counts already", detail),
            PasskeyRefusal::TooMany => Self::refused("too-many-passkeys", "Too many passkeys", detail),
            PasskeyRefusal::Name => Self::invalid_input(&detail),
        }
    }
}
