//! The audit log, for auditors.

pub(crate) mod list;

pub(in crate::web) use list::list;
