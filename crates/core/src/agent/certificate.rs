//! Certificates: what a member of staff was examined in, and until when that counts. A ruling asks [`Certificates::require`] for
//! those its act needs; one that has run out or was taken back counts for nothing, without any grace.

use super::Staff;
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::actor::{Actor, Role};
use crate::kernel::ids::StaffId;
use crate::kernel::time::{Span, Wall};
use serde::{Deserialize, Serialize};

/// The least score that passes, of 100.
pub const SCORE_MIN: u8 = 80;

/// Longest that a certificate counts: twelve months, of which one may hold a leap day.
pub const VALIDITY_MAX: Span = Span::from_s(366 * 24 * 60 * 60);

/// What somebody can be examined in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateKind {
    /// What may be read, told and kept of customers.
    Privacy,
    /// How callers are talked into what they must not be given.
    SocialEngineering,
    /// How it is found out who is calling.
    IdentityVerification,
    /// To prepare refunds.
    RefundMaker,
    /// To approve refunds that others prepared.
    RefundChecker,
    /// To handle complaints.
    Complaints,
}

impl CertificateKind {
    /// Every kind, for command lines and forms.
    pub const ALL: [Self; 6] = [
        Self::Privacy,
        Self::SocialEngineering,
        Self::IdentityVerification,
        Self::RefundMaker,
        Self::RefundChecker,
        Self::Complaints,
    ];

    /// The kind's name on the wire and in rows.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Privacy => "privacy",
            Self::SocialEngineering => "social-engineering",
            Self::IdentityVerification => "identity-verification",
            Self::RefundMaker => "refund-maker",
            Self::RefundChecker => "refund-checker",
            Self::Complaints => "complaints",
        }
    }
}

/// What one person was examined in. A person has at most one of each kind; a new one replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    /// Whose.
    pub staff: StaffId,
    /// In what.
    pub kind: CertificateKind,
    /// Points of 100.
    pub score: u8,
    /// Counts from here on.
    pub issued_at: Wall,
    /// And no longer than this.
    pub expires_at: Wall,
    /// When it was taken back, where it was.
    pub revoked_at: Option<Wall>,
}

impl Certificate {
    /// Counts at this moment.
    #[must_use]
    pub fn counts(&self, now: Wall) -> bool {
        self.revoked_at.is_none() && self.issued_at <= now && now < self.expires_at
    }
}

/// Why something about certificates was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateRefusal {
    /// The act needs a certificate that this person does not hold at this moment.
    #[error("this needs a valid certificate in `{}`: ask an admin", .0.name())]
    Missing(CertificateKind),
    /// Only an admin, or whoever runs the program, grants and takes back.
    #[error("certificates are granted and taken back by an admin")]
    NotYourWork,
    /// Nobody certifies themselves.
    #[error("somebody else must grant or take back your certificate")]
    Oneself,
    /// Not passed.
    #[error("a certificate needs a score of {SCORE_MIN} to 100")]
    Score,
    /// It would count for longer than twelve months, or for no time, or only in the future.
    #[error("a certificate is issued today or earlier, ends after today, and counts for twelve months at most")]
    Dates,
    /// There is none of this kind that could be taken back.
    #[error("there is no such certificate to take back")]
    NothingToRevoke,
}

/// Who decides what another member of staff may do: grants and takes back certificates, resets a lost second factor.
#[derive(Debug, Clone, Copy)]
pub enum Examiner<'a> {
    /// A member of staff, who must be an admin and not the person examined.
    Staff(&'a Staff),
    /// Whoever may run commands on the machine.
    Operator,
    /// The program itself: the demo's world.
    System,
}

impl Examiner<'_> {
    pub(super) const fn actor(self) -> Actor {
        match self {
            Self::Staff(staff) => Actor::Staff { id: staff.id },
            Self::Operator => Actor::Operator,
            Self::System => Actor::System,
        }
    }

    /// Only an admin, and nobody for themselves; whoever runs the program always.
    pub(super) fn may_decide_on(self, person: StaffId) -> Result<(), CertificateRefusal> {
        match self {
            Self::Operator | Self::System => Ok(()),
            Self::Staff(staff) if staff.id == person => Err(CertificateRefusal::Oneself),
            Self::Staff(staff) if staff.role != Role::Admin => Err(CertificateRefusal::NotYourWork),
            Self::Staff(_) => Ok(()),
        }
    }
}

/// Grants a certificate, in place of the one at `version` where there is one (0: there is none).
///
/// # Errors
/// [`CertificateRefusal`] when the examiner may not, the score does not pass, or the dates are not those of a certificate.
pub fn grant(by: Examiner<'_>, version: Version, wanted: Certificate, now: Wall) -> Result<Commit, CertificateRefusal> {
    by.may_decide_on(wanted.staff)?;
    if !(SCORE_MIN..=100).contains(&wanted.score) {
        return Err(CertificateRefusal::Score);
    }
    if !wanted.counts(now) || wanted.expires_at - wanted.issued_at > VALIDITY_MAX {
        return Err(CertificateRefusal::Dates);
    }
    let entry = Entry::new(now, by.actor(), &format!("certificate.{}.granted", wanted.kind.name()), wanted.staff);
    Ok(Commit::new(entry, vec![Change::Certificate(version, wanted)]))
}

