//! Has what protects the account of a contact's customer looked at.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Look at the devices, the sessions and the second factor of the customer of one's own live contact. They come on the live connection; that
/// they were looked at goes on record.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/account-views", operation_id = "lookAtAccount", tag = "agent",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 204, description = "The wallet is asked. The same whether or not there is such an account."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line, not connected, nobody is named, or too little was shown."),
))]
pub(crate) async fn look_at_account(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::LookAtAccount { contact }).await?;
    Ok(StatusCode::NO_CONTENT)
}
