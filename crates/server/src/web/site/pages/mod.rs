//! One file per page.

pub(super) mod check;
pub(super) mod home;
pub(super) mod number;
pub(super) mod official_numbers;
