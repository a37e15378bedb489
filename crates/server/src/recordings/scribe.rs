//! Carries out what the switchboard decides about recordings, and writes down what came of it. Each recording has a task of its own for
//! the moment that the store takes; the store's silence costs a recording, never a call.

use super::{Order, Recordings, voice_id, voice_leg};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use walletline_core::call::{
    Audio, Erasure, MaskedSpan, Recording, RecordingState, end_recording, erase_recording, open_recording,
};
use walletline_core::cases::{Case, Keeps};
use walletline_core::commit::{Commit, Version};
use walletline_core::help::{NotOver, expire_recording};
use walletline_core::kernel::ids::RecordingId;
use walletline_core::switchboard::command::RecordingOrder;
use walletline_store::{CommitError, ReadError};
use walletline_voice::{self as voice, DataKey, RecordingFile, RecordingSummary};

/// How often a row is written again that the store did not take, and how far apart: ten minutes in all. The next start does the rest.
const TRIES_MAX: u32 = 120;
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// Takes orders until nobody gives any.
pub(super) async fn run(recordings: Recordings, mut orders: mpsc::Receiver<Order>) {
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            Some(done) = tasks.join_next(), if !tasks.is_empty() => {
                if let Err(error) = done {
                    tracing::error!(%error, "a recording's task failed");
                }
            }
            order = orders.recv() => {
                let recordings = recordings.clone();
                match order {
                    Some(Order::Begin(order)) => tasks.spawn(async move { recordings.begin_row(*order).await }),
                    Some(Order::Discard(recording)) => tasks.spawn(async move { recordings.erase(recording, Erasure::Declined).await }),
                    Some(Order::Ended(recording, summary)) => {
                        tasks.spawn(async move { recordings.end_row(recording, *summary).await })
                    }
                    None => return,
                };
            }
        }
    }
}

impl Recordings {
    /// The row, and then the first second.
    async fn begin_row(self, order: RecordingOrder) {
        let RecordingOrder { recording, contact, leg, notice, at, expires_at, masked: _ } = order;
        let Some((key, wrapped)) = self.0.keys.draw(&recording.to_string()).map(|(key, wrapped)| (DataKey::new(key), wrapped))
        else {
            return self.not_begun(recording, "the system gives no randomness");
        };
        let (_, commit) = open_recording(recording, contact, notice, wrapped, at, expires_at);
        if let Err(error) = self.0.store.commit(commit).await {
            return self.not_begun(recording, &error.to_string());
        }
        {
            let mut live = self.live();
            let Some(found) = live.get_mut(&recording) else { return };
            if !found.discarded {
                found.rolling = true;
                let spec =
                    voice::RecordingSpec { id: voice_id(recording), path: self.path(recording), key, masked: found.masked };
                self.0.voice.execute(voice::Command::Record { leg: voice_leg(leg), recording: spec });
                metrics::counter!("walletline_recordings_started_total").increment(1);
                return;
            }
            live.remove(&recording);
        }
        self.erase(recording, Erasure::Declined).await;
    }

    fn not_begun(&self, recording: RecordingId, why: &str) {
        self.live().remove(&recording);
        metrics::counter!("walletline_recordings_failed_total").increment(1);
        tracing::error!(%recording, why, "a call is not recorded");
    }

    /// What there is of a recording that is over.
    async fn end_row(self, recording: RecordingId, summary: RecordingSummary) {
        if self.live().get(&recording).is_some_and(|live| live.discarded) {
            self.erase(recording, Erasure::Declined).await;
        } else if let Some(why) = &summary.failed {
            metrics::counter!("walletline_recordings_failed_total").increment(1);
            tracing::error!(%recording, why, "a recording is not whole");
            self.finish_left(recording).await;
        } else {
            let audio = audio(summary, false);
            self.written(recording, |row, at| end_recording(row, audio.clone(), at).ok().map(|(_, commit)| commit)).await;
        }
        self.live().remove(&recording);
    }

