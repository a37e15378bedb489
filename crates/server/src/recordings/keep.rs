//! Recordings that nobody makes any more: those a crash left open are given an end, those whose time is over are erased, and files whose
//! recording is erased are removed. It never touches what is being made.

use super::{ENDING, Recordings};
use std::sync::Arc;
use std::time::Duration;
use tokio::fs;
use tokio::sync::Notify;
use walletline_core::call::{Recording, RecordingState};
use walletline_core::commit::Version;
use walletline_core::kernel::ids::RecordingId;

/// How often recordings are looked for whose time is over.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Recordings erased in one round.
const ROUND_MAX: u32 = 200;

/// Puts the past in order, then erases what is due until told to stop.
pub(super) async fn run(recordings: Recordings, left: Vec<(Version, Recording)>, stop: Arc<Notify>) {
    if !left.is_empty() {
        tracing::info!(count = left.len(), "recordings of the last run are being finished");
    }
    for (_, recording) in left {
        recordings.finish_left(recording.id).await;
    }
    recordings.remove_strays().await;
    loop {
        recordings.erase_expired().await;
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            () = stop.notified() => return,
        }
    }
}

impl Recordings {
    /// Erases what must be gone. What a case or a hold keeps is looked at once more with its row, whatever the list said.
    pub async fn erase_expired(&self) {
        match self.0.store.recordings_expired(self.0.clock.wall(), ROUND_MAX).await {
            Ok(due) => {
                for (_, recording) in due {
                    self.expire(recording.id).await;
                }
            }
            Err(error) => tracing::warn!(%error, "recordings whose time is over are still there: the next round erases them"),
        }
    }

    /// Removes files whose recording is erased, or was never written down: a crash came between the row and the file.
    async fn remove_strays(&self) {
        let Ok(mut entries) = fs::read_dir(&self.0.dir).await else { return };
        while let Ok(Some(entry)) = entries.next_entry().await {
            let name = entry.file_name().into_string().unwrap_or_default();
            let Some(Ok(recording)) = name.strip_suffix(ENDING).map(str::parse::<RecordingId>) else { continue };
            let gone = match self.0.store.recording(recording).await {
                Ok(None) => !self.live().contains_key(&recording),
                Ok(Some((_, row))) => matches!(row.state, RecordingState::Erased { .. }),
                Err(_) => false,
            };
            if gone {
                self.remove_file(recording);
            }
        }
    }
}
