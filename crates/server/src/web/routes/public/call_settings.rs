//! What a browser needs before it calls. The same for the public pages, the desk and the demo's phone: it names nobody.

use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::{relay, wire};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use walletline_core::kernel::ids::LegId;

/// The servers that help a browser to reach us. Credentials are good for four hours; ask again for each call.
#[utoipa::path(get, path = "/api/public/call-settings", operation_id = "readCallSettings", tag = "public", security(()), responses(
    (status = 200, body = wire::CallSettings),
    (status = 429, body = wire::Problem),
))]
pub(crate) async fn call_settings(Shared(state): Shared<State>) -> Result<Response, Problem> {
    let nobody = state.fresh_id::<LegId>()?.to_string();
    let ice_servers = relay::servers(&state.config.ice, state.clock.wall(), &nobody)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(wire::CallSettings { ice_servers })).into_response())
}
