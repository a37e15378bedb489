//! Every decision of the hotline, and nothing else: no clock, no randomness, no I/O. Time and ids come in as arguments; what
//! should happen goes out as data (`Step`, `Commit`). See ARCHITECTURE.md.

// Fixtures of the integration tests are read by the tests in here too, under the crate's outer name.
#[cfg(test)]
extern crate self as walletline_core;

pub mod agent;
pub mod audit;
pub mod call;
pub mod cases;
pub mod commit;
mod desk;
pub mod directory;
pub mod help;
pub mod identity;
pub mod ivr;
pub mod kernel;
pub mod knowledge;
pub mod money;
pub mod outbox;
pub mod pass;
pub mod queue;
pub mod switchboard;
pub mod wallet;
