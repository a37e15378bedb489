//! Calls as legs: SIP phones and trunks, browsers, prompts, keys, bridges. This crate knows no hotline: what a call is for is
//! decided by whoever sends the [`Command`]s and reads the [`Event`]s. No audio and no SIP type leaves it.

mod command;
mod event;
mod ids;
mod media;
mod sdp;

pub use command::{Command, PlayItem, RejectReason};
pub use event::{Binding, Encryption, EndCause, Event, LegStats};
pub use ids::{ClipId, DialogRecord, LegId, PlaybackId};
pub use media::{ClipError, ClipLibrary, Codec, MediaConfig, MediaCounters, MediaError, MediaNotice, MediaPlane};
pub use sdp::SdpError;
