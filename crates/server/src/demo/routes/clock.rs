//! Puts the demo's wall clock forward.

use super::{demo, sandbox};
use crate::demo::wire::{DemoAdvance, DemoTime};
use crate::web::State;
use crate::web::error::Problem;
use crate::web::extract::Body;
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::time::Span;
use walletline_gsma::sandbox::ClockAdvance;

/// Puts the wall clock forward, ours and the wallet's. Audio and ringing keep their own time.
#[utoipa::path(post, path = "/demo/api/clock", operation_id = "advanceDemoClock", tag = "demo", security(()),
    request_body = DemoAdvance, responses(
    (status = 200, body = DemoTime),
    (status = 422, body = crate::web::wire::Problem, description = "Further than the demo's calendars go."),
))]
pub(crate) async fn advance(Shared(state): Shared<State>, Body(asked): Body<DemoAdvance>) -> Result<Json<DemoTime>, Problem> {
    // The wallet first: it refuses what is too far, and then nothing has moved.
    demo(&state)?.wallet.control.advance(ClockAdvance { advance_s: asked.advance_s }).await.map_err(sandbox)?;
    state.clock.advance(Span::from_s(u64::from(asked.advance_s)));
    state.directory.wake();
    Ok(Json(DemoTime { now: state.clock.wall().into() }))
}
