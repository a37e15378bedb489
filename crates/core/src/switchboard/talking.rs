//! From an agent's yes to the last word: the legs come up, the agent's number is said, the voices are joined; and when an agent is
//! lost the caller is first in the queue again.

use super::caller::{Caller, Connecting, Stage};
use super::command::Command;
use super::event::ActRefusal;
use super::legs::Party;
use super::talk::{Hearing, Seat, Talk, rewire};
use super::{Switchboard, Work};
use crate::call::{Direction, Fact};
use crate::ivr::flow::PromptId;
use crate::ivr::phrases;
use crate::ivr::prompt::{Phrase, Spoken};
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, LegId, StaffId},
};
use crate::queue::{Entry, Happening};

impl Switchboard {
    /// The offer is taken: at the desk with a browser leg that is still to come up, or by a phone that answered.
    pub(super) fn accept(&mut self, work: &mut Work, caller: &mut Caller, leg: LegId, browser: bool) {
        if matches!(caller.stage, Stage::Talking(_)) {
            return self.come_in(work, caller, leg, browser);
        }
        let contact = caller.id();
        let Some(offer) = self.happen(work, caller, Happening::Accepted) else { return };
        let Some(entry) = self.waiting.leave(contact) else { return };
        work.touch_queue(&entry.queue);
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
        let talk = Talk::new(Seat::new(offer.agent, number, leg, browser), entry);
        let until = work.now.mono + self.settings.desk_audio;
        caller.stage = Stage::Connecting(Connecting { talk, announcing: false, until });
        caller.pass_shown(work, offer.agent);
        if !browser {
            self.announce_agent(work, caller);
        }
    }

    /// The agent's leg is up: both hear the agent's number, where the line says it, then each other. A customer who was not told yet that
    /// the call is recorded hears that in any case.
    pub(super) fn announce_agent(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Connecting(connecting) = &mut caller.stage else { return };
        if connecting.announcing {
            return;
        }
        connecting.announcing = true;
        connecting.until = work.now.mono + self.settings.announce_max;
        let (leg, number) = (connecting.talk.lead.leg, connecting.talk.lead.number.clone());
        caller.speech.music_off();
        let (notice, phrase) = (self.owed_notice(caller), self.agent_phrase(caller, &number));
        if notice.is_none() && phrase.is_none() {
            return self.all_said(work, caller);
        }
        let outcome = caller.speech.replace(work.now, "agent", notice.into_iter().chain(phrase.clone()));
        caller.hear(work, outcome);
        if let Some(phrase) = phrase {
            work.order(Command::Play { leg, playback: caller.speech.next_playback(), phrase });
        }
    }

    fn agent_phrase(&self, caller: &Caller, number: &str) -> Option<Phrase> {
        let language = caller.record.contact().language.filter(|_| caller.announces)?;
        let prompt = PromptId(phrases::AGENT_NUMBER.to_owned());
        self.catalog.phrase(language, &prompt, &[("number", Spoken::Digits(number.to_owned()))])
    }

    /// Joins the voices.
    pub(super) fn bridge(&mut self, work: &mut Work, caller: &mut Caller, mut talk: Talk) {
        let outcome = caller.speech.replace(work.now, "agent", []);
        caller.hear(work, outcome);
        talk.connected_at = Some(work.now.wall);
        talk.lead.since = talk.connected_at;
        let agent = talk.lead.agent;
        caller.stage = Stage::Talking(talk);
        self.wire(work, caller);
        self.meet(work, caller);
        if let Some(agent) = self.agent_mut(work, agent) {
            agent.connected();
        }
    }

    /// Orders what has to change so that everybody hears whom they should.
    pub(super) fn wire(&mut self, work: &mut Work, caller: &mut Caller) {
        self.outsiders_leave(work, caller);
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let wanted = talk.hearing(caller.leg);
        let had = std::mem::replace(&mut talk.wired, wanted.clone());
        for order in rewire(had, &wanted, |leg| caller.record.is_open(leg)) {
            work.order(order);
        }
    }

    /// Nobody hears anybody any more.
    pub(super) fn unwire(work: &mut Work, caller: &Caller, talk: &mut Talk) {
        for order in rewire(std::mem::take(&mut talk.wired), &Hearing::new(), |leg| caller.record.is_open(leg)) {
            work.order(order);
        }
    }

