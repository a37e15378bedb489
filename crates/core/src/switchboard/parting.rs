//! Agents who leave a call: by their own wish, because their audio is lost, or because the call is over. The customer is never left
//! alone by it: another agent on the call leads on, the lead's audio is waited for, or the caller is first in the queue again.

use super::caller::{Caller, Connecting, Stage};
use super::command::Command;
use super::event::LegEnd;
use super::legs::Party;
use super::live::ContactView;
use super::talk::{Lost, Purpose, Seat, Talk};
use super::{Switchboard, Work};
use crate::call::{Direction, Fact, Media};
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, LegId, StaffId},
    time::Span,
};

impl Switchboard {
    /// Hangs up an agent's legs. A browser leg that never came up may not exist outside: nothing more will be heard of it.
    pub(super) fn drop_seat(&mut self, work: &mut Work, caller: &mut Caller, seat: &Seat) {
        for leg in [seat.leg].into_iter().chain(seat.aside.map(|aside| aside.leg)) {
            if !caller.record.is_open(leg) {
                continue;
            }
            work.order(Command::Hangup { leg });
            if !caller.record.is_answered(leg) {
                self.legs.remove(&leg);
                caller.record.leg_ended(work.now, leg, "never connected".to_owned(), Media::default());
            }
        }
    }

    /// An agent rises from the call. `view` is what their screen showed: an agent who spoke with the customer has the record to finish.
    pub(super) fn rise(&mut self, work: &mut Work, caller: &mut Caller, seat: &Seat, view: Option<ContactView>) {
        self.drop_seat(work, caller, seat);
        let now = work.now;
        let Some(agent) = self.agent_mut(work, seat.agent) else { return };
        match view.filter(|_| seat.met) {
            Some(view) => {
                agent.wrap_up(now.mono, caller.id());
                self.wrapping.insert(seat.agent, view.wrapped_up(now.wall));
            }
            None => agent.release(now.mono),
        }
    }

    /// The lead's leg ended by itself. A phone that hangs up in conversation ends the call, or hands it to whoever is there or asked; a
    /// desk may come back; everything else is a loss.
    pub(super) fn agent_left(&mut self, work: &mut Work, caller: &mut Caller, cause: LegEnd) {
        let Stage::Talking(talk) = &mut caller.stage else { return self.give_back(work, caller, true) };
        let agent = talk.lead.agent;
        if talk.lead.browser {
            return self.lose_lead(work, caller, self.settings.desk_return);
        }
        if !talk.guests.is_empty() {
            return self.succeed(work, caller);
        }
        let hung_up = matches!(cause, LegEnd::RemoteHangup | LegEnd::LocalHangup);
        if talk.far.is_some() && (hung_up || talk.is_joined()) {
            return self.hand_out(work, caller, Purpose::Consult);
        }
        if !hung_up {
            return self.give_back(work, caller, false);
        }
        if talk.has_just_failed(work.now.mono) {
            return self.give_back(work, caller, false);
        }
        work.actor = Actor::Staff { id: agent };
        match &mut talk.invited {
            // Whoever hangs up while another is rung hands the call over.
            Some(invited) => {
                invited.purpose = Purpose::Transfer;
                self.lose_lead(work, caller, self.settings.handover_max);
            }
            None => self.end(work, caller, Actor::Staff { id: agent }, "agent", None),
        }
    }

    /// An agent's desk is gone, and with it the browser that carried their audio.
    pub(super) fn desk_gone(&mut self, work: &mut Work, caller: &mut Caller, agent: StaffId) {
        let leads = caller.talk().is_some_and(|talk| talk.lead.agent == agent);
        if caller.talk().is_some_and(|talk| talk.watchers.iter().any(|watcher| watcher.seat.agent == agent)) {
            return self.watcher_leaves(work, caller, agent);
        }
        match &caller.stage {
            Stage::Connecting(_) if leads => self.give_back(work, caller, false),
            Stage::Talking(_) if leads => self.lose_lead(work, caller, self.settings.desk_return),
            Stage::Talking(talk) if talk.guests.iter().any(|guest| guest.agent == agent) => {
                self.guest_leaves(work, caller, agent);
            }
            Stage::Talking(_) => self.coming_lost(work, caller, agent),
            Stage::Connecting(_) | Stage::Menu(_) | Stage::Waiting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => {}
        }
    }

    /// The lead's audio is gone: for this long the customer is kept for it, with music unless another agent is there.
    pub(super) fn lose_lead(&mut self, work: &mut Work, caller: &mut Caller, wait: Span) {
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let until = talk.lost.map_or(work.now.mono + wait, |lost| lost.until);
        (talk.lost, talk.refer) = (Some(Lost { until, returning: false }), None);
        let lead = talk.lead.clone();
        talk.lead.aside = None;
        self.drop_seat(work, caller, &lead);
        self.wire(work, caller);
        self.keep_company(work, caller);
    }

    /// A customer whom nobody is left to speak with hears music.
    pub(super) fn keep_company(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &caller.stage else { return };
        if talk.is_joined() && talk.present().next().is_none() && talk.far.is_none() {
            self.put_on_hold(work, caller);
        }
    }

    /// The lead's desk takes the call up again on a new leg.
    pub(crate) fn reconnect(&mut self, work: &mut Work, agent: StaffId, contact: ContactId, leg: LegId) {
        self.with(work, contact, |board, work, caller| {
            board.lose_lead(work, caller, board.settings.desk_return);
            let Stage::Talking(talk) = &mut caller.stage else { return };
            let until = work.now.mono + board.settings.desk_audio;
            talk.lead.leg = leg;
            talk.lost = talk.lost.map(|lost| Lost { until: lost.until.max(until), returning: true });
            board.legs.insert(leg, (contact, Party::Agent(agent)));
            caller.record.leg_started(work.now, leg, Direction::Inbound, Some(agent));
        });
    }

