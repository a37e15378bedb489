//! Calls as legs: SIP phones and trunks, browsers, prompts, keys, bridges, recordings. This crate knows no hotline: what a call is for is
//! decided by whoever sends the [`Command`]s and reads the [`Event`]s. No live audio and no SIP type leaves it.

mod command;
mod datagrams;
mod encryption;
mod engine;
mod event;
mod ids;
mod media;
mod network;
mod passport;
mod random;
mod rate;
pub mod readers;
mod record;
mod registrar;
mod sdp;
mod sip;

pub use command::{Command, DialTarget, PlayItem, RejectReason, Source};
pub use encryption::{EncryptionPolicies, EncryptionPolicy, PolicyFor, SrtpSuite};
pub use engine::{Config, Counters, StartError, Tuning, Voice};
pub use event::{Binding, DialRefusal, Encryption, EndCause, Event, LegStats, Quality};
pub use ids::{ClipId, DialogRecord, LegId, PlaybackId, SipTransport};
pub use media::{ClipError, ClipLibrary, Codec, MediaConfig, MediaCounters, MediaError, MediaNotice, MediaPlane, OrderError};
pub use network::{BadNetwork, Network};
pub use passport::{Attestation, BadPassport, Passport, Verstat, Vouching};
pub use rate::RateLimit;
pub use record::{
    CHANNELS, CHUNK_SAMPLES, DataKey, Ending, MaskedSpan, PEAK_MS, RECORDING_RATE, RecordingError, RecordingFile, RecordingId,
    RecordingSpec, RecordingSummary,
};
pub use registrar::{Credentials, REALM, ha1};
pub use sdp::SdpError;
pub use sip::{
    Account, BadRule, BadTarget, DialRule, Login, NumberFormat, NumberKind, NumberKinds, NumberPlan, RegistrationState, Rewrite,
    Secret, SessionLimits, SilenceLimits, SipCounters, SipLoad, StreamLimits, Target, Throttle, TlsFiles, TrunkCounters,
    TrunkSettings, TrunkStatus, TrunkTimers, Trusted,
};

/// Log targets below this crate that hold whole messages, with numbers and keys, at levels chattier than `warn`. No log filter may
/// let those lines through.
pub const GUARDED_TARGETS: [&str; 3] = ["rsipstack", "str0m", "dimpl"];
