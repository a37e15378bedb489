//! Work that no call asks for.

pub mod recovery;
