//! The threads that media runs on, apart from the rest of the program. A packet may not wait because a password is being hashed
//! or a page rendered elsewhere; and a packet that one thread receives and sends on costs a third less than one for which a
//! pool of threads wakes another. A busy thread wakes at most once in a beat, and then serves all legs for which something came.

use super::beats;
use std::cell::Cell;
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Handle};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Wake-ups of a busy thread are this far apart. What a packet waits for that is a fraction of what any network varies by, and going to
/// sleep and waking costs as much as the packet itself.
const BEAT: Duration = Duration::from_millis(1);

/// A thread that woke twice within this is busy.
const BUSY: Duration = Duration::from_millis(2);

thread_local! {
    /// When this thread last woke, and how long that was after the time before.
    static WOKE: Cell<Option<(Instant, Duration)>> = const { Cell::new(None) };
}

/// Before a thread waits for what comes next: a busy one sleeps until its beat first.
#[expect(clippy::disallowed_methods, reason = "this thread does nothing else, and was about to sleep")]
fn rest() {
    let Some((woke, gap)) = WOKE.get() else { return };
    if gap < BUSY {
        thread::sleep(BEAT.saturating_sub(woke.elapsed()));
    }
}

fn wake() {
    let now = Instant::now();
    let gap = WOKE.get().map_or(Duration::MAX, |(before, _)| now.saturating_duration_since(before));
    WOKE.set(Some((now, gap)));
}

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
            let runtime = Builder::new_current_thread().enable_all().on_thread_park(rest).on_thread_unpark(wake).build()?;
            threads.runtimes.push(runtime.handle().clone());
            let stop = threads.stop.clone();
            thread::Builder::new().name(format!("media-{number}")).spawn(move || runtime.block_on(beats::play(stop)))?;
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
