//! Sets a person's own second factor up, renews the codes for the day it is lost, and removes it. Whoever has one shows it first,
//! freshly; whoever has none and needs one may set it up with the password alone. Seeds and codes leave here once, to their owner.

use super::RULINGS_MAX;
use super::create::too_many;
use crate::web::auth::{Arriving, FactorKinds, Factors, Seed, finish_session, session_cookie};
use crate::web::error::Problem;
use crate::web::extract::{Body, Source};
use crate::web::state::State;
use crate::web::wire::{self, FirstCode, RecoveryCodes, SeedOffered};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::response::IntoResponse;
use qrcode::render::svg;
use walletline_core::agent::{FactorRefusal, Missing, NotFresh, Secret, Shown};
use walletline_core::kernel::time::Wall;
use walletline_store::CommitError;

/// Width of the QR code, pixels; it is drawn as vectors.
const QR_PX: u32 = 220;

/// Begin to set up a second factor: draws a seed and shows it, once. Nothing changes before its first code is sent.
#[utoipa::path(post, path = "/api/v1/session/second-factor", operation_id = "offerSecondFactor", tag = "session", responses(
    (status = 200, body = SeedOffered),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "What was shown last is not fresh: confirm the session first."),
    (status = 409, body = wire::Problem, description = "The program has no master key, and keeps no seeds."),
))]
pub(crate) async fn offer_second_factor(Shared(state): Shared<State>, arriving: Arriving) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.wall();
    may_change(&arriving, now)?;
    let keys = keys(&state)?;
    let seed = Seed::random().map_err(|_| Problem::unavailable())?;
    let sealed = keys.seal(arriving.staff.id, &seed).ok_or_else(Problem::unavailable)?;
    let (version, factor) = state.store.second_factor(arriving.staff.id).await?;
    state.store.commit(factor.offer(version, sealed, now)).await?;
    let address = seed.address("Walletline", &arriving.staff.user);
    let code = qrcode::QrCode::new(address.as_bytes()).map_err(|_| Problem::internal())?;
    let offered = SeedOffered {
        secret: String::clone(&seed.base32()),
        address: String::clone(&address),
        qr_svg: code.render::<svg::Color<'_>>().min_dimensions(QR_PX, QR_PX).build(),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(offered)))
}

/// Finish setting up: a right code of the offered seed makes it count. Shows recovery codes, once; those from before stop working. The
/// session's cookie changes.
#[utoipa::path(put, path = "/api/v1/session/second-factor", operation_id = "enrolSecondFactor", tag = "session", request_body = FirstCode,
    responses(
    (status = 200, body = RecoveryCodes, headers(("set-cookie" = String, description = "`walletline_session`"))),
    (status = 401, body = wire::Problem, description = "Nobody is logged in, or the code is wrong."),
    (status = 403, body = wire::Problem, description = "What was shown last is not fresh: confirm the session first."),
    (status = 409, body = wire::Problem, description = "Nothing was offered lately: begin again."),
    (status = 429, body = wire::Problem, description = "Too many tries; see `Retry-After`."),
))]
pub(crate) async fn enrol_second_factor(
    Shared(state): Shared<State>,
    Source(source): Source,
    arriving: Arriving,
    Body(FirstCode { code }): Body<FirstCode>,
) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.now();
    may_change(&arriving, now.wall)?;
    let user = arriving.staff.user.clone();
    state.auth.begin(&user, source, now.mono).map_err(too_many)?;
    let (keys, staff) = (keys(&state)?, arriving.staff.id);
    let (version, factor) = state.store.second_factor(staff).await?;
    let seed = keys.open(staff, factor.offered(now.wall)?).ok_or(FactorRefusal::NothingOffered)?;
    let Some(step) = seed.step_of(&code, now.wall) else {
        return Err(FactorRefusal::Wrong.into());
    };
    let (shown, kept) = draw(keys, &arriving)?;
    let factors = FactorKinds { authenticator: true, ..arriving.factors };
    let (token, arriving, renewed) = finish_session(&state, arriving, factors, Shown::Code, now.wall)?;
    state.store.commit(factor.enrol(version, step, kept, now.wall)?.and(renewed)).await?;
    state.auth.succeeded(&user, source, now.mono);
    let cookie = session_cookie(&token, &arriving.session, now.wall, state.config.http.is_secure());
    Ok(([(SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())], Json(RecoveryCodes { recovery_codes: shown })))
}

