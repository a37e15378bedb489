//! Staff and what they are doing.

mod certificate;
mod lease;
mod machine;
mod passkey;
mod presence;
mod reach;
mod second_factor;
mod session;
mod staff;
mod team;

pub use certificate::{
    Certificate, CertificateKind, CertificateRefusal, Certificates, Examiner, SCORE_MIN, VALIDITY_MAX, grant, revoke,
};
pub use lease::Lease;
pub use machine::{Agent, Elapsed, Patience, Task};
pub use passkey::{NAME_CHARS_MAX as PASSKEY_NAME_CHARS_MAX, PASSKEYS_MAX, Passkey, PasskeyRefusal};
pub use presence::{PresenceState, Reason};
pub use reach::Reach;
pub use second_factor::{
    Authenticator, CONFIRM_WITHIN, FactorRefusal, LOCKED_FOR, MISSES_MAX, Offered, RECOVERY_CODES, SecondFactor,
};
pub use session::{Demand, FRESH_FOR, FreshFactor, Missing, NotFresh, Session, Shown, UNFINISHED_FOR};
pub use staff::{LoginLink, PresenceRow, Secret, SipBinding, Staff};
pub use team::{BadTeam, TEAMS_MAX, Team, Teams};
