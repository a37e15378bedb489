//! Recording a leg: what it says and what is sent to it, as two channels of one file that is encrypted while it is written. A leg
//! hands copies of its packets over and never waits; one thread writes all recordings, another makes them durable. Nothing here
//! knows why a call is recorded or who may listen, and no audio is ever written in clear.
//!
//! - `tap`: what a leg holds, on the path of its packets
//! - `ear`: makes µ-law of what other codecs carry
//! - `track`: puts packets where they belong in time
//! - `format`: the file, chunk by chunk
//! - `writer`, `syncer`: the two threads
//! - `reader`: opens a file, and finishes one that a crash left open

mod ear;
mod format;
mod reader;
mod syncer;
mod tally;
mod tap;
mod track;
mod writer;

pub use format::{CHANNELS, CHUNK_SAMPLES};
pub use reader::{Ending, RecordingError, RecordingFile};
pub(crate) use tap::{Channel, Tap};
pub(crate) use writer::Recorder;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use std::fmt;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// Samples per second and channel of every recording.
pub const RECORDING_RATE: u32 = 8000;

/// Milliseconds that one value of a waveform stands for.
pub const PEAK_MS: u32 = 100;

/// Samples per second as everything here counts them.
const RATE: u64 = RECORDING_RATE as u64;

/// One recording, chosen by the controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordingId(pub u128);

/// The key of one recording. It is wiped when it is dropped, prints nothing, and refuses to be serialised: a command that holds one
/// does not leave the process.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// Takes over random bytes that nothing else is encrypted with.
    #[must_use]
    pub const fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey")
    }
}

impl Serialize for DataKey {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(ser::Error::custom("the key of a recording does not travel"))
    }
}

impl<'de> Deserialize<'de> for DataKey {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(de::Error::custom("the key of a recording does not travel"))
    }
}

/// What to record into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingSpec {
    /// Names it in `RecordingEnded`, and binds the file to it.
    pub id: RecordingId,
    /// The file. It must not be there yet; its folder must.
    pub path: PathBuf,
    /// Used for this file alone.
    pub key: DataKey,
    /// Begins masked, as if `MaskRecording` had come with it.
    pub masked: bool,
}

/// What became of a recording.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingSummary {
    /// Its length, milliseconds.
    pub duration_ms: u64,
    /// The loudest sample of every [`PEAK_MS`], 0 (silence) to 255, for each channel.
    pub peaks: [Vec<u8>; CHANNELS],
    /// Spans of silence in place of what was masked, in order.
    pub masked: Vec<MaskedSpan>,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Pieces of a packet that could not be kept: the writer was behind, or they came too late to have a place.
    pub lost: u64,
    /// Why there is no whole file; none where there is.
    pub failed: Option<String>,
}

/// A masked span, milliseconds from the start of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskedSpan {
    /// Its first.
    pub from_ms: u64,
    /// One past its last.
    pub to_ms: u64,
}

/// Milliseconds in samples, rounded down.
const fn milliseconds(samples: u64) -> u64 {
    samples * 1000 / RATE
}
