//! Lists contacts.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Asked;
use crate::web::state::State;
use crate::web::wire::{self, Contact, Service, Time};
use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;
use walletline_core::agent::{Reach, Staff};
use walletline_core::call::list_contacts;
use walletline_store::{ContactQuery, ContactRecord};

/// A screenful.
const LIMIT_DEFAULT: u32 = 50;
/// More is an export (`walletline export contacts`), not a list.
const LIMIT_MAX: u32 = 200;

/// Which contacts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    limit: Option<u32>,
    from: Option<Time>,
    to: Option<Time>,
    agent: Option<String>,
    line: Option<String>,
    service: Option<Service>,
    #[serde(default)]
    recorded: bool,
    #[serde(default)]
    held: bool,
}

/// The newest contacts that fit, newest first: of those the person took part in, for a supervisor also of those their teams took part in,
/// and of all for auditors, compliance, and whoever leads every team.
#[utoipa::path(get, path = "/api/v1/contacts", operation_id = "listContacts", tag = "contacts",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many; 50 when not given"),
        ("from" = Option<Time>, Query, description = "Opened then or later"),
        ("to" = Option<Time>, Query, description = "Opened before"),
        ("agent" = Option<String>, Query, description = "The number of an agent who took part"),
        ("line" = Option<String>, Query, description = "The number that was dialled"),
        ("service" = Option<Service>, Query, description = "What it was about"),
        ("recorded" = Option<bool>, Query, description = "Only with a recording that can be heard"),
        ("held" = Option<bool>, Query, description = "Only with a recording on legal hold"),
    ), responses(
    (status = 200, body = Vec<Contact>),
    (status = 401, body = wire::Problem),
    (status = 422, body = wire::Problem, description = "The query cannot be read."),
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
    let records = found(&state, &signed.staff, page, limit).await?;
    let number_of = state.numbers().await?;
    state.store.commit(list_contacts(signed.staff.id, signed.staff.role, state.clock.wall())).await?;
    Ok(Json(records.iter().map(|record| Contact::new(record, &number_of)).collect()))
}

async fn found(state: &State, by: &Staff, page: Page, limit: u32) -> Result<Vec<ContactRecord>, Problem> {
    let Page { limit: _, from, to, agent, line, service, recorded, held } = page;
    let agent = match agent {
        None => None,
        Some(number) => {
            let staff = state.store.staff().await?;
            let Some((_, member)) = staff.into_iter().find(|(_, member)| member.number == number) else { return Ok(Vec::new()) };
            Some(member.id)
        }
    };
    let [from, to] = [from, to].map(|at| at.map(Into::into));
    let query = ContactQuery { from, to, agent, line, service: service.map(Into::into), recorded, held };
    // What desks ask for again and again has an index of its own.
    Ok(match by.reach() {
        Reach::Own if query == ContactQuery::default() => state.store.contacts(Some(by.id), limit).await?,
        Reach::Own | Reach::Led(_) | Reach::Everybody => state.store.contacts_found(&query, by, limit).await?,
    })
}
