//! A file on its way in: what it is is told by its first bytes, its pieces are sealed as they come, and no more of it is in memory than a few
//! of them. What breaks off, is too large or is nothing that is taken leaves nothing behind.

use super::{MAGIC, UNFINISHED, Uploads};
use crate::keyring::KEY_BYTES;
use crate::sealed::Sealer;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use walletline_core::cases::{Arrived, FileKind, HEAD_BYTES, UPLOAD_BYTES_MAX};
use walletline_core::kernel::{ids::UploadId, wrapped_key::WrappedKey};
use zeroize::Zeroizing;

/// Pieces that wait for the disk. A browser that is faster than it waits too.
const PIECES_MAX: usize = 8;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// Too large.
    #[error("a file may have {} MB", UPLOAD_BYTES_MAX / 1_024 / 1_024)]
    TooLarge,
    /// Another kind of file.
    #[error("files are taken that are PNG or JPEG pictures, or PDF documents")]
    UnknownKind,
    /// There is no room for more.
    #[error("no more files can be taken just now")]
    NoRoom,
    /// The disk, the store or the system's randomness does not answer.
    #[error("this cannot be done just now: try again in a moment")]
    Unavailable,
}

/// A file that arrives.
pub struct Incoming {
    id: UploadId,
    name: String,
    head: Vec<u8>,
    kind: Option<FileKind>,
    size: u64,
    hash: Sha256,
    key: WrappedKey,
    path: Unfinished,
    pieces: mpsc::Sender<Vec<u8>>,
    written: JoinHandle<io::Result<()>>,
    scanned: bool,
}

/// A sealed file that nothing names yet. Dropped, it is gone.
pub struct Staged {
    /// What a ruling has to know of it.
    pub arrived: Arrived,
    path: Unfinished,
}

/// A file that is removed when nobody wants it.
struct Unfinished {
    path: std::sync::Mutex<PathBuf>,
    wanted: AtomicBool,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.wanted.load(Ordering::Relaxed) {
            let _gone_already = fs::remove_file(self.path.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner));
        }
    }
}

impl Uploads {
    /// Begins to take a file of this name.
    ///
    /// # Errors
    /// [`IntakeError::NoRoom`], or that it cannot be done just now.
    pub async fn begin(&self, name: String) -> Result<Incoming, IntakeError> {
        if self.0.store.upload_bytes().await.map_err(|error| failed(&error))? >= self.0.total_max {
            tracing::error!("no more files are taken: uploads.total_mb is reached");
            return Err(IntakeError::NoRoom);
        }
        let id: UploadId = self.0.names.id(self.0.clock.wall());
        let (key, wrapped) = self.0.keys.draw(&id.to_string()).ok_or(IntakeError::Unavailable)?;
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0.dir).map_err(|error| failed(&error))?;
        let path = self.0.dir.join(format!("{id}{UNFINISHED}"));
        // Here and not where it is written: what is given up at once must not appear after it was removed.
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(|error| failed(&error))?;
        let (pieces, coming) = mpsc::channel(PIECES_MAX);
        let written = tokio::task::spawn_blocking(move || write(file, &key, coming));
        let path = Unfinished { path: std::sync::Mutex::new(path), wanted: AtomicBool::new(false) };
        let scanned = self.0.scanner.is_some();
        let (head, hash) = (Vec::with_capacity(HEAD_BYTES), Sha256::new());
        Ok(Incoming { id, name, head, kind: None, size: 0, hash, key: wrapped, path, pieces, written, scanned })
    }
}

impl Incoming {
    /// The next piece.
    ///
    /// # Errors
    /// [`IntakeError`]: nothing more of it is taken.
    pub async fn push(&mut self, piece: &[u8]) -> Result<(), IntakeError> {
        self.size += piece.len() as u64;
        if self.size > UPLOAD_BYTES_MAX {
            return Err(IntakeError::TooLarge);
        }
        if self.kind.is_none() {
            let missing = HEAD_BYTES.saturating_sub(self.head.len()).min(piece.len());
            self.head.extend_from_slice(&piece[..missing]);
            if self.head.len() == HEAD_BYTES {
                self.kind = Some(FileKind::of(&self.head).ok_or(IntakeError::UnknownKind)?);
            }
        }
        self.hash.update(piece);
        self.pieces.send(piece.to_vec()).await.map_err(|_| IntakeError::Unavailable)
    }

    /// Nothing was sent.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// It is whole.
    ///
    /// # Errors
    /// [`IntakeError`]: nothing of it is left.
    pub async fn finish(self) -> Result<Staged, IntakeError> {
        let Self { id, name, kind, size, hash, key, path, pieces, written, scanned, .. } = self;
        let kind = kind.ok_or(IntakeError::UnknownKind)?;
        drop(pieces);
        match written.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(failed(&error)),
            Err(error) => return Err(failed(&error)),
        }
        let digest = hash.finalize().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        Ok(Staged { arrived: Arrived { id, name, kind, size, digest, key, scanned }, path })
    }
}

impl Staged {
    /// Puts the file where its row will look for it.
    pub(super) fn place(&self, to: &Path) -> io::Result<()> {
        let mut path = self.path.path.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if *path != to {
            fs::rename(&*path, to)?;
            to.clone_into(&mut path);
        }
        Ok(())
    }

    /// Something names it now.
    pub(super) fn kept(&self) {
        self.path.wanted.store(true, Ordering::Relaxed);
    }
}

/// Seals what comes into a file that only its owner may read.
fn write(file: File, key: &Zeroizing<[u8; KEY_BYTES]>, mut pieces: mpsc::Receiver<Vec<u8>>) -> io::Result<()> {
    let mut sealer = Sealer::new(BufWriter::new(file), **key, MAGIC)?;
    while let Some(piece) = pieces.blocking_recv() {
        sealer.write_all(&piece)?;
    }
    let mut out = sealer.finish()?;
    out.flush()?;
    out.get_ref().sync_all()
}

fn failed(error: &dyn std::error::Error) -> IntakeError {
    tracing::warn!(%error, "a file that is sent cannot be taken");
    IntakeError::Unavailable
}
