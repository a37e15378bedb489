//! Decides, as the second person, on an act on an account.

use super::may_decide;
use crate::help::view;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, ActDecision};
use axum::extract::State as Shared;
use axum::http::StatusCode;
use walletline_core::agent::CertificateKind;
use walletline_core::help::{NotDecided, SecondPerson, WaitingRows, decide_act};
use walletline_core::kernel::ids::OperationId;
use walletline_core::switchboard::event::Event;
use walletline_store::CommitError;

/// A decision is ruled on again this often when its rows had changed meanwhile.
const RULINGS_MAX: u32 = 3;

/// Decides as the second person on an act on an account that an agent asked for: never the one who asked, nor anybody they lead. What is
/// agreed to is carried out at once. Needs a fresh factor, where one is set up.
#[utoipa::path(post, path = "/api/v1/account-acts/{id}/decisions", operation_id = "decideAct", tag = "agent",
    params(("id" = String, Path, description = "The act")), request_body = ActDecision, responses(
    (status = 204, description = "It is decided."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Nobody who decides on it, the same person, led by them, without a certificate, or \
what was shown last is not fresh."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "It does not wait for a second person any more."),
))]
pub(crate) async fn decide(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<OperationId>,
    Body(decision): Body<ActDecision>,
) -> Result<StatusCode, Problem> {
    may_decide(signed.staff.role)?;
    signed.fresh(state.clock.wall())?;
    for _ in 0..RULINGS_MAX {
        let (version, operation) = state.store.operation(id).await?.ok_or_else(Problem::not_found)?;
        // What is over has no errand any more: it waits for nobody.
        let errand = match operation.errand {
            Some(errand) => state.store.errand(errand).await?,
            None => None,
        };
        let errand = errand.ok_or(NotDecided::NotInThisState)?;
        let case = state.store.case(operation.case).await?;
        let now = state.clock.wall();
        let held = state.store.certificates_of(signed.staff.id).await?;
        let is_certified = held.hold(CertificateKind::IdentityVerification, now);
        let staff: Vec<_> = state.store.staff().await?.into_iter().map(|(_, member)| member).collect();
        let person = SecondPerson::of(&signed.staff, is_certified, &operation, &staff);
        let reference = case.as_ref().map(|(_, case)| case.reference.to_string()).unwrap_or_default();
        let rows = WaitingRows { operation: (version, operation), case, errand };
        let decided = decide_act(rows, person, decision.verdict.into(), now)?;
        match state.store.commit(decided.commit).await {
            Ok(()) => {
                let (contact, operation) = (decided.operation.contact, view(&decided.operation, &reference));
                state.engine.post(Event::OperationChanged { contact, operation }).await;
                return Ok(StatusCode::NO_CONTENT);
            }
            Err(CommitError::Conflict(_)) => {}
            Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
