//! `walletline staff certify` and `decertify`: what a member of staff was examined in, written down and taken back. The rules are
//! those of the core; whoever may run commands here is an examiner.

use crate::cli::{Failure, Place};
use crate::engine::Clock;
use walletline_core::agent::{Certificate, CertificateKind, CertificateRefusal, Examiner, Staff, grant, revoke};
use walletline_core::commit::Commit;
use walletline_core::kernel::time::{Span, Wall};
use walletline_store::{CommitError, Store};

/// What somebody was examined in.
#[derive(clap::Args)]
pub(in crate::cli) struct Certify {
    /// Log-in and SIP user name.
    user: String,
    /// privacy, social-engineering, identity-verification, refund-maker, refund-checker, complaints.
    #[arg(value_parser = kind)]
    kind: CertificateKind,
    /// Points of 100; 80 pass.
    #[arg(long)]
    score: u8,
    /// The day of the examination, as 2026-11-28, from its first moment in UTC; now when not given.
    #[arg(long, value_parser = day)]
    issued: Option<Wall>,
    /// The first day on which it counts no more, as 2027-11-28; 365 days after the examination when not given.
    #[arg(long, value_parser = day)]
    expires: Option<Wall>,
    #[command(flatten)]
    place: Place,
}

/// A certificate to be taken back.
#[derive(clap::Args)]
pub(in crate::cli) struct Decertify {
    /// Log-in and SIP user name.
    user: String,
    /// privacy, social-engineering, identity-verification, refund-maker, refund-checker, complaints.
    #[arg(value_parser = kind)]
    kind: CertificateKind,
    #[command(flatten)]
    place: Place,
}

/// What a certificate counts for when nobody says otherwise.
const USUAL: Span = Span::from_s(365 * 24 * 60 * 60);

pub(super) async fn run_certify(certify: &Certify) -> Result<(), Failure> {
    let (_, store) = certify.place.store().await?;
    let done = write_down(&store, certify).await;
    store.close().await;
    done?;
    println!("{} is certified in {}.", certify.user, certify.kind.name());
    Ok(())
}

pub(super) async fn run_decertify(decertify: &Decertify) -> Result<(), Failure> {
    let (_, store) = decertify.place.store().await?;
    let done = take_back(&store, decertify).await;
    store.close().await;
    done?;
    println!("{} is certified in {} no more.", decertify.user, decertify.kind.name());
    Ok(())
}

async fn write_down(store: &Store, certify: &Certify) -> Result<(), Failure> {
    let member = member(store, &certify.user).await?;
    let now = Clock::start().wall();
    let issued_at = certify.issued.unwrap_or(now);
    let expires_at = certify.expires.unwrap_or(issued_at + USUAL);
    let version = store.certificate(member.id, certify.kind).await?.map_or(0, |(version, _)| version);
    let wanted =
        Certificate { staff: member.id, kind: certify.kind, score: certify.score, issued_at, expires_at, revoked_at: None };
    commit(store, grant(Examiner::Operator, version, wanted, now)).await
}

async fn take_back(store: &Store, decertify: &Decertify) -> Result<(), Failure> {
    let member = member(store, &decertify.user).await?;
    let found = store.certificate(member.id, decertify.kind).await?;
    let ruled = found.ok_or(CertificateRefusal::NothingToRevoke);
    commit(store, ruled.and_then(|(version, held)| revoke(Examiner::Operator, version, held, Clock::start().wall()))).await
}

async fn commit(store: &Store, ruled: Result<Commit, CertificateRefusal>) -> Result<(), Failure> {
    match store.commit(ruled.map_err(|refusal| Failure(refusal.to_string()))?).await {
        Ok(()) => Ok(()),
        Err(CommitError::Conflict(_)) => {
            Err(Failure("somebody else changed this certificate at the same time: try again".to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Whoever has this user name.
pub(super) async fn member(store: &Store, user: &str) -> Result<Staff, Failure> {
    let found = store.staff_by_user(user).await?;
    found.map(|(_, member)| member).ok_or_else(|| Failure(format!("there is nobody called `{user}`")))
}

fn kind(text: &str) -> Result<CertificateKind, String> {
    let known = || format!("use one of {}", CertificateKind::ALL.map(CertificateKind::name).join(", "));
    CertificateKind::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(known)
}

/// The first moment of a day in UTC.
fn day(text: &str) -> Result<Wall, String> {
    let wrong = |_| "write a day as 2026-11-28".to_owned();
    let day: jiff::civil::Date = text.parse().map_err(wrong)?;
    let start = day.to_zoned(jiff::tz::TimeZone::UTC).map_err(wrong)?;
    Ok(Wall(start.timestamp().as_microsecond()))
}
