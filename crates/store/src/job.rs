//! Between whoever hands in a commit and its writer: the one place where they agree whether it can still be called off. Once the
//! database is about to be told to make it durable nobody can, and nobody is told that nothing was kept before that is known.

use crate::commit::Work;
use crate::error::CommitError;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::AcqRel, Ordering::Acquire};
use tokio::sync::oneshot;

pub(crate) type Outcome = Result<(), CommitError>;

/// Nothing of it can be durable, now or later.
const OPEN: u8 = 0;
/// Whoever handed it in gave up: it must not become durable.
const CALLED_OFF: u8 = 1;
/// The database may have been told to make it durable.
const HELD: u8 = 2;

/// A commit or a seal, and where its answer goes.
pub(crate) struct Job {
    pub(crate) work: Work,
    done: oneshot::Sender<Outcome>,
    stage: Arc<AtomicU8>,
}

/// What is waited for by whoever handed a job in.
pub(crate) struct Answer {
    pub(crate) outcome: oneshot::Receiver<Outcome>,
    stage: Arc<AtomicU8>,
}

impl Job {
    /// A job, and what its owner waits for.
    pub(crate) fn new(work: Work) -> (Self, Answer) {
        let (done, outcome) = oneshot::channel();
        let stage = Arc::new(AtomicU8::new(OPEN));
        (Self { work, done, stage: Arc::clone(&stage) }, Answer { outcome, stage })
    }

    /// Nobody wants it any more: they gave up, or stopped listening.
    pub(crate) fn is_called_off(&self) -> bool {
        self.stage.load(Acquire) == CALLED_OFF || self.done.is_closed()
    }

    /// From here on nobody can call it off. False when somebody did.
    pub(crate) fn hold(&self) -> bool {
        !self.done.is_closed() && self.stage.compare_exchange(OPEN, HELD, AcqRel, Acquire).is_ok()
    }

    /// Nothing of it was made durable: it can be called off again.
    pub(crate) fn release(&self) {
        // One that was called off stays so.
        let _ = self.stage.compare_exchange(HELD, OPEN, AcqRel, Acquire);
    }

    /// Tells its owner, if anybody listens.
    pub(crate) fn answer(self, outcome: Outcome) {
        let _nobody_listens = self.done.send(outcome);
    }
}

impl Answer {
    /// Gives up. False when that is too late: the database may have been told to make it durable.
    pub(crate) fn call_off(&self) -> bool {
        self.stage.compare_exchange(OPEN, CALLED_OFF, AcqRel, Acquire).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use walletline_core::commit::{Commit, Entry};
    use walletline_core::kernel::{actor::Actor, time::Wall};

    fn job() -> (Job, Answer) {
        Job::new(Work::Commit(Commit::new(Entry::new(Wall(0), Actor::System, "nothing.done", "nothing"), Vec::new())))
    }

    #[test]
    fn one_that_was_called_off_is_never_held() {
        let (job, answer) = job();
        assert!(!job.is_called_off());
        assert!(answer.call_off());
        assert!(job.is_called_off() && !job.hold());
        job.release();
        assert!(job.is_called_off() && !job.hold());
    }

    #[test]
    fn one_that_is_held_is_not_called_off_until_it_is_released() {
        let (job, answer) = job();
        assert!(job.hold());
        assert!(!answer.call_off());
        job.release();
        assert!(answer.call_off());
    }

    #[test]
    fn one_that_nobody_waits_for_is_never_held() {
        let (job, answer) = job();
        drop(answer);
        assert!(job.is_called_off() && !job.hold());
    }
}
