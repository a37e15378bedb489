//! Closing a contact.

pub(crate) mod write;

pub(in crate::web) use write::write;
