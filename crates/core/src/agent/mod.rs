//! Staff and what they are doing.

mod presence;
mod staff;

pub use presence::{PresenceState, Reason};
pub use staff::{LoginLink, PresenceRow, Secret, Session, SipBinding, Staff};
