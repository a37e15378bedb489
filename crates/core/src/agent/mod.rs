//! Staff and what they are doing.

mod lease;
mod machine;
mod presence;
mod reach;
mod staff;
mod team;

pub use lease::Lease;
pub use machine::{Agent, Elapsed, Patience, Task};
pub use presence::{PresenceState, Reason};
pub use reach::Reach;
pub use staff::{LoginLink, PresenceRow, Secret, Session, SipBinding, Staff};
pub use team::{BadTeam, TEAMS_MAX, Team, Teams};
