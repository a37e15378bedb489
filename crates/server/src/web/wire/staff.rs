//! Staff and what they were examined in, on the wire.

use super::names::names;
use super::{Role, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::agent;
use walletline_core::kernel::time::Wall;

names! {
    /// What somebody can be examined in.
    CertificateKind = agent::CertificateKind {
        Privacy "privacy", SocialEngineering "social-engineering", IdentityVerification "identity-verification",
        RefundMaker "refund-maker", RefundChecker "refund-checker", Complaints "complaints",
    }
}

/// A certificate to be granted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateGiven {
    /// Points of 100; 80 pass.
    #[schema(minimum = 80, maximum = 100)]
    pub(crate) score: u8,
    /// Since when it counts; now when not given.
    #[serde(default)]
    pub(crate) issued_at: Option<Time>,
    /// Until when; at most twelve months later.
    pub(crate) expires_at: Time,
}

/// A certificate that was granted.
#[derive(Serialize, ToSchema)]
pub(crate) struct CertificateView {
    kind: CertificateKind,
    /// Points of 100.
    score: u8,
    issued_at: Time,
    expires_at: Time,
    /// When it was taken back, where it was.
    revoked_at: Option<Time>,
    /// Whether it counts at this moment.
    valid: bool,
}

/// A member of staff.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffMember {
    /// Identifier.
    id: String,
    /// User name.
    user: String,
    /// The number customers are told.
    number: String,
    role: Role,
    /// Whether they have set a second factor up.
    second_factor: bool,
    certificates: Vec<CertificateView>,
}

impl StaffMember {
    pub(crate) fn new<'a>(
        staff: &agent::Staff,
        held: impl Iterator<Item = &'a agent::Certificate>,
        second_factor: bool,
        now: Wall,
    ) -> Self {
        let view = |held: &agent::Certificate| CertificateView {
            kind: held.kind.into(),
            score: held.score,
            issued_at: held.issued_at.into(),
            expires_at: held.expires_at.into(),
            revoked_at: held.revoked_at.map(Into::into),
            valid: held.counts(now),
        };
        Self {
            id: staff.id.to_string(),
            user: staff.user.clone(),
            number: staff.number.clone(),
            role: staff.role.into(),
            second_factor,
            certificates: held.map(view).collect(),
        }
    }
}
