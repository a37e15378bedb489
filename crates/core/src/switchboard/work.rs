//! One step while it is being made: its time, who caused it, what it has ordered so far, and whom it touched.

use super::command::Command;
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, OfferId, StaffId},
    time::Now,
};
use crate::queue::Outcome;
use std::collections::{BTreeMap, BTreeSet};

/// A step being made.
pub(crate) struct Work {
    /// When.
    pub(crate) now: Now,
    /// Who caused it.
    pub(crate) actor: Actor,
    pub(super) commands: Vec<Command>,
    pub(super) callers: BTreeSet<ContactId>,
    pub(super) agents: BTreeSet<StaffId>,
    pub(super) queues: BTreeSet<String>,
    pub(super) offers: BTreeMap<OfferId, Option<(StaffId, Outcome)>>,
}

impl Work {
    pub(super) const fn new(now: Now, actor: Actor) -> Self {
        Self {
            now,
            actor,
            commands: Vec::new(),
            callers: BTreeSet::new(),
            agents: BTreeSet::new(),
            queues: BTreeSet::new(),
            offers: BTreeMap::new(),
        }
    }

    /// Nothing has happened yet.
    pub(super) fn is_untouched(&self) -> bool {
        self.commands.is_empty()
            && self.callers.is_empty()
            && self.agents.is_empty()
            && self.queues.is_empty()
            && self.offers.is_empty()
    }

    /// Adds an effect.
    pub(super) fn order(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// Adds effects, if there are any.
    pub(super) fn order_all(&mut self, commands: impl IntoIterator<Item = Command>) {
        self.commands.extend(commands);
    }

    /// A queue's line on the screens may have changed.
    pub(super) fn touch_queue(&mut self, queue: &str) {
        if !self.queues.contains(queue) {
            self.queues.insert(queue.to_owned());
        }
    }
}
