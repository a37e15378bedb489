//! The machine of one agent: the desk's lease, the phone, what the agent asked for, and the call at hand. What it shows as
//! presence follows from these; it can never be two things at once. It knows no queue and plays nothing.

use super::lease::{Lapse, Lease, Sign};
use super::{PresenceState, Reason, Staff, Teams};
use crate::kernel::{
    ids::{ContactId, StaffId},
    language::Language,
    time::{Mono, Now, Span, Wall},
};

/// How patient the hotline is with its agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// A connected desk may say nothing for this long.
    pub desk_silence: Span,
    /// A desk may be gone for this long and take up where it was.
    pub desk_grace: Span,
    /// Offers missed in a row that make an agent not responding.
    pub missed_max: u8,
    /// Longest wrap-up at a desk.
    pub wrap_up_max: Span,
    /// Wrap-up with only a phone.
    pub wrap_up_phone: Span,
    /// A phone without a desk that missed offers is tried again after this long.
    pub phone_rest: Span,
    /// An agent who does not respond for this long is logged out.
    pub absent_max: Span,
}

/// What an agent is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Nothing.
    Free,
    /// An offer rings.
    Ringing {
        /// Of whom.
        contact: ContactId,
    },
    /// A call.
    Talking {
        /// With whom.
        contact: ContactId,
        /// Through the desk's browser; else through the phone.
        browser: bool,
        /// The customer hears music meanwhile.
        held: bool,
    },
    /// The record of the last call.
    WrapUp {
        /// Which.
        contact: ContactId,
        /// When it ends by itself.
        until: Mono,
    },
}

/// What time alone did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elapsed {
    /// Nobody would see a card on the desk any more.
    DeskLost,
    /// The wrap-up of this contact is over.
    WrapUpOver(ContactId),
}

/// Why an agent does not respond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Absent {
    since: Mono,
    missed: bool,
}

/// One agent.
#[derive(Debug)]
pub struct Agent {
    /// Who.
    pub id: StaffId,
    /// The number customers are told.
    pub number: String,
    /// What they speak.
    pub languages: Vec<Language>,
    /// What they can do.
    pub skills: Vec<String>,
    /// The teams they belong to; of whoever leads agents, those they lead.
    pub teams: Teams,
    takes_calls: bool,
    supervises: bool,
    patience: Patience,
    lease: Lease,
    phone: bool,
    wish: PresenceState,
    absent: Option<Absent>,
    missed: u8,
    task: Task,
    idle_since: Mono,
    shown: PresenceState,
    since: Wall,
}

impl Agent {
    /// A member of staff who is logged out.
    #[must_use]
    pub fn new(staff: Staff, patience: Patience) -> Self {
        Self {
            id: staff.id,
            number: staff.number,
            languages: staff.languages,
            skills: staff.skills,
            teams: staff.teams,
            takes_calls: staff.role.takes_calls(),
            supervises: staff.role.supervises(),
            patience,
            lease: Lease::None,
            phone: false,
            wish: PresenceState::LoggedOut,
            absent: None,
            missed: 0,
            task: Task::Free,
            idle_since: Mono::default(),
            shown: PresenceState::LoggedOut,
            since: Wall::default(),
        }
    }

    /// The row changed. Whoever takes no calls any more finishes the one at hand.
    pub fn change(&mut self, staff: Staff) {
        (self.takes_calls, self.supervises) = (staff.role.takes_calls(), staff.role.supervises());
        (self.number, self.languages, self.skills, self.teams) = (staff.number, staff.languages, staff.skills, staff.teams);
        if !self.takes_calls {
            (self.wish, self.absent) = (PresenceState::LoggedOut, None);
        }
    }

    /// What the agent is doing.
    #[must_use]
    pub const fn presence(&self) -> PresenceState {
        match self.task {
            Task::Ringing { .. } => PresenceState::Ringing,
            // The desk that carried the call is gone: the customer waits for it to come back.
            Task::Talking { held: true, browser: true, .. } if !self.desk() => PresenceState::NotResponding,
            Task::Talking { held: true, .. } => PresenceState::Hold,
            Task::Talking { held: false, .. } => PresenceState::Talking,
            Task::WrapUp { .. } => PresenceState::WrapUp,
            Task::Free if self.absent.is_some() => PresenceState::NotResponding,
            Task::Free => self.wish,
        }
    }

