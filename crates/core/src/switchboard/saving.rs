//! Saving: one commit a step at most, made of what the records of the calls it touched have to save, and of presence history.
//! What fails is tried again alone, so that one row that cannot be written does not hold up the others.

use super::{Switchboard, Work};
use crate::agent::PresenceRow;
use crate::commit::{Change, Commit, Entry};
use crate::kernel::{
    actor::Actor,
    ids::ContactId,
    time::{Mono, Span},
};
use std::collections::{BTreeMap, VecDeque};

/// A retry that meets other work in its step waits this much longer.
const RETRY_STEP: Span = Span::from_ms(10);

/// Commits on their way, and presence history to be saved.
#[derive(Debug)]
pub(super) struct Saving {
    tickets: BTreeMap<u64, Flight>,
    last_ticket: u64,
    lost: u64,
    presence: VecDeque<(PresenceRow, Actor)>,
    presence_max: usize,
    /// Lines at the front that are on their way.
    presence_flying: usize,
    retry: Option<(Mono, Span)>,
    retry_first: Span,
    retry_max: Span,
}

/// What one commit holds.
#[derive(Debug, Default)]
struct Flight {
    contacts: Vec<ContactId>,
    presence: bool,
}

impl Saving {
    pub(super) const fn new(settings: &super::Settings) -> Self {
        Self {
            tickets: BTreeMap::new(),
            last_ticket: 0,
            lost: 0,
            presence: VecDeque::new(),
            presence_max: settings.presence_backlog_max,
            presence_flying: 0,
            retry: None,
            retry_first: settings.save_retry_first,
            retry_max: settings.save_retry_max,
        }
    }

    pub(super) const fn lost(&self) -> u64 {
        self.lost
    }

    pub(super) const fn count_lost(&mut self) {
        self.lost = self.lost.saturating_add(1);
    }

    /// When presence is tried again.
    pub(super) fn deadline(&self) -> Option<Mono> {
        self.retry.filter(|_| self.presence_flying == 0).map(|(at, _)| at)
    }

    fn note(&mut self, row: PresenceRow, actor: Actor) {
        if self.presence.len() >= self.presence_max && self.presence_flying == 0 {
            self.presence.pop_front();
            self.count_lost();
        }
        self.presence.push_back((row, actor));
    }

    fn presence_commit(&mut self, now: Mono) -> Option<Commit> {
        if self.presence_flying > 0 || self.retry.is_some_and(|(at, _)| at > now) {
            return None;
        }
        let lines = self.presence.iter().map(|(row, actor)| {
            let entry = Entry::new(row.at, *actor, "presence.changed", row.agent);
            Commit::new(entry, vec![Change::Presence(row.clone())])
        });
        let commit = lines.reduce(Commit::and)?;
        self.presence_flying = self.presence.len();
        Some(commit)
    }

    fn presence_settled(&mut self, now: Mono, durable: bool) {
        if durable {
            self.presence.drain(..self.presence_flying);
            self.retry = None;
        } else {
            let wait = self.retry.map_or(self.retry_first, |(_, wait)| Span((wait.0 * 2).min(self.retry_max.0)));
            self.retry = Some((now + wait, wait));
        }
        self.presence_flying = 0;
    }
}

impl Switchboard {
    /// Notes every change of presence this step made.
    pub(super) fn note_presence(&mut self, work: &mut Work) {
        for id in &work.agents {
            if let Some(agent) = self.agents.get_mut(id)
                && agent.settle(work.now)
            {
                let row = PresenceRow { agent: *id, state: agent.presence(), at: work.now.wall };
                self.saving.note(row, work.actor);
            }
        }
    }

    /// The commit of this step, under its ticket.
    pub(super) fn flush(&mut self, work: &mut Work) -> Option<(u64, Commit)> {
        let now = work.now;
        let mut flight = Flight::default();
        let mut commit: Option<Commit> = None;
        let mut retries = Vec::new();
        for contact in &work.callers {
            let Some(caller) = self.callers.get_mut(contact) else { continue };
            if caller.record.is_retrying() {
                retries.push(*contact);
            } else if let Some(more) = caller.record.flush(now) {
                flight.contacts.push(*contact);
                commit = Some(join(commit, more));
            }
        }
        if (self.saving.retry.is_none() || commit.is_none())
            && let Some(more) = self.saving.presence_commit(now.mono)
        {
            flight.presence = true;
            commit = Some(join(commit, more));
        }
        for contact in retries {
            let Some(caller) = self.callers.get_mut(&contact) else { continue };
            let due = caller.record.deadline().is_some_and(|at| at <= now.mono);
            if commit.is_none() {
                commit = caller.record.flush(now);
                flight.contacts.extend(commit.is_some().then_some(contact));
            } else if due {
                caller.record.postpone(now.mono + RETRY_STEP);
            }
        }
        let commit = commit?;
        self.saving.postpone_presence(now.mono);
        self.saving.last_ticket += 1;
        self.saving.tickets.insert(self.saving.last_ticket, flight);
        Some((self.saving.last_ticket, commit))
    }

    pub(super) fn committed(&mut self, work: &mut Work, ticket: u64) {
        self.commit_settled(work, ticket, true);
    }

    pub(super) fn commit_failed(&mut self, work: &mut Work, ticket: u64) {
        self.commit_settled(work, ticket, false);
    }

    fn commit_settled(&mut self, work: &mut Work, ticket: u64, durable: bool) {
        let Some(flight) = self.saving.tickets.remove(&ticket) else { return };
        let now = work.now.mono;
        for contact in flight.contacts {
            self.with(work, contact, |_, _, caller| {
                if durable {
                    caller.record.saved();
                } else {
                    caller.record.failed(now);
                }
            });
        }
        if flight.presence {
            self.saving.presence_settled(now, durable);
        }
    }
}

impl Saving {
    /// Presence that is due but met other work waits a little longer.
    fn postpone_presence(&mut self, now: Mono) {
        if let Some((_, wait)) = self.retry.filter(|(at, _)| *at <= now && self.presence_flying == 0) {
            self.retry = Some((now + RETRY_STEP, wait));
        }
    }
}

fn join(first: Option<Commit>, more: Commit) -> Commit {
    match first {
        Some(first) => first.and(more),
        None => more,
    }
}
