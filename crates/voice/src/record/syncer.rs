//! The thread that makes recordings durable, and tells of their end once they are. It alone waits for disks. It writes nothing.

use crate::Event;
use std::fs::File;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use tokio::sync::mpsc::Sender;

/// Files that may wait to be synced. One that finds no room is synced with its next second.
const JOBS_MAX: usize = 1024;

/// One thing to do.
pub(super) enum Job {
    /// Something was written.
    Sync(Arc<File>),
    /// The recording is over: sync what there is, then tell.
    End { file: Option<Arc<File>>, event: Option<Box<Event>> },
}

/// Handle to the thread, which ends with it.
pub(super) struct Syncer(SyncSender<Job>);

impl Syncer {
    pub(super) fn start(events: Sender<Event>) -> std::io::Result<Self> {
        let (jobs, waiting) = sync_channel(JOBS_MAX);
        std::thread::Builder::new().name("recorder-sync".to_owned()).spawn(move || run(&waiting, &events))?;
        Ok(Self(jobs))
    }

    pub(super) fn sync(&self, file: &Arc<File>) {
        let _ = self.0.try_send(Job::Sync(Arc::clone(file)));
    }

    /// Hands a job over where there is room; what finds none stays as it was.
    pub(super) fn offer(&self, job: &mut Job) -> bool {
        let taken = std::mem::replace(job, Job::End { file: None, event: None });
        match self.0.try_send(taken) {
            Ok(()) => true,
            Err(TrySendError::Full(back) | TrySendError::Disconnected(back)) => {
                *job = back;
                false
            }
        }
    }

    /// Hands a job over, and waits for room.
    pub(super) fn hand_over(&self, job: Job) {
        let _ = self.0.send(job);
    }
}

fn run(jobs: &Receiver<Job>, events: &Sender<Event>) {
    while let Ok(job) = jobs.recv() {
        match job {
            Job::Sync(file) => sync(&file),
            Job::End { file, event } => {
                if let Some(file) = file {
                    sync(&file);
                }
                if let Some(event) = event {
                    // The controller may be slow; whoever waits here keeps nothing but a disk from its next sync.
                    let _ = events.blocking_send(*event);
                }
            }
        }
    }
}

fn sync(file: &File) {
    if let Err(error) = file.sync_data() {
        tracing::warn!(%error, "a recording is written but not on the disk yet");
    }
}
