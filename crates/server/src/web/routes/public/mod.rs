//! What anybody may ask, without a log-in: public facts, and the call from a page. Held back by address, never by who asks.

pub(crate) mod articles;
pub(crate) mod call;
