//! Shows what happened in a contact.

use super::read_on_record;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, TimelineEntry};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::ContactId;

/// What happened in a contact, in order: what was said and keyed, queues, offers, people, notes, the end.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/timeline", operation_id = "readTimeline", tag = "contacts",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = Vec<TimelineEntry>),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact, or none this person took part in."),
    (status = 503, body = wire::Problem, description = "The reading cannot be put on record, so nothing is shown."),
))]
pub(crate) async fn timeline(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ContactId>,
) -> Result<Json<Vec<TimelineEntry>>, Problem> {
    let record = read_on_record(&state, &signed.staff, id, "timeline.read").await?;
    let lines = state.store.timeline(id).await?;
    let notes = state.store.notes(id).await?;
    let number_of = state.numbers().await?;
    let mut entries: Vec<TimelineEntry> = lines.iter().map(TimelineEntry::from).collect();
    let written = notes.iter().filter(|(_, note)| !note.text.expose().is_empty());
    entries.extend(written.map(|(_, note)| TimelineEntry::note(note, &number_of)));
    entries.extend(record.wrap_up.iter().map(|(_, wrap_up)| TimelineEntry::wrap_up(wrap_up, &number_of)));
    entries.sort_by_key(|entry| entry.at);
    Ok(Json(entries))
}
