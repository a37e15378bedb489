//! A customer on hold: hears that it takes a moment, then music, and comes back to the agent who asked for it. Whoever waits on hold is
//! still with their agent: no other is offered them, and their hang-up ends the call as ever.

use super::caller::{Caller, Stage};
use super::command::Command;
use super::legs::Party;
use super::{Switchboard, Work};
use crate::call::Fact;
use crate::ivr::phrases;
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, LegId},
};

impl Switchboard {
    /// Customer and lead of this contact have heard each other, and the lead can be heard.
    pub(crate) fn is_connected(&self, contact: ContactId) -> bool {
        self.callers
            .get(&contact)
            .and_then(|caller| caller.talk())
            .is_some_and(|talk| talk.connected_at.is_some() && talk.lost.is_none())
    }

    /// Towards whose end the lead of this contact presses keys: the customer's, or the one outside while the customer is on hold.
    pub(crate) fn keys_go_to(&self, contact: ContactId) -> Option<LegId> {
        let caller = self.callers.get(&contact)?;
        let talk = caller.talk().filter(|talk| talk.connected_at.is_some())?;
        match (talk.is_joined(), talk.keys_alone) {
            (true, true) => None,
            (true, false) => Some(caller.leg),
            (false, _) => talk.far.as_ref().map(|far| far.leg),
        }
    }

    /// The agent presses keys. They may be a secret, and are not written down.
    pub(crate) fn press_keys(&mut self, work: &mut Work, leg: LegId, digits: String) {
        work.order(Command::SendDigits { leg, digits });
    }

    /// The agent puts the customer on hold.
    pub(crate) fn hold(&mut self, work: &mut Work, contact: ContactId) {
        self.with(work, contact, |board, work, caller| board.put_on_hold(work, caller));
    }

    /// The agent takes the customer back.
    pub(crate) fn resume(&mut self, work: &mut Work, contact: ContactId) {
        self.with(work, contact, |board, work, caller| board.take_from_hold(work, caller));
    }

    /// A phone put us on hold, or took us back. What a customer's phone does with us is the customer's own matter.
    pub(super) fn phone_held(&mut self, work: &mut Work, leg: LegId, held: bool) {
        let Some(&(contact, Party::Agent(agent))) = self.legs.get(&leg) else { return };
        work.actor = Actor::Staff { id: agent };
        self.with(work, contact, |board, work, caller| {
            let Some(talk) = caller.talk_mut().filter(|talk| talk.lead.leg == leg) else { return };
            talk.lead.holds = held;
            if held {
                board.put_on_hold(work, caller);
            } else {
                board.take_from_hold(work, caller);
            }
            board.wire(work, caller);
        });
    }

    /// The customer hears a word and music from now on: because the lead wants it so, or because nobody is there to be heard.
    pub(super) fn put_on_hold(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &mut caller.stage else { return };
        if !talk.is_joined() {
            return;
        }
        talk.held_at = Some(work.now.wall);
        let (agent, number, lost) = (talk.lead.agent, talk.lead.number.clone(), talk.lost.is_some());
        self.stop_proof(work, caller);
        self.wire(work, caller);
        let words = self.announcement(caller, phrases::MOMENT, &[]);
        let outcome = caller.speech.say(work.now, words);
        caller.hear(work, outcome);
        let outcome = caller.speech.music_on(work.now);
        caller.hear(work, outcome);
        let actor = if lost { Actor::System } else { Actor::Staff { id: agent } };
        caller.record.tell(work.now, Fact::Held { agent, number, lost });
        caller.record.audit(work.now, actor, "contact.held");
        if let Some(agent) = self.agent_mut(work, agent) {
            agent.hold(true);
        }
    }

    /// The customer hears whoever is on the call again.
    pub(super) fn take_from_hold(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let Some(held_at) = talk.held_at.take_if(|_| talk.lost.is_none()) else { return };
        let (agent, number) = (talk.lead.agent, talk.lead.number.clone());
        let several = talk.hearing(caller.leg).get(&caller.leg).is_some_and(|heard| heard.len() > 1);
        caller.speech.music_off();
        let outcome = caller.speech.replace(work.now, "agent", []);
        caller.hear(work, outcome);
        if several {
            // Two who are bridged hear nothing else; a mix comes in beside what plays.
            work.order(Command::Stop { leg: caller.leg });
        }
        self.wire(work, caller);
        caller.record.tell(work.now, Fact::Resumed { agent, number, held_at });
        caller.record.audit(work.now, Actor::Staff { id: agent }, "contact.resumed");
        self.meet(work, caller);
        if let Some(agent) = self.agent_mut(work, agent) {
            agent.hold(false);
        }
    }
}
