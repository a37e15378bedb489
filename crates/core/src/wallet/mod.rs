//! The wallet behind the hotline, as far as the hotline decides about it.

pub mod reason;
pub mod timeline;
pub mod window;
