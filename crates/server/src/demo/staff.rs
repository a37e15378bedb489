//! The demo's staff. Their password is printed on the banner: they may exist in a demo alone.

use crate::engine::Clock;
use crate::web::auth::{Passwords, sip_ha1};
use walletline_core::agent::{Certificate, CertificateKind, CertificateRefusal, Examiner, Staff, Teams, grant};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::{Actor, Role};
use walletline_core::kernel::ids::{IdSource, StaffId};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::{Span, Wall};
use walletline_store::{CommitError, ReadError, Store};

/// Everybody's password.
pub(super) const PASSWORD: &str = "walletline-demo";

/// A member of the demo's staff.
pub(super) struct Person {
    pub(super) user: &'static str,
    number: &'static str,
    role: Role,
    languages: &'static [Language],
    skills: &'static [&'static str],
    certificates: &'static [CertificateKind],
}

const BOTH: &[Language] = &[Language::ZhCn, Language::En];

const PRIVATE: &[CertificateKind] = &[CertificateKind::Privacy];
const AGENT: &[CertificateKind] = &[
    CertificateKind::Privacy,
    CertificateKind::SocialEngineering,
    CertificateKind::IdentityVerification,
    CertificateKind::RefundMaker,
];
const CHECKER: &[CertificateKind] =
    &[CertificateKind::Privacy, CertificateKind::SocialEngineering, CertificateKind::RefundChecker];
const HANDLER: &[CertificateKind] = &[CertificateKind::Privacy, CertificateKind::SocialEngineering, CertificateKind::Complaints];
const LEAD: &[CertificateKind] = &[
    CertificateKind::Privacy,
    CertificateKind::SocialEngineering,
    CertificateKind::IdentityVerification,
    CertificateKind::RefundChecker,
];

/// What everybody scored.
const SCORE: u8 = 95;
/// The demo's world has certificates that count whenever it is looked at: they are renewed at its start.
const VALIDITY: Span = Span::from_s(365 * 24 * 60 * 60);

/// As the contract names them.
pub(super) const PEOPLE: [Person; 9] = [
    person("agent1", "1024", Role::Agent, BOTH, &["general"], AGENT),
    person("agent2", "1025", Role::Agent, BOTH, &["general"], AGENT),
    person("agent3", "1026", Role::Agent, &[Language::En], &["general"], AGENT),
    person("checker1", "1031", Role::Checker, BOTH, &[], CHECKER),
    person("handler1", "1041", Role::Handler, BOTH, &["complaints"], HANDLER),
    person("lead1", "1051", Role::Supervisor, BOTH, &["general"], LEAD),
    person("auditor1", "1061", Role::Auditor, BOTH, &[], PRIVATE),
    person("compliance1", "1066", Role::Compliance, BOTH, &[], PRIVATE),
    person("admin", "1071", Role::Admin, BOTH, &[], PRIVATE),
];

const fn person(
    user: &'static str,
    number: &'static str,
    role: Role,
    languages: &'static [Language],
    skills: &'static [&'static str],
    certificates: &'static [CertificateKind],
) -> Person {
    Person { user, number, role, languages, skills, certificates }
}

/// The one team of the demo's agents, and who leads it.
const TEAM: &str = "front-desk";

fn teams(role: Role) -> Teams {
    match role {
        Role::Agent => Teams::Named(TEAM.parse().into_iter().collect()),
        Role::Supervisor => Teams::All,
        Role::Checker | Role::Handler | Role::Auditor | Role::Compliance | Role::Admin => Teams::default(),
    }
}

/// Why the staff could not be added.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The store could not be read.
    #[error("demo staff: {0}")]
    Read(#[from] ReadError),
    /// The store could not be written.
    #[error("demo staff: {0}")]
    Commit(#[from] CommitError),
    /// The operating system gives no randomness.
    #[error("demo staff: no randomness: {0}")]
    Randomness(getrandom::Error),
    /// A certificate was refused.
    #[error("demo staff: {0}")]
    Certificate(#[from] CertificateRefusal),
    /// The password could not be hashed.
    #[error("demo staff: the password cannot be hashed")]
    Hash,
}

/// Adds whoever is missing, and renews what they were examined in. A certificate that was taken back stays so.
pub(super) async fn seed(store: &Store, clock: &Clock, ids: &mut IdSource) -> Result<(), SeedError> {
    add_people(store, clock, ids).await?;
    for person in &PEOPLE {
        let Some((_, staff)) = store.staff_by_user(person.user).await? else { continue };
        for kind in person.certificates {
            certify(store, staff.id, *kind, clock.wall()).await?;
        }
    }
    Ok(())
}

async fn certify(store: &Store, staff: StaffId, kind: CertificateKind, now: Wall) -> Result<(), SeedError> {
    let held = store.certificate(staff, kind).await?;
    let version = match held {
        Some((_, held)) if held.revoked_at.is_some() || held.counts(now) => return Ok(()),
        Some((version, _)) => version,
        None => 0,
    };
    let wanted = Certificate { staff, kind, score: SCORE, issued_at: now, expires_at: now + VALIDITY, revoked_at: None };
    Ok(store.commit(grant(Examiner::System, version, wanted, now)?).await?)
}

async fn add_people(store: &Store, clock: &Clock, ids: &mut IdSource) -> Result<(), SeedError> {
    let passwords = Passwords::new();
    for person in &PEOPLE {
        if store.staff_by_user(person.user).await?.is_some() {
            continue;
        }
        let hash = passwords.hash(PASSWORD.to_owned()).await.ok_or(SeedError::Hash)?;
        let at = clock.wall();
        let staff = Staff {
            id: ids.next(at),
            user: person.user.to_owned(),
            number: person.number.to_owned(),
            role: person.role,
            languages: person.languages.to_vec(),
            skills: person.skills.iter().map(|skill| (*skill).to_owned()).collect(),
            teams: teams(person.role),
            password_hash: Some(hash),
            sip_ha1: Some(sip_ha1(person.user, PASSWORD)),
        };
        let entry = Entry::new(at, Actor::System, "staff.seeded", staff.id);
        store.commit(Commit::new(entry, vec![Change::Staff(0, Box::new(staff))])).await?;
    }
    Ok(())
}
