//! Further calls that an agent's phone makes: to a colleague or a listed number outside, while the customer is on hold on the first, and
//! from another phone of theirs in the place of a call they have. Never a call of its own: whoever has no customer at hand reaches nobody.

use super::caller::{Caller, Stage};
use super::command::{Command, Reject};
use super::event::{ActRefusal, Target};
use super::legs::Party;
use super::talk::{Aside, Seat, Talk};
use super::{Switchboard, Work};
use crate::agent::Task;
use crate::call::Direction;
use crate::desk;
use crate::kernel::{
    actor::Actor,
    ids::{LegId, StaffId},
};

impl Switchboard {
    /// An agent's phone dials somebody to speak with about the customer, or wants the place of a call.
    pub(super) fn phone_dialled(&mut self, work: &mut Work, leg: LegId, agent: StaffId, number: &str, replaces: Option<LegId>) {
        if self.legs.contains_key(&leg) {
            return;
        }
        work.actor = Actor::Staff { id: agent };
        let outcome = match replaces {
            Some(old) => self.take_place(work, leg, agent, old),
            None => self.consult(work, leg, agent, number),
        };
        if let Err(reason) = outcome {
            work.order(Command::Reject { leg, reason });
        }
    }

    /// A call to somebody about the customer at hand. It is answered when they come, and refused with the reason when they do not.
    fn consult(&mut self, work: &mut Work, leg: LegId, agent: StaffId, number: &str) -> Result<(), Reject> {
        let Some(Task::Talking { contact, browser: false, .. }) = self.agent(agent).map(|agent| agent.task()) else {
            return Err(Reject::Forbidden);
        };
        let talk = self.callers.get(&contact).and_then(|caller| caller.talk()).ok_or(Reject::Forbidden)?;
        if talk.lead.agent != agent || talk.lead.aside.is_some() || !talk.guests.is_empty() || talk.far.is_some() {
            return Err(Reject::Forbidden);
        }
        let target = match self.target(contact, number) {
            Some(target @ (Target::Agent(_) | Target::Outside(_))) => target,
            // Nobody speaks with a queue.
            Some(Target::Queue(_)) => return Err(Reject::Forbidden),
            None => return Err(Reject::UnknownLine),
        };
        desk::transfer(self, work, agent, contact, target, false).map_err(ActRefusal::told_to_phone)?;
        self.with(work, contact, |board, work, caller| {
            board.phone_leg(work, caller, leg, agent);
            if let Stage::Talking(talk) = &mut caller.stage {
                talk.lead.aside = Some(Aside { leg, answered: false });
            }
        });
        Ok(())
    }

    fn phone_leg(&mut self, work: &Work, caller: &mut Caller, leg: LegId, agent: StaffId) {
        self.legs.insert(leg, (caller.id(), Party::Agent(agent)));
        caller.record.leg_started(work.now, leg, Direction::Inbound, Some(agent));
    }

    /// Whom the lead's phone called is there.
    pub(super) fn answer_aside(work: &mut Work, talk: &mut Talk) {
        if let Some(aside) = talk.lead.aside.as_mut().filter(|aside| !aside.answered) {
            aside.answered = true;
            work.order(Command::Answer { leg: aside.leg });
        }
    }

    /// Nobody is left whom the lead's phone could speak with on its other call.
    pub(super) fn part_aside(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let nobody = !talk.has_company();
        let Some(aside) = talk.lead.aside.take_if(|aside| aside.answered && nobody) else { return };
        if caller.record.is_open(aside.leg) {
            work.order(Command::Hangup { leg: aside.leg });
        }
        self.wire(work, caller);
        self.back_to_phone(work, caller);
    }

    /// The lead's phone hung up on whom it called: they go. One who is to have the customer comes all the same.
    pub(super) fn aside_ended(&mut self, work: &mut Work, caller: &mut Caller) {
        let guests = caller.talk().into_iter().flat_map(|talk| &talk.guests);
        let views: Vec<_> = guests.map(|guest| caller.view_of(guest.agent)).collect();
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let (aside, guests) = (talk.lead.aside.take(), std::mem::take(&mut talk.guests));
        let called_off = aside.is_some_and(|aside| !aside.answered) && talk.refer.is_none();
        if self.outside_leaves(work, caller).is_none() {
            self.wire(work, caller);
        }
        if called_off {
            self.withdraw(work, caller);
        }
        for (guest, view) in guests.iter().zip(views) {
            self.rise(work, caller, guest, view);
        }
        self.back_to_phone(work, caller);
    }

    /// Another phone of an agent's takes a call of theirs: one that rings them, or one they are on.
    fn take_place(&mut self, work: &mut Work, leg: LegId, agent: StaffId, old: LegId) -> Result<(), Reject> {
        let &(contact, party) = self.legs.get(&old).ok_or(Reject::NoSuchCall)?;
        if party != Party::Agent(agent) {
            return Err(Reject::Forbidden);
        }
        let caller = self.callers.get(&contact).ok_or(Reject::NoSuchCall)?;
        let rings = caller.offer().is_some_and(|offer| offer.phone == Some(old));
        if !rings && !caller.can_move(old) {
            return Err(Reject::NoSuchCall);
        }
        self.with(work, contact, |board, work, caller| {
            board.phone_leg(work, caller, leg, agent);
            work.order(Command::Answer { leg });
            if let Some(offer) = caller.offer_mut().filter(|_| rings) {
                offer.phone = Some(leg);
            } else if let Some(seat) = caller.seat_on(old) {
                (seat.leg, seat.holds) = (leg, false);
                board.wire(work, caller);
                board.back_to_phone(work, caller);
            }
            work.order(Command::Hangup { leg: old });
        });
        Ok(())
    }
}

impl Caller {
    /// An agent's call that another phone may take: one that is up, and nothing is asked on it.
    fn can_move(&self, leg: LegId) -> bool {
        let Stage::Talking(talk) = &self.stage else { return false };
        let leads = talk.lead.leg == leg && !talk.lead.browser && talk.lost.is_none() && talk.lead.aside.is_none();
        let is_guest = talk.guests.iter().any(|guest| guest.leg == leg && !guest.browser);
        (leads || is_guest) && talk.refer != Some(leg)
    }

    fn seat_on(&mut self, leg: LegId) -> Option<&mut Seat> {
        let Stage::Talking(talk) = &mut self.stage else { return None };
        [&mut talk.lead].into_iter().chain(&mut talk.guests).find(|seat| seat.leg == leg)
    }
}
