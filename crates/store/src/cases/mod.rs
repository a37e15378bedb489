//! The rows of cases: what stays open for customers.

pub(crate) mod callback;
pub(crate) mod case;
pub(crate) mod clock;
pub(crate) mod credit;
pub(crate) mod statement;
pub(crate) mod upload;
