//! Does something about the provisional credit of a case: it is proposed, agreed to, declined, taken back, or left with the customer.

use super::seen_by;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::{Body, Id};
use crate::web::state::State;
use crate::web::wire::{self, CaseCredit, CreditAsked};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::agent::CertificateKind;
use walletline_core::cases::Reference;
use walletline_core::help::{creditor_of, rule_credit};
use walletline_store::CommitError;

/// A ruling is made again this often when the row had changed meanwhile.
const RULINGS_MAX: u32 = 3;

/// Do something about the provisional credit of a case. Proposing and deciding are two people's, and deciding says that the money was moved at
/// the wallet: the hotline moves none.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/credit", operation_id = "ruleCredit", tag = "cases",
    params(("reference" = String, Path, description = "The case's reference")), request_body = CreditAsked, responses(
    (status = 200, body = CaseCredit, description = "As it is now."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not this person's to do, without a certificate, or the same person."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "As it stands this cannot be done, or no rule of the case knows a credit."),
    (status = 422, body = wire::Problem, description = "No such amount."),
))]
pub(crate) async fn rule(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(reference): Id<Reference>,
    Body(asked): Body<CreditAsked>,
) -> Result<Json<CaseCredit>, Problem> {
    let act = asked.read().map_err(Problem::invalid_input)?;
    let (case, statement) = seen_by(&state, &signed.staff, &reference).await?;
    let staff: Vec<_> = state.store.staff().await?.into_iter().map(|(_, member)| member).collect();
    let told = match &state.cases {
        Some(cases) => cases.told_of_credit(&case, statement.as_ref()).await?,
        None => None,
    };
    for _ in 0..RULINGS_MAX {
        let known = state.store.credit_of(case.id).await?;
        let clocks = state.store.clocks_of(case.id).await?;
        let now = state.clock.wall();
        let is_certified = state.store.certificates_of(signed.staff.id).await?.hold(CertificateKind::RefundChecker, now);
        let by = creditor_of(&signed.staff, is_certified, known.as_ref().map(|(_, credit)| credit), &staff);
        let (credit, commit) = rule_credit(&case, known, clocks.iter().map(|(_, clock)| clock), (act, by), told.clone(), now)?;
        match state.store.commit(commit).await {
            Ok(()) => return Ok(Json(CaseCredit::new(&credit, &state.numbers().await?))),
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
