//! Supervisors who listen to a call: heard by nobody, by the agents, or by everybody. The agents' screens always say so. It ends with the
//! call, and never stands in the way of it.

use super::caller::{Caller, Stage};
use super::event::{ActRefusal, Monitor};
use super::legs::Party;
use super::talk::{Seat, Talk, WATCHERS_MAX, Watcher};
use super::{Switchboard, Work};
use crate::agent::{Task, Teams};
use crate::call::{Direction, Disposition};
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, LegId, StaffId},
    purpose::Purpose,
};

impl Switchboard {
    /// This supervisor may come onto this contact's call.
    pub(crate) fn may_watch(&self, agent: StaffId, contact: ContactId) -> Result<(), ActRefusal> {
        let machine = self.agent(agent).ok_or(ActRefusal::NotAnAgent)?;
        if !machine.supervises() {
            return Err(ActRefusal::NotASupervisor);
        }
        let talk = match self.callers.get(&contact).map(|caller| &caller.stage) {
            Some(Stage::Talking(talk)) => talk,
            // Who hears whom is said on a screen of everybody's whom we could listen to; here nobody has one.
            Some(Stage::Away(away)) if machine.leads(&away.teams) => return Err(ActRefusal::NoAgent),
            Some(Stage::Away(_)) => return Err(ActRefusal::NotYourTeam),
            Some(Stage::Menu(_) | Stage::Waiting(_) | Stage::Connecting(_) | Stage::Leaving(_) | Stage::Over) | None => {
                return Err(ActRefusal::NotConnected);
            }
        };
        if !machine.leads(&self.teams_on(talk)) {
            return Err(ActRefusal::NotYourTeam);
        }
        if self.watches(agent, contact) {
            return Ok(());
        }
        if machine.task() != Task::Free {
            return Err(ActRefusal::Busy);
        }
        if !machine.desk() {
            return Err(ActRefusal::AnswerOnPhone);
        }
        if talk.watchers.len() >= WATCHERS_MAX { Err(ActRefusal::CallFull) } else { Ok(()) }
    }

    /// This supervisor may take the call of this contact over: it is an agent of theirs who leads it.
    pub(crate) fn may_take_over(&self, agent: StaffId, contact: ContactId) -> Result<(), ActRefusal> {
        self.may_watch(agent, contact)?;
        let lead = self.callers.get(&contact).and_then(|caller| caller.talk()).and_then(|talk| self.agents.get(&talk.lead.agent));
        let leads = self.agent(agent).zip(lead).is_some_and(|(machine, lead)| machine.leads(&lead.teams));
        if leads { Ok(()) } else { Err(ActRefusal::NotYourTeam) }
    }

    /// This supervisor may end the call of this contact: no agent is on it any more, and the last ones were theirs.
    pub(crate) fn may_end(&self, agent: StaffId, contact: ContactId) -> bool {
        let Some(Stage::Away(away)) = self.callers.get(&contact).map(|caller| &caller.stage) else { return false };
        self.agent(agent).is_some_and(|machine| machine.supervises() && machine.leads(&away.teams))
    }

    /// A supervisor ends a call without agents.
    pub(crate) fn end_away(&mut self, work: &mut Work, agent: StaffId, contact: ContactId) {
        self.with(work, contact, |board, work, caller| {
            board.end(work, caller, Actor::Staff { id: agent }, "supervisor", Some(Disposition::Transferred));
        });
    }

    /// The teams of the agents who speak on a call. Somebody of no named team adds none.
    pub(super) fn teams_on(&self, talk: &Talk) -> Teams {
        let speaking = [&talk.lead].into_iter().chain(&talk.guests).filter_map(|seat| self.agents.get(&seat.agent));
        Teams::Named(speaking.filter_map(|agent| agent.teams.named()).flatten().cloned().collect())
    }

    /// Supervisors go who lead nobody on the call any more: it was handed on, or somebody changed teams.
    pub(super) fn outsiders_leave(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &caller.stage else { return };
        let teams = self.teams_on(talk);
        let is_outsider = |agent: &StaffId| !self.agents.get(agent).is_some_and(|machine| machine.leads(&teams));
        let outsiders: Vec<StaffId> = talk.watchers.iter().map(|watcher| watcher.seat.agent).filter(is_outsider).collect();
        for agent in outsiders {
            self.watcher_leaves(work, caller, agent);
        }
    }

    /// This supervisor listens to the call of this contact, or is about to.
    pub(crate) fn watches(&self, agent: StaffId, contact: ContactId) -> bool {
        let talk = self.callers.get(&contact).and_then(|caller| caller.talk());
        talk.is_some_and(|talk| talk.watchers.iter().any(|watcher| watcher.seat.agent == agent))
    }

    /// The supervisor comes onto the call, on a browser leg that is still to come up; without a mode, to take the call over.
    pub(crate) fn watch(&mut self, work: &mut Work, agent: StaffId, contact: ContactId, leg: LegId, mode: Option<Monitor>) {
        self.with(work, contact, |board, work, caller| {
            let until = work.now.mono + board.settings.desk_audio;
            let Some(machine) = board.agent_mut(work, agent) else { return };
            machine.talk(contact, true);
            let number = machine.number.clone();
            let Stage::Talking(talk) = &mut caller.stage else { return };
            let seat = Seat::new(agent, number, leg, true);
            talk.watchers.push(Watcher { seat, mode, until: Some(until) });
            board.legs.insert(leg, (contact, Party::Agent(agent)));
            caller.record.leg_started(work.now, leg, Direction::Inbound, Some(agent));
            caller.watched(work, agent, mode);
        });
    }

