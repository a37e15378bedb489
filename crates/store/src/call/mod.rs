//! The rows of calls: contacts, their legs, timelines, notes and wrap-ups.

pub(crate) mod contact;
pub(crate) mod leg;
pub(crate) mod look_up;
pub(crate) mod note;
pub(crate) mod timeline;
pub(crate) mod wrap_up;

mod record;
mod restart;
mod search;

pub use record::ContactRecord;
pub(crate) use restart::close_open_contacts;
pub use search::ContactQuery;
