//! Lists look-ups that nobody has seen yet.

use super::leads;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire::{self, LookUpView};
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::agent::Staff;
use walletline_core::call::{LookUp, LookUpRefusal, sees_look_ups};
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::actor::{Actor, Role};

/// Two screenfuls: whoever sees that many comes back for the rest.
const LIMIT: u32 = 100;

/// Numbers that were shown in full outside a live contact and that nobody has looked at yet, the oldest first: to compliance all, to a
/// supervisor those of the people they lead, never one's own. Reading it goes on record.
#[utoipa::path(get, path = "/api/v1/look-ups", operation_id = "listLookUps", tag = "supervisor", responses(
    (status = 200, body = Vec<LookUpView>),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not compliance, nor a supervisor."),
))]
pub(crate) async fn list(Shared(state): Shared<State>, signed: Signed) -> Result<Json<Vec<LookUpView>>, Problem> {
    let reader = &signed.staff;
    if !matches!(reader.role, Role::Compliance | Role::Supervisor) {
        return Err(LookUpRefusal::NotYourWork.into());
    }
    let staff = state.store.staff().await?;
    let member = |look_up: &LookUp| staff.iter().map(|(_, member)| member).find(|member| member.id == look_up.staff);
    let waiting = state.store.look_ups_waiting(LIMIT).await?;
    let shown = |look_up: &&LookUp| {
        let who: Option<&Staff> = member(look_up);
        look_up.staff != reader.id && sees_look_ups(reader.role, leads(reader, who))
    };
    let entry = Entry::new(state.clock.wall(), Actor::Staff { id: reader.id }, "look_ups.listed", "look_ups");
    state.store.commit(Commit::new(entry.for_purpose(reader.role.reads_for()), Vec::new())).await?;
    let number = |look_up: &LookUp| member(look_up).map_or_else(String::new, |member| member.number.clone());
    Ok(Json(waiting.iter().filter(shown).map(|look_up| LookUpView::new(look_up, number(look_up))).collect()))
}
