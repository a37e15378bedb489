//! Takes one's own proposal back.

use super::{RULINGS_MAX, clerk};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, ListingView};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::ListingId;
use walletline_store::CommitError;

/// Take back what one proposed. What is published stays.
#[utoipa::path(delete, path = "/api/v1/directory/{id}/proposal", operation_id = "retractListing", tag = "directory",
    params(("id" = String, Path, description = "The listing")), responses(
    (status = 200, body = ListingView),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Somebody else proposed it."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "Nothing waits."),
))]
pub(crate) async fn retract(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ListingId>,
) -> Result<Json<ListingView>, Problem> {
    for _ in 0..RULINGS_MAX {
        let (version, listing) = state.store.listing(id).await?.ok_or_else(Problem::not_found)?;
        let ruled = listing.retract(version, clerk(&signed), state.clock.wall())?;
        match state.store.commit(ruled.commit).await {
            Ok(()) => {
                let number_of = state.numbers().await?;
                return Ok(Json(ListingView::new(&ruled.listing, &number_of)));
            }
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
