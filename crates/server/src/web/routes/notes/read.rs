//! Shows one's own note of a contact.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::routes::contacts::readable;
use crate::web::state::State;
use crate::web::wire::{self, Note};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::ContactId;

/// One's own note of a contact; empty when nothing was written. Others' notes stand in the timeline.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/note", operation_id = "readNote", tag = "contacts",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = Note),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact, or none this person took part in."),
))]
pub(crate) async fn read(Shared(state): Shared<State>, signed: Signed, Id(id): Id<ContactId>) -> Result<Json<Note>, Problem> {
    readable(&state, &signed.staff, id).await?;
    let note = state.store.note(id, signed.staff.id).await?;
    Ok(Json(note.map(|(_, note)| Note::from(&note)).unwrap_or_default()))
}
