//! Lists the directory.

use super::check_reader;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire::{self, DirectoryView, EditionView, ListingView};
use axum::Json;
use axum::extract::State as Shared;

/// Every address that was ever proposed, how it stands, and what was last signed.
#[utoipa::path(get, path = "/api/v1/directory", operation_id = "listDirectory", tag = "directory", responses(
    (status = 200, body = DirectoryView),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an admin, a checker or an auditor."),
))]
pub(crate) async fn list(Shared(state): Shared<State>, signed: Signed) -> Result<Json<DirectoryView>, Problem> {
    check_reader(&signed)?;
    let number_of = state.numbers().await?;
    let listings = state.store.listings().await?;
    Ok(Json(DirectoryView {
        edition: state.directory.last().as_deref().map(EditionView::from),
        listings: listings.iter().map(|(_, listing)| ListingView::new(listing, &number_of)).collect(),
        wallets: state.config.wallets.iter().map(|wallet| wallet.id.clone()).collect(),
    }))
}
