//! Recordings at the edge: their keys are drawn and sealed, their rows are written before and after, their files are kept in a folder of
//! their own and removed when their time is over. No audio passes through here but to somebody who may hear it, and no key leaves.
//!
//! - `scribe`: carries out what the switchboard decides, and writes down what came of it
//! - `keep`: what a crash left, and what must be gone
//! - `wav`: a recording as a sound file, any part of it

mod keep;
mod scribe;
mod wav;

pub use wav::Wav;

use crate::data_keys::Keys;
use crate::engine::Clock;
use crate::keyring::{self, Keyring};
use std::collections::HashMap;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use walletline_core::call::{Recording, RecordingState};
use walletline_core::cases::{Case, Keeps, Reference};
use walletline_core::help::Stay;
use walletline_core::kernel::ids::{ContactId, LegId, RecordingId};
use walletline_core::switchboard::command::RecordingOrder;
use walletline_store::{ReadError, Store};
use walletline_voice::{self as voice, Voice};

/// The folder of recordings within `data.dir`.
pub const FOLDER: &str = "recordings";

/// A recording's file is named by it, with this ending.
const ENDING: &str = ".wlrec";

/// Orders that may wait: more than calls can begin and end while the store is slow.
const ORDERS_MAX: usize = 1_024;

/// How long the last recordings are waited for at the end; what is not written down then is taken up at the next start.
const STOP_MAX: Duration = Duration::from_secs(5);

/// Starts, keeps and opens recordings. A clone is the same.
#[derive(Clone)]
pub struct Recordings(Arc<Parts>);

struct Parts {
    store: Store,
    clock: Clock,
    voice: Voice,
    keys: Keys,
    dir: PathBuf,
    orders: mpsc::Sender<Order>,
    live: Mutex<HashMap<RecordingId, Live>>,
}

/// A recording whose row is being written, or that is being made.
struct Live {
    leg: LegId,
    masked: bool,
    /// The customer would rather not.
    discarded: bool,
    /// The row is durable, and audio is being written.
    rolling: bool,
}

/// What is carried out beside the switchboard, because it waits for the store.
enum Order {
    Begin(Box<RecordingOrder>),
    Discard(RecordingId),
    Ended(RecordingId, Box<voice::RecordingSummary>),
}

/// The tasks behind [`Recordings`].
pub struct Running {
    tasks: JoinSet<()>,
    stop: Arc<Notify>,
    recordings: Recordings,
}

/// A recording that can be heard.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its row.
    pub recording: Recording,
    /// The cases it is tied to that keep it, or did.
    pub cases: Vec<Reference>,
    /// Until when it stays.
    pub stay: Stay,
}

/// Why a recording cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none, or it is not to be heard any more.
    #[error("there is no recording")]
    None,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] ReadError),
    /// The file is not what was written, or not there.
    #[error("the file of recording {0} cannot be opened: {1}")]
    File(RecordingId, String),
}

