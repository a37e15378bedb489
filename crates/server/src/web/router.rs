//! Which address leads where. Every address of the API stands here and in `openapi.rs`; a test compares the two.

use super::auth::{own_origin, require_header};
use super::error::Problem;
use super::state::State;
use super::{assets, case_form, headers, limits, live, openapi, prepared, routes, site};
use crate::demo;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{delete, get, post, put};
use std::any::Any;
use std::time::Duration;
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;

/// The largest body a route takes: a note of 4,000 characters at 4 bytes, escaped as `\uXXXX` pairs, fits.
const BODY_BYTES_MAX: usize = 64 * 1_024;

/// No answer of ours takes longer; the store gives up after 5 s.
const REQUEST_MAX: Duration = Duration::from_secs(20);

/// A file may take longer: the largest one over a slow telephone network.
const UPLOAD_MAX: Duration = Duration::from_secs(180);

/// The public listener's routes.
pub fn router(state: State) -> Router {
    let pages = Router::new()
        .route("/", get(|| async { Redirect::temporary("/help") }))
        .route("/desk", get(assets::desk))
        .route("/desk/{*path}", get(assets::desk))
        .route("/admin/directory", get(assets::desk))
        .route("/admin/staff", get(assets::desk))
        .route("/supervisor/approvals", get(assets::desk))
        .route("/supervisor/clocks", get(assets::desk))
        .route("/supervisor/contacts", get(assets::desk))
        .route("/supervisor/look-ups", get(assets::desk))
        .route("/assets/{*name}", get(assets::asset))
        .route("/healthz", get(routes::health::alive))
        .route("/readyz", get(routes::health::ready))
        .route("/api/gateways/{wallet}/{route}/receipts", post(routes::gateways::receipts))
        .route("/api/openapi.json", get(openapi::serve));
    let strangers = site::router()
        .nest("/api/public", public())
        .route("/.well-known/official-contacts.json", get(routes::public::official_contacts))
        .layer(from_fn_with_state(state.clone(), limits::hold));
    let app = pages.merge(strangers).nest("/api/v1", api().layer(from_fn(require_header)));
    let app = if state.demo.is_some() { app.merge(demo::router().layer(from_fn(own_origin))) } else { app };
    app.fallback(not_found)
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::custom(contain))
        .layer(from_fn(in_time))
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .with_state(state)
}

/// What anybody may ask, as often as [`limits`] allows.
fn public() -> Router<State> {
    let pass = post(routes::public::call_passes::make_call_pass).layer(DefaultBodyLimit::max(prepared::FORM_BYTES_MAX));
    Router::new()
        .route("/articles", get(routes::public::articles::find))
        .route("/call", get(routes::public::call::connect))
        .route("/call-settings", get(routes::public::call_settings))
        .route("/call-passes", pass)
        .route("/hours", get(routes::public::hours))
        .route("/number-check", post(routes::public::number_check))
        .route("/number-reports", post(routes::public::number_reports))
        .route("/wait", get(routes::public::wait))
        .route("/wallet-callbacks/{id}/{token}", put(routes::public::wallet_callback).post(routes::public::wallet_notice))
}

