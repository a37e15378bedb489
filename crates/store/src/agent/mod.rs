//! The rows of staff: who they are, what they were examined in, their second factors, sessions and log-in links, their phones, their presence.

pub(crate) mod certificate;
pub(crate) mod phone;
pub(crate) mod presence;
pub(crate) mod second_factor;
pub(crate) mod session;
pub(crate) mod staff;
