//! What came of a freeze: the act, its case and its errand are written together, and every registered address is told when it is
//! done. What is not confirmed stays open.

use crate::cases::Case;
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    ids::ErrandId,
    time::{Span, Wall},
};
use crate::outbox::{Errand, Job, Message, Retry};
use crate::wallet::{Operation, Outcome, State};

/// How long the addresses of an account are tried to be told.
const NOTICE_WITHIN: Span = Span::from_s(24 * 3_600);

/// The rows a settlement is ruled on.
#[derive(Debug, Clone)]
pub struct Settling {
    /// The act.
    pub operation: (Version, Operation),
    /// Its case.
    pub case: Option<(Version, Case)>,
    /// The errand that carried it, as claimed.
    pub errand: (Version, Errand),
}

/// Writes down what came of a freeze. None when the act cannot come to this from where it is: somebody else settled it.
#[must_use]
pub fn settle_freeze(rows: Settling, outcome: Outcome, notice: ErrandId, now: Wall) -> Option<(Operation, Commit)> {
    let Settling { operation: (version, operation), case, errand: (errand_version, errand) } = rows;
    let (mut operation, mut commit) = operation.settle(version, outcome, now)?;
    if !operation.state.is_over() {
        let (retry, later) = errand.failed(errand_version, now);
        commit = commit.and(later);
        if retry == Retry::GivenUp
            && let Some((given_up, more)) = operation.give_up(version + 1, now)
        {
            (operation, commit) = (given_up, commit.and(more));
        }
        return Some((operation, commit));
    }
    commit = commit.and(errand.done(errand_version, now));
    if operation.state != State::Done {
        return Some((operation, commit));
    }
    if let (Some((case_version, case)), Job::Operate { msisdn, language, .. }) = (case, errand.job) {
        let message = Message::Frozen { reference: case.reference.to_string() };
        let job = Job::Notify { msisdn, message, language };
        let told = Errand::new(notice, operation.wallet.clone(), Some(operation.contact), job, now, now + NOTICE_WITHIN);
        let entry = Entry::new(now, Actor::System, "notice.committed", operation.contact);
        commit = commit
            .and(case.closed(now).written(case_version, Actor::System, "closed", now))
            .and(Commit::new(entry, vec![Change::Errand(0, Box::new(told))]));
    }
    Some((operation, commit))
}
