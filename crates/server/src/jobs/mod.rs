//! Work that no call asks for.

pub mod audit;
pub mod journal;
pub mod outbox;
pub mod recovery;
pub mod run;
