//! Waiting callers and who takes them next.

mod entry;
mod offer;
mod pick;

pub use entry::{Entry, PRIORITY_MAX, Waiting};
pub use offer::{Happening, Offer, Outcome, Rings, Verdict};
pub use pick::{Candidate, Strategy, pick};
