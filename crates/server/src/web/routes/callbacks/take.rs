//! Takes a request to be called back, and shows its number to whoever took it.

use super::{known, may_call};
use crate::connector::messages::phrase::spelt;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, CallbackNumber};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::cases::Reference;
use walletline_core::kernel::actor::Actor;

/// Takes a request to be called back: nobody else gets it for an hour, and its number and the words to say first are shown.
#[utoipa::path(post, path = "/api/v1/callbacks/{reference}/take", operation_id = "takeCallback", tag = "cases",
    params(("reference" = String, Path, description = "The case's reference")), responses(
    (status = 200, body = CallbackNumber),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an agent or a supervisor."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "Another agent has it, or it is finished."),
))]
pub(crate) async fn take(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(reference): Id<Reference>,
) -> Result<Json<CallbackNumber>, Problem> {
    may_call(signed.staff.role)?;
    let (_, (version, callback)) = known(&state, &reference).await?;
    let now = state.clock.wall();
    let taken = callback.take(signed.staff.id, now)?;
    // Shown only once it is on record who has seen it.
    state.store.commit(taken.written(version, Actor::Staff { id: signed.staff.id }, "taken", now)).await?;
    let phrase = taken.good_words(now).map(|words| spelt(words, taken.language));
    Ok(Json(CallbackNumber { reference: reference.to_string(), number: taken.number.expose().clone(), phrase }))
}
