//! One piece of work as statements, inside a transaction that someone else begins and ends. The audit entries of a commit are
//! written here, first, so that no change is ever made without them.

use crate::agent::{certificate, phone, presence, second_factor, session, staff};
use crate::database::Conn;
use crate::error::one_line;
use crate::mark::Stamp;
use crate::outbox::{self, budget, delivery};
use crate::vault::Vault;
use crate::{Seal, audit, call, cases, directory, identity, knowledge, money, pass, recording, tally, wallet};
use std::borrow::Cow;
use std::fmt::Display;
use walletline_core::commit::{Change, Commit, Version};
use walletline_core::kernel::time::Wall;

/// All that is ever written.
#[derive(Debug)]
pub(crate) enum Work {
    /// What the program did, with its audit entries.
    Commit(Commit),
    /// What was hashed of the audit log: nothing was done, so there is no entry, or the log would never come to rest.
    Seal(Seal),
}

/// Why a commit was not applied.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The rows are not as the commit was ruled on. Says which.
    Conflict(String),
    /// The database failed.
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // The message of a violated constraint names the constraint; the values stand in its detail, which stays behind.
            sqlx::Error::Database(db) if db.is_unique_violation() || db.is_foreign_key_violation() => {
                Self::Conflict(one_line(&error))
            }
            _ => Self::Database(error),
        }
    }
}

/// A statement that must touch its one row did.
pub(crate) fn expect_one(touched: u64, table: &str, row: &dyn Display, version: Version) -> Result<(), Failure> {
    match (touched, version) {
        (0, 0) => Err(Failure::Conflict(format!("{table} {row} is there already, or what makes it unique is taken"))),
        (0, _) => Err(Failure::Conflict(format!("{table} {row} is not at version {version}"))),
        _ => Ok(()),
    }
}

/// When a change is written: first the rows that others refer to, then the tallies and sums in the order of their keys, then the rest as it
/// stands. Tallies and sums are the rows that commits of different contacts share: as all of them take them in one order, no two can wait
/// for each other.
fn rank(change: &Change) -> (u8, Cow<'_, str>) {
    let unnamed = |rank| (rank, Cow::Borrowed(""));
    match change {
        Change::Contact(..) | Change::Staff(..) | Change::Listing(..) => unnamed(0),
        Change::Tally(_, tally) => (1, Cow::Borrowed(tally.key.as_str())),
        Change::RefundSource(_, source) => (1, Cow::Owned(source.key())),
        Change::RefundSpent(_, spent) => (1, Cow::Borrowed(spent.key.as_str())),
        // Shared by commits of different contacts too: the whole, a prefix, a range, in one order.
        Change::Budget(_, budget) => (1, Cow::Borrowed(budget.scope.as_str())),
        Change::Timeline(..)
        | Change::Added(..)
        | Change::CaseOfContact(..)
        | Change::Leg(..)
        | Change::DialogClosed(_)
        | Change::Note(..)
        | Change::WrapUp(..)
        | Change::Recording(..)
        | Change::Listening(_)
        | Change::LookUp(..)
        | Change::SessionOpened(_)
        | Change::SessionEnded(_)
        | Change::SessionsEnded(_)
        | Change::SecondFactor(..)
        | Change::LoginLinkMade(_)
        | Change::LoginLinkUsed(_)
        | Change::Certificate(..)
        | Change::Presence(_)
        | Change::PhoneBound(_)
        | Change::PhoneUnbound(_)
        | Change::Challenge(..)
        | Change::TalliesForgotten
        | Change::Operation(..)
        | Change::Refund(..)
        | Change::Approval(_)
        | Change::RefundsForgotten
        | Change::Case(..)
        | Change::Clock(..)
        | Change::Credit(..)
        | Change::Callback(..)
        | Change::Statement(_)
        | Change::Upload(..)
        | Change::Errand(..)
        | Change::ErrandOver(..)
        | Change::ErrandRefused { .. }
        | Change::Delivery(..)
        | Change::LeasesEnded { .. }
        | Change::Pass(..)
        | Change::PassesForgotten(_)
        | Change::Article(_)
        | Change::ListingLine(_)
        | Change::Edition(_)
        | Change::Suspect(..)
        | Change::SuspectsExpired(_)
        | Change::OpenContactsClosed { .. } => unnamed(2),
    }
}

/// Applies one piece of work, with the stamp of its transaction where there is one.
pub(crate) async fn apply(conn: &mut Conn<'_>, vault: &Vault, work: &Work, stamp: Option<&Stamp>) -> Result<(), Failure> {
    match work {
        Work::Commit(commit) => apply_commit(conn, vault, commit, stamp).await,
        Work::Seal(seal) => {
            if let Some(stamp) = stamp {
                stamp.write(conn, seal.head.head.at).await?;
            }
            audit::head::write(conn, seal).await
        }
    }
}

