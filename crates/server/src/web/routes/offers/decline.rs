//! Gives an offered contact back.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::kernel::ids::OfferId;
use walletline_core::switchboard::event::Act;

/// Decline an offer: it goes to the next agent.
#[utoipa::path(post, path = "/api/v1/offers/{id}/decline", operation_id = "declineOffer", tag = "agent",
    params(("id" = String, Path, description = "The offer")), responses(
    (status = 204, description = "Given back."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such offer."),
    (status = 409, body = wire::Problem, description = "The offer is over."),
))]
pub(crate) async fn decline(Shared(state): Shared<State>, signed: Signed, Id(offer): Id<OfferId>) -> Result<StatusCode, Problem> {
    state.engine.act(signed.staff.id, Act::DeclineOffer { offer }).await?;
    Ok(StatusCode::NO_CONTENT)
}
