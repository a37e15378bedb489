//! Uploads that somebody has to see to: those that wait for the scanner are shown to it, those whose time is over are erased, and what a crash
//! left is removed.

use super::{ENDING, SCANNED_IN, UNFINISHED, Uploads};
use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use walletline_core::cases::{LOOKS_MAX, Upload, UploadState, Verdict};
use walletline_core::commit::Version;
use walletline_core::kernel::{ids::UploadId, time::Span};

/// How often uploads are looked for that somebody has to see to, whether or not one was sent.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Uploads seen to in one round.
const ROUND_MAX: u32 = 100;

/// Nothing takes that long to arrive: what is older and named by no row was left by a crash.
const ARRIVES_WITHIN: Span = Span::from_s(3_600);

impl Uploads {
    /// Sees to uploads until told to stop.
    pub async fn run(self, stop: Arc<Notify>) {
        // Whatever stands there in clear was left by a crash.
        let _none_there = std::fs::remove_dir_all(self.0.dir.join(SCANNED_IN));
        loop {
            self.scan_waiting().await;
            self.erase_expired().await;
            self.remove_strays().await;
            tokio::select! {
                () = self.0.wake.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stop.notified() => return,
            }
        }
    }

    async fn scan_waiting(&self) {
        if self.0.scanner.is_none() {
            return;
        }
        match self.0.store.uploads_waiting(ROUND_MAX).await {
            Ok(waiting) => {
                for (version, upload) in waiting {
                    self.scan(version, upload).await;
                }
            }
            Err(error) => tracing::warn!(%error, "files that wait for the scanner cannot be read: the next round takes them"),
        }
    }

    async fn scan(&self, version: Version, upload: Upload) {
        let UploadState::Waiting { looks, .. } = upload.state else { return };
        // One that nobody can tell anything of stays where nobody gets it.
        if looks >= LOOKS_MAX {
            return;
        }
        let id = upload.id;
        let verdict = self.look(upload.clone()).await.unwrap_or_else(|error| {
            tracing::error!(%id, %error, "a file cannot be shown to the scanner");
            Verdict::NotKnown
        });
        let Some((upload, commit)) = upload.scanned(version, verdict, self.0.clock.wall()) else { return };
        match self.0.store.commit(commit).await {
            Ok(()) => {
                metrics::counter!("walletline_uploads_scanned_total", "verdict" => upload.state.name()).increment(1);
                if verdict == Verdict::Infected {
                    tracing::error!(%id, "a file that was sent is infected: it is erased");
                    self.remove_file(id);
                }
            }
            Err(error) => tracing::warn!(%error, "what the scanner said is not written down: it is asked again"),
        }
    }

    /// Shows a file to the scanner, in clear for as long as that takes.
    async fn look(&self, upload: Upload) -> io::Result<Verdict> {
        let Some(scanner) = &self.0.scanner else { return Ok(Verdict::NotKnown) };
        let uploads = self.clone();
        let clear = tokio::task::spawn_blocking(move || uploads.lay_open(&upload)).await.map_err(io::Error::other)??;
        Ok(scanner.look(&clear.0).await)
    }

    fn lay_open(&self, upload: &Upload) -> io::Result<Clear> {
        let UploadState::Waiting { key, .. } = &upload.state else { return Err(io::Error::other("it does not wait")) };
        let folder = self.0.dir.join(SCANNED_IN);
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let clear = Clear(folder.join(format!("{}{UNFINISHED}", upload.id)));
        let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&clear.0)?;
        io::copy(&mut self.opened(upload.id, key)?, &mut out)?;
        Ok(clear)
    }

    /// Erases what must be gone.
    pub async fn erase_expired(&self) {
        let now = self.0.clock.wall();
        match self.0.store.uploads_expired(now, ROUND_MAX).await {
            Ok(due) => {
                for (version, upload) in due {
                    let id = upload.id;
                    match self.0.store.commit(upload.expired(version, now)).await {
                        Ok(()) => self.remove_file(id),
                        Err(error) => {
                            tracing::warn!(%error, "a file whose time is over is still there: the next round erases it");
                        }
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "files whose time is over are still there: the next round erases them"),
        }
    }

    /// Removes files that never became whole, whose row is gone or was never written, and whose key is destroyed.
    async fn remove_strays(&self) {
        let Ok(entries) = std::fs::read_dir(&self.0.dir) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().into_string().unwrap_or_default();
            let stem = name.strip_suffix(ENDING).or_else(|| name.strip_suffix(UNFINISHED));
            let Some(Ok(id)) = stem.map(str::parse::<UploadId>) else { continue };
            if id.made_at() + ARRIVES_WITHIN > self.0.clock.wall() {
                continue;
            }
            let gone = match self.0.store.upload(id).await {
                Ok(None) => true,
                Ok(Some((_, row))) => row.state.is_gone() || name.ends_with(UNFINISHED),
                Err(_) => false,
            };
            if gone {
                let _gone_already = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// A file in clear, gone when it was looked at.
struct Clear(PathBuf);

impl Drop for Clear {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!(%error, "a file that a scanner looked at is still there in clear: remove data/uploads/scan");
        }
    }
}
