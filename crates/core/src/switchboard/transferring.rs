//! A call that is handed on: to a queue, to another agent at once, or to one with whom the agent speaks first. Until somebody else has
//! the customer, the agent who asks still does: whoever does not come leaves the call where it was, with the reason. Numbers outside
//! have a file of their own.

use super::caller::{Caller, Stage};
use super::command::{Command, Reject};
use super::event::ActRefusal;
use super::legs::Party;
use super::talk::{Coming, Invited, Missed, PARTIES_MAX, Purpose, Seat};
use super::{Switchboard, Work};
use crate::agent::{PresenceState, Task};
use crate::call::Direction;
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, LegId, StaffId},
};
use crate::queue::{Entry, Happening};
use std::sync::Arc;

impl Switchboard {
    /// This agent may hand this contact on.
    pub(crate) fn may_transfer(&self, agent: StaffId, contact: ContactId) -> Result<(), ActRefusal> {
        let talk = self.callers.get(&contact).and_then(|caller| caller.talk()).filter(|talk| talk.lead.agent == agent);
        let talk = talk.ok_or(ActRefusal::NotYourContact)?;
        if talk.connected_at.is_none() || talk.lost.is_some() {
            return Err(ActRefusal::NotConnected);
        }
        if talk.invited.is_some() { Err(ActRefusal::AlreadyAsked) } else { Ok(()) }
    }

    /// Whether this agent could take a call that another hands on.
    pub(crate) fn can_be_asked(&self, to: StaffId) -> Result<(), ActRefusal> {
        let agent = self.agent(to).ok_or(ActRefusal::UnknownTarget)?;
        match agent.presence() {
            _ if agent.is_available() => Ok(()),
            PresenceState::LoggedOut | PresenceState::NotResponding => Err(ActRefusal::AgentNotThere),
            PresenceState::NotReady(_) | PresenceState::Ready if agent.task() == Task::Free => Err(ActRefusal::AgentNotReady),
            _ => Err(ActRefusal::AgentBusy),
        }
    }

    /// There is room for one more on this call.
    pub(crate) fn has_room(&self, contact: ContactId) -> bool {
        let talk = self.callers.get(&contact).and_then(|caller| caller.talk());
        talk.is_some_and(|talk| talk.parties_count() < PARTIES_MAX)
    }

    /// A queue of the contact's own wallet.
    pub(crate) fn has_queue(&self, contact: ContactId, queue: &str) -> bool {
        let wallet = self.callers.get(&contact).map(|caller| caller.record.contact().wallet.as_str());
        let name = wallet.and_then(|wallet| queue.strip_prefix(wallet)?.strip_prefix('-'));
        name.is_some() && self.queues.contains_key(queue)
    }

    /// Puts the customer among those who wait in a queue, in the place that their wait so far gives them.
    pub(crate) fn transfer_to_queue(&mut self, work: &mut Work, agent: StaffId, contact: ContactId, queue: String) {
        self.with(work, contact, |board, work, caller| {
            let view = caller.view_of(agent);
            let Some(mut talk) = caller.take_talk() else { return };
            work.order_all(talk.report(work.now.mono, None));
            Self::unwire(work, caller, &mut talk);
            caller.transferred(work, &talk.lead, queue.clone(), Purpose::Transfer.name(), "completed");
            board.rise(work, caller, &talk.lead, view);
            board.dismiss(work, caller, &mut talk);
            let skills = board.queues.get(&queue).map_or(talk.entry.skills, Arc::clone);
            let round_at = work.now.mono + board.settings.round_pause;
            let passed = [agent].into();
            let entry = Entry { queue, skills, returned: false, offered: false, passed, round_at, ..talk.entry };
            // Whatever was being said to a customer on hold gives way to music and the place in the queue.
            let outcome = caller.speech.replace(work.now, "agent", []);
            caller.hear(work, outcome);
            board.wait(work, caller, entry, None);
        });
    }

    /// Asks another agent in: rings them, while the customer hears music.
    pub(crate) fn ask_in(&mut self, work: &mut Work, contact: ContactId, to: StaffId, blind: bool) {
        let purpose = if blind { Purpose::Transfer } else { Purpose::Consult };
        self.with(work, contact, |board, work, caller| {
            board.put_on_hold(work, caller);
            let number = board.agents.get(&to).map(|agent| agent.number.clone()).unwrap_or_default();
            let Some(offer) = board.ring(work, caller, to) else { return };
            if let Stage::Talking(talk) = &mut caller.stage {
                talk.missed = None;
                talk.invited = Some(Invited { purpose, number, coming: Coming::Asked(offer) });
            }
        });
    }

    /// Whoever was asked in says yes: at the desk with a browser leg that is still to come up, or by a phone that answered.
    pub(super) fn come_in(&mut self, work: &mut Work, caller: &mut Caller, leg: LegId, browser: bool) {
        let contact = caller.id();
        let Stage::Talking(talk) = &caller.stage else { return };
        let Some(purpose) = talk.invited.as_ref().map(|invited| invited.purpose) else { return };
        let Some(offer) = self.happen(work, caller, Happening::Accepted) else { return };
        if let Some(phone) = offer.phone.filter(|phone| *phone != leg && caller.record.is_open(*phone)) {
            work.order(Command::Hangup { leg: phone });
        }
        if browser {
            self.legs.insert(leg, (contact, Party::Agent(offer.agent)));
            caller.record.leg_started(work.now, leg, Direction::Inbound, Some(offer.agent));
        }
        let Some(agent) = self.agent_mut(work, offer.agent) else { return };
        agent.talk(contact, browser);
        let number = agent.number.clone();
        let seat = Seat::new(offer.agent, number.clone(), leg, browser);
        let until = work.now.mono + self.settings.desk_audio;
        if let Stage::Talking(talk) = &mut caller.stage {
            talk.invited = Some(Invited { purpose, number, coming: Coming::Accepted(seat, until) });
        }
        caller.pass_shown(work, offer.agent);
        if !browser {
            self.arrive(work, caller);
        }
    }

