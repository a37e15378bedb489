//! One call: its contact, its legs, and the record of what happened, from arrival until all of it is durable.

mod contact;
mod hold;
mod journal;
mod look_up;
mod reading;
mod record;
mod recording;
mod ruling;
mod timeline;
mod trust;

pub use contact::{Channel, Contact, Direction, Disposition, Leg, Note, Quality, Service, WrapUp};
pub use hold::{HOLD_REASON_CHARS_MAX, Hold, HoldRefusal, HoldWord, LIFTED_KEPT};
pub use journal::Backoff;
pub use look_up::{LookUp, LookUpRefusal, Review, SHOWN_FOR, look_up, sees_look_ups};
pub use reading::{list_contacts, read_contact};
pub use record::{Media, Record, RecordLimits};
pub use recording::{
    Audio, BadRecording, Erasure, Listening, MaskedSpan, Notice, RECORDING_KEPT, Recording, RecordingState, Remains,
    end_recording, erase_recording, hear_recording, open_recording,
};
pub use ruling::{NOTE_CHARS_MAX, RecordRefusal, wrap_up, write_note};
pub use timeline::{AddedLine, Fact, TimelineEntry};
pub use trust::CallerIdTrust;
