//! Lists operations: those of a contact, or those that are not over.

use super::{may_decide, may_see, refunds, shown};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Asked;
use crate::web::state::State;
use crate::web::wire::{self, Operation};
use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;
use walletline_core::kernel::ids::ContactId;

/// A screenful.
const LIMIT: u32 = 50;

/// Which operations.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    contact: Option<ContactId>,
}

/// Operations, the oldest first, at most fifty: those that were asked for in a contact and that one may see, or, for whoever decides on
/// them, all that are not over.
#[utoipa::path(get, path = "/api/v1/operations", operation_id = "listOperations", tag = "money",
    params(("contact" = Option<String>, Query, description = "Those asked for in this contact; those that are not over where it is not said")),
    responses(
    (status = 200, body = Vec<Operation>),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Without a contact: neither a checker nor a supervisor."),
))]
pub(crate) async fn list(
    Shared(state): Shared<State>,
    signed: Signed,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<Operation>>, Problem> {
    let refunds = refunds(&state)?;
    let found = match which.contact {
        Some(contact) => state.store.refunds_of_contact(contact).await?,
        None => {
            may_decide(signed.staff.role)?;
            state.store.open_refunds(LIMIT).await?
        }
    };
    let number_of = state.numbers().await?;
    let mut seen = Vec::new();
    for refund in found.iter().filter(|refund| may_see(&signed.staff, refund)) {
        seen.push(shown(refunds, refund.id, &number_of).await?);
    }
    Ok(Json(seen))
}