    /// Whoever was asked in can be heard.
    pub(super) fn arrive(&mut self, work: &mut Work, caller: &mut Caller) {
        let view = caller.talk().and_then(|talk| caller.view_of(talk.lead.agent));
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let Some(invited) = talk.invited.take_if(|invited| matches!(invited.coming, Coming::Accepted(..))) else { return };
        let Coming::Accepted(mut seat, _) = invited.coming else { return };
        seat.since = Some(work.now.wall);
        if let Some(agent) = self.agent_mut(work, seat.agent) {
            agent.connected();
        }
        match invited.purpose {
            Purpose::Consult => {
                talk.guests.push(seat);
                Self::answer_aside(work, talk);
                self.wire(work, caller);
                self.meet(work, caller);
            }
            Purpose::Transfer => {
                work.order_all(talk.report(work.now.mono, None));
                let lead = std::mem::replace(&mut talk.lead, seat);
                caller.transferred(work, &lead, invited.number, Purpose::Transfer.name(), "completed");
                self.connect_lead(work, caller);
                self.rise(work, caller, &lead, view);
            }
        }
    }

    /// Whoever said yes cannot be heard: their audio never came, or is gone again.
    pub(super) fn coming_lost(&mut self, work: &mut Work, caller: &mut Caller, agent: StaffId) {
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let is_theirs = |invited: &mut Invited| matches!(&invited.coming, Coming::Accepted(seat, _) if seat.agent == agent);
        let Some(Invited { purpose, number, coming: Coming::Accepted(seat, _) }) = talk.invited.take_if(is_theirs) else {
            return;
        };
        self.drop_seat(work, caller, &seat);
        let now = work.now.mono;
        if let Some(agent) = self.agent_mut(work, agent) {
            agent.pass(now, true);
        }
        self.not_come(work, caller, purpose, Missed { number, outside: None, why: "no_audio" }, Reject::Unavailable);
    }

    /// Whoever was asked in does not come: the call is still with the agent who asked, and a phone that asked is told why. One who asked
    /// and hung up their phone is not there any more, so that the caller is first in the queue again.
    pub(super) fn not_come(&mut self, work: &mut Work, caller: &mut Caller, purpose: Purpose, missed: Missed, told: Reject) {
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let (number, why) = (missed.number.clone(), missed.why);
        talk.missed = Some(missed);
        let (lead, abandoned) = (talk.lead.clone(), talk.lost.is_some() && !talk.lead.browser);
        caller.transferred(work, &lead, number, purpose.name(), why);
        if abandoned {
            self.give_back(work, caller, false);
        } else {
            self.phone_has_nobody(work, caller, told);
        }
    }

    /// Nobody is asked in any more.
    pub(super) fn withdraw(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &caller.stage else { return };
        let Some(invited) = &talk.invited else { return };
        let (purpose, number, lead) = (invited.purpose, invited.number.clone(), talk.lead.clone());
        match &invited.coming {
            Coming::Asked(_) => {
                self.happen(work, caller, Happening::CallerGone);
            }
            Coming::Dialled(_) => Self::stop_dialling(work, caller),
            Coming::Accepted(..) => {
                if let Stage::Talking(talk) = &mut caller.stage
                    && let Some(Invited { coming: Coming::Accepted(seat, _), .. }) = talk.invited.take()
                {
                    self.rise(work, caller, &seat, None);
                }
            }
        }
        caller.transferred(work, &lead, number, purpose.name(), "withdrawn");
        self.phone_has_nobody(work, caller, Reject::CalledOff);
    }

    /// The agent takes the call back: whoever was asked in or spoke with them goes, and the customer is there again.
    pub(crate) fn take_back(&mut self, work: &mut Work, agent: StaffId, contact: ContactId) {
        work.actor = Actor::Staff { id: agent };
        self.with(work, contact, |board, work, caller| {
            board.withdraw(work, caller);
            let guests: Vec<StaffId> = match &caller.stage {
                Stage::Talking(talk) => talk.guests.iter().map(|guest| guest.agent).collect(),
                Stage::Menu(_) | Stage::Waiting(_) | Stage::Connecting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => {
                    Vec::new()
                }
            };
            for guest in guests {
                board.guest_leaves(work, caller, guest);
            }
            board.outside_leaves(work, caller);
            board.take_from_hold(work, caller);
        });
    }

    /// Something about the conversation is due.
    pub(super) fn talk_elapsed(&mut self, work: &mut Work, caller: &mut Caller) {
        let now = work.now.mono;
        self.late_watchers(work, caller);
        let Stage::Talking(talk) = &caller.stage else { return };
        let late = talk.invited.as_ref().and_then(|invited| match &invited.coming {
            Coming::Asked(_) | Coming::Dialled(_) => None,
            Coming::Accepted(seat, until) => (*until <= now).then_some(seat.agent),
        });
        let unanswered = talk.invited.as_ref().and_then(Invited::dialled).is_some_and(|dialled| dialled.until <= now);
        if talk.offer().is_some_and(|offer| offer.deadline <= now) {
            self.happen(work, caller, Happening::Expired);
        }
        if let Some(agent) = late {
            self.coming_lost(work, caller, agent);
        }
        if unanswered {
            self.outside_unanswered(work, caller);
        }
        if matches!(&caller.stage, Stage::Talking(talk) if talk.lost.is_some_and(|lost| lost.until <= now)) {
            self.lost_for_good(work, caller);
        }
    }
}