    /// Gives an end to a recording that has none, and writes down what there is of it. What cannot be opened is erased.
    pub(super) async fn finish_left(&self, recording: RecordingId) {
        let row = match self.0.store.recording(recording).await {
            Ok(row) => row,
            Err(error) => return tracing::error!(%recording, %error, "a recording is not finished: the next start does it"),
        };
        let Some((_, Recording { state: RecordingState::Open { key }, .. })) = row else { return };
        let key = self.0.keys.unwrap(&recording.to_string(), &key).map(DataKey::new);
        let path = self.path(recording);
        let mended = tokio::task::spawn_blocking(move || {
            let key = key.ok_or_else(|| "its key does not open: is keys.master the one it was made under?".to_owned())?;
            RecordingFile::recover(&path, voice_id(recording), &key).map_err(|error| error.to_string())
        });
        match mended.await.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(summary) => {
                let audio = audio(summary, true);
                self.written(recording, |row, at| end_recording(row, audio.clone(), at).ok().map(|(_, commit)| commit)).await;
            }
            Err(why) => {
                tracing::error!(%recording, why, "nothing can be heard of a recording that was left open");
                self.erase(recording, Erasure::Failed).await;
            }
        }
    }

    /// The key first, then the file.
    pub(super) async fn erase(&self, recording: RecordingId, why: Erasure) {
        if self.written(recording, |row, at| erase_recording(row, why, at).ok()).await {
            self.remove_file(recording);
        }
    }

    /// The key first, then the file: unless something keeps it. A row that others change meanwhile waits for the next round.
    pub(super) async fn expire(&self, recording: RecordingId) {
        match self.try_expire(recording).await {
            Ok(true) => self.remove_file(recording),
            Ok(false) | Err(CommitError::Conflict(_)) => {}
            Err(error) => {
                tracing::warn!(%recording, %error, "a recording whose time is over is still there: the next round erases it");
            }
        }
    }

    /// False when something keeps it, or nothing is left of it.
    async fn try_expire(&self, recording: RecordingId) -> Result<bool, CommitError> {
        let unread = |error: ReadError| CommitError::Unavailable(error.to_string());
        let Some((version, row)) = self.0.store.recording(recording).await.map_err(unread)? else { return Ok(false) };
        let cases = self.0.store.cases_of_contact(row.contact).await.map_err(unread)?;
        let keeps: Vec<Keeps> = cases.iter().map(Case::keeps).collect();
        match expire_recording((version, &row), &keeps, self.0.clock.wall()) {
            Ok(commit) => self.0.store.commit(commit).await.map(|()| true),
            Err(NotOver::Kept | NotOver::Bad(_)) => Ok(false),
        }
    }

    /// Rules on a recording's row and makes it durable; false where the store never took it. A ruling that has nothing to say any
    /// more is as good as done, and so is one on a row that is not there.
    async fn written(
        &self,
        recording: RecordingId,
        rule: impl Fn((Version, &Recording), walletline_core::kernel::time::Wall) -> Option<Commit>,
    ) -> bool {
        for _ in 0..TRIES_MAX {
            match self.try_written(recording, &rule).await {
                Ok(()) => return true,
                Err(CommitError::Conflict(_)) => {}
                Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => {
                    tracing::warn!(%recording, %error, "the row of a recording is not written yet");
                    tokio::time::sleep(TRY_AGAIN).await;
                }
            }
        }
        tracing::error!(%recording, "the row of a recording is not written: the next start does it");
        false
    }

    async fn try_written(
        &self,
        recording: RecordingId,
        rule: impl Fn((Version, &Recording), walletline_core::kernel::time::Wall) -> Option<Commit>,
    ) -> Result<(), CommitError> {
        let row = self.0.store.recording(recording).await;
        let row = row.map_err(|error: ReadError| CommitError::Unavailable(error.to_string()))?;
        let commit = row.and_then(|(version, row)| rule((version, &row), self.0.clock.wall()));
        match commit {
            Some(commit) => self.0.store.commit(commit).await,
            None => Ok(()),
        }
    }
}

fn audio(summary: RecordingSummary, recovered: bool) -> Audio {
    let RecordingSummary { duration_ms, peaks: [said, heard], masked, sha256, lost, failed: _ } = summary;
    let span = |span: voice::MaskedSpan| MaskedSpan { from_ms: span.from_ms, to_ms: span.to_ms };
    let sha256 = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    Audio { duration_ms, masked: masked.into_iter().map(span).collect(), sha256, said, heard, lost, recovered }
}
