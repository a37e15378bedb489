//! Notes that a contact's caller seems to be told by somebody what to do.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Note that the caller of one's own live contact seems to be told what to do. From then on nothing they show counts in this contact, and
/// nobody takes that back; the caller hears nothing of it. Asking again changes nothing.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/pressure", operation_id = "suspectPressure", tag = "agent",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 204, description = "It is noted."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line."),
))]
pub(crate) async fn pressure(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::SuspectPressure { contact }).await?;
    Ok(StatusCode::NO_CONTENT)
}
