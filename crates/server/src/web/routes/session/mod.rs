//! Logging in and out.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod read;

pub(in crate::web) use create::create;
pub(in crate::web) use delete::delete;
pub(in crate::web) use read::read;
