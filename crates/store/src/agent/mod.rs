//! The rows of staff: who they are, their sessions and log-in links, their phones, their presence.

pub(crate) mod phone;
pub(crate) mod presence;
pub(crate) mod session;
pub(crate) mod staff;
