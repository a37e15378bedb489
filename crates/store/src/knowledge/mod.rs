//! Articles.

pub(crate) mod article;
