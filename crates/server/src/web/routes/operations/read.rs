//! Shows one operation.

use super::{may_see, refunds};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, Operation};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::{actor::Actor, ids::RefundId};

/// One operation with the evidence, the sums and the decisions: all that somebody who decides on it has to see.
#[utoipa::path(get, path = "/api/v1/operations/{id}", operation_id = "readOperation", tag = "money",
    params(("id" = String, Path, description = "The operation")), responses(
    (status = 200, body = Operation),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such operation, or none that this person may see."),
))]
pub(crate) async fn read(Shared(state): Shared<State>, signed: Signed, Id(id): Id<RefundId>) -> Result<Json<Operation>, Problem> {
    let refunds = refunds(&state)?;
    let found = refunds.show(id).await?;
    if !may_see(&signed.staff, &found.refund) {
        return Err(Problem::not_found());
    }
    // Shown only once the reading is on record.
    let purpose = signed.staff.role.reads_for();
    let entry = Entry::new(state.clock.wall(), Actor::Staff { id: signed.staff.id }, "refund.read", id).for_purpose(purpose);
    state.store.commit(Commit::new(entry, Vec::new())).await?;
    let number_of = state.numbers().await?;
    Ok(Json(Operation::new(found, &refunds.policy, &number_of)))
}
