//! Brings freezes of the journal into the store when it is back: each becomes a case, an act and its audit entries, and what the
//! wallet has not confirmed goes on by the outbox, or by its key alone when nobody knows the number any more.

use crate::help::Helper;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use walletline_core::commit::Commit;
use walletline_core::help::{Noted, replay_freeze};
use walletline_core::wallet::{Outcome, State};
use walletline_store::{CommitError, ReadError};

/// How often the store is tried while the journal holds something.
const EVERY: Duration = Duration::from_secs(2);

/// A freeze is ruled on again this often when its rows had changed meanwhile.
const RULINGS_MAX: u32 = 3;

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
    if noted.msisdn.is_none() && !noted.operation.state.is_over() && !ask_by_key(helper, &mut noted).await {
        return;
    }
    if !bring(helper, &mut noted).await {
        return;
    }
    if let Err(error) = helper.journal.forget(&key).await {
        tracing::warn!(%error, "the journal cannot be written anew");
    }
}

/// True once the store knows it.
async fn bring(helper: &Helper, noted: &mut Noted) -> bool {
    for _ in 0..RULINGS_MAX {
        let commit = match ruled(helper, noted).await {
            Ok(Some(commit)) => commit,
            // An earlier try brought it in and did not hear so, or could not forget it.
            Ok(None) => return true,
            Err(_) => return false,
        };
        match helper.store.commit(commit).await {
            Ok(()) => {
                tracing::info!("a freeze of the journal is in the store");
                return true;
            }
            Err(CommitError::Conflict(what)) => tracing::warn!(what, "a freeze of the journal is ruled on again"),
            Err(CommitError::Unavailable(_) | CommitError::InDoubt(_)) => return false,
        }
    }
    tracing::error!(id = %noted.operation.id, "a freeze of the journal does not fit into the store: it is tried again later");
    false
}

/// What brings it in, over the rows as they are now; none when the store knows it.
async fn ruled(helper: &Helper, noted: &mut Noted) -> Result<Option<Commit>, ReadError> {
    if helper.store.operation(noted.operation.id).await?.is_some() {
        return Ok(None);
    }
    let now = helper.clock.wall();
    let keep = helper.keep(&noted.operation.wallet);
    let case = helper.store.case(noted.operation.case).await?;
    let taken = helper.store.case_by_reference(&noted.reference).await?;
    if taken.is_some_and(|(_, other)| other.id != noted.operation.case)
        && let Ok(new) = helper.names.case(keep, now)
    {
        // Drawn without the store, it met one that was given out before. Its act is found by contact and account.
        tracing::error!(told = %noted.reference, now = %new.reference, "a reference was given out twice: a caller was told another's");
        noted.reference = new.reference;
    }
    Ok(Some(replay_freeze(noted.clone(), case, keep, helper.names.id(now), now)))
}

/// The number does not open: the key alone says what the wallet did. False while the wallet does not say.
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
