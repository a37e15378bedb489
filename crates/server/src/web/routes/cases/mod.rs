//! Cases: what stays open after a contact.

pub(crate) mod read;

pub(in crate::web) use read::read;
