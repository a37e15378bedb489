//! Acts on a wallet: what is done there, in which steps, how often, and what came of it.

mod limits;
mod operation;
mod outcome;
mod step_table;

pub use limits::{FreezeLimits, TooManyFreezes, check_freeze};
pub use operation::{BadDigest, NewOperation, Operation, REPLAY_KEPT, Target};
pub use outcome::{Decline, Outcome};
pub use step_table::{Happening, State};
