//! A person's finding about something that was reported.

use super::{RULINGS_MAX, clerk};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, SuspectDecision, SuspectView};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::SuspectId;
use walletline_store::CommitError;

/// Confirm that it is a fake, from when on everybody who asks is warned, or dismiss it. Either can be changed later.
#[utoipa::path(post, path = "/api/v1/directory/reports/{id}/decision", operation_id = "judgeNumberReport", tag = "directory",
    params(("id" = String, Path, description = "The suspect")), request_body = SuspectDecision, responses(
    (status = 200, body = SuspectView),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an admin or a checker."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "Decided so already, or listed as official."),
))]
pub(crate) async fn judge(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<SuspectId>,
    Body(decision): Body<SuspectDecision>,
) -> Result<Json<SuspectView>, Problem> {
    for _ in 0..RULINGS_MAX {
        let (version, suspect) = state.store.suspect(id).await?.ok_or_else(Problem::not_found)?;
        let (by, now) = (clerk(&signed), state.clock.wall());
        let (suspect, commit) = if decision.fraud {
            suspect.confirm(version, by, state.directory.lists(suspect.mark.expose()).await?, now)?
        } else {
            suspect.dismiss(version, by, now)?
        };
        match state.store.commit(commit).await {
            Ok(()) => {
                let number_of = state.numbers().await?;
                return Ok(Json(SuspectView::new(&suspect, &number_of)));
            }
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
