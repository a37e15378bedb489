//! Offers of waiting contacts.

pub(crate) mod accept;
pub(crate) mod decline;

pub(in crate::web) use accept::accept;
pub(in crate::web) use decline::decline;
