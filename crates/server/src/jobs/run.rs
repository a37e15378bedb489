//! Which run of the program this is. A run holds its data folder alone, and knows by what it finds there which run came before: that
//! one is over, so what it had claimed of the outbox is due again at once and need not wait for its lease.
//!
//! Several programs on one PostgreSQL each have a data folder of their own, and each frees what the run before it over that folder
//! held: never what another, living one does. A folder must therefore not be copied to a second machine with its `run` file; a
//! machine whose folder is lost leaves its errands to their leases.

use crate::engine::Clock;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;
use walletline_core::kernel::ids::RunId;
use walletline_core::outbox::end_leases;
use walletline_store::{CommitError, Store};

const FILE: &str = "run";

/// This run, for as long as it lives.
pub struct Run {
    /// Its name.
    pub id: RunId,
    before: Option<RunId>,
    /// Locked: the operating system lets go of it when this process ends, however it ends.
    file: File,
}

/// Why this run cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Another program runs over the same folder.
    #[error("data.dir: another walletline runs over this folder: stop it, or give this one a folder of its own")]
    Taken,
    /// The folder cannot be used.
    #[error("data.dir: its file `{FILE}`: {0}")]
    Folder(#[from] io::Error),
    /// What the run before it held cannot be freed.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl Run {
    /// Takes the data folder.
    ///
    /// # Errors
    /// [`RunError`] when another run has it, or it cannot be used.
    pub fn begin(data: &Path, id: RunId) -> Result<Self, RunError> {
        std::fs::create_dir_all(data)?;
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(data.join(FILE))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(RunError::Taken),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        // What cannot be read names no run: its errands wait for their leases.
        Ok(Self { id, before: text.trim().parse().ok(), file })
    }

    /// Frees what the run before it held. Only then does this run take that one's place.
    ///
    /// # Errors
    /// [`RunError`] when the store does not answer, or the folder takes no writes.
    pub async fn free_leases(&self, store: &Store, clock: &Clock) -> Result<(), RunError> {
        if let Some(before) = self.before {
            store.commit(end_leases(before, clock.wall())).await?;
        }
        // Names are of one length: a single write, so that a crash leaves the old name or the new one.
        self.file.write_all_at(format!("{}\n", self.id).as_bytes(), 0)?;
        self.file.sync_all()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walletline_core::commit::{Change, Commit, Entry};
    use walletline_core::kernel::{actor::Actor, language::Language, pii::Pii};
    use walletline_core::outbox::{Errand, Job, Message};

    #[tokio::test]
    async fn what_a_run_held_is_due_when_the_next_one_over_its_folder_starts_and_no_sooner() {
        let folder = std::env::temp_dir().join(format!("walletline-run-{}", std::process::id()));
        let (clock, other) = (Clock::start(), folder.join("other"));
        let store = Store::open(&format!("sqlite:{}/walletline.db", folder.display())).await.unwrap();
        store.migrate().await.unwrap();
        store.seal_with([7; 32]);
        let first = Run::begin(&folder, 1.into()).unwrap();
        first.free_leases(&store, &clock).await.unwrap();
        let job = Job::Notify { msisdn: Pii::new("+1".to_owned()), message: Message::CodesBlocked, language: Language::En };
        let now = clock.wall();
        let errand = Errand::new(9.into(), "jinqiao".to_owned(), None, job, now, now);
        let entry = Entry::new(now, Actor::System, "notice.committed", errand.id);
        store.commit(Commit::new(entry, vec![Change::Errand(0, Box::new(errand.clone()))])).await.unwrap();
        store.commit(errand.claim(1, first.id, now).1).await.unwrap();

        assert!(matches!(Run::begin(&folder, 2.into()), Err(RunError::Taken)), "it lives");
        let elsewhere = Run::begin(&other, 3.into()).unwrap();
        elsewhere.free_leases(&store, &clock).await.unwrap();
        assert!(store.errands_due(clock.wall(), 9).await.unwrap().is_empty(), "a run over another folder frees nothing of it");

        drop(first);
        let next = Run::begin(&folder, 4.into()).unwrap();
        next.free_leases(&store, &clock).await.unwrap();
        assert_eq!(store.errands_due(clock.wall(), 9).await.unwrap().len(), 1);
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
