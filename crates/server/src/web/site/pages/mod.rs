//! One file per page.

pub(super) mod home;
pub(super) mod hours;
pub(super) mod wait;
