//! Lists the lines that can be dialled.

use crate::demo::wire::DemoLine;
use crate::web::State;
use axum::Json;
use axum::extract::State as Shared;

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
