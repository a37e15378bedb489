//! The record of one call, or of a visit without one: the contact's row, its legs, its timeline. It keeps what happened and says what must be saved; what
//! happens next is decided elsewhere.

use super::journal::{Backoff, Journal};
use super::{Contact, Direction, Disposition, Fact, Leg, Quality, TimelineEntry};
use crate::commit::{Commit, Entry};
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, LegId, StaffId},
    purpose::Purpose,
    time::{Mono, Now, Span},
};
use std::collections::BTreeMap;

/// Bounds of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordLimits {
    /// Lines after which keys and prompts are no longer written.
    pub timeline_max: u32,
    /// How failed commits are tried again.
    pub backoff: Backoff,
    /// How long after its end a record waits for the store and its legs.
    pub give_up: Span,
}

/// What a leg's media agreed on, or did.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Media {
    /// RTP packets received.
    pub packets: u64,
    /// RTP packets lost.
    pub lost: u64,
    /// Interarrival jitter, milliseconds.
    pub jitter_ms: f64,
    /// There and back, milliseconds.
    pub round_trip_ms: Option<f64>,
    /// An estimate of how it was heard.
    pub mos: Option<f64>,
}

/// A leg that is still there.
#[derive(Debug, Clone, Copy, Default)]
struct Open {
    /// Its media is up.
    up: bool,
    quality: Option<Quality>,
}

/// The record of one call.
#[derive(Debug)]
pub struct Record {
    contact: Contact,
    /// One or two as a rule: not worth a tree's room for eleven rows.
    legs: BTreeMap<LegId, Box<Leg>>,
    open: BTreeMap<LegId, Open>,
    journal: Journal,
    limits: RecordLimits,
    seq: u32,
    ended: Option<Mono>,
}

impl Record {
    /// A call arrived on this leg.
    #[must_use]
    pub fn open(now: Now, contact: Contact, leg: LegId, limits: RecordLimits) -> Self {
        let mut record = Self::without_call(now, contact, limits);
        record.leg_started(now, leg, Direction::Inbound, None);
        record
    }

    /// Somebody reached us who does not call.
    #[must_use]
    pub fn without_call(now: Now, contact: Contact, limits: RecordLimits) -> Self {
        let mut record = Self {
            legs: BTreeMap::new(),
            open: BTreeMap::new(),
            journal: Journal::new(limits.backoff),
            limits,
            seq: 0,
            ended: None,
            contact,
        };
        record.journal.contact_changed();
        record.audit(now, Actor::Caller, "contact.opened");
        record
    }

    /// The contact's id.
    #[must_use]
    pub const fn id(&self) -> ContactId {
        self.contact.id
    }

    /// The contact as it is now.
    #[must_use]
    pub const fn contact(&self) -> &Contact {
        &self.contact
    }

    /// Changes the contact's row.
    pub fn amend(&mut self, change: impl FnOnce(&mut Contact)) {
        change(&mut self.contact);
        self.journal.contact_changed();
    }

    /// Adds a line to the timeline. Keys and prompts are left out once the timeline is full.
    pub fn tell(&mut self, at: Now, fact: Fact) {
        let minor = matches!(fact, Fact::Said { .. } | Fact::Keyed { .. });
        if minor && self.seq >= self.limits.timeline_max {
            return;
        }
        let at = match &fact {
            Fact::Said { started_at, .. } => *started_at,
            _ => at.wall,
        };
        self.journal.line(TimelineEntry { seq: self.seq, at, fact });
        self.seq = self.seq.saturating_add(1);
    }

    /// Names in the audit log what was done to this contact.
    pub fn audit(&mut self, now: Now, actor: Actor, action: &str) {
        self.journal.audit(Entry::new(now.wall, actor, action, self.contact.id));
    }

    /// Names in the audit log that personal data of this contact was shown, and what for.
    pub fn audit_reading(&mut self, now: Now, reader: Actor, action: &str, purpose: Purpose) {
        self.journal.audit(Entry::new(now.wall, reader, action, self.contact.id).for_purpose(purpose));
    }

    /// A leg came to be.
    pub fn leg_started(&mut self, now: Now, leg: LegId, direction: Direction, agent: Option<StaffId>) {
        let row = Leg {
            id: leg,
            contact: self.contact.id,
            direction,
            agent,
            outside: None,
            codec: String::new(),
            encryption: "none".to_owned(),
            packets: 0,
            lost: 0,
            jitter_ms: 0.0,
            round_trip_ms: None,
            mos: None,
            started_at: now.wall,
            ended_at: None,
            cause: None,
            dialog: None,
        };
        self.legs.insert(leg, Box::new(row));
        self.open.insert(leg, Open::default());
        self.journal.leg_changed(leg);
    }

