//! Writes down what somebody was examined in, and takes it back.

use super::{RULINGS_MAX, member};
use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Body;
use crate::web::state::State;
use crate::web::wire::{self, CertificateGiven, CertificateKind};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use walletline_core::agent;
use walletline_core::agent::{Certificate, CertificateRefusal, Examiner, grant, revoke};
use walletline_core::commit::Commit;
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::time::Wall;
use walletline_store::CommitError;

/// Grant a certificate, in place of the one of its kind that this person has. Needs a fresh factor.
#[utoipa::path(put, path = "/api/v1/staff/{id}/certificates/{kind}", operation_id = "grantCertificate", tag = "staff",
    request_body = CertificateGiven, params(
    ("id" = String, Path, description = "The member of staff"), ("kind" = CertificateKind, Path, description = "In what"),
), responses(
    (status = 204, description = "Granted."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an admin, one's own, or what was shown last is not fresh."),
    (status = 404, body = wire::Problem),
    (status = 422, body = wire::Problem, description = "The score does not pass, or it would count for more than twelve months."),
))]
pub(crate) async fn certify(
    Shared(state): Shared<State>,
    signed: Signed,
    Path((id, kind)): Path<(String, String)>,
    Body(given): Body<CertificateGiven>,
) -> Result<StatusCode, Problem> {
    let expires_at: Wall = given.expires_at.into();
    let (score, issued_at) = (given.score, given.issued_at.map(Wall::from));
    rule(&state, &signed, &id, &kind, |version, certificate, now| {
        let issued_at = issued_at.unwrap_or(now);
        let wanted = Certificate { score, issued_at, expires_at, revoked_at: None, ..certificate };
        grant(Examiner::Staff(&signed.staff), version, wanted, now)
    })
    .await
}

/// Take a certificate back: it counts for nothing from this moment on. Needs a fresh factor.
#[utoipa::path(delete, path = "/api/v1/staff/{id}/certificates/{kind}", operation_id = "revokeCertificate", tag = "staff", params(
    ("id" = String, Path, description = "The member of staff"), ("kind" = CertificateKind, Path, description = "In what"),
), responses(
    (status = 204, description = "Taken back."),
    (status = 401, body = wire::Problem),
    (status = 403, body = wire::Problem, description = "Not an admin, one's own, or what was shown last is not fresh."),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "There is none of this kind that counts."),
))]
pub(crate) async fn decertify(
    Shared(state): Shared<State>,
    signed: Signed,
    Path((id, kind)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    rule(&state, &signed, &id, &kind, |version, held, now| {
        if version == 0 {
            Err(CertificateRefusal::NothingToRevoke)
        } else {
            revoke(Examiner::Staff(&signed.staff), version, held, now)
        }
    })
    .await
}

/// Rules on the certificate as it stands; one that was never granted has version 0 and counts for nothing.
async fn rule(
    state: &State,
    signed: &Signed,
    id: &str,
    kind: &str,
    ruling: impl Fn(i64, Certificate, Wall) -> Result<Commit, CertificateRefusal>,
) -> Result<StatusCode, Problem> {
    let id: StaffId = id.parse().map_err(|_| Problem::not_found())?;
    let kind = agent::CertificateKind::ALL.into_iter().find(|known| known.name() == kind).ok_or_else(Problem::not_found)?;
    for _ in 0..RULINGS_MAX {
        let now = state.clock.wall();
        let member = member(state, id).await?;
        let none = Certificate { staff: member.id, kind, score: 0, issued_at: now, expires_at: now, revoked_at: None };
        let (version, held) = state.store.certificate(id, kind).await?.unwrap_or((0, none));
        let commit = ruling(version, held, now)?;
        // Asked last: who may not do this at all is not asked to confirm it.
        signed.fresh(now)?;
        match state.store.commit(commit).await {
            Ok(()) => return Ok(StatusCode::NO_CONTENT),
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::conflict())
}