    /// The supervisor listens in another way.
    pub(crate) fn change_monitor(&mut self, work: &mut Work, agent: StaffId, contact: ContactId, mode: Monitor) {
        self.with(work, contact, |board, work, caller| {
            let Stage::Talking(talk) = &mut caller.stage else { return };
            let Some(watcher) = talk.watchers.iter_mut().find(|watcher| watcher.seat.agent == agent) else { return };
            if watcher.mode != Some(mode) {
                watcher.mode = Some(mode);
                board.wire(work, caller);
                caller.watched(work, agent, Some(mode));
            }
        });
    }

    /// The supervisor takes the call over: at once when they are heard already, else as soon as they can be.
    pub(crate) fn take_over(&mut self, work: &mut Work, agent: StaffId, contact: ContactId) {
        self.with(work, contact, |board, work, caller| {
            let Stage::Talking(talk) = &mut caller.stage else { return };
            let Some(at) = talk.watchers.iter().position(|watcher| watcher.seat.agent == agent) else { return };
            if talk.watchers[at].until.is_some() {
                talk.watchers[at].mode = None;
                return caller.watched(work, agent, None);
            }
            let seat = talk.watchers.remove(at).seat;
            board.lead_instead(work, caller, seat);
        });
    }

    /// The supervisor's audio is up.
    pub(super) fn watcher_is_up(&mut self, work: &mut Work, caller: &mut Caller, agent: StaffId) {
        let Some(talk) = caller.talk_mut() else { return };
        let Some(at) = talk.watchers.iter().position(|watcher| watcher.seat.agent == agent) else { return };
        let watcher = &mut talk.watchers[at];
        (watcher.until, watcher.seat.since) = (None, Some(work.now.wall));
        if watcher.mode.is_some() {
            return self.wire(work, caller);
        }
        if matches!(caller.stage, Stage::Talking(_)) {
            let Some(talk) = caller.talk_mut() else { return };
            let seat = talk.watchers.remove(at).seat;
            self.lead_instead(work, caller, seat);
        } else {
            // The call is just changing hands: whoever came to take it listens first.
            let Some(talk) = caller.talk_mut() else { return };
            talk.watchers[at].mode = Some(Monitor::Listen);
        }
    }

    fn lead_instead(&mut self, work: &mut Work, caller: &mut Caller, seat: Seat) {
        self.withdraw(work, caller);
        caller.record.audit(work.now, Actor::Staff { id: seat.agent }, "contact.taken_over");
        self.lead_on(work, caller, seat, "take_over");
    }

    /// The supervisor listens no more.
    pub(crate) fn stop_watching(&mut self, work: &mut Work, agent: StaffId, contact: ContactId) {
        self.with(work, contact, |board, work, caller| board.watcher_leaves(work, caller, agent));
    }

    /// A supervisor goes, or is lost.
    pub(super) fn watcher_leaves(&mut self, work: &mut Work, caller: &mut Caller, agent: StaffId) {
        let Some(talk) = caller.talk_mut() else { return };
        let Some(at) = talk.watchers.iter().position(|watcher| watcher.seat.agent == agent) else { return };
        let watcher = talk.watchers.remove(at);
        self.wire(work, caller);
        self.see_off(work, caller, &watcher);
    }

    /// Every supervisor goes: the call is with no agent any more.
    pub(super) fn dismiss(&mut self, work: &mut Work, caller: &mut Caller, talk: &mut Talk) {
        for watcher in std::mem::take(&mut talk.watchers) {
            self.see_off(work, caller, &watcher);
        }
    }

    fn see_off(&mut self, work: &mut Work, caller: &mut Caller, watcher: &Watcher) {
        caller.record.audit(work.now, Actor::Staff { id: watcher.seat.agent }, "contact.monitoring_ended");
        self.rise(work, caller, &watcher.seat, None);
    }

    /// Supervisors whose audio did not come up in time.
    pub(super) fn late_watchers(&mut self, work: &mut Work, caller: &mut Caller) {
        let now = work.now.mono;
        let is_late = |watcher: &&Watcher| watcher.until.is_some_and(|until| until <= now);
        let late: Vec<StaffId> = caller
            .talk()
            .into_iter()
            .flat_map(|talk| talk.watchers.iter().filter(is_late).map(|watcher| watcher.seat.agent))
            .collect();
        for agent in late {
            self.watcher_leaves(work, caller, agent);
        }
    }
}

impl Caller {
    /// Puts on record that a supervisor hears this call, and how they are heard.
    fn watched(&mut self, work: &Work, agent: StaffId, mode: Option<Monitor>) {
        let action = match mode {
            Some(Monitor::Listen) => "contact.listened_to",
            Some(Monitor::Whisper) => "contact.whispered_to",
            Some(Monitor::Barge) => "contact.barged_into",
            None => "contact.take_over_asked",
        };
        self.record.audit_reading(work.now, Actor::Staff { id: agent }, action, Purpose::Supervision);
    }
}
