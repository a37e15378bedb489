//! Saves one's own note of a contact.

use super::RULINGS_MAX;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::routes::contacts::readable;
use crate::web::state::State;
use crate::web::wire::{self, Note, NoteText};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::call::write_note;
use walletline_core::kernel::ids::ContactId;
use walletline_store::CommitError;

/// Save one's own note of a contact one took part in. Meant to be called while typing: the same text again changes nothing.
#[utoipa::path(put, path = "/api/v1/contacts/{id}/note", operation_id = "writeNote", tag = "contacts", request_body = NoteText,
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = Note),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not one's own contact."),
    (status = 404, body = wire::Problem, description = "No such contact, or none this person may read."),
    (status = 409, body = wire::Problem, description = "Others wrote at the same time, again and again."),
    (status = 422, body = wire::Problem, description = "The text is too long."),
))]
pub(crate) async fn write(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ContactId>,
    Body(NoteText { text }): Body<NoteText>,
) -> Result<Json<Note>, Problem> {
    let agent = signed.staff.id;
    let record = readable(&state, &signed.staff, id).await?;
    for _ in 0..RULINGS_MAX {
        let row = state.store.note(id, agent).await?;
        let at = state.clock.wall();
        let Some(commit) = write_note(&record.contact, row.as_ref(), agent, text.clone(), at)? else {
            return Ok(Json(row.map(|(_, note)| Note::from(&note)).unwrap_or_default()));
        };
        match state.store.commit(commit).await {
            Ok(()) => return Ok(Json(Note { text, at: Some(at.into()) })),
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
