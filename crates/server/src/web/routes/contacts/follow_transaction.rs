//! Has a transaction watched for the customer of a live contact.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::ContactId;
use walletline_core::switchboard::event::Act;

/// Have the transaction watched that the customer of one's own live contact asked about last. They are told once, by text message and mail, when
/// it moves; when it misses its hard deadline it becomes a case by itself, and they are told that. Asking again changes nothing.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/watch", operation_id = "watchTransaction", tag = "agent",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 204, description = "It is being watched."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "There is no such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line, no transaction was asked about, or too little was shown."),
))]
pub(crate) async fn follow_transaction(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::FollowTransaction { contact }).await?;
    Ok(StatusCode::NO_CONTENT)
}
