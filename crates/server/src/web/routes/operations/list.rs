//! Lists operations: those of a contact, or those that are not over.

use super::{may_decide, may_look_up, may_see, refunds, shown};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Asked;
use crate::web::state::State;
use crate::web::wire::{self, Operation};
use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;
use walletline_core::cases::Reference;
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::{actor::Actor, ids::ContactId};
use walletline_core::money::Refund;

/// A screenful.
const LIMIT: u32 = 50;

/// Which operations.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    contact: Option<ContactId>,
    reference: Option<String>,
}

/// Operations, the oldest first, at most fifty: those that were asked for in a contact and that one may see; those with the reference that
/// a customer reads out, whoever asked for them; or, for whoever decides on them, all that are not over.
#[utoipa::path(get, path = "/api/v1/operations", operation_id = "listOperations", tag = "money",
    params(("contact" = Option<String>, Query, description = "Those asked for in this contact"),
        ("reference" = Option<String>, Query, description = "Those with this reference, as it was read out; the reading goes on record"),
    ), responses(
    (status = 200, body = Vec<Operation>, description = "Those that are not over, where neither a contact nor a reference is said."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Without a contact and a reference: neither a checker nor a supervisor."),
    (status = 422, body = wire::Problem, description = "A contact and a reference, or what is no reference."),
))]
pub(crate) async fn list(
    Shared(state): Shared<State>,
    signed: Signed,
    Asked(which): Asked<Which>,
) -> Result<Json<Vec<Operation>>, Problem> {
    let refunds = refunds(&state)?;
    let found = match (which.contact, which.reference) {
        (Some(_), Some(_)) => return Err(Problem::invalid_input("ask by a contact or by a reference")),
        (Some(contact), None) => {
            let of_contact = state.store.refunds_of_contact(contact).await?;
            of_contact.into_iter().filter(|refund| may_see(&signed.staff, refund)).collect()
        }
        (None, Some(reference)) => named(&state, &signed, &reference).await?,
        (None, None) => {
            may_decide(signed.staff.role)?;
            state.store.open_refunds(LIMIT).await?
        }
    };
    let number_of = state.numbers().await?;
    let mut seen = Vec::new();
    for refund in found {
        seen.push(shown(refunds, refund.id, &number_of).await?);
    }
    Ok(Json(seen))
}

/// Those with a reference: a customer reads it out to whoever answers. Shown only once the reading is on record.
async fn named(state: &State, signed: &Signed, reference: &str) -> Result<Vec<Refund>, Problem> {
    let reference: Reference = reference.parse().map_err(|_| Problem::invalid_input("reference: R and nine digits"))?;
    if !may_look_up(signed.staff.role) {
        return Err(Problem::forbidden("operations are looked up by agents, and by whoever decides on them or checks"));
    }
    let Some((_, case)) = state.store.case_by_reference(&reference).await? else { return Ok(Vec::new()) };
    let found = state.store.refunds_of_case(case.id).await?;
    let (actor, purpose) = (Actor::Staff { id: signed.staff.id }, signed.staff.role.reads_for());
    for refund in &found {
        let entry = Entry::new(state.clock.wall(), actor, "refund.read", refund.id).for_purpose(purpose);
        state.store.commit(Commit::new(entry, Vec::new())).await?;
    }
    Ok(found)
}
