//! One call: its contact, its legs, and the machine that leads it from arrival to end.

mod contact;
mod timeline;

pub use contact::{Channel, Contact, Direction, Disposition, Leg, Level, Note, Service, WrapUp};
pub use timeline::{Fact, TimelineEntry};
