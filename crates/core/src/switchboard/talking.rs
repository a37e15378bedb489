//! From an agent's yes to the last word: the legs come up, the agent's number is said, the voices are joined; and when an agent is
//! lost the caller is first in the queue again.

use super::caller::{Caller, Connecting, Stage, Talk};
use super::command::Command;
use super::event::LegEnd;
use super::legs::Party;
use super::{Switchboard, Work};
use crate::call::{Direction, Fact, Media};
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
        let talk = Talk { agent: offer.agent, number, leg, browser, connected_at: None, entry };
        let until = work.now.mono + self.settings.desk_audio;
        caller.stage = Stage::Connecting(Connecting { talk, announcing: false, until });
        caller.pass_shown(work);
        if !browser {
            self.announce_agent(work, caller);
        }
    }

    /// The agent's leg is up: both hear the agent's number, then each other.
    pub(super) fn announce_agent(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Connecting(connecting) = &mut caller.stage else { return };
        if connecting.announcing {
            return;
        }
        connecting.announcing = true;
        connecting.until = work.now.mono + self.settings.announce_max;
        let (leg, number) = (connecting.talk.leg, connecting.talk.number.clone());
        caller.speech.music_off();
        match self.agent_phrase(caller, &number) {
            Some(phrase) => {
                let notice = self.owed_notice(caller);
                let outcome = caller.speech.replace(work.now, "agent", notice.into_iter().chain([phrase.clone()]));
                caller.hear(work, outcome);
                work.order(Command::Play { leg, playback: caller.speech.next_playback(), phrase });
            }
            None => self.all_said(work, caller),
        }
    }

    fn agent_phrase(&self, caller: &Caller, number: &str) -> Option<Phrase> {
        let language = caller.record.contact().language?;
        let prompt = PromptId(phrases::AGENT_NUMBER.to_owned());
        self.catalog.phrase(language, &prompt, &[("number", Spoken::Digits(number.to_owned()))])
    }

    /// Joins the voices.
    pub(super) fn bridge(&mut self, work: &mut Work, caller: &mut Caller, mut talk: Talk) {
        let outcome = caller.speech.replace(work.now, "agent", []);
        caller.hear(work, outcome);
        work.order(Command::Bridge { a: caller.leg, b: talk.leg });
        talk.connected_at = Some(work.now.wall);
        let (agent, number) = (talk.agent, talk.number.clone());
        caller.record.amend(|contact| {
            contact.connected_at = contact.connected_at.or(Some(work.now.wall));
            if contact.agents.last() != Some(&agent) {
                contact.agents.push(agent);
            }
        });
        caller.record.tell(work.now, Fact::Connected { agent, number });
        caller.record.audit(work.now, Actor::Staff { id: agent }, "contact.connected");
        if let Some(agent) = self.agent_mut(work, agent) {
            agent.connected();
        }
        caller.stage = Stage::Talking(talk);
    }

    /// The agent's leg ended by itself. A phone that hangs up in conversation ends the call; everything else is a loss.
    pub(super) fn agent_left(&mut self, work: &mut Work, caller: &mut Caller, cause: LegEnd) {
        let Some(talk) = caller.talk() else { return };
        let (agent, browser, talking) = (talk.agent, talk.browser, talk.connected_at.is_some());
        let hung_up = matches!(cause, LegEnd::RemoteHangup | LegEnd::LocalHangup);
        if talking && !browser && hung_up {
            work.actor = Actor::Staff { id: agent };
            self.end(work, caller, Actor::Staff { id: agent }, "agent", None);
        } else {
            self.give_back(work, caller, !talking);
        }
    }

    /// The agent is lost: the caller is first in the queue again, with music. `failed` counts it against the agent: the leg never
    /// carried a word.
    pub(super) fn give_back(&mut self, work: &mut Work, caller: &mut Caller, failed: bool) {
        let talk = match std::mem::replace(&mut caller.stage, Stage::Over) {
            Stage::Connecting(connecting) => connecting.talk,
            Stage::Talking(talk) => talk,
            stage => {
                caller.stage = stage;
                return;
            }
        };
        if talk.connected_at.is_some() && caller.record.is_open(talk.leg) {
            work.order(Command::Unbridge { a: caller.leg, b: talk.leg });
        }
        self.drop_agent_leg(work, caller, &talk);
        let now = work.now.mono;
        if let Some(agent) = self.agent_mut(work, talk.agent) {
            if failed {
                agent.pass(now, true);
            } else {
                agent.release(now);
            }
        }
        let mut entry = Entry { returned: true, offered: false, ..talk.entry };
        entry.passed.clear();
        if failed {
            entry.passed.insert(talk.agent);
            entry.round_at = now + self.settings.round_pause;
        }
        caller.record.audit(work.now, Actor::System, "contact.returned");
        let outcome = caller.speech.replace(work.now, "agent", []);
        caller.hear(work, outcome);
        self.wait(work, caller, entry, Some(phrases::QUEUE_RETURNED));
    }

    /// Hangs up the agent's leg. A browser leg that never came up may not exist outside: nothing more will be heard of it.
    pub(super) fn drop_agent_leg(&mut self, work: &mut Work, caller: &mut Caller, talk: &Talk) {
        if !caller.record.is_open(talk.leg) {
            return;
        }
        work.order(Command::Hangup { leg: talk.leg });
        if !caller.record.is_answered(talk.leg) {
            self.legs.remove(&talk.leg);
            caller.record.leg_ended(work.now, talk.leg, "never connected".to_owned(), Media::default());
        }
    }

    /// The contact that this agent is with.
    pub(crate) fn talks_with(&self, agent: StaffId, contact: ContactId) -> bool {
        self.callers.get(&contact).and_then(Caller::talk).is_some_and(|talk| talk.agent == agent)
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
