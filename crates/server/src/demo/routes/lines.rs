//! The lines that can be dialled, and how each is held. The demo holds them open, so that whoever tries it finds somebody whatever the
//! hour.

use super::demo;
use crate::demo::wire::{DemoHold, DemoLine, DemoLineState};
use crate::web::State;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::switchboard::LineState;

/// The lines that can be dialled.
#[utoipa::path(get, path = "/demo/api/lines", operation_id = "listDemoLines", tag = "demo", security(()), responses((status = 200, body = Vec<DemoLine>)))]
pub(crate) async fn list(Shared(state): Shared<State>) -> Json<Vec<DemoLine>> {
    let wallets = &state.config.wallets;
    let lines = state.config.lines.iter().map(|line| DemoLine {
        number: line.number.clone(),
        wallet: line.wallet.clone(),
        wallet_name: wallets.iter().find(|wallet| wallet.id == line.wallet).map(|w| w.name.clone()).unwrap_or_default(),
        languages: line.languages.iter().map(|language| (*language).into()).collect(),
    });
    Json(lines.collect())
}

/// Holds a line in a state, or gives it back to the plan it keeps. Whoever waits in a queue already stays there.
#[utoipa::path(post, path = "/demo/api/lines/{number}", operation_id = "holdDemoLine", tag = "demo", security(()),
    params(("number" = String, Path, description = "As dialled")), request_body = DemoHold, responses(
    (status = 204, description = "Callers hear it from now on."),
    (status = 404, body = crate::web::wire::Problem, description = "No such line."),
    (status = 422, body = crate::web::wire::Problem, description = "No such state."),
))]
pub(crate) async fn hold(
    Shared(state): Shared<State>,
    Id(number): Id<String>,
    Body(asked): Body<DemoHold>,
) -> Result<StatusCode, Problem> {
    demo(&state)?;
    if !state.config.lines.iter().any(|line| line.number == number) {
        return Err(Problem::not_found());
    }
    let held = match asked.state {
        DemoLineState::Open => Some(LineState::Open),
        DemoLineState::Closed => Some(LineState::Closed),
        DemoLineState::Holiday => Some(LineState::Holiday),
        DemoLineState::Overload => Some(LineState::Overload),
        DemoLineState::Incident => Some(LineState::Incident),
        DemoLineState::Planned => None,
    };
    state.engine.hold_line(number, held).await;
    Ok(StatusCode::NO_CONTENT)
}