/// Applies a commit: its audit entries, then its changes by their rank.
async fn apply_commit(conn: &mut Conn<'_>, vault: &Vault, commit: &Commit, stamp: Option<&Stamp>) -> Result<(), Failure> {
    // A commit has an entry, always: the first one takes the stamp along.
    let mut stamp = stamp;
    for entry in commit.entries() {
        audit::entry::write(conn, entry, stamp.take()).await?;
    }
    let now = commit.entries().first().map_or(Wall(0), |entry| entry.at);
    let mut changes: Vec<&Change> = commit.changes().iter().collect();
    // Stable: what changes one row twice does so in the order it was ruled.
    changes.sort_by_key(|change| rank(change));
    for change in changes {
        apply_change(conn, vault, change, now).await?;
    }
    Ok(())
}

async fn apply_change(conn: &mut Conn<'_>, vault: &Vault, change: &Change, now: Wall) -> Result<(), Failure> {
    match change {
        Change::Contact(version, contact) => call::contact::write(conn, *version, contact).await,
        Change::Timeline(contact, entry) => call::timeline::write(conn, *contact, entry).await,
        Change::Added(contact, line) => call::timeline::add(conn, *contact, line).await,
        Change::CaseOfContact(contact, reference, at) => call::contact::name_case(conn, *contact, reference, *at).await,
        Change::Leg(version, leg) => call::leg::write(conn, *version, leg).await,
        Change::DialogClosed(leg) => call::leg::close_dialog(conn, *leg).await,
        Change::Note(version, note) => call::note::write(conn, *version, note).await,
        Change::WrapUp(version, wrap_up) => call::wrap_up::write(conn, *version, wrap_up).await,
        Change::Listening(part) => recording::listening::add(conn, part).await,
        Change::Recording(version, row) => recording::write(conn, *version, row).await,
        Change::LookUp(version, row) => call::look_up::write(conn, *version, row).await,
        Change::Staff(version, row) => staff::write(conn, *version, row).await,
        Change::SessionOpened(row) => session::open(conn, row, now).await,
        Change::SessionEnded(token_hash) => session::end(conn, token_hash).await,
        Change::SessionsEnded(staff) => session::end_all(conn, *staff).await,
        Change::SecondFactor(version, row) => second_factor::write(conn, *version, row).await,
        Change::LoginLinkMade(link) => session::make_link(conn, link, now).await,
        Change::LoginLinkUsed(token_hash) => session::use_link(conn, token_hash).await,
        Change::Certificate(version, row) => certificate::write(conn, *version, row).await,
        Change::Presence(row) => presence::write(conn, row).await,
        Change::PhoneBound(binding) => phone::bind(conn, binding).await,
        Change::PhoneUnbound(staff) => phone::unbind(conn, *staff).await,
        Change::Challenge(version, challenge) => identity::challenge::write(conn, *version, challenge).await,
        Change::Tally(version, row) => tally::write(conn, *version, row).await,
        Change::TalliesForgotten => tally::forget_all(conn).await,
        Change::Operation(version, operation) => wallet::operation::write(conn, *version, operation).await,
        Change::Refund(version, refund) => money::refund::write(conn, vault, *version, refund).await,
        Change::Approval(line) => money::approval::add(conn, vault, line).await,
        Change::RefundSource(version, source) => money::guard::write_source(conn, *version, source, now).await,
        Change::RefundSpent(version, spent) => money::guard::write_spent(conn, *version, spent).await,
        Change::RefundsForgotten => money::forget_all(conn).await,
        Change::Case(version, case) => cases::case::write(conn, *version, case).await,
        Change::Clock(version, clock) => cases::clock::write(conn, *version, clock).await,
        Change::Credit(version, credit) => cases::credit::write(conn, *version, credit).await,
        Change::Callback(version, callback) => cases::callback::write(conn, vault, *version, callback).await,
        Change::Upload(version, upload) => cases::upload::write(conn, vault, *version, upload).await,
        Change::Statement(statement) => cases::statement::write(conn, vault, statement).await,
        Change::Errand(version, errand) => outbox::write(conn, vault, *version, errand).await,
        Change::ErrandOver(version, errand) => outbox::over(conn, *version, *errand).await,
        Change::ErrandRefused { errand, version, at } => outbox::refuse(conn, *version, *errand, *at).await,
        Change::Delivery(version, delivery) => delivery::write(conn, *version, delivery).await,
        Change::Budget(version, budget) => budget::write(conn, *version, budget).await,
        Change::LeasesEnded { run, at } => outbox::end_leases(conn, *run, *at).await,
        Change::Pass(version, row) => pass::write(conn, *version, row).await,
        Change::PassesForgotten(at) => pass::forget(conn, *at).await,
        Change::Article(article) => knowledge::article::write(conn, article).await,
        Change::Listing(version, listing) => directory::listing::write(conn, *version, listing).await,
        Change::ListingLine(line) => directory::listing::add_line(conn, line).await,
        Change::Edition(edition) => directory::edition::write(conn, edition).await,
        Change::Suspect(version, suspect) => directory::suspect::write(conn, *version, suspect).await,
        Change::SuspectsExpired(by) => directory::suspect::forget(conn, *by).await,
        Change::OpenContactsClosed { disposition, at } => call::close_open_contacts(conn, *disposition, *at).await,
    }
}