    /// Since when, as of the last [`Agent::settle`].
    #[must_use]
    pub const fn since(&self) -> Wall {
        self.since
    }

    /// Takes note of the presence at the end of a step; true when it changed.
    pub fn settle(&mut self, now: Now) -> bool {
        let presence = self.presence();
        if presence == self.shown {
            return false;
        }
        (self.shown, self.since) = (presence, now.wall);
        true
    }

    /// What the agent is busy with.
    #[must_use]
    pub const fn task(&self) -> Task {
        self.task
    }

    /// A phone is registered.
    #[must_use]
    pub const fn phone(&self) -> bool {
        self.phone
    }

    /// Somebody would see a card on the desk.
    #[must_use]
    pub const fn desk(&self) -> bool {
        self.lease.sees_cards()
    }

    /// Takes calls by role.
    #[must_use]
    pub const fn takes_calls(&self) -> bool {
        self.takes_calls
    }

    /// Leads other agents, and may listen to their calls.
    #[must_use]
    pub const fn supervises(&self) -> bool {
        self.supervises
    }

    /// Leads whoever belongs to these teams.
    #[must_use]
    pub fn leads(&self, teams: &Teams) -> bool {
        self.supervises && self.teams.cover(teams)
    }

    /// Since when there was no call.
    #[must_use]
    pub const fn idle_since(&self) -> Mono {
        self.idle_since
    }

