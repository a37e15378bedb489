//! Compliance holds a contact's recording, and lets it go again.

use super::recording::found;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, HoldReason, RecordingManifest};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::call::{HoldRefusal, HoldWord, Recording};
use walletline_core::commit::{Commit, Version};
use walletline_core::kernel::actor::Role;
use walletline_core::kernel::ids::ContactId;
use walletline_store::CommitError;

/// A ruling is made again this often when others wrote at the same time; more often means a bug, not bad luck.
const RULINGS_MAX: usize = 3;

/// Place a legal hold on the recording of a contact: nothing erases it until the hold is lifted.
#[utoipa::path(put, path = "/api/v1/contacts/{id}/recording/hold", operation_id = "placeHold", tag = "contacts", request_body = HoldReason,
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = RecordingManifest),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not compliance."),
    (status = 404, body = wire::Problem, description = "No such contact, or no recording of it."),
    (status = 409, body = wire::Problem, description = "It is held already, or still being made."),
    (status = 422, body = wire::Problem, description = "The reason is missing or too long."),
))]
pub(crate) async fn place(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ContactId>,
    Body(HoldReason { reason }): Body<HoldReason>,
) -> Result<Json<RecordingManifest>, Problem> {
    rule(&state, &signed, id, reason, Recording::place_hold).await
}

/// Lift the legal hold: the recording goes when its time is over, and not within seven days.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/recording/hold/lift", operation_id = "liftHold", tag = "contacts", request_body = HoldReason,
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = RecordingManifest),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not compliance."),
    (status = 404, body = wire::Problem, description = "No such contact, or no recording of it."),
    (status = 409, body = wire::Problem, description = "No hold stands."),
    (status = 422, body = wire::Problem, description = "The reason is missing or too long."),
))]
pub(crate) async fn lift(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ContactId>,
    Body(HoldReason { reason }): Body<HoldReason>,
) -> Result<Json<RecordingManifest>, Problem> {
    rule(&state, &signed, id, reason, Recording::lift_hold).await
}

type Ruling = fn(&Recording, Version, Role, HoldWord) -> Result<Commit, HoldRefusal>;

async fn rule(
    state: &State,
    signed: &Signed,
    id: ContactId,
    reason: String,
    ruling: Ruling,
) -> Result<Json<RecordingManifest>, Problem> {
    let by = &signed.staff;
    if !by.role.holds_recordings() {
        return Err(HoldRefusal::NotYourWork.into());
    }
    for _ in 0..RULINGS_MAX {
        let (version, row) = state.store.recording_of(id).await?.ok_or_else(Problem::not_found)?;
        let word = HoldWord { by: by.id, at: state.clock.wall(), reason: reason.clone() };
        match state.store.commit(ruling(&row, version, by.role, word)?).await {
            Ok(()) => return found(state, by, id).await?.manifest(state).await,
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}

impl From<HoldRefusal> for Problem {
    fn from(refusal: HoldRefusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            HoldRefusal::NotYourWork => Self::forbidden(&detail),
            HoldRefusal::BadReason => Self::invalid_input(detail),
            HoldRefusal::Erased => Self::not_found(),
            HoldRefusal::Unfinished => Self::refused("recording-unfinished", "Still being recorded", detail),
            HoldRefusal::Held => Self::refused("already-held", "Held already", detail),
            HoldRefusal::NotHeld => Self::refused("not-held", "Not held", detail),
            HoldRefusal::TooMany => Self::refused("held-too-often", "Held too often", detail),
        }
    }
}
