//! Every deadline of the switchboard in one place: who is due next, and who is due now.

use crate::kernel::{
    ids::{ContactId, StaffId},
    time::Mono,
};
use std::collections::{BTreeMap, BTreeSet};

/// Whose deadline it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// A call's: prompts, keys, waiting, offers, connecting, saving.
    Caller(ContactId),
    /// An agent's: heartbeats, wrap-up, absence.
    Agent(StaffId),
    /// The switchboard's own: draining, saving presence.
    House,
}

/// One deadline for each.
#[derive(Debug, Default)]
pub(super) struct Timers {
    order: BTreeSet<(Mono, Who)>,
    at: BTreeMap<Who, Mono>,
}

impl Timers {
    /// Sets or clears a deadline.
    pub(super) fn set(&mut self, who: Who, at: Option<Mono>) {
        if let Some(old) = self.at.remove(&who) {
            self.order.remove(&(old, who));
        }
        if let Some(at) = at {
            self.order.insert((at, who));
            self.at.insert(who, at);
        }
    }

    /// The earliest deadline.
    pub(super) fn next(&self) -> Option<Mono> {
        self.order.first().map(|(at, _)| *at)
    }

    /// Takes out everyone who is due, earliest first.
    pub(super) fn take_due(&mut self, now: Mono) -> Vec<Who> {
        let mut due = Vec::new();
        while let Some(&(at, who)) = self.order.first().filter(|(at, _)| *at <= now) {
            self.order.remove(&(at, who));
            self.at.remove(&who);
            due.push(who);
        }
        due
    }
}
