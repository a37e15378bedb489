//! Closes a contact, and ends its agent's wrap-up.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::routes::contacts::readable;
use crate::web::routes::notes::RULINGS_MAX;
use crate::web::state::State;
use crate::web::wire::{self, WrapUp, WrapUpAct};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::call::wrap_up;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;
use walletline_store::CommitError;

/// Close a contact one took part in. When it is in one's wrap-up, that ends and one is ready again. A later code replaces an
/// earlier one.
#[utoipa::path(put, path = "/api/v1/contacts/{id}/wrap-up", operation_id = "wrapUp", tag = "contacts", request_body = WrapUpAct,
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = WrapUp),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not one's own contact."),
    (status = 404, body = wire::Problem, description = "No such contact, or none this person may read."),
    (status = 409, body = wire::Problem, description = "Others wrote at the same time, again and again."),
    (status = 422, body = wire::Problem, description = "Not a code to choose, or the remark is too long."),
))]
pub(crate) async fn write(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ContactId>,
    Body(WrapUpAct { code, note }): Body<WrapUpAct>,
) -> Result<Json<WrapUp>, Problem> {
    let agent = signed.staff.id;
    let note = note.unwrap_or_default();
    for _ in 0..RULINGS_MAX {
        let record = readable(&state, &signed.staff, id).await?;
        let at = state.clock.wall();
        let (row, commit) = wrap_up(&record.contact, record.wrap_up.as_ref(), agent, code.into(), note.clone(), at)?;
        match state.store.commit(commit).await {
            Ok(()) => {
                // Refused while the call still runs and after the wrap-up was left: the record stands in either case.
                let _not_in_wrap_up = state.engine.act(agent, Act::FinishWrapUp { contact: id }).await;
                return Ok(Json(WrapUp::from(&row)));
            }
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
