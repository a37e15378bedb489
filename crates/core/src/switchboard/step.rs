//! What comes of an event: effects now, one transaction, and effects once it is durable.

use super::command::Command;
use crate::commit::Commit;

/// The outcome of one event.
#[derive(Debug, Default, PartialEq)]
pub struct Step {
    /// Done at once; never waits for the disk.
    pub now: Vec<Command>,
    /// Written as one transaction, under a ticket that `Committed` or `CommitFailed` will name.
    pub commit: Option<(u64, Commit)>,
    /// Done once the commit is durable, or dropped when it fails.
    pub then: Vec<Command>,
}
