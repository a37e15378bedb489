//! Staff and what they are doing.

mod lease;
mod machine;
mod presence;
mod staff;

pub use lease::Lease;
pub use machine::{Agent, Elapsed, Patience, Task};
pub use presence::{PresenceState, Reason};
pub use staff::{LoginLink, PresenceRow, Secret, Session, SipBinding, Staff};
