//! SIP signalling of phones and trunks over UDP, TCP and TLS. rsipstack carries the transactions; dialogs, legs, limits and the judgement of
//! raw messages are ours (docs/adr/0002-sip-stack.md). No rsipstack type may leave this module, and no audio enters it.

pub(crate) mod address;
mod caller;
mod certificate;
mod counters;
mod dialog;
mod fields;
mod flood;
mod flow;
mod framing;
mod grammar;
mod guard;
mod head;
mod in_dialog;
mod incoming;
mod leg;
mod outgoing;
pub(crate) mod peer;
mod plane;
pub(crate) mod reader;
mod receive;
mod refer;
mod register;
mod reliable;
mod session;
mod socket;
mod stack;
mod stream;
mod streams;
mod throttle;
mod timers;
mod tls;
mod trunk;
mod watch;

pub use counters::SipCounters;
pub use flood::Trusted;
pub use plane::SipLoad;
pub(crate) use plane::{SipConfig, SipPlane, SipStartError};
pub use session::SessionLimits;
pub use streams::StreamLimits;
pub use throttle::Throttle;
pub use tls::TlsFiles;
pub use trunk::{
    Account, BadRule, BadTarget, DialRule, Login, NumberFormat, NumberKind, NumberKinds, NumberPlan, RegistrationState, Rewrite,
    Secret, Target, TrunkCounters, TrunkSettings, TrunkStatus, TrunkTimers,
};
pub use watch::SilenceLimits;
