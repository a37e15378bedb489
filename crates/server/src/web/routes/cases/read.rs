//! Shows one case by its reference.

use super::uploads::purpose_of;
use super::{clocks_of, seen_by};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, Case, CaseCredit, CaseUpload};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::cases::Reference;
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::actor::Actor;

/// One case, by the reference that the customer was given.
#[utoipa::path(get, path = "/api/v1/cases/{reference}", operation_id = "readCase", tag = "cases",
    params(("reference" = String, Path, description = "As it was read out: R and nine digits; spaces and dashes are taken")), responses(
    (status = 200, body = Case),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No case has this reference, none with this check digit can exist, or it is a complaint, which handlers and auditors read."),
))]
pub(crate) async fn read(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(reference): Id<Reference>,
) -> Result<Json<Case>, Problem> {
    let (case, statement) = seen_by(&state, &signed.staff, &reference).await?;
    let clocks = clocks_of(&state, case.id).await?;
    let number_of = state.numbers().await?;
    let credit = state.store.credit_of(case.id).await?.map(|(_, credit)| CaseCredit::new(&credit, &number_of));
    let operation = state.store.operation_of_case(case.id).await?;
    let uploads = state.store.uploads_of(case.id).await?;
    let uploads = uploads.iter().map(|upload| CaseUpload::new(upload, &number_of)).collect();
    let purpose = purpose_of(signed.staff.role, &case);
    // Shown only once the reading is on record.
    let entry = Entry::new(state.clock.wall(), Actor::Staff { id: signed.staff.id }, "case.read", case.id).for_purpose(purpose);
    state.store.commit(Commit::new(entry, Vec::new())).await?;
    Ok(Json(Case::new(&case, operation.as_ref(), clocks, credit, statement.as_ref(), uploads)))
}
