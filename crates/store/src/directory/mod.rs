//! The official directory as rows.

pub(crate) mod edition;
pub(crate) mod listing;
pub(crate) mod suspect;
