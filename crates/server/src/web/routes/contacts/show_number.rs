//! Shows the calling number of a contact in full, for a reason, once that is on record.

use super::{is_with, readable};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, LookUpReason, NumberShown};
use axum::Json;
use axum::extract::State as Shared;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use walletline_core::call::{SHOWN_FOR, look_up};
use walletline_core::kernel::ids::ContactId;

/// Show the calling number in full. A screen masks it again when `until` has come. Where the contact is not live and with this person,
/// the look-up is listed until compliance or their supervisor has seen it.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/number", operation_id = "showNumber", tag = "contacts", request_body = LookUpReason,
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = NumberShown),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact, or none this person may read."),
    (status = 409, body = wire::Problem, description = "The call showed no number."),
    (status = 422, body = wire::Problem, description = "The reason is missing, too short or too long."),
    (status = 503, body = wire::Problem, description = "The look-up cannot be put on record, so nothing is shown."),
))]
pub(crate) async fn show_number(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ContactId>,
    Body(LookUpReason { reason }): Body<LookUpReason>,
) -> Result<impl IntoResponse, Problem> {
    let record = readable(&state, &signed.staff, id).await?;
    let is_live = is_with(&state, &signed.staff, id).await;
    let now = state.clock.wall();
    state.store.commit(look_up(state.fresh_id()?, &record.contact, &signed.staff, is_live, &reason, now)?).await?;
    let number = record.contact.caller.expose().clone();
    Ok(([(CACHE_CONTROL, "no-store")], Json(NumberShown { number, until: (now + SHOWN_FOR).into() })))
}
