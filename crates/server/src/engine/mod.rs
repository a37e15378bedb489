//! The one owner of the live hotline. Everything that happens is stamped and queued in the inbox, decided by the core, and
//! carried out as effects. Routes and jobs hold a [`Handle`]; nothing else reaches the switchboard.

mod browser;
mod clock;
mod effects;
mod inbox;
mod phones;
mod run;
mod thread;
mod translate;

pub use clock::Clock;
pub use effects::MUSIC;
pub use inbox::{
    ActError, CallEnd, DialRefused, DialedCall, Dialling, Figures, Handle, PermitError, Readiness, RefundPermit, SdpRefused,
};
pub use phones::PhoneCredentials;
pub use run::{Engine, Parts};
pub use thread::CallThread;
