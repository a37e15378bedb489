//! A second person's word about a proposal.

use super::{RULINGS_MAX, clerk, publish};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, ListingDecision, ListingView};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::directory::Mark;
use walletline_core::kernel::ids::ListingId;
use walletline_store::CommitError;

/// Approve or decline what somebody else proposed. What is approved is signed and published at once.
#[utoipa::path(post, path = "/api/v1/directory/{id}/decision", operation_id = "decideListing", tag = "directory",
    params(("id" = String, Path, description = "The listing")), request_body = ListingDecision, responses(
    (status = 200, body = ListingView),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an admin or a checker, or one's own proposal."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "Nothing waits, or the address is confirmed as a fake."),
    (status = 422, body = wire::Problem, description = "The reason is too long."),
))]
pub(crate) async fn decide(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ListingId>,
    Body(decision): Body<ListingDecision>,
) -> Result<Json<ListingView>, Problem> {
    for _ in 0..RULINGS_MAX {
        let (version, listing) = state.store.listing(id).await?.ok_or_else(Problem::not_found)?;
        let (by, now) = (clerk(&signed), state.clock.wall());
        let ruled = if decision.approve {
            let condemned = state.directory.is_condemned(&[Mark::of(&listing.address)]).await?;
            listing.approve(version, by, condemned, now)?
        } else {
            listing.decline(version, decision.note.trim().to_owned(), by, now)?
        };
        match state.store.commit(ruled.commit).await {
            Ok(()) => {
                publish(&state).await;
                let number_of = state.numbers().await?;
                return Ok(Json(ListingView::new(&ruled.listing, &number_of)));
            }
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
