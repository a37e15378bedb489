//! Takes a report of a fake.

use crate::web::error::Problem;
use crate::web::extract::Body;
use crate::web::state::State;
use crate::web::wire::{self, NumberReport, ReportTaken};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;

/// Report a number, a site, a sender or an account that pretends to be a wallet's. Nothing of who reports is kept, and the answer
/// is the same whatever is reported. A person looks at it before anybody is warned.
#[utoipa::path(post, path = "/api/public/number-reports", operation_id = "reportNumber", tag = "public", security(()),
    request_body = NumberReport, responses(
    (status = 202, body = ReportTaken),
    (status = 422, body = wire::Problem, description = "Nothing was reported, or more than 300 characters."),
    (status = 429, body = wire::Problem, description = "Reported too often; see `Retry-After`."),
    (status = 503, body = wire::Problem, description = "The report cannot be kept just now."),
))]
pub(crate) async fn number_reports(
    Shared(state): Shared<State>,
    Body(report): Body<NumberReport>,
) -> Result<(StatusCode, Json<ReportTaken>), Problem> {
    let (seen, detail) = report.seen();
    state.directory.report(state.fresh_id()?, &report.number, seen, &detail).await?;
    Ok((StatusCode::ACCEPTED, Json(ReportTaken { received: true })))
}
