//! Takes what somebody shows besides their password, when they log in and whenever it must be fresh. The session goes on under another
//! token. What is shown is counted before it is looked at, and no answer says what was wrong with it.

use super::RULINGS_MAX;
use super::create::too_many;
use super::passkeys::passkeys;
use crate::web::auth::{Arriving, PASSWORD_CHARS_MAX, finish_session, id_of, session_cookie};
use crate::web::error::Problem;
use crate::web::extract::{Body, Source};
use crate::web::state::State;
use crate::web::wire::{self, Confirm, Me};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::header::SET_COOKIE;
use axum::response::IntoResponse;
use serde_json::Value;
use walletline_core::agent::{FactorRefusal, SecondFactor, Shown};
use walletline_core::commit::{Commit, Version};
use walletline_core::kernel::time::Wall;
use walletline_store::CommitError;
use webauthn_rs::prelude::AuthenticationResult;

/// Show the second factor: to finish a log-in, or once more because something asks for a fresh one. Whoever has none and needs none
/// shows their password. The session's cookie changes.
#[utoipa::path(post, path = "/api/v1/session/confirm", operation_id = "confirmSession", tag = "session", request_body = Confirm, responses(
    (status = 200, body = Me, headers(("set-cookie" = String, description = "`walletline_session`"))),
    (status = 401, body = wire::Problem, description = "Nobody is logged in, or what was shown is wrong or was used before."),
    (status = 409, body = wire::Problem, description = "This person has no second factor."),
    (status = 422, body = wire::Problem, description = "Not exactly one thing is shown."),
    (status = 429, body = wire::Problem, description = "Too many tries; see `Retry-After`."),
))]
pub(crate) async fn confirm(
    Shared(state): Shared<State>,
    Source(source): Source,
    arriving: Arriving,
    Body(shown): Body<Confirm>,
) -> Result<impl IntoResponse, Problem> {
    let what = match (shown.code, shown.recovery_code, shown.password, shown.passkey) {
        (Some(code), None, None, None) => Offered::Code(code),
        (None, Some(code), None, None) => Offered::RecoveryCode(code),
        (None, None, Some(password), None) => Offered::Password(password),
        (None, None, None, Some(answer)) => Offered::Passkey(answer),
        _ => return Err(Problem::invalid_input("show one of `code`, `recovery_code`, `passkey` and `password`")),
    };
    let mono = state.clock.now().mono;
    let user = arriving.staff.user.clone();
    state.auth.begin(&user, source, mono).map_err(too_many)?;
    let (shown, evidence) = match what {
        Offered::Password(password) => {
            password_again(&state, &arriving, password).await?;
            (Shown::Password, None)
        }
        Offered::Code(code) => (Shown::Code, Some(Evidence::Code(code))),
        Offered::RecoveryCode(code) => (Shown::RecoveryCode, Some(Evidence::RecoveryCode(code))),
        Offered::Passkey(answer) => {
            let signed = passkeys(&state)?.shown(arriving.session.id, answer, mono);
            (Shown::Passkey, Some(Evidence::Passkey(signed)))
        }
    };
    let at = state.clock.wall();
    let factors = arriving.factors;
    let (token, arriving, renewed) = finish_session(&state, arriving, factors, shown, at)?;
    match evidence {
        None => state.store.commit(renewed).await?,
        Some(evidence) => take(&state, &arriving, &evidence, &renewed).await?,
    }
    state.auth.succeeded(&user, source, mono);
    let cookie = session_cookie(&token, &arriving.session, at, state.config.http.is_secure());
    Ok(([(SET_COOKIE, cookie)], Json(Me::from(&arriving))))
}

/// What somebody sent.
enum Offered {
    Code(String),
    RecoveryCode(String),
    Password(String),
    Passkey(Value),
}

/// A second factor that is yet to be looked at beside its row.
enum Evidence {
    Code(String),
    RecoveryCode(String),
    /// A signature that was right, or none.
    Passkey(Option<AuthenticationResult>),
}

async fn password_again(state: &State, arriving: &Arriving, password: String) -> Result<(), Problem> {
    if arriving.demand.is_enrolled || arriving.demand.is_required {
        return Err(Problem::invalid_input("show your second factor: the password was shown before"));
    }
    let password = if password.chars().count() > PASSWORD_CHARS_MAX { String::new() } else { password };
    match state.auth.passwords.verify(password, arriving.staff.password_hash.clone()).await {
        true => Ok(()),
        false => Err(Problem::wrong_credentials("the password is wrong")),
    }
}

/// Takes a second factor together with the renewed session, or counts a miss. Of two who show one code at the same time one is refused:
/// the row's version is the same for both.
async fn take(state: &State, arriving: &Arriving, evidence: &Evidence, renewed: &Commit) -> Result<(), Problem> {
    for _ in 0..RULINGS_MAX {
        let now = state.clock.wall();
        let (version, factor) = state.store.second_factor(arriving.staff.id).await?;
        let ruled = look(state, version, &factor, evidence, now);
        let (commit, refusal) = match ruled {
            Ok(commit) => (commit.and(renewed.clone()), None),
            Err(FactorRefusal::Wrong) => (factor.miss(version, now), Some(FactorRefusal::Wrong)),
            Err(refusal) => return Err(refusal.into()),
        };
        match (state.store.commit(commit).await, refusal) {
            (Ok(()), None) => return Ok(()),
            (Ok(()), Some(refusal)) => return Err(refusal.into()),
            (Err(CommitError::Conflict(_)), _) => {}
            (Err(error), _) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}

/// What a second factor leads to.
fn look(state: &State, version: Version, factor: &SecondFactor, evidence: &Evidence, now: Wall) -> Result<Commit, FactorRefusal> {
    factor.open(now)?;
    let keys = state.auth.factors.as_ref().ok_or(FactorRefusal::NotEnrolled)?;
    if !factor.is_enrolled() {
        return Err(FactorRefusal::NotEnrolled);
    }
    match evidence {
        Evidence::RecoveryCode(code) => {
            let place = keys.place_of(factor.staff, code, &factor.recovery).ok_or(FactorRefusal::Wrong)?;
            factor.take_recovery_code(version, place, now)
        }
        Evidence::Code(code) => {
            let known = factor.authenticator.as_ref().ok_or(FactorRefusal::Wrong)?;
            let seed = keys.open(factor.staff, &known.seed).ok_or(FactorRefusal::Wrong)?;
            factor.take_code(version, seed.step_of(code, now).ok_or(FactorRefusal::Wrong)?, now)
        }
        Evidence::Passkey(signed) => {
            let signed = signed.as_ref().ok_or(FactorRefusal::Wrong)?;
            let id = id_of(signed.cred_id());
            let known = factor.passkeys.iter().find(|passkey| passkey.id == id).ok_or(FactorRefusal::Wrong)?;
            let mut key = keys.open_passkey(factor.staff, &known.key).ok_or(FactorRefusal::Wrong)?;
            key.update_credential(signed);
            let sealed = keys.seal_passkey(factor.staff, &key).ok_or(FactorRefusal::Wrong)?;
            factor.take_passkey(version, &id, sealed, now)
        }
    }
}
