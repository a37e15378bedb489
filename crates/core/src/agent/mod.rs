//! Staff and what they are doing.

mod certificate;
mod lease;
mod machine;
mod presence;
mod reach;
mod staff;
mod team;

pub use certificate::{
    Certificate, CertificateKind, CertificateRefusal, Certificates, Examiner, SCORE_MIN, VALIDITY_MAX, grant, revoke,
};
pub use lease::Lease;
pub use machine::{Agent, Elapsed, Patience, Task};
pub use presence::{PresenceState, Reason};
pub use reach::Reach;
pub use staff::{LoginLink, PresenceRow, Secret, Session, SipBinding, Staff};
pub use team::{BadTeam, TEAMS_MAX, Team, Teams};
