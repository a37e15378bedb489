//! Lists what strangers reported as fakes.

use super::check_reader;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Asked;
use crate::web::state::State;
use crate::web::wire::{self, SuspectState, SuspectView};
use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::actor::Actor;

/// A morning's work; what is decided makes room for the rest.
const REPORTS_MAX: u32 = 100;

/// Which reports.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    state: Option<SuspectState>,
}

/// What is reported, those reported last first: what waits when no state is given. At most 100. A reported number may be somebody's, so
/// reading them is put on record.
#[utoipa::path(get, path = "/api/v1/directory/reports", operation_id = "listNumberReports", tag = "directory", params(
    ("state" = Option<SuspectState>, Query, description = "`open` when not given"),
), responses(
    (status = 200, body = Vec<SuspectView>),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an admin, a checker or an auditor."),
    (status = 503, body = wire::Problem, description = "The reading cannot be put on record, so nothing is shown."),
))]
pub(crate) async fn reports(
    Shared(state): Shared<State>,
    signed: Signed,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<SuspectView>>, Problem> {
    check_reader(&signed)?;
    let wanted = which.state.unwrap_or(SuspectState::Open);
    let suspects = state.store.suspects(wanted.into(), REPORTS_MAX).await?;
    let number_of = state.numbers().await?;
    let reader = Actor::Staff { id: signed.staff.id };
    let entry = Entry::new(state.clock.wall(), reader, "suspects.read", "directory").for_purpose(signed.staff.role.reads_for());
    state.store.commit(Commit::new(entry, Vec::new())).await?;
    Ok(Json(suspects.iter().map(|(_, suspect)| SuspectView::new(suspect, &number_of)).collect()))
}
