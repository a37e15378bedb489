//! Shows one contact.

use super::read_on_record;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, Contact};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::ContactId;

/// One contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", operation_id = "readContact", tag = "contacts",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = Contact),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact, or none this person took part in."),
    (status = 503, body = wire::Problem, description = "The reading cannot be put on record, so nothing is shown."),
))]
pub(crate) async fn read(Shared(state): Shared<State>, signed: Signed, Id(id): Id<ContactId>) -> Result<Json<Contact>, Problem> {
    let record = read_on_record(&state, &signed.staff, id, "contact.read").await?;
    Ok(Json(Contact::new(&record, state.numbers().await?)))
}
