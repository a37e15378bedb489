//! What came of an act on an account: the act, its case, its errand and the records of its contacts are written together, and every
//! registered address is told when it is done. A link to a page of the wallet's goes to one of them. What is not confirmed stays open.

use super::record::{act_noted, concerned};
use crate::cases::Case;
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    account_act::AccountAct,
    actor::Actor,
    ids::ErrandId,
    pii::Pii,
    time::{Span, Wall},
};
use crate::outbox::{Errand, Job, Message, Retry};
use crate::wallet::{Operation, Outcome, State};

/// How long the addresses of an account are tried to be told.
pub(super) const NOTICE_WITHIN: Span = Span::from_s(24 * 3_600);

/// How long a link is tried to be brought to its customer: the wallet's page does not stay open for longer.
const LINK_WITHIN: Span = Span::from_s(30 * 60);

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

/// What a wallet did, and what it gave out for the customer alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// What came of it.
    pub outcome: Outcome,
    /// A page of the wallet's that can be opened once.
    pub link: Option<Pii<String>>,
}

impl From<Outcome> for Carried {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, link: None }
    }
}

/// Names of the errands that follow from an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowUps {
    /// Of what tells every registered address.
    pub notice: ErrandId,
    /// Of what brings a link to one of them.
    pub link: ErrandId,
}

/// Writes down what came of an act. None when the act cannot come to this from where it is: somebody else settled it.
#[must_use]
pub fn settle_act(rows: Settling, carried: Carried, new: FollowUps, now: Wall) -> Option<(Operation, Commit)> {
    let Settling { operation: (version, before), case, errand: (errand_version, errand) } = rows;
    let (operation, commit) = before.settle(version, carried.outcome, now)?;
    if operation.state.is_over() {
        let follow_ups = follow_ups(&operation, case.as_ref().map(|(_, case)| case), &errand.job, carried.link, new, now);
        let commit = concluded(commit.and(errand.done(errand_version, now)), &operation, case, now);
        return Some((operation, follow_ups.into_iter().fold(commit, Commit::and)));
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
pub fn give_up_act(rows: Settling, now: Wall) -> (Option<Operation>, Commit) {
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

/// What an act that is done has told: every registered address what was done, and one of them where to go on.
fn follow_ups(
    operation: &Operation,
    case: Option<&Case>,
    job: &Job,
    link: Option<Pii<String>>,
    new: FollowUps,
    now: Wall,
) -> Vec<Commit> {
    let (Job::Operate { msisdn, language, .. }, State::Done) = (job, operation.state) else { return Vec::new() };
    let Some(reference) = case.map(|case| case.reference.to_string()) else { return Vec::new() };
    let told = |id: ErrandId, message: Message, within: Span| {
        let job = Job::Notify { msisdn: msisdn.clone(), message, language: *language };
        let told = Errand::new(id, operation.wallet.clone(), Some(operation.contact), job, now, now + within);
        let entry = Entry::new(now, Actor::System, "notice.committed", operation.contact);
        Commit::new(entry, vec![Change::Errand(0, Box::new(told))])
    };
    let notice = match operation.account_act() {
        None => Some(Message::Frozen { reference: reference.clone() }),
        // The link itself is what is told: who did not ask for it reads there what to do.
        Some(AccountAct::SendLink) => None,
        Some(act) => Some(Message::Account { act, reference: reference.clone() }),
    };
    let notice = notice.map(|message| told(new.notice, message, NOTICE_WITHIN));
    let link = link.map(|url| told(new.link, Message::Link { url, reference }, LINK_WITHIN));
    notice.into_iter().chain(link).collect()
}