    /// Could be offered a call now: ready, free, and with somewhere to ring.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.presence() == PresenceState::Ready && (self.desk() || self.phone)
    }

    /// The desk connected, or was heard.
    pub fn desk_heard(&mut self, now: Mono) {
        if !self.takes_calls {
            return;
        }
        match self.lease.heard(now, self.patience.desk_grace) {
            Sign::Known => {}
            Sign::Back => self.absent = self.absent.filter(|absent| absent.missed),
            Sign::New if self.wish == PresenceState::LoggedOut => self.wish = PresenceState::NotReady(Reason::System),
            Sign::New => {}
        }
    }

    /// The desk's last connection closed.
    pub const fn desk_closed(&mut self, now: Mono) {
        self.lease.closed(now);
    }

    /// The phone registered or refreshed. It makes an agent without a desk ready; a refresh changes nothing.
    pub fn phone_registered(&mut self, now: Mono) {
        if self.phone || !self.takes_calls {
            return;
        }
        self.phone = true;
        if !self.lease.exists() && (self.wish == PresenceState::LoggedOut || self.absent.is_some()) {
            self.become_ready(now);
        }
    }

    /// The phone is gone, and with it an agent who has no desk.
    pub fn phone_unregistered(&mut self) {
        self.phone = false;
        if !self.lease.exists() {
            (self.wish, self.absent) = (PresenceState::LoggedOut, None);
        }
    }

    /// The agent asks for a presence. Ends a wrap-up, whose contact is returned. None during a call, or for a presence that nobody
    /// can ask for: nothing has changed then.
    pub fn ask(&mut self, now: Mono, wish: PresenceState) -> Option<Option<ContactId>> {
        let can_be_asked = matches!(wish, PresenceState::Ready | PresenceState::NotReady(_) | PresenceState::LoggedOut);
        let wrapped = match self.task {
            Task::Free => None,
            Task::WrapUp { contact, .. } => Some(contact),
            Task::Ringing { .. } | Task::Talking { .. } => return None,
        };
        if !can_be_asked {
            return None;
        }
        self.task = Task::Free;
        if wish == PresenceState::LoggedOut {
            (self.wish, self.absent) = (wish, None);
            return Some(wrapped);
        }
        // Whoever asks without a live connection is given the time of a reload to open one.
        self.lease.expect(now);
        if wish == PresenceState::Ready && (self.wish != PresenceState::Ready || self.absent.is_some()) {
            self.become_ready(now);
        }
        (self.wish, self.absent, self.missed) = (wish, None, 0);
        Some(wrapped)
    }

    /// An offer rings.
    pub const fn ring(&mut self, contact: ContactId) {
        self.task = Task::Ringing { contact };
    }

    /// The offer is over and was not taken. `missed` counts against the agent.
    pub fn pass(&mut self, now: Mono, missed: bool) {
        self.task = Task::Free;
        if missed {
            self.missed = self.missed.saturating_add(1);
            if self.missed >= self.patience.missed_max {
                self.absent = Some(Absent { since: now, missed: true });
            }
        }
    }

    /// The offer is taken.
    pub const fn talk(&mut self, contact: ContactId, browser: bool) {
        self.task = Task::Talking { contact, browser, held: false };
    }

    /// The customer of the call at hand is put on hold, or taken back.
    pub const fn hold(&mut self, hold: bool) {
        if let Task::Talking { held, .. } = &mut self.task {
            *held = hold;
        }
    }

    /// Voices are joined: whoever speaks with a customer is there.
    pub const fn connected(&mut self) {
        self.missed = 0;
    }

    /// The call left this agent without anything to write down.
    pub const fn release(&mut self, now: Mono) {
        self.task = Task::Free;
        self.idle_since = now;
    }

    /// The call is over: its record is finished now.
    pub fn wrap_up(&mut self, now: Mono, contact: ContactId) {
        let limit = if self.lease.exists() { self.patience.wrap_up_max } else { self.patience.wrap_up_phone };
        self.task = Task::WrapUp { contact, until: now + limit };
    }

    /// When [`Agent::elapse`] is due.
    #[must_use]
    pub fn deadline(&self) -> Option<Mono> {
        let lease = self.lease.deadline(self.patience.desk_silence, self.patience.desk_grace);
        let wrap_up = match self.task {
            Task::WrapUp { until, .. } => Some(until),
            Task::Free | Task::Ringing { .. } | Task::Talking { .. } => None,
        };
        let absent = self.absent.map(|absent| absent.since + self.absence_max());
        [lease, wrap_up, absent].into_iter().flatten().min()
    }

    /// Time passed.
    pub fn elapse(&mut self, now: Mono) -> Vec<Elapsed> {
        let mut elapsed = Vec::new();
        match self.lease.lapse(now, self.patience.desk_silence, self.patience.desk_grace) {
            Some(Lapse::Silent) => {
                elapsed.push(Elapsed::DeskLost);
                self.desk_lost(now);
            }
            Some(Lapse::Gone) => self.desk_lost(now),
            None => {}
        }
        if let Task::WrapUp { contact, until } = self.task
            && until <= now
        {
            elapsed.push(Elapsed::WrapUpOver(contact));
            self.release(now);
        }
        if self.absent.is_some_and(|absent| absent.since + self.absence_max() <= now) {
            self.absence_over(now);
        }
        elapsed
    }

    /// A desk is the agent's place; without it only a registered phone keeps them where they were.
    fn desk_lost(&mut self, now: Mono) {
        if !self.phone && self.wish != PresenceState::LoggedOut && self.absent.is_none() {
            self.absent = Some(Absent { since: now, missed: false });
        }
    }

    const fn rests_by_phone(&self) -> bool {
        self.phone && !self.lease.exists()
    }

    const fn absence_max(&self) -> Span {
        if self.rests_by_phone() { self.patience.phone_rest } else { self.patience.absent_max }
    }

    fn absence_over(&mut self, now: Mono) {
        if self.rests_by_phone() {
            self.become_ready(now);
            return;
        }
        self.absent = None;
        self.wish = if self.desk() { PresenceState::NotReady(Reason::System) } else { PresenceState::LoggedOut };
    }

    const fn become_ready(&mut self, now: Mono) {
        (self.wish, self.absent, self.missed, self.idle_since) = (PresenceState::Ready, None, 0, now);
    }
}

#[cfg(test)]
mod tests;
