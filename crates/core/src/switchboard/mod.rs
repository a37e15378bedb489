//! The live composition: routes events to the machines of the areas and joins what they decide.

pub mod command;
pub mod event;
pub mod live;
pub mod step;
mod world;

use crate::kernel::ids::{ContactId, IdSource, StaffId};
use crate::kernel::time::{Mono, Now};
use event::{Act, ActRefusal, Event};
use live::Snapshot;
use std::collections::BTreeMap;
use step::Step;
pub use world::{Directory, Line, Queue, Settings, World, queue_id};

/// The live hotline: every call, queue, offer and agent of the moment. Its sole owner feeds it one event at a time.
pub struct Switchboard {
    world: World,
    ids: IdSource,
}

/// What an agent's act led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActReply {
    /// It is done.
    Done,
    /// The offer is taken: connect the desk's leg to this contact.
    Accepted {
        /// The contact.
        contact: ContactId,
    },
}

/// Figures of the moment, for metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls whose customer is on the line.
    pub calls: usize,
    /// Callers waiting, by queue id; every queue is listed.
    pub waiting: BTreeMap<String, usize>,
    /// Agents by the name of their state; every state is listed.
    pub agents: BTreeMap<&'static str, usize>,
    /// Offers that ring.
    pub offers: usize,
    /// Contacts whose record is not yet wholly durable.
    pub unsaved: usize,
    /// Records given up because the store failed for too long, since the start.
    pub records_lost: u64,
    /// The program was asked to stop.
    pub draining: bool,
}

impl Switchboard {
    /// A switchboard without calls; everybody is logged out.
    #[must_use]
    pub fn new(world: World, ids: IdSource) -> Self {
        Self { world, ids }
    }

    /// Decides what follows from one event. Never refuses: what makes no sense any more is ignored.
    pub fn handle(&mut self, now: Now, event: Event) -> Step {
        let _ = (now, event, &self.world, &self.ids);
        Step::default()
    }

    /// Decides on what an agent asks.
    ///
    /// # Errors
    /// [`ActRefusal`] says which rule said no; nothing has changed then.
    pub fn act(&mut self, now: Now, agent: StaffId, act: Act) -> Result<(Step, ActReply), ActRefusal> {
        let _ = (now, agent, act);
        Err(ActRefusal::NotAnAgent)
    }

    /// When `Event::Deadline` is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Mono> {
        None
    }

    /// What the screens show now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::default()
    }

    /// Figures of the moment.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::default()
    }
}
