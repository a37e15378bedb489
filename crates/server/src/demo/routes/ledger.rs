//! Lists what the demo's wallet did.

use super::{demo, sandbox};
use crate::demo::wire::DemoEffect;
use crate::web::State;
use crate::web::error::Problem;
use axum::Json;
use axum::extract::State as Shared;
use walletline_gsma::sandbox::LedgerEntry;

/// Every effect on an account, oldest first; at most one for each correlation id.
#[utoipa::path(get, path = "/demo/api/wallet/ledger", operation_id = "listDemoLedger", tag = "demo", security(()), responses(
    (status = 200, body = Vec<DemoEffect>),
))]
pub(crate) async fn list(Shared(state): Shared<State>) -> Result<Json<Vec<DemoEffect>>, Problem> {
    let ledger = demo(&state)?.wallet.control.ledger().await.map_err(sandbox)?;
    Ok(Json(ledger.into_iter().map(Into::into).collect()))
}

impl From<LedgerEntry> for DemoEffect {
    fn from(LedgerEntry { id, correlation_id, operation, account, at, amount, currency, original }: LedgerEntry) -> Self {
        Self { id, correlation_id, operation, account, at, amount, currency, original }
    }
}
