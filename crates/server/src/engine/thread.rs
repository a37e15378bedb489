//! The thread that calls run on: signalling, the switchboard's loop, and nothing else. What one of its tasks tells another costs a
//! place in a queue, where a pool would wake a second thread; and no page or password that others wait for stands before a call. It
//! must never do anything that takes long.

use std::future::Future;
use std::io;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinSet};

/// The running thread. It ends when this is dropped, and with it whatever still runs on it.
#[derive(Debug)]
pub struct CallThread {
    runtime: Handle,
    _stop: oneshot::Sender<()>,
}

impl CallThread {
    /// Starts it.
    ///
    /// # Errors
    /// When the system gives no thread, or nothing to wait for sockets with.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::Builder::new().name("calls".to_owned()).spawn(move || {
            let _dropped = runtime.block_on(stopped);
        })?;
        Ok(Self { runtime: handle, _stop: stop })
    }

    /// Runs a task there and waits for what it returns. What it spawns runs there too.
    ///
    /// # Errors
    /// When it panics.
    pub async fn run<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> Result<T, JoinError> {
        self.runtime.spawn(task).await
    }

    /// Runs a task there for a set that waits for its end.
    pub fn spawn<T: Send + 'static>(&self, set: &mut JoinSet<T>, task: impl Future<Output = T> + Send + 'static) {
        set.spawn_on(task, &self.runtime);
    }
}
