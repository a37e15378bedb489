//! The store: one way to write, the `Commit` of the core, and one reader per question the program asks. SQLite and PostgreSQL
//! answer the same SQL text.
//!
//! It decides nothing: a change says which version of a row it was ruled on, and the store either keeps the whole commit with
//! its audit entries or nothing of it. It never waits without a bound, and no personal data reaches its logs or its errors.

mod agent;
mod audit;
mod call;
mod cases;
mod commit;
mod copy;
mod database;
mod directory;
#[cfg(test)]
mod doubts;
mod error;
mod identity;
mod job;
mod knowledge;
mod lane;
mod location;
mod mark;
mod migrations;
mod money;
mod outbox;
mod pass;
mod recording;
mod statistics;
mod store;
mod tally;
mod vault;
mod wallet;
mod writer;

pub use agent::session::SessionFound;
pub use audit::{AuditLine, Seal};
pub use call::{ContactQuery, ContactRecord};
pub use error::{CommitError, OpenError, ReadError};
pub use outbox::Due;
pub use statistics::Statistics;
pub use store::Store;

/// Rows a reader returns at most, whatever was asked for: one page of one answer stays below a few megabytes.
pub const PAGE_MAX: u32 = 1_000;
