//! Call passes at the edge: codes are drawn, rulings are carried out, pictures are kept sealed, and what is a day old is removed. A code
//! leaves this file for the one who made the pass, and only its keyed hash is kept.

mod picture;
mod shelf;

pub use picture::{BadPicture, PICTURE_BYTES_MAX, Picture};
use shelf::Shelf;

use crate::engine::Clock;
use crate::help::Names;
use crate::keyring::{self, Keyring};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use walletline_core::kernel::{
    ids::{ContactId, PassId, StaffId},
    pii::Pii,
    redaction::Secret,
    time::Wall,
};
use walletline_core::pass::{
    Asked, Made, NewPass, NotMade, Pass, PassHash, PassLimits, Tallies, forget, make, read_screenshot, take,
};
use walletline_store::{CommitError, ReadError, Store};

/// A code that is taken is drawn again this often. With every hundredth code taken, five are never all taken.
const DRAWS_MAX: u32 = 5;

/// A ruling is made again this often when its rows had changed meanwhile.
const RULINGS_MAX: u32 = 3;

/// How often what has expired is looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Makes and keeps call passes.
#[derive(Clone)]
pub struct Passes(Arc<Parts>);

struct Parts {
    store: Store,
    clock: Clock,
    names: Arc<Names>,
    shelf: Shelf,
    limits: PassLimits,
}

/// What the visitor is shown of a new pass, once.
#[derive(Debug)]
pub struct Shown {
    /// The code.
    pub code: Pii<String>,
    /// Until when it is good.
    pub expires_at: Wall,
    /// What was taken out of the texts.
    pub secrets: Vec<Secret>,
}

/// Why no pass was made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// What was sent cannot be a pass.
    #[error(transparent)]
    Refused(#[from] NotMade),
    /// No more pictures fit.
    #[error("no more screenshots can be taken just now: send it without one")]
    NoRoom,
    /// The store, the disk or the system's randomness does not answer.
    #[error("this cannot be done just now: try again in a moment")]
    Unavailable,
}

/// Who keys a code.
pub struct Keying {
    /// In which contact.
    pub contact: ContactId,
    /// At which wallet's line.
    pub wallet: String,
    /// The number shown with the call, empty when withheld.
    pub caller: Pii<String>,
    /// The trunk it came through.
    pub trunk: String,
}

impl Passes {
    /// Passes whose pictures lie in this data folder.
    #[must_use]
    pub fn new(store: Store, clock: Clock, names: Arc<Names>, keyring: &Keyring, data: &Path) -> Self {
        let shelf = Shelf::new(data, keyring.derive(keyring::SCREENSHOT));
        Self(Arc::new(Parts { store, clock, names, shelf, limits: PassLimits::default() }))
    }

    /// Makes a pass and draws its code.
    ///
    /// # Errors
    /// [`MakeError`] says what to change, or that it can be tried again.
    pub async fn make(&self, asked: Asked, picture: Option<Picture>) -> Result<Shown, MakeError> {
        let Parts { store, clock, names, shelf, limits } = &*self.0;
        let asked = Asked { screenshot: picture.as_ref().map(|picture| picture.kind), ..asked };
        for _ in 0..DRAWS_MAX {
            let now = clock.wall();
            let live = store.passes_live(&asked.wallet, now).await.map_err(|error| failed(&error))?;
            let code = names.pass_code().map_err(|error| failed(&error))?;
            let id: PassId = names.id(now);
            let new = NewPass { id, code: names.pass_hash(&asked.wallet, &code) };
            let Made { pass, secrets, commit } = make(asked.clone(), new, live, limits, now)?;
            // The picture first: a pass never names one that is not there.
            if let Some(picture) = &picture {
                shelf.put(id, &picture.bytes).await?;
            }
            let outcome = store.commit(commit).await;
            if outcome.is_err() && picture.is_some() {
                shelf.remove(id).await;
            }
            match outcome {
                Ok(()) => {
                    metrics::counter!("walletline_call_passes_made_total").increment(1);
                    return Ok(Shown { code, expires_at: pass.expires_at, secrets });
                }
                Err(CommitError::Conflict(_)) => {}
                Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => return Err(failed(&error)),
            }
        }
        Err(MakeError::Unavailable)
    }

    /// What a keyed code opens. None when it opens nothing, for whatever reason.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take(&self, keying: &Keying, code: &Pii<String>) -> Result<Option<Pass>, CommitError> {
        let Parts { store, clock, names, limits, .. } = &*self.0;
        let code = names.pass_hash(&keying.wallet, code);
        for _ in 0..RULINGS_MAX {
            let rows = self.rows(keying, &code).await.map_err(|error| CommitError::Unavailable(error.to_string()))?;
            let (found, tallies) = rows;
            let (pass, commit) = take(found, tallies, keying.contact, limits, clock.wall());
            match store.commit(commit).await {
                Ok(()) => return Ok(pass),
                Err(CommitError::Conflict(_)) => {}
                Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => return Err(error),
            }
        }
        Err(CommitError::Unavailable("others counted at the same time, again and again".to_owned()))
    }

    async fn rows(&self, keying: &Keying, code: &PassHash) -> Result<(Option<(i64, Pass)>, Tallies), ReadError> {
        let Parts { store, names, .. } = &*self.0;
        let caller = match keying.caller.expose().is_empty() {
            true => None,
            false => Some(store.tally(&names.caller(&keying.trunk, &keying.caller)).await?),
        };
        let trunk = store.tally(&format!("trunk:{}", keying.trunk)).await?;
        Ok((store.pass_by_code(code).await?, Tallies { caller, trunk }))
    }

    /// The screenshot of a pass for the agent whom its contact is with. That it is read is durable first.
    ///
    /// # Errors
    /// When the store does not answer. None when the pass is another contact's by now, has expired, or has none.
    pub async fn screenshot(&self, pass: PassId, contact: ContactId, reader: StaffId) -> Result<Option<Picture>, CommitError> {
        let Parts { store, clock, shelf, .. } = &*self.0;
        let row = store.pass(pass).await.map_err(|error| CommitError::Unavailable(error.to_string()))?;
        let now = clock.wall();
        let Some((kind, commit)) = row.and_then(|(_, row)| read_screenshot(&row, contact, reader, now)) else { return Ok(None) };
        let Some(bytes) = shelf.get(pass).await else { return Ok(None) };
        store.commit(commit).await?;
        Ok(Some(Picture { kind, bytes }))
    }

    /// Removes what has expired, until told to stop.
    pub async fn run(self, stop: Arc<Notify>) {
        loop {
            self.sweep().await;
            tokio::select! {
                () = tokio::time::sleep(SWEEP_EVERY) => {}
                () = stop.notified() => return,
            }
        }
    }

    /// Removes what has expired.
    pub async fn sweep(&self) {
        let Parts { store, clock, shelf, .. } = &*self.0;
        let now = clock.wall();
        shelf.sweep(now).await;
        let expired = store.passes_expired(now).await.unwrap_or(0);
        if expired > 0
            && let Err(error) = store.commit(forget(now)).await
        {
            tracing::warn!(%error, "call passes that have expired are still there: they are removed with the next round");
        }
    }
}

fn failed(error: &dyn std::error::Error) -> MakeError {
    tracing::warn!(%error, "a call pass could not be made");
    MakeError::Unavailable
}
