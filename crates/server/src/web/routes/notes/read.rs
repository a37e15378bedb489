//! Shows one's own note of a contact.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::routes::contacts::read_on_record;
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
    (status = 503, body = wire::Problem, description = "The reading cannot be put on record, so nothing is shown."),
))]
pub(crate) async fn read(Shared(state): Shared<State>, signed: Signed, Id(id): Id<ContactId>) -> Result<Json<Note>, Problem> {
    read_on_record(&state, &signed.staff, id, "note.read").await?;
    let note = state.store.note(id, signed.staff.id).await?;
    Ok(Json(note.map(|(_, note)| Note::from(&note)).unwrap_or_default()))
}
