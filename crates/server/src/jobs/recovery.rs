//! What an earlier run of the program left behind: contacts that were open, and SIP dialogs whose far end still waits.

use crate::engine::Clock;
use walletline_core::call::Disposition;
use walletline_core::commit::{Change, Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_store::{CommitError, ReadError, Store};
use walletline_voice::{Command, DialogRecord, Voice};

/// Why the past could not be put in order.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// The store could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store could not be written.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// Closes what was open as `dropped`. Before the first call, so that nothing of this run is touched.
///
/// # Errors
/// When the store does not answer: the program must not start over an unclear past.
pub async fn close_contacts(store: &Store, clock: &Clock) -> Result<(), RecoveryError> {
    let at = clock.wall();
    let entry = Entry::new(at, Actor::System, "contacts.closed_after_restart", "contacts");
    store.commit(Commit::new(entry, vec![Change::OpenContactsClosed { disposition: Disposition::Dropped, at }])).await?;
    Ok(())
}

/// Sends BYE on every dialog still on record, so that no far end talks to nobody.
///
/// # Errors
/// When the store does not answer.
pub async fn end_dialogs(store: &Store, voice: &Voice, clock: &Clock) -> Result<usize, RecoveryError> {
    let open = store.open_dialogs().await?;
    for (leg, text) in &open {
        match serde_json::from_str::<DialogRecord>(text) {
            Ok(dialog) => voice.execute(Command::EndOrphan { dialog }),
            Err(error) => tracing::warn!(%leg, %error, "a dialog on record cannot be read; its far end will time out"),
        }
        let entry = Entry::new(clock.wall(), Actor::System, "dialog.ended_after_restart", leg);
        store.commit(Commit::new(entry, vec![Change::DialogClosed(*leg)])).await?;
    }
    Ok(open.len())
}
