//! Has a contact's customer show who they are, while nobody hears them.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, ChallengeAct};
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::identity::Linked;
use walletline_core::kernel::{assurance::Factor, ids::ContactId};
use walletline_core::switchboard::event::Act;

/// Have the customer of one's own live contact key a code that is sent to their registered phone. Until it is over nobody hears them, and
/// the recording has silence; how it stands comes on the live connection. Asking once more meanwhile sends another code. With `app_transfer`
/// the conversation goes on: the code comes on the live connection, is read out, and is typed into the wallet's app, which shows who asks and
/// what for; three times in a contact at most.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/challenges", operation_id = "challenge", tag = "agent",
    params(("id" = String, Path, description = "The contact")), request_body = ChallengeAct, responses(
    (status = 204, description = "The customer is asked. The same whether or not there is such an account."),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact."),
    (status = 409, body = wire::Problem, description = "It is not on this person's line, not connected, or nobody is named; \
a code was just sent, or too many were wrong; the app has asked three times; this was shown before, or cannot be asked for."),
    (status = 422, body = wire::Problem, description = "No such factor, or no number."),
))]
pub(crate) async fn challenge(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(contact): Id<ContactId>,
    Body(mut asked): Body<ChallengeAct>,
) -> Result<StatusCode, Problem> {
    let factor: Factor = asked.factor.into();
    let operation = asked.operation.take();
    let number = asked.number().map_err(Problem::invalid_input)?;
    let act = match (factor, operation) {
        (Factor::AppTransfer, None) => Act::AskApp { contact, number, linked: Linked::Identity },
        (Factor::AppTransfer, Some(operation)) => {
            let linked = operation.linked().map_err(Problem::invalid_input)?;
            Act::AskApp { contact, number, linked }
        }
        (_, Some(_)) => return Err(Problem::invalid_input("an operation is approved in the app alone: app_transfer")),
        (factor, None) => Act::Challenge { contact, factor, number },
    };
    state.engine.act(signed.staff.id, act).await?;
    Ok(StatusCode::NO_CONTENT)
}
