//! Shows what happened to one address.

use super::check_reader;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, ListingLineView};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::ListingId;

/// A few screenfuls; an address changes a few times in its life.
const LINES_MAX: u32 = 200;

/// Who proposed, approved and declined what about an address, newest first.
#[utoipa::path(get, path = "/api/v1/directory/{id}/history", operation_id = "readListingHistory", tag = "directory",
    params(("id" = String, Path, description = "The listing")), responses(
    (status = 200, body = Vec<ListingLineView>),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an admin, a checker or an auditor."),
    (status = 404, body = wire::Problem),
))]
pub(crate) async fn history(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ListingId>,
) -> Result<Json<Vec<ListingLineView>>, Problem> {
    check_reader(&signed)?;
    state.store.listing(id).await?.ok_or_else(Problem::not_found)?;
    let number_of = state.numbers().await?;
    let lines = state.store.listing_lines(id, LINES_MAX).await?;
    Ok(Json(lines.iter().map(|line| ListingLineView::new(line, &number_of)).collect()))
}
