//! Work that no call asks for.

pub mod audit;
pub mod recovery;
