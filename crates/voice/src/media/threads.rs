//! The threads that media runs on, apart from the rest of the program. A packet may not wait because a password is being hashed
//! or a page rendered elsewhere; and a packet that one thread receives and sends on costs a third less than one for which a
//! pool of threads wakes another.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use tokio::runtime::{Builder, Handle};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Running threads, each with a runtime of its own. They end when this is dropped, and the legs' tasks with them.
#[derive(Debug)]
pub(super) struct MediaThreads {
    runtimes: Vec<Handle>,
    next: AtomicUsize,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl MediaThreads {
    /// Half of the machine's cores, at least one: the kernel's share of a packet's cost falls on them too.
    pub(super) fn start() -> std::io::Result<Self> {
        let count = thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
        let stop = CancellationToken::new();
        let mut threads =
            Self { runtimes: Vec::with_capacity(count), next: AtomicUsize::new(0), tasks: TaskTracker::new(), stop };
        for number in 0..count {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            threads.runtimes.push(runtime.handle().clone());
            let stop = threads.stop.clone();
            thread::Builder::new().name(format!("media-{number}")).spawn(move || runtime.block_on(stop.cancelled()))?;
        }
        Ok(threads)
    }

    /// The thread for the next leg, each in turn.
    pub(super) fn pick(&self) -> &Handle {
        &self.runtimes[self.next.fetch_add(1, Relaxed) % self.runtimes.len()]
    }

    pub(super) fn spawn(&self, on: &Handle, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn_on(task, on);
    }

    /// Tasks that have not ended.
    pub(super) fn running(&self) -> usize {
        self.tasks.len()
    }
}

impl Drop for MediaThreads {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
