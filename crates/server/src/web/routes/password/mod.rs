//! Passwords.

pub(crate) mod set;

pub(in crate::web) use set::set;
