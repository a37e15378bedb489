//! Has something done to the account of a contact's customer.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, AccountActAsked};
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Have something done to the account of the customer of one's own live contact. What was shown so far decides whether it may be asked for;
/// what comes of it comes on the live connection, among the contact's operations. Asking once more while it is under way asks for nothing
/// new.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/account-acts", operation_id = "actOnAccount", tag = "agent",
    params(("id" = String, Path, description = "The contact")), request_body = AccountActAsked, responses(
    (status = 204, description = "It is asked for. The same whether or not there is such an account."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line, not connected, nobody is named, or too little was shown."),
    (status = 422, body = wire::Problem, description = "No such act."),
))]
pub(crate) async fn act_on_account(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
    Body(asked): Body<AccountActAsked>,
) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::OnAccount { contact, act: asked.act.into() }).await?;
    Ok(StatusCode::NO_CONTENT)
}