impl Recordings {
    /// Starts what keeps recordings in this data folder. What a crash left open is finished in the background. What was recorded under
    /// the `previous` master key is opened too.
    ///
    /// # Errors
    /// When the folder cannot be made, or the store does not answer.
    pub async fn start(
        store: Store,
        clock: Clock,
        voice: Voice,
        keyring: &Keyring,
        previous: Option<&Keyring>,
        data: &Path,
    ) -> Result<Running, OpenError> {
        let dir = data.join(FOLDER);
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir);
        made.map_err(|error| ReadError::Unavailable(format!("`{}` cannot be made: {error}", dir.display())))?;
        // Before the first call: whatever is open now was left by an earlier run.
        let left = store.recordings_open().await?;
        let (orders, waiting) = mpsc::channel(ORDERS_MAX);
        let keys = Keys::new(keyring.derive(keyring::RECORDING), previous.map(|previous| previous.derive(keyring::RECORDING)));
        let recordings = Self(Arc::new(Parts { store, clock, voice, keys, dir, orders, live: Mutex::default() }));
        let stop = Arc::new(Notify::new());
        let mut tasks = JoinSet::new();
        tasks.spawn(scribe::run(recordings.clone(), waiting));
        tasks.spawn(keep::run(recordings.clone(), left, Arc::clone(&stop)));
        Ok(Running { tasks, stop, recordings })
    }

    /// A recording may begin. Its row comes first, so that no file is ever without its key; until then nothing is recorded.
    pub fn begin(&self, order: RecordingOrder) {
        let live = Live { leg: order.leg, masked: order.masked, discarded: false, rolling: false };
        let recording = order.recording;
        self.live().insert(recording, live);
        if self.0.orders.try_send(Order::Begin(Box::new(order))).is_err() {
            self.live().remove(&recording);
            metrics::counter!("walletline_recordings_failed_total").increment(1);
            tracing::error!(%recording, "a call is not recorded: too many wait for the store");
        }
    }

    /// Silence from now on, or sound again.
    pub fn mask(&self, recording: RecordingId, on: bool) {
        if let Some(live) = self.live().get_mut(&recording) {
            live.masked = on;
            if live.rolling {
                self.0.voice.execute(voice::Command::MaskRecording { leg: voice_leg(live.leg), on });
            }
        }
    }

    /// Ends a recording and erases it.
    pub fn discard(&self, recording: RecordingId) {
        if let Some(live) = self.live().get_mut(&recording) {
            live.discarded = true;
            if live.rolling {
                self.0.voice.execute(voice::Command::StopRecording { leg: voice_leg(live.leg) });
            }
        }
        // Where there is no room, its end erases it.
        let _ = self.0.orders.try_send(Order::Discard(recording));
    }

    /// A recording is over.
    pub(crate) fn ended(&self, recording: RecordingId, summary: voice::RecordingSummary) {
        if self.0.orders.try_send(Order::Ended(recording, Box::new(summary))).is_err() {
            tracing::error!(%recording, "the end of a recording is not written down: the next start does it");
        }
    }

    /// Nothing is being recorded.
    pub(crate) fn is_idle(&self) -> bool {
        self.live().is_empty()
    }

    /// The recording of a contact, when it can be heard, and what keeps it.
    ///
    /// # Errors
    /// [`OpenError::None`] when there is none, or its time is over; otherwise why it cannot be told.
    pub async fn of(&self, contact: ContactId) -> Result<Kept, OpenError> {
        let (_, recording) = self.0.store.recording_of(contact).await?.ok_or(OpenError::None)?;
        let cases = self.0.store.cases_of_contact(contact).await?;
        let keeps: Vec<Keeps> = cases.iter().map(Case::keeps).collect();
        let stay = Stay::of(&recording, &keeps);
        if !matches!(recording.state, RecordingState::Kept { .. }) || stay.is_over(self.0.clock.wall()) {
            return Err(OpenError::None);
        }
        let keeping = cases.into_iter().filter(|case| case.keeps() != Keeps::Nothing);
        Ok(Kept { recording, cases: keeping.map(|case| case.reference).collect(), stay })
    }

    /// Its audio.
    ///
    /// # Errors
    /// When the file is not there, or is not what was written.
    pub fn audio(&self, recording: &Recording) -> Result<Wav, OpenError> {
        let RecordingState::Kept { key, .. } = &recording.state else { return Err(OpenError::None) };
        let failed = |why: String| OpenError::File(recording.id, why);
        let key = self.0.keys.unwrap(&recording.id.to_string(), key).map(voice::DataKey::new);
        let key = key.ok_or_else(|| failed("its key does not open".to_owned()))?;
        let file = voice::RecordingFile::open(&self.path(recording.id), voice_id(recording.id), &key);
        file.map(Wav::new).map_err(|error| failed(error.to_string()))
    }

    fn path(&self, recording: RecordingId) -> PathBuf {
        self.0.dir.join(format!("{recording}{ENDING}"))
    }

    /// Removes a file. Without its key it is noise already.
    fn remove_file(&self, recording: RecordingId) {
        match std::fs::remove_file(self.path(recording)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::error!(%recording, %error, "the file of an erased recording is still there: remove it from data.dir");
            }
            _ => {}
        }
    }

    fn live(&self) -> MutexGuard<'_, HashMap<RecordingId, Live>> {
        self.0.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// What the rest of the program holds.
    #[must_use]
    pub fn recordings(&self) -> Recordings {
        self.recordings.clone()
    }

    /// Waits until what was recorded is written down.
    pub async fn stop(mut self) {
        self.stop.notify_one();
        let idle = async {
            while !self.recordings.is_idle() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(STOP_MAX, idle).await.is_err() {
            tracing::warn!("recordings are left for the next start: their end was not written down in time");
        }
        self.tasks.shutdown().await;
    }
}

pub(crate) const fn voice_id(recording: RecordingId) -> voice::RecordingId {
    voice::RecordingId(recording.to_u128())
}

const fn voice_leg(leg: LegId) -> voice::LegId {
    voice::LegId(leg.to_u128())
}
