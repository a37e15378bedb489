//! The audit log: its entries, and the heads of the tree they are hashed into. Nothing here changes or removes an entry; that an
//! entry gets its leaf is the one thing that is ever added to it.

pub(crate) mod entry;
pub(crate) mod head;

pub use entry::AuditLine;
pub use head::Seal;