/// Draw new recovery codes; those from before stop working. They are shown once.
#[utoipa::path(post, path = "/api/v1/session/recovery-codes", operation_id = "renewRecoveryCodes", tag = "session", responses(
    (status = 200, body = RecoveryCodes),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "What was shown last is not fresh: confirm the session first."),
    (status = 409, body = wire::Problem, description = "There is no second factor."),
))]
pub(crate) async fn renew_recovery_codes(Shared(state): Shared<State>, arriving: Arriving) -> Result<impl IntoResponse, Problem> {
    let now = state.clock.wall();
    arriving.session.fresh(arriving.demand, now)?;
    let (shown, kept) = draw(keys(&state)?, &arriving)?;
    let (version, factor) = state.store.second_factor(arriving.staff.id).await?;
    state.store.commit(factor.renew_recovery(version, kept, now)?).await?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(RecoveryCodes { recovery_codes: shown })))
}

/// Remove one's own second factor; refused where the role needs one.
#[utoipa::path(delete, path = "/api/v1/session/second-factor", operation_id = "removeSecondFactor", tag = "session", responses(
    (status = 204, description = "Removed: the password is enough from now on."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "What was shown last is not fresh: confirm the session first."),
    (status = 409, body = wire::Problem, description = "There is none, or the role needs one."),
))]
pub(crate) async fn remove_second_factor(Shared(state): Shared<State>, arriving: Arriving) -> Result<StatusCode, Problem> {
    let now = state.clock.wall();
    arriving.session.fresh(arriving.demand, now)?;
    for _ in 0..RULINGS_MAX {
        let (version, factor) = state.store.second_factor(arriving.staff.id).await?;
        match state.store.commit(factor.remove(version, arriving.demand.is_required, now)?).await {
            Ok(()) => return Ok(StatusCode::NO_CONTENT),
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}

/// Whether somebody may change their second factor now.
pub(super) fn may_change(arriving: &Arriving, now: Wall) -> Result<(), Problem> {
    match arriving.missing() {
        Some(Missing::Enrolment) => Ok(()),
        Some(Missing::SecondFactor) => Err(Missing::SecondFactor.into()),
        None => arriving.session.fresh(arriving.demand, now).map(drop).map_err(Problem::from),
    }
}

pub(super) fn keys(state: &State) -> Result<&Factors, Problem> {
    let detail = "the program has no keys.master: second factors are kept under it".to_owned();
    state.auth.factors.as_ref().ok_or_else(|| Problem::refused("no-master-key", "No master key", detail))
}

pub(super) fn draw(keys: &Factors, arriving: &Arriving) -> Result<(Vec<String>, Vec<Secret>), Problem> {
    keys.draw_codes(arriving.staff.id).ok_or_else(Problem::unavailable)
}

impl From<Missing> for Problem {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::SecondFactor => {
                let detail = "show your second factor first".to_owned();
                Self::new("second-factor-needed", StatusCode::FORBIDDEN, "Second factor needed", detail)
            }
            Missing::Enrolment => {
                let detail = "your role needs a second factor: set one up first".to_owned();
                Self::new("enrolment-needed", StatusCode::FORBIDDEN, "Second factor to be set up", detail)
            }
        }
    }
}

impl From<NotFresh> for Problem {
    fn from(refusal: NotFresh) -> Self {
        Self::new("fresh-factor-needed", StatusCode::FORBIDDEN, "Confirm that it is you", refusal.to_string())
    }
}

impl From<FactorRefusal> for Problem {
    fn from(refusal: FactorRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            FactorRefusal::Wrong => Self::wrong_code(detail),
            FactorRefusal::Locked(left) => Self::too_many_requests(left.as_s() + 1),
            FactorRefusal::NotEnrolled => Self::refused("no-second-factor", "No second factor", detail),
            FactorRefusal::NothingOffered => Self::refused("nothing-offered", "Begin again", detail),
            FactorRefusal::Required => Self::refused("second-factor-required", "Needed by your role", detail),
            FactorRefusal::NotYourWork => Self::forbidden(&detail),
        }
    }
}
