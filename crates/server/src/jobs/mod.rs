//! Work that no call asks for.

pub mod audit;
pub mod clocks;
pub mod journal;
pub mod outbox;
pub mod receipts;
pub mod recovery;
pub mod run;
mod sending;
mod watch;
