//! One file per page.

pub(super) mod article;
pub(super) mod call;
pub(super) mod home;
pub(super) mod offline;
pub(super) mod prepare;
pub(in crate::web) mod search;