    /// A number outside is called, by its id.
    pub fn dialled_outside(&mut self, now: Now, leg: LegId, outside: String) {
        self.leg_started(now, leg, Direction::Outbound, None);
        if let Some(row) = self.legs.get_mut(&leg) {
            row.outside = Some(outside);
        }
    }

    /// A leg's media is up.
    pub fn leg_answered(&mut self, leg: LegId, codec: String, encryption: String, dialog: Option<String>) {
        if let Some(row) = self.legs.get_mut(&leg)
            && let Some(open) = self.open.get_mut(&leg)
        {
            open.up = true;
            (row.codec, row.encryption, row.dialog) = (codec, encryption, dialog);
            self.journal.leg_changed(leg);
        }
    }

    /// A leg's media goes on in another way.
    pub fn leg_media_changed(&mut self, leg: LegId, codec: String, encryption: String) {
        if let Some(row) = self.legs.get_mut(&leg).filter(|_| self.open.get(&leg).is_some_and(|open| open.up)) {
            (row.codec, row.encryption) = (codec, encryption);
            self.journal.leg_changed(leg);
        }
    }

    /// A leg sounds like this now.
    pub fn leg_sounds(&mut self, leg: LegId, quality: Quality) {
        if let Some(open) = self.open.get_mut(&leg) {
            open.quality = Some(quality);
        }
    }

    /// Every leg that the call has or had.
    pub fn legs(&self) -> impl Iterator<Item = LegId> {
        self.legs.keys().copied()
    }

    /// The legs whose media is up, and how they sound, as far as that is known.
    pub fn legs_up(&self) -> impl Iterator<Item = (&Leg, Option<Quality>)> {
        let up = self.open.iter().filter(|(_, open)| open.up);
        up.filter_map(|(leg, open)| Some((self.legs.get(leg)?.as_ref(), open.quality)))
    }

    /// A leg is gone, with its dialog.
    pub fn leg_ended(&mut self, now: Now, leg: LegId, cause: String, media: Media) {
        let Some(row) = self.legs.get_mut(&leg).filter(|_| self.open.contains_key(&leg)) else { return };
        (row.packets, row.lost, row.jitter_ms) = (media.packets, media.lost, media.jitter_ms);
        (row.round_trip_ms, row.mos) = (media.round_trip_ms, media.mos);
        (row.ended_at, row.cause) = (Some(now.wall), Some(cause));
        if row.dialog.take().is_some() {
            self.journal.dialog_closed(leg);
        }
        self.open.remove(&leg);
        self.journal.leg_changed(leg);
    }

    /// Whether a leg is still there.
    #[must_use]
    pub fn is_open(&self, leg: LegId) -> bool {
        self.open.contains_key(&leg)
    }

    /// Whether a leg is there and its media is up.
    #[must_use]
    pub fn is_answered(&self, leg: LegId) -> bool {
        self.open.get(&leg).is_some_and(|open| open.up)
    }

    /// The contact ended. Told once.
    pub fn end(&mut self, now: Now, actor: Actor, by: &str, disposition: Option<Disposition>) {
        if self.ended.is_some() {
            return;
        }
        self.ended = Some(now.mono);
        self.amend(|contact| (contact.ended_at, contact.disposition) = (Some(now.wall), disposition));
        self.tell(now, Fact::Ended { by: by.to_owned(), disposition });
        self.audit(now, actor, "contact.ended");
    }

    /// The contact is over.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// Over, every leg closed, and all of it durable: nothing is left to remember.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.has_ended() && self.open.is_empty() && self.journal.is_clean()
    }

    /// Part of it is not durable yet.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        !self.journal.is_clean()
    }

    /// Over for so long that the store or a leg will not end any more.
    #[must_use]
    pub fn is_given_up(&self, now: Mono) -> bool {
        self.ended.is_some_and(|ended| ended + self.limits.give_up <= now)
    }

    /// The commit to make now, if one is due.
    pub fn flush(&mut self, now: Now) -> Option<Commit> {
        self.journal.flush(now, &self.contact, &self.legs)
    }

    /// The next flush would repeat a failed commit.
    #[must_use]
    pub const fn is_retrying(&self) -> bool {
        self.journal.is_retrying() && !self.journal.is_flying()
    }

    /// Moves the next try of a failed commit.
    pub const fn postpone(&mut self, until: Mono) {
        self.journal.postpone(until);
    }

    /// The commit on its way is durable.
    pub fn saved(&mut self) {
        self.journal.saved();
    }

    /// The commit on its way failed.
    pub fn failed(&mut self, now: Mono) {
        self.journal.failed(now);
    }

    /// When a failed commit is tried again, or the record is given up.
    #[must_use]
    pub fn deadline(&self) -> Option<Mono> {
        let give_up = self.ended.map(|ended| ended + self.limits.give_up);
        [self.journal.deadline(), give_up].into_iter().flatten().min()
    }
}
