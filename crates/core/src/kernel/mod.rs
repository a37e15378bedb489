//! What every area stands on. The kernel sees no area.

pub mod actor;
pub mod hex;
pub mod ids;
pub mod language;
pub mod pii;
pub mod purpose;
pub mod time;
