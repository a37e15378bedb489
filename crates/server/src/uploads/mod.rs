//! Files that customers send as evidence: taken piece by piece, sealed under a key of their own before they reach the disk, looked at by a
//! scanner where one is configured, given to staff alone, and gone when their time is over. Nothing of one stands in clear longer than a
//! scanner looks at it.
//!
//! - `intake`: from the network into a sealed file
//! - `scan`: a command that says whether a file is harmless
//! - `keep`: what waits for the scanner, what must be gone, and what a crash left

mod intake;
mod keep;
mod scan;

pub use intake::{Incoming, IntakeError, Staged};
pub use scan::Scanner;

use crate::data_keys::Keys;
use crate::engine::Clock;
use crate::help::Names;
use crate::keyring::{self, Keyring};
use crate::sealed::Opener;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Notify;
use walletline_core::cases::{Case, CaseState, Upload, UploadRefusal};
use walletline_core::kernel::{actor::Actor, ids::UploadId, wrapped_key::WrappedKey};
use walletline_store::{CommitError, ReadError, Store};

/// The folder of uploads within `data.dir`.
pub const FOLDER: &str = "uploads";

/// The folder in it where a file lies in clear while a scanner looks at it.
const SCANNED_IN: &str = "scan";

/// A file is named by its upload, with this ending.
const ENDING: &str = ".wlup";

/// The ending of what is not whole yet. Backups leave it out.
const UNFINISHED: &str = ".new";

/// Opens every sealed file.
const MAGIC: &[u8; 8] = b"WLUPLD\0\x01";

/// A ruling is made again this often when others sent a file for the same case meanwhile.
const RULINGS_MAX: u32 = 5;

/// Takes, keeps and opens uploads. A clone is the same.
#[derive(Clone)]
pub struct Uploads(Arc<Parts>);

struct Parts {
    store: Store,
    clock: Clock,
    names: Arc<Names>,
    keys: Keys,
    dir: PathBuf,
    scanner: Option<Scanner>,
    /// Bytes of all files together.
    total_max: u64,
    /// Something waits for the scanner.
    wake: Notify,
}

/// What uploads stand on.
pub struct Base<'a> {
    /// Where rows are.
    pub store: Store,
    /// The clocks.
    pub clock: Clock,
    /// Names for what is new.
    pub names: Arc<Names>,
    /// The master key.
    pub keyring: &'a Keyring,
    /// The one before it.
    pub previous: Option<&'a Keyring>,
    /// The data folder.
    pub data: &'a Path,
    /// Who says whether a file is harmless.
    pub scanner: Option<Scanner>,
    /// Bytes of all files together.
    pub total_max: u64,
}

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// A rule said no.
    #[error(transparent)]
    Refused(#[from] UploadRefusal),
    /// The store or the disk does not answer.
    #[error("this cannot be done just now: try again in a moment")]
    Unavailable,
}

impl Uploads {
    /// Uploads in this data folder; the folder is made with the first of them.
    #[must_use]
    pub fn new(base: Base<'_>) -> Self {
        let Base { store, clock, names, keyring, previous, data, scanner, total_max } = base;
        let keys = Keys::new(keyring.derive(keyring::UPLOAD), previous.map(|previous| previous.derive(keyring::UPLOAD)));
        let dir = data.join(FOLDER);
        Self(Arc::new(Parts { store, clock, names, keys, dir, scanner, total_max, wake: Notify::new() }))
    }

    /// Keeps a file that arrived whole, for a case.
    ///
    /// # Errors
    /// [`KeepError`]; nothing of the file is left then.
    pub async fn keep(&self, staged: Staged, case: &Case, by: Actor) -> Result<Upload, KeepError> {
        for _ in 0..RULINGS_MAX {
            let known = self.0.store.uploads_of(case.id).await.map_err(|error| failed(&error))?;
            let of = (case.id, case.state == CaseState::Open);
            let (upload, commit) = Upload::taken(staged.arrived.clone(), of, &known, by, self.0.clock.wall())?;
            // The file first: a row never names one that is not there.
            staged.place(&self.path(upload.id)).map_err(|error| failed(&error))?;
            match self.0.store.commit(commit).await {
                Ok(()) => {
                    metrics::counter!("walletline_uploads_total", "kind" => upload.kind.ending()).increment(1);
                    staged.kept();
                    self.0.wake.notify_one();
                    return Ok(upload);
                }
                Err(CommitError::Conflict(_)) => {}
                Err(error @ CommitError::Unavailable(_)) => return Err(failed(&error)),
                Err(error @ CommitError::InDoubt(_)) => {
                    // Its row may be there: a file without one is removed later.
                    staged.kept();
                    return Err(failed(&error));
                }
            }
        }
        Err(KeepError::Unavailable)
    }

    /// The bytes of a file that may be read.
    ///
    /// # Errors
    /// When its key does not open, or its file is not what was written.
    pub fn open(&self, upload: &Upload) -> io::Result<impl Read + Send + use<>> {
        let wrapped = upload.state.readable().ok_or_else(|| io::Error::other("it may not be read"))?;
        self.opened(upload.id, wrapped)
    }

    fn opened(&self, id: UploadId, wrapped: &WrappedKey) -> io::Result<Opener<BufReader<File>>> {
        let key = self.0.keys.unwrap(&id.to_string(), wrapped).ok_or_else(|| io::Error::other("its key does not open"))?;
        Opener::new(BufReader::new(File::open(self.path(id))?), *key, MAGIC)
    }

    fn path(&self, id: UploadId) -> PathBuf {
        self.0.dir.join(format!("{id}{ENDING}"))
    }

    /// Removes a file. Without its key it is noise already.
    fn remove_file(&self, id: UploadId) {
        match std::fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::error!(%id, %error, "the file of an erased upload is still there: remove it from data.dir");
            }
            _ => {}
        }
    }
}

impl From<ReadError> for KeepError {
    fn from(error: ReadError) -> Self {
        failed(&error)
    }
}

fn failed(error: &dyn std::error::Error) -> KeepError {
    tracing::warn!(%error, "a file that was sent cannot be kept");
    KeepError::Unavailable
}
