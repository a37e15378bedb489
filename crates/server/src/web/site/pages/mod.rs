//! One file per page.

pub(super) mod call;
pub(super) mod home;
pub(super) mod prepare;
