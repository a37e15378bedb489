//! Lists contacts.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Asked;
use crate::web::state::State;
use crate::web::wire::{self, Contact};
use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;
use walletline_core::call::list_contacts;

/// A screenful.
const LIMIT_DEFAULT: u32 = 50;
/// More is an export (`walletline export contacts`), not a list.
const LIMIT_MAX: u32 = 200;

/// Which contacts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    limit: Option<u32>,
}

/// The newest contacts, newest first: those the person took part in, or all for a supervisor and an auditor.
#[utoipa::path(get, path = "/api/v1/contacts", operation_id = "listContacts", tag = "contacts",
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many; 50 when not given")), responses(
    (status = 200, body = Vec<Contact>),
    (status = 401, body = wire::Problem),
    (status = 422, body = wire::Problem, description = "The limit cannot be read."),
    (status = 503, body = wire::Problem, description = "The reading cannot be put on record, so nothing is shown."),
))]
pub(crate) async fn list(
    Shared(state): Shared<State>,
    signed: Signed,
    Asked(page): Asked<Page>,
) -> Result<Json<Vec<Contact>>, Problem> {
    let limit = page.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::invalid_input(format!("limit goes from 1 to {LIMIT_MAX}")));
    }
    let own = (!signed.staff.role.reads_all_contacts()).then_some(signed.staff.id);
    let records = state.store.contacts(own, limit).await?;
    let number_of = state.numbers().await?;
    state.store.commit(list_contacts(signed.staff.id, signed.staff.role, state.clock.wall())).await?;
    Ok(Json(records.iter().map(|record| Contact::new(record, &number_of)).collect()))
}
