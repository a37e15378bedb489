//! One call: its contact, its legs, and the record of what happened, from arrival until all of it is durable.

mod contact;
mod journal;
mod reading;
mod record;
mod recording;
mod ruling;
mod timeline;
mod trust;

pub use contact::{Channel, Contact, Direction, Disposition, Leg, Note, Quality, Service, WrapUp};
pub use journal::Backoff;
pub use reading::{list_contacts, read_contact};
pub use record::{Media, Record, RecordLimits};
pub use recording::{
    Audio, BadRecording, Erasure, MaskedSpan, Notice, RECORDING_KEPT, Recording, RecordingState, WrappedKey, end_recording,
    erase_recording, open_recording,
};
pub use ruling::{NOTE_CHARS_MAX, RecordRefusal, wrap_up, write_note};
pub use timeline::{AddedLine, Fact, TimelineEntry};
pub use trust::CallerIdTrust;
