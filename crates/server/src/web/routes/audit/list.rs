//! Lists the audit log.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Asked;
use crate::web::state::State;
use crate::web::wire::{self, AuditEntry};
use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::actor::{Actor, Role};
use walletline_core::kernel::purpose::Purpose;

/// A screenful.
const LIMIT_DEFAULT: u32 = 50;
/// Four screenfuls; more are further pages.
const LIMIT_MAX: u32 = 200;

/// Which entries.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    subject: Option<String>,
    after: Option<i64>,
    limit: Option<u32>,
}

/// Who did what to what, oldest first: all of it, or what was done to one subject. Reading it is itself put on record, so a page
/// shorter than its limit is the last.
#[utoipa::path(get, path = "/api/v1/audit", operation_id = "listAudit", tag = "audit", params(
    ("subject" = Option<String>, Query, description = "An identifier; all subjects when not given"),
    ("after" = Option<i64>, Query, minimum = 0, description = "The `seq` of the last entry of the page before; 0 when not given"),
    ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many; 50 when not given"),
), responses(
    (status = 200, body = Vec<AuditEntry>),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an auditor."),
    (status = 422, body = wire::Problem, description = "The query cannot be read."),
    (status = 503, body = wire::Problem, description = "The reading cannot be put on record, so nothing is shown."),
))]
pub(crate) async fn list(
    Shared(state): Shared<State>,
    signed: Signed,
    Asked(page): Asked<Page>,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    if signed.staff.role != Role::Auditor {
        return Err(Problem::forbidden("the audit log is for auditors"));
    }
    let (after, limit) = (page.after.unwrap_or(0), page.limit.unwrap_or(LIMIT_DEFAULT));
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::invalid_input(format!("limit goes from 1 to {LIMIT_MAX}")));
    }
    let lines = match page.subject.as_deref() {
        None => state.store.audit(after, limit).await?,
        Some(subject) => state.store.audit_of(subject, after, limit).await?,
    };
    // What somebody typed may be a customer's number; only what the log holds already may stand in it.
    let subject = page.subject.filter(|_| !lines.is_empty()).unwrap_or_else(|| "audit".to_owned());
    let number_of = state.numbers().await?;
    let reader = Actor::Staff { id: signed.staff.id };
    let entry = Entry::new(state.clock.wall(), reader, "audit.read", subject).for_purpose(Purpose::Audit);
    state.store.commit(Commit::new(entry, Vec::new())).await?;
    Ok(Json(lines.iter().map(|line| AuditEntry::new(line, &number_of)).collect()))
}
