//! One call: its contact, its legs, and the machine that leads it from arrival to end.

mod contact;
mod ruling;
mod timeline;

pub use contact::{Channel, Contact, Direction, Disposition, Leg, Level, Note, Service, WrapUp};
pub use ruling::{NOTE_CHARS_MAX, RecordRefusal, wrap_up, write_note};
pub use timeline::{Fact, TimelineEntry};
