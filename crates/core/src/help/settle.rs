//! What came of a freeze: the act, its case, its errand and the records of its contacts are written together, and every registered
//! address is told when it is done. What is not confirmed stays open.

use super::record::{act_noted, concerned};
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
pub(super) const NOTICE_WITHIN: Span = Span::from_s(24 * 3_600);

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
    let Settling { operation: (version, before), case, errand: (errand_version, errand) } = rows;
    let (operation, commit) = before.settle(version, outcome, now)?;
    if operation.state.is_over() {
        let notice = case.as_ref().and_then(|(_, case)| notice_of(&operation, case, errand.job.clone(), notice, now));
        let commit = concluded(commit.and(errand.done(errand_version, now)), &operation, case, now);
        return Some((operation, notice.into_iter().fold(commit, Commit::and)));
    }
    let mut commit = commit;
    // That nobody knows is told once; when it is asked about again without an answer, that is no news.
    if (before.state, operation.state) == (State::Sending, State::Unknown) {
        commit = commit.with(act_noted(&operation, concerned(case.as_ref().map(|(_, case)| case), &operation), now));
    }
    let (retry, later) = errand.failed(errand_version, now);
    commit = commit.and(later);
    match retry {
        Retry::GivenUp => match operation.give_up(version + 1, now) {
            Some((given_up, more)) => {
                let commit = concluded(commit.and(more), &given_up, case, now);
                Some((given_up, commit))
            }
            None => Some((operation, commit)),
        },
        Retry::Later => Some((operation, commit)),
    }
}

/// Ends an errand whose act is over already, or whose time is: a person has its case. The act, when this is what ended it.
#[must_use]
pub fn give_up_freeze(rows: Settling, now: Wall) -> (Option<Operation>, Commit) {
    let Settling { operation: (version, operation), case, errand: (errand_version, errand) } = rows;
    let over = errand.done(errand_version, now);
    match operation.give_up(version, now) {
        Some((given_up, more)) => {
            let commit = concluded(over.and(more), &given_up, case, now);
            (Some(given_up), commit)
        }
        None => (None, over),
    }
}

/// The same transaction with what the end of an act leaves: its case, closed when nothing is left to do, and a line in the record of
/// each contact that asked for it. The case is written even when it stays as it was: whoever joined it since is not left out. One that
/// another act of the same account closed stays closed.
fn concluded(commit: Commit, operation: &Operation, case: Option<(Version, Case)>, now: Wall) -> Commit {
    let told = act_noted(operation, concerned(case.as_ref().map(|(_, case)| case), operation), now);
    let commit = commit.with(told);
    match case {
        Some((version, case)) if operation.state == State::Done => {
            commit.and(case.closed(now).written(version, Actor::System, "closed", now))
        }
        Some((version, case)) => commit.and(case.written(version, Actor::System, "left_open", now)),
        None => commit,
    }
}

/// Every registered address is told of what is done.
fn notice_of(operation: &Operation, case: &Case, job: Job, notice: ErrandId, now: Wall) -> Option<Commit> {
    let Job::Operate { msisdn, language, .. } = job else { return None };
    if operation.state != State::Done {
        return None;
    }
    let message = Message::Frozen { reference: case.reference.to_string() };
    let job = Job::Notify { msisdn, message, language };
    let told = Errand::new(notice, operation.wallet.clone(), Some(operation.contact), job, now, now + NOTICE_WITHIN);
    let entry = Entry::new(now, Actor::System, "notice.committed", operation.contact);
    Some(Commit::new(entry, vec![Change::Errand(0, Box::new(told))]))
}
