//! Brings freezes of the journal into the store when it is back: each becomes a case, an act and its audit entries, and what the
//! wallet has not confirmed goes on by the outbox, or by its key alone when nobody knows the number any more.

use crate::engine::Clock;
use crate::help::Helper;
use crate::help::journal::Noted;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use walletline_core::cases::{Case, CaseKind, CaseState, NewCase};
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::{actor::Actor, purpose::Purpose};
use walletline_core::outbox::{Errand, Job};
use walletline_core::wallet::State;
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

async fn replay(helper: &Helper, noted: Noted) {
    let key = noted.operation.key.clone();
    let commit = match helper.store.operation(noted.operation.id).await {
        Ok(None) => Some(as_commit(helper, &helper.clock, noted)),
        // An earlier run brought it in and could not forget it.
        Ok(Some(_)) => None,
        Err(_) => return,
    };
    if let Some(commit) = commit {
        match helper.store.commit(commit).await {
            Ok(()) => tracing::info!("a freeze of the journal is in the store"),
            Err(CommitError::Conflict(what)) => return tracing::error!(what, "a freeze of the journal does not fit into the store"),
            Err(CommitError::Unavailable(_)) => return,
        }
    }
    if let Err(error) = helper.journal.forget(&key).await {
        tracing::warn!(%error, "the journal cannot be written anew");
    }
}

fn as_commit(helper: &Helper, clock: &Clock, noted: Noted) -> Commit {
    let Noted { mut operation, reference, language, msisdn } = noted;
    let now = clock.wall();
    let new = NewCase { id: operation.case, reference };
    let (wallet, subject) = (operation.wallet.clone(), operation.subject.clone());
    let mut case = Case::open(new, CaseKind::Freeze, wallet.clone(), subject, None, operation.contact, operation.created_at);
    // What was on its way when the process ended may have reached the wallet: it is asked about, not sent as new.
    if operation.state == State::Committed && msisdn.is_none() {
        operation.state = State::Unknown;
    }
    if operation.state.is_over() {
        operation.settled_at = Some(now);
    }
    if operation.state == State::Done {
        case = case.closed(now);
    }
    let replayed = Entry::new(now, Actor::System, "freeze.replayed", operation.id).for_purpose(Purpose::Emergency);
    let mut changes = Vec::new();
    match msisdn {
        Some(msisdn) if !operation.state.is_over() => {
            let job = Job::Operate { operation: operation.id, msisdn, language };
            let errand = Errand::new(helper.names.id(now), wallet, Some(operation.contact), job, now, operation.send_by);
            changes.push(Change::Errand(0, Box::new(errand)));
        }
        Some(_) => {}
        None if !operation.state.is_over() => {
            // Without the number nothing can be sent again: the case stays open for a person, who calls back.
            operation.state = State::GivenUp;
            operation.settled_at = Some(now);
        }
        None => {}
    }
    debug_assert!(operation.state != State::Done || case.state == CaseState::Closed);
    let verb = if case.state == CaseState::Closed { "closed" } else { "opened" };
    operation.committed(now).and(case.written(0, Actor::System, verb, now)).and(Commit::new(replayed, changes))
}
