//! The wallet behind the hotline, as far as the hotline decides about it: acts on it, in which steps and how often, and how a
//! transaction stands against the usual time of its kind.

mod limits;
mod operation;
mod outcome;
pub mod reason;
mod step_table;
pub mod timeline;
pub mod window;

pub use limits::{FreezeLimits, TooManyFreezes, check_freeze};
pub use operation::{BadDigest, KEPT, NewOperation, Operation, Target};
pub use outcome::{Decline, Outcome};
pub use step_table::{Happening, State};