fn api() -> Router<State> {
    let upload = post(routes::cases::take_upload).layer(DefaultBodyLimit::max(case_form::FORM_BYTES_MAX));
    Router::new()
        .route("/session", get(routes::session::read).post(routes::session::create).delete(routes::session::delete))
        .route("/session/confirm", post(routes::session::confirm))
        .route("/session/passkeys", get(routes::session::list_passkeys).post(routes::session::add_passkey))
        .route("/session/passkeys/offer", post(routes::session::offer_passkey))
        .route("/session/passkeys/challenge", post(routes::session::challenge_passkey))
        .route("/session/passkeys/{id}", delete(routes::session::remove_passkey))
        .route("/session/recovery-codes", post(routes::session::renew_recovery_codes))
        .route(
            "/session/second-factor",
            post(routes::session::offer_second_factor)
                .put(routes::session::enrol_second_factor)
                .delete(routes::session::remove_second_factor),
        )
        .route("/app/talking-to-us", get(routes::app::talking_to_us))
        .route("/password", post(routes::password::set))
        .route("/me/state", get(routes::me::read_state).put(routes::me::set_state))
        .route("/live", get(live::connect))
        .route("/offers/{id}/accept", post(routes::offers::accept))
        .route("/offers/{id}/decline", post(routes::offers::decline))
        .route("/audit", get(routes::audit::list))
        .route("/callbacks", get(routes::callbacks::list))
        .route("/callbacks/{reference}/take", post(routes::callbacks::take))
        .route("/callbacks/{reference}/finish", post(routes::callbacks::finish))
        .route("/cases/{reference}", get(routes::cases::read))
        .route("/cases/{reference}/uploads", upload)
        .route("/cases/{reference}/uploads/{id}", get(routes::cases::read_upload))
        .route("/clocks", get(routes::cases::list_clocks))
        .route("/cases/{reference}/credit", post(routes::cases::rule_credit))
        .route("/cases/{reference}/clocks/{clock}", post(routes::cases::rule_clock))
        .route("/directory", get(routes::directory::list).post(routes::directory::propose))
        .route("/directory/reports", get(routes::directory::reports))
        .route("/directory/reports/{id}/decision", post(routes::directory::judge))
        .route("/directory/{id}/decision", post(routes::directory::decide))
        .route("/directory/{id}/history", get(routes::directory::history))
        .route("/directory/{id}/proposal", delete(routes::directory::retract))
        .route("/look-ups", get(routes::look_ups::list))
        .route("/look-ups/{id}/seen", post(routes::look_ups::see))
        .route("/staff", get(routes::staff::list))
        .route("/staff/{id}/second-factor", delete(routes::staff::reset_second_factor))
        .route("/staff/{id}/certificates/{kind}", put(routes::staff::certify).delete(routes::staff::decertify))
        .route("/account-acts", get(routes::account_acts::list))
        .route("/account-acts/{id}/decisions", post(routes::account_acts::decide))
        .route("/operations", get(routes::operations::list).post(routes::operations::ask))
        .route("/operations/{id}", get(routes::operations::read))
        .route("/operations/{id}/decisions", post(routes::operations::decide))
        .route("/operations/{id}/evidence", post(routes::operations::evidence))
        .route("/operation-previews", post(routes::operations::preview))
        .route("/contacts", get(routes::contacts::list))
        .route("/contacts/{id}", get(routes::contacts::read))
        .route("/contacts/{id}/timeline", get(routes::contacts::timeline))
        .route("/contacts/{id}/recording", get(routes::contacts::recording::play))
        .route("/contacts/{id}/recording/hold", put(routes::contacts::legal_hold::place))
        .route("/contacts/{id}/recording/hold/lift", post(routes::contacts::legal_hold::lift))
        .route("/contacts/{id}/recording/manifest", get(routes::contacts::recording::manifest))
        .route("/contacts/{id}/screenshot", get(routes::contacts::screenshot))
        .route("/contacts/{id}/challenges", post(routes::contacts::challenge).delete(routes::contacts::end_challenge))
        .route("/contacts/{id}/hangup", post(routes::contacts::hang_up))
        .route("/contacts/{id}/hold", post(routes::contacts::hold))
        .route("/contacts/{id}/keys", post(routes::contacts::press_keys))
        .route("/contacts/{id}/leave", post(routes::contacts::leave))
        .route("/contacts/{id}/monitor", post(routes::contacts::monitor).delete(routes::contacts::stop_monitoring))
        .route("/contacts/{id}/account-acts", post(routes::contacts::act_on_account))
        .route("/contacts/{id}/account-views", post(routes::contacts::look_at_account))
        .route("/contacts/{id}/pressure", post(routes::contacts::pressure))
        .route("/contacts/{id}/cases", post(routes::contacts::report))
        .route("/contacts/{id}/number", post(routes::contacts::show_number))
        .route("/contacts/{id}/reconnect", post(routes::contacts::reconnect))
        .route("/contacts/{id}/resume", post(routes::contacts::resume))
        .route("/contacts/{id}/take-over", post(routes::contacts::take_over))
        .route("/contacts/{id}/take-back", post(routes::contacts::take_back))
        .route("/contacts/{id}/transfer", post(routes::contacts::transfer))
        .route("/contacts/{id}/transfer-targets", get(routes::contacts::transfer_targets))
        .route("/contacts/{id}/note", get(routes::notes::read).put(routes::notes::write))
        .route("/contacts/{id}/watch", post(routes::contacts::follow_transaction))
        .route("/contacts/{id}/wrap-up", put(routes::wrap_up::write))
}

/// Gives a request up that takes too long. A WebSocket is answered at once and lives on.
async fn in_time(request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let longest = if kind.starts_with("multipart/form-data") { UPLOAD_MAX } else { REQUEST_MAX };
    match timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::unavailable().into_response(),
    }
}

async fn not_found() -> Problem {
    Problem::not_found()
}

/// A panic costs its request. What it said may hold anything, so it is not repeated.
fn contain(_: Box<dyn Any + Send>) -> Response {
    metrics::counter!("walletline_request_panics_total").increment(1);
    tracing::error!("a request panicked");
    Problem::internal().into_response()
}
