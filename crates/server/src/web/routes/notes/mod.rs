//! What agents write down during contacts.

pub(crate) mod read;
pub(crate) mod write;

pub(in crate::web) use read::read;
pub(in crate::web) use write::write;

/// A ruling is made again this often when others wrote at the same time; more often means a bug, not bad luck.
pub(super) const RULINGS_MAX: usize = 3;
