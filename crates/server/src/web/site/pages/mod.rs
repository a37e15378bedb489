//! One file per page.

pub(super) mod home;