/// Takes a certificate back, as it stands at `version`.
///
/// # Errors
/// [`CertificateRefusal`] when the examiner may not, or it counts for nothing already.
pub fn revoke(by: Examiner<'_>, version: Version, held: Certificate, now: Wall) -> Result<Commit, CertificateRefusal> {
    by.may_decide_on(held.staff)?;
    if !held.counts(now) {
        return Err(CertificateRefusal::NothingToRevoke);
    }
    let entry = Entry::new(now, by.actor(), &format!("certificate.{}.revoked", held.kind.name()), held.staff);
    Ok(Commit::new(entry, vec![Change::Certificate(version, Certificate { revoked_at: Some(now), ..held })]))
}

/// All certificates of one person, as a ruling is told of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Certificates(Vec<Certificate>);

impl Certificates {
    /// These; they must all be one person's.
    #[must_use]
    pub const fn new(held: Vec<Certificate>) -> Self {
        Self(held)
    }

    /// One of this kind counts at this moment.
    #[must_use]
    pub fn hold(&self, kind: CertificateKind, now: Wall) -> bool {
        self.0.iter().any(|held| held.kind == kind && held.counts(now))
    }

    /// Every one of these kinds counts at this moment.
    ///
    /// # Errors
    /// [`CertificateRefusal::Missing`] with the first that does not.
    pub fn require(&self, kinds: &[CertificateKind], now: Wall) -> Result<(), CertificateRefusal> {
        match kinds.iter().find(|kind| !self.hold(**kind, now)) {
            Some(missing) => Err(CertificateRefusal::Missing(*missing)),
            None => Ok(()),
        }
    }

    /// Each of them, whether it counts or not.
    pub fn iter(&self) -> impl Iterator<Item = &Certificate> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Teams;

    const DAY: i64 = 24 * 60 * 60 * 1_000_000;
    const NOW: Wall = Wall(1_000 * DAY);

    fn admin(id: u128, role: Role) -> Staff {
        Staff {
            id: id.into(),
            user: String::new(),
            number: String::new(),
            role,
            languages: Vec::new(),
            skills: Vec::new(),
            teams: Teams::default(),
            password_hash: None,
            sip_ha1: None,
        }
    }

    fn certificate(issued_day: i64, days: i64) -> Certificate {
        Certificate {
            staff: 1.into(),
            kind: CertificateKind::RefundMaker,
            score: 80,
            issued_at: Wall(issued_day * DAY),
            expires_at: Wall((issued_day + days) * DAY),
            revoked_at: None,
        }
    }

    #[test]
    fn it_counts_from_its_first_moment_to_before_its_last_and_not_once_taken_back() {
        let held = certificate(1_000, 10);
        let kinds = [CertificateKind::RefundMaker];
        for (at, revoked_at, counts) in [
            (Wall(NOW.0 - 1), None, false),
            (NOW, None, true),
            (Wall(1_010 * DAY - 1), None, true),
            (Wall(1_010 * DAY), None, false),
            (Wall(NOW.0 + 1), Some(NOW), false),
        ] {
            let all = Certificates::new(vec![Certificate { revoked_at, ..held }]);
            assert_eq!(all.hold(CertificateKind::RefundMaker, at), counts, "{at:?}");
            assert_eq!(all.require(&kinds, at).is_ok(), counts, "{at:?}");
        }
        let both = [CertificateKind::RefundMaker, CertificateKind::Privacy];
        let missing = Err(CertificateRefusal::Missing(CertificateKind::Privacy));
        assert_eq!(Certificates::new(vec![held]).require(&both, NOW), missing);
    }

    #[test]
    fn only_what_was_passed_and_for_a_year_at_most_is_granted() {
        for (score, issued_day, days, expected) in [
            (80, 1_000, 366, Ok(())),
            (100, 900, 101, Ok(())),
            (79, 1_000, 300, Err(CertificateRefusal::Score)),
            (101, 1_000, 300, Err(CertificateRefusal::Score)),
            (90, 1_000, 367, Err(CertificateRefusal::Dates)),
            (90, 1_001, 10, Err(CertificateRefusal::Dates)),
            (90, 900, 100, Err(CertificateRefusal::Dates)),
            (90, 1_000, 0, Err(CertificateRefusal::Dates)),
        ] {
            let wanted = Certificate { score, ..certificate(issued_day, days) };
            assert_eq!(grant(Examiner::Operator, 0, wanted, NOW).map(drop), expected, "{score} {issued_day} {days}");
        }
    }

    #[test]
    fn an_admin_examines_others_and_nobody_else_anybody() {
        for role in Role::ALL {
            let expected = if role == Role::Admin { Ok(()) } else { Err(CertificateRefusal::NotYourWork) };
            let other = admin(2, role);
            assert_eq!(grant(Examiner::Staff(&other), 0, certificate(1_000, 9), NOW).map(drop), expected, "{role:?}");
            assert_eq!(revoke(Examiner::Staff(&other), 1, certificate(1_000, 9), NOW).map(drop), expected, "{role:?}");
        }
        let oneself = admin(1, Role::Admin);
        let refused = Err(CertificateRefusal::Oneself);
        assert_eq!(grant(Examiner::Staff(&oneself), 0, certificate(1_000, 9), NOW).map(drop), refused);
        assert_eq!(revoke(Examiner::Staff(&oneself), 1, certificate(1_000, 9), NOW).map(drop), refused);
    }

    #[test]
    fn what_counts_is_taken_back_once() {
        let commit = revoke(Examiner::Operator, 3, certificate(1_000, 9), NOW).unwrap();
        let [Change::Certificate(3, taken)] = commit.changes() else { panic!("{commit:?}") };
        assert_eq!(taken.revoked_at, Some(NOW));
        assert_eq!(commit.entries()[0].action, "certificate.refund-maker.revoked");
        assert_eq!(revoke(Examiner::Operator, 4, *taken, NOW), Err(CertificateRefusal::NothingToRevoke));
    }
}
