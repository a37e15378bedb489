//! Brings freezes of the journal into the store when it is back: each becomes a case, an act and its audit entries, and what the
//! wallet has not confirmed goes on by the outbox, or by its key alone when nobody knows the number any more.

use crate::help::Helper;
use crate::help::journal::Noted;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use walletline_core::cases::{Case, CaseKind, CaseState, NewCase};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::{actor::Actor, purpose::Purpose};
use walletline_core::outbox::{Errand, Job, Message};
use walletline_core::wallet::{Outcome, State};
use walletline_store::CommitError;

/// How often the store is tried while the journal holds something.
const EVERY: Duration = Duration::from_secs(2);

/// Watches the journal until told to stop.
pub async fn run(helper: Helper, stop: Arc<Notify>) {
    loop {
        for noted in helper.journal.noted().await {
            if helper.store.ping().await.is_err() {
                break;
            }
            replay(&helper, noted).await;
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.notified() => return,
        }
    }
}

async fn replay(helper: &Helper, mut noted: Noted) {
    let key = noted.operation.key.clone();
    match helper.store.operation(noted.operation.id).await {
        Ok(None) => {
            if noted.msisdn.is_none() && !noted.operation.state.is_over() && !ask_by_key(helper, &mut noted).await {
                return;
            }
            match helper.store.commit(as_commit(helper, noted)).await {
                Ok(()) => tracing::info!("a freeze of the journal is in the store"),
                Err(CommitError::Conflict(what)) => {
                    return tracing::error!(what, "a freeze of the journal does not fit into the store");
                }
                Err(CommitError::Unavailable(_)) => return,
            }
        }
        // An earlier run brought it in and could not forget it.
        Ok(Some(_)) => {}
        Err(_) => return,
    }
    if let Err(error) = helper.journal.forget(&key).await {
        tracing::warn!(%error, "the journal cannot be written anew");
    }
}

/// The process that knew the number is gone: the key alone says what the wallet did. False while the wallet does not say.
async fn ask_by_key(helper: &Helper, noted: &mut Noted) -> bool {
    let Some(wallet) = helper.wallets.get(&noted.operation.wallet) else { return true };
    let expired = helper.clock.wall() > noted.operation.send_by;
    noted.operation.state = match wallet.became_of(&noted.operation.key).await {
        Outcome::Done => State::Done,
        Outcome::Declined(_) => State::Declined,
        // It never arrived, and nobody can send it any more: the case stays open for a person, who calls back.
        Outcome::NotSent => State::GivenUp,
        Outcome::Unknown if expired => State::GivenUp,
        Outcome::Unknown => return false,
    };
    true
}

fn as_commit(helper: &Helper, noted: Noted) -> Commit {
    let Noted { mut operation, reference, language, msisdn } = noted;
    let now = helper.clock.wall();
    if operation.state.is_over() {
        operation.settled_at = Some(now);
    }
    let new = NewCase { id: operation.case, reference: reference.clone() };
    let (wallet, subject) = (operation.wallet.clone(), operation.subject.clone());
    let mut case = Case::open(new, CaseKind::Freeze, wallet.clone(), subject, None, operation.contact, operation.created_at);
    if operation.state == State::Done {
        case = case.closed(now);
    }
    let job = match (msisdn, operation.state) {
        (Some(msisdn), State::Done) => {
            Some(Job::Notify { msisdn, message: Message::Frozen { reference: reference.to_string() }, language })
        }
        (Some(msisdn), State::Committed | State::Sending | State::Unknown | State::Reconciling) => {
            Some(Job::Operate { operation: operation.id, msisdn, language })
        }
        (Some(_), State::Declined | State::GivenUp) | (None, _) => None,
    };
    let errand =
        job.map(|job| Errand::new(helper.names.id(now), wallet, Some(operation.contact), job, now, operation.send_by.max(now)));
    let replayed = Entry::new(now, Actor::System, "freeze.replayed", operation.id).for_purpose(Purpose::Emergency);
    let changes = errand.into_iter().map(|errand| Change::Errand(0, Box::new(errand))).collect();
    let verb = if case.state == CaseState::Closed { "closed" } else { "opened" };
    operation.committed(now).and(case.written(0, Actor::System, verb, now)).and(Commit::new(replayed, changes))
}
