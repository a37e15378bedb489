//! Opens a case for what the customer of a live contact tells.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, CaseReport};
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Have a case opened for what the customer of one's own live contact tells: a payment they did not make, one that went wrong, a complaint.
/// Told again, it is the same case. Its reference stands in the contact; nothing is said of whether there is such a payment.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/cases", operation_id = "reportCase", tag = "agent",
    params(("id" = String, Path, description = "The contact")), request_body = CaseReport, responses(
    (status = 204, description = "It is being opened."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "There is no such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line."),
    (status = 422, body = wire::Problem, description = "No number of a transaction."),
))]
pub(crate) async fn report(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
    Body(told): Body<CaseReport>,
) -> Result<StatusCode, Problem> {
    let (what, transaction) = told.read();
    state.engine.act(signed.staff.id, Act::Report { contact, what, transaction }).await?;
    Ok(StatusCode::NO_CONTENT)
}
