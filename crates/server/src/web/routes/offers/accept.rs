//! Takes an offered contact at the desk.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, Accepted};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::kernel::ids::OfferId;
use walletline_core::switchboard::ActReply;
use walletline_core::switchboard::event::Act;

/// Accept an offer. The desk then sends `rtc.offer` with the leg on its live connection, within 10 s.
#[utoipa::path(post, path = "/api/v1/offers/{id}/accept", operation_id = "acceptOffer", tag = "agent",
    params(("id" = String, Path, description = "The offer")), responses(
    (status = 200, body = Accepted),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such offer."),
    (status = 409, body = wire::Problem, description = "The offer is over, or rings on the agent's phone."),
))]
pub(crate) async fn accept(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(offer): Id<OfferId>,
) -> Result<Json<Accepted>, Problem> {
    let leg = state.fresh_id()?;
    match state.engine.act(signed.staff.id, Act::AcceptOffer { offer, leg }).await? {
        ActReply::Accepted { contact } => {
            state.desks.accepted(signed.staff.id, contact, leg);
            Ok(Json(Accepted { contact: contact.to_string(), leg: leg.to_string() }))
        }
        ActReply::Done => Err(Problem::internal()),
    }
}
