//! What anybody may ask, without a log-in: public facts, the call from a page, what prepares one. Held back by address, never by who asks.

pub(crate) mod articles;
pub(crate) mod call;
pub(crate) mod call_passes;
