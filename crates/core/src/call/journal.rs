//! What of one contact is not durable yet. One commit at a time is on its way; what happens meanwhile waits for the next one, and
//! what a failed commit held is kept and tried again. It decides nothing about the call and forgets nothing.

use super::{Contact, Leg, TimelineEntry};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    ids::LegId,
    time::{Mono, Now, Span},
};
use std::collections::{BTreeMap, BTreeSet};

/// How failed commits are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// First wait; doubles each time.
    pub first: Span,
    /// Longest wait.
    pub max: Span,
}

/// Unsaved changes of one contact.
#[derive(Debug)]
pub(super) struct Journal {
    backoff: Backoff,
    contact_version: Version,
    leg_versions: BTreeMap<LegId, Version>,
    unsaved: Unsaved,
    flight: Option<Unsaved>,
    retry: Option<Retry>,
}

#[derive(Debug, Default)]
struct Unsaved {
    contact: bool,
    legs: BTreeSet<LegId>,
    closed_dialogs: BTreeSet<LegId>,
    lines: Vec<TimelineEntry>,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Retry {
    at: Mono,
    wait: Span,
}

impl Journal {
    pub(super) fn new(backoff: Backoff) -> Self {
        Self {
            backoff,
            contact_version: 0,
            leg_versions: BTreeMap::new(),
            unsaved: Unsaved::default(),
            flight: None,
            retry: None,
        }
    }

    pub(super) const fn contact_changed(&mut self) {
        self.unsaved.contact = true;
    }

    pub(super) fn leg_changed(&mut self, leg: LegId) {
        self.unsaved.legs.insert(leg);
    }

    pub(super) fn dialog_closed(&mut self, leg: LegId) {
        self.unsaved.closed_dialogs.insert(leg);
    }

    pub(super) fn line(&mut self, line: TimelineEntry) {
        self.unsaved.lines.push(line);
    }

    pub(super) fn audit(&mut self, entry: Entry) {
        self.unsaved.entries.push(entry);
    }

    /// Everything is durable.
    pub(super) fn is_clean(&self) -> bool {
        self.flight.is_none() && self.unsaved.is_empty()
    }

    /// A commit is on its way.
    pub(super) const fn is_flying(&self) -> bool {
        self.flight.is_some()
    }

    /// When a failed commit is tried again.
    pub(super) fn deadline(&self) -> Option<Mono> {
        self.retry.filter(|_| self.flight.is_none()).map(|retry| retry.at)
    }

    /// The next flush would repeat a failed commit.
    pub(super) const fn is_retrying(&self) -> bool {
        self.retry.is_some()
    }

    /// Moves the next try.
    pub(super) const fn postpone(&mut self, until: Mono) {
        if let Some(retry) = &mut self.retry {
            retry.at = until;
        }
    }

    /// The commit to make now, if there is something to save and none is on its way.
    pub(super) fn flush(&mut self, now: Now, contact: &Contact, legs: &BTreeMap<LegId, Box<Leg>>) -> Option<Commit> {
        let waits = self.retry.is_some_and(|retry| retry.at > now.mono);
        if waits || self.flight.is_some() || self.unsaved.is_empty() {
            return None;
        }
        let flight = std::mem::take(&mut self.unsaved);
        let mut changes = Vec::new();
        if flight.contact {
            changes.push(Change::Contact(self.contact_version, Box::new(contact.clone())));
        }
        for id in &flight.legs {
            if let Some(leg) = legs.get(id) {
                let version = self.leg_versions.get(id).copied().unwrap_or(0);
                changes.push(Change::Leg(version, leg.clone()));
            }
        }
        changes.extend(flight.closed_dialogs.iter().map(|leg| Change::DialogClosed(*leg)));
        changes.extend(flight.lines.iter().map(|line| Change::Timeline(contact.id, line.clone())));
        let mut entries = flight.entries.iter().cloned();
        let first = entries.next().unwrap_or_else(|| Entry::new(now.wall, Actor::System, "contact.recorded", contact.id));
        let commit = entries.fold(Commit::new(first, changes), |commit, entry| commit.and(Commit::new(entry, Vec::new())));
        self.flight = Some(flight);
        Some(commit)
    }

    /// The commit on its way is durable.
    pub(super) fn saved(&mut self) {
        let Some(flight) = self.flight.take() else { return };
        self.retry = None;
        if flight.contact {
            self.contact_version += 1;
        }
        for leg in flight.legs {
            *self.leg_versions.entry(leg).or_insert(0) += 1;
        }
    }

    /// The commit on its way is not durable: all of it goes back in front of what happened since, and is tried again.
    pub(super) fn failed(&mut self, now: Mono) {
        let Some(flight) = self.flight.take() else { return };
        let since = std::mem::replace(&mut self.unsaved, flight);
        self.unsaved.append(since);
        let wait = self.retry.map_or(self.backoff.first, |retry| Span((retry.wait.0 * 2).min(self.backoff.max.0)));
        self.retry = Some(Retry { at: now + wait, wait });
    }
}

impl Unsaved {
    fn is_empty(&self) -> bool {
        !self.contact
            && self.legs.is_empty()
            && self.closed_dialogs.is_empty()
            && self.lines.is_empty()
            && self.entries.is_empty()
    }

    fn append(&mut self, later: Self) {
        self.contact |= later.contact;
        self.legs.extend(later.legs);
        self.closed_dialogs.extend(later.closed_dialogs);
        self.lines.extend(later.lines);
        self.entries.extend(later.entries);
    }
}
