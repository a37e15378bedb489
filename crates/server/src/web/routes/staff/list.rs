//! Lists staff with what they were examined in.

use super::reads_staff;
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire::{self, StaffMember};
use axum::Json;
use axum::extract::State as Shared;

/// Everybody who works here, what they were examined in, and whether they have a second factor.
#[utoipa::path(get, path = "/api/v1/staff", operation_id = "listStaff", tag = "staff", responses(
    (status = 200, body = Vec<StaffMember>),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an admin, an auditor or compliance."),
))]
pub(crate) async fn list(Shared(state): Shared<State>, signed: Signed) -> Result<Json<Vec<StaffMember>>, Problem> {
    if !reads_staff(signed.staff.role) {
        return Err(Problem::forbidden("staff are listed for admins, auditors and compliance"));
    }
    let now = state.clock.wall();
    let (staff, held) = (state.store.staff().await?, state.store.certificates().await?);
    let enrolled = state.store.with_second_factor().await?;
    let view = |member: &walletline_core::agent::Staff| {
        let own = held.iter().filter(|certificate| certificate.staff == member.id);
        StaffMember::new(member, own, enrolled.contains(&member.id), now)
    };
    Ok(Json(staff.iter().map(|(_, member)| view(member)).collect()))
}