    /// The lead's leg is up: for the first time, or again.
    pub(super) fn lead_is_up(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &mut caller.stage else { return self.announce_agent(work, caller) };
        match talk.lost {
            None => return,
            // The leg was given up, and the order to hang up crossed its answer.
            Some(Lost { returning: false, .. }) => return work.order(Command::Hangup { leg: talk.lead.leg }),
            Some(Lost { returning: true, .. }) => talk.lost = None,
        }
        if !talk.has_company() && talk.invited.is_none() && talk.held_at.is_some() {
            self.take_from_hold(work, caller);
        } else {
            self.wire(work, caller);
        }
    }

    /// The lead's audio did not come back in time.
    pub(super) fn lost_for_good(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &caller.stage else { return };
        match (talk.guests.is_empty(), talk.far.is_some() && talk.is_joined()) {
            (false, _) => self.succeed(work, caller),
            (true, true) => self.hand_out(work, caller, Purpose::Consult),
            (true, false) => self.give_back(work, caller, false),
        }
    }

    /// The lead goes, and the agent who came first after them leads on.
    pub(super) fn succeed(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &mut caller.stage else { return };
        if !talk.guests.is_empty() {
            let next = talk.guests.remove(0);
            self.lead_on(work, caller, next, Purpose::Consult.name());
        }
    }

    /// Another agent leads on, and the one who led rises. A customer who has not heard that agent yet is told their number.
    pub(super) fn lead_on(&mut self, work: &mut Work, caller: &mut Caller, next: Seat, mode: &'static str) {
        let view = caller.talk().and_then(|talk| caller.view_of(talk.lead.agent));
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let (agent, to) = (next.agent, next.number.clone());
        work.order_all(talk.report(work.now.mono, None));
        let old = std::mem::replace(&mut talk.lead, next);
        (talk.lost, talk.missed) = (None, None);
        let meets_alone = !talk.lead.met && !talk.has_company() && talk.invited.is_none();
        caller.transferred(work, &old, to, mode, "completed");
        if meets_alone {
            self.connect_lead(work, caller);
        } else {
            self.take_from_hold(work, caller);
            self.wire(work, caller);
            self.meet(work, caller);
        }
        if let Some(agent) = self.agent_mut(work, agent) {
            agent.hold(false);
        }
        self.rise(work, caller, &old, view);
    }

    /// The customer is connected to the agent who leads now, who says nothing before their number was said.
    pub(super) fn connect_lead(&mut self, work: &mut Work, caller: &mut Caller) {
        let Some(mut talk) = caller.take_talk() else { return };
        Self::unwire(work, caller, &mut talk);
        let talk = Talk { watchers: talk.watchers, ..Talk::new(talk.lead, talk.entry) };
        let until = work.now.mono + self.settings.announce_max;
        caller.stage = Stage::Connecting(Connecting { talk, announcing: false, until });
        self.announce_agent(work, caller);
    }

    /// An agent leaves the call to the others on it.
    pub(crate) fn leave(&mut self, work: &mut Work, agent: StaffId, contact: ContactId) {
        self.with(work, contact, |board, work, caller| {
            let leads = caller.talk().filter(|talk| talk.lead.agent == agent);
            match leads.map(|talk| talk.guests.is_empty()) {
                Some(true) => board.hand_out(work, caller, Purpose::Consult),
                Some(false) => board.succeed(work, caller),
                None => board.guest_leaves(work, caller, agent),
            }
        });
    }

    /// This agent leads the call of this contact through the desk, and the customer was there.
    pub(crate) fn talks_at_desk(&self, agent: StaffId, contact: ContactId) -> bool {
        let talk = self.callers.get(&contact).and_then(|caller| caller.talk());
        talk.is_some_and(|talk| talk.lead.agent == agent && talk.lead.browser && talk.connected_at.is_some())
    }

    /// Somebody besides the lead and the customer is on the call of this contact.
    pub(crate) fn has_company(&self, contact: ContactId) -> bool {
        self.callers.get(&contact).and_then(|caller| caller.talk()).is_some_and(Talk::has_company)
    }

    /// This agent is on the call of this contact without leading it.
    pub(crate) fn is_guest(&self, agent: StaffId, contact: ContactId) -> bool {
        let talk = self.callers.get(&contact).and_then(|caller| caller.talk());
        talk.is_some_and(|talk| talk.guests.iter().any(|guest| guest.agent == agent))
    }

    /// A further agent goes, or is lost.
    pub(super) fn guest_leaves(&mut self, work: &mut Work, caller: &mut Caller, agent: StaffId) {
        let view = caller.view_of(agent);
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let Some(at) = talk.guests.iter().position(|guest| guest.agent == agent) else { return };
        let guest = talk.guests.remove(at);
        self.wire(work, caller);
        self.rise(work, caller, &guest, view);
        self.part_aside(work, caller);
        self.keep_company(work, caller);
    }
}

impl Caller {
    /// Puts on record that a call was handed on, or that it was tried.
    pub(super) fn transferred(&mut self, work: &Work, by: &Seat, to: String, mode: &str, outcome: &str) {
        let (number, mode, outcome) = (by.number.clone(), mode.to_owned(), outcome.to_owned());
        self.record.tell(work.now, Fact::Transferred { agent: by.agent, number, to, mode, outcome });
        self.record.audit(work.now, Actor::Staff { id: by.agent }, "contact.transferred");
    }
}
