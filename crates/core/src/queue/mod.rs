//! Waiting callers and who takes them next.

mod entry;
pub mod hours;
mod offer;
mod pick;
pub mod wait;

pub use entry::{Entry, Needs, PRIORITY_MAX, Waiting};
pub use offer::{Happening, Offer, Outcome, Rings, Verdict};
pub use pick::{Candidate, Strategy, pick};