    /// Puts on record whom the customer hears for the first time.
    pub(super) fn meet(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &mut caller.stage else { return };
        if !talk.is_joined() {
            return;
        }
        let apart = talk.is_apart();
        let lead = talk.lost.is_none().then_some(&mut talk.lead);
        let mut met = Vec::new();
        for seat in lead.into_iter().chain(talk.guests.iter_mut().filter(|_| !apart)).filter(|seat| !seat.met) {
            seat.met = true;
            met.push((seat.agent, seat.number.clone()));
        }
        let far = talk.far.as_mut().filter(|far| !far.met && !apart);
        let joined = far.map(|far| {
            far.met = true;
            far.number.id.clone()
        });
        for (agent, number) in met {
            caller.record.amend(|contact| {
                contact.connected_at = contact.connected_at.or(Some(work.now.wall));
                if contact.agents.last() != Some(&agent) {
                    contact.agents.push(agent);
                }
            });
            caller.record.tell(work.now, Fact::Connected { agent, number });
            caller.record.audit(work.now, Actor::Staff { id: agent }, "contact.connected");
            self.take_complaint(work, caller);
        }
        if let Some(to) = joined {
            caller.record.tell(work.now, Fact::Outside { to, what: "joined".to_owned() });
        }
    }

    /// The agent is lost: the caller is first in the queue again, with music. `failed` counts it against the agent: the leg never
    /// carried a word.
    pub(super) fn give_back(&mut self, work: &mut Work, caller: &mut Caller, failed: bool) {
        self.withdraw(work, caller);
        let mut talk = match std::mem::replace(&mut caller.stage, Stage::Over) {
            Stage::Connecting(connecting) => connecting.talk,
            Stage::Talking(talk) => talk,
            stage => {
                caller.stage = stage;
                return;
            }
        };
        Self::unwire(work, caller, &mut talk);
        if let Some(far) = talk.far.take() {
            Self::see_outside_off(work, caller, &far);
        }
        self.drop_seat(work, caller, &talk.lead);
        for guest in std::mem::take(&mut talk.guests) {
            self.rise(work, caller, &guest, None);
        }
        self.dismiss(work, caller, &mut talk);
        let now = work.now.mono;
        if let Some(agent) = self.agent_mut(work, talk.lead.agent) {
            if failed {
                agent.pass(now, true);
            } else {
                agent.release(now);
            }
        }
        let mut entry = Entry { returned: true, offered: false, ..talk.entry };
        entry.passed.clear();
        if failed {
            entry.passed.insert(talk.lead.agent);
            entry.round_at = now + self.settings.round_pause;
        }
        caller.record.audit(work.now, Actor::System, "contact.returned");
        let outcome = caller.speech.replace(work.now, "agent", []);
        caller.hear(work, outcome);
        self.wait(work, caller, entry, Some(phrases::QUEUE_RETURNED));
    }

    /// This agent leads the call of this contact.
    pub(crate) fn talks_with(&self, agent: StaffId, contact: ContactId) -> bool {
        self.callers.get(&contact).and_then(|caller| caller.talk()).is_some_and(|talk| talk.lead.agent == agent)
    }

    /// This agent leads the call of this contact, and the customer is connected.
    pub(crate) fn leads_connected(&self, agent: StaffId, contact: ContactId) -> Result<(), ActRefusal> {
        self.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
        if !self.talks_with(agent, contact) {
            return Err(ActRefusal::NotYourContact);
        }
        if self.is_connected(contact) { Ok(()) } else { Err(ActRefusal::NotConnected) }
    }

    /// The agent ends the call. Before the voices are joined there is nothing to end: the caller is first in the queue again.
    pub(crate) fn hang_up(&mut self, work: &mut Work, agent: StaffId, contact: ContactId) {
        self.with(work, contact, |board, work, caller| {
            if caller.talk().is_some_and(|talk| talk.connected_at.is_some()) {
                board.end(work, caller, Actor::Staff { id: agent }, "agent", None);
            } else {
                board.give_back(work, caller, true);
            }
        });
    }
}
