//! A transaction that missed its window, or whose money is due back, becomes a case. The same transaction asked about again is the
//! same case.

use super::record::raised;
use crate::cases::{Case, CaseKind, NewCase};
use crate::commit::{Commit, Version};
use crate::kernel::{ids::ContactId, subject::Subject, time::Wall};

/// What a case is opened for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// What it is about.
    pub kind: CaseKind,
    /// The wallet.
    pub wallet: String,
    /// The customer.
    pub subject: Subject,
    /// The transaction.
    pub transaction: String,
    /// When that was made.
    pub transacted_at: Wall,
    /// The contact in which it came up.
    pub contact: ContactId,
}

/// The case that follows a transaction up, and what makes it durable.
#[must_use]
pub fn follow_up(asked: FollowUp, known: Option<(Version, Case)>, new: NewCase, now: Wall) -> (Case, Commit) {
    let FollowUp { kind, wallet, subject, transaction, transacted_at, contact } = asked;
    let (version, case, verb) = match known {
        Some((version, case)) => (version, case.raised_again(contact, &new.keep, now), "raised_again"),
        None => (0, Case::open(new, kind, wallet, subject, Some(transaction), contact, now), "opened"),
    };
    let case = case.transacted(Some(transacted_at));
    let commit = raised(version, &case, verb, contact, now);
    (case, commit)
}
