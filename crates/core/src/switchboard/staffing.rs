//! What happens to agents: desks come and go, phones register, members of staff change. The agent's machine decides; here the
//! calls at hand follow.

use super::caller::Caller;
use super::{Switchboard, Work};
use crate::agent::{Agent, Elapsed, Patience, PresenceState, Staff, Task};
use crate::kernel::ids::{ContactId, StaffId};
use crate::queue::Happening;

impl Switchboard {
    /// A member of staff came or changed.
    pub(super) fn staff_changed(&mut self, work: &mut Work, member: Staff) {
        let id = member.id;
        self.know_staff(member);
        // Whoever leads them, or is led by them, may be another one now.
        if let Some(Task::Talking { contact, .. }) = self.agents.get(&id).map(Agent::task) {
            self.with(work, contact, |board, work, caller| board.wire(work, caller));
        }
    }

    /// A member of staff as they are now.
    pub(super) fn know_staff(&mut self, member: Staff) {
        let patience = self.agent_patience();
        match self.agents.get_mut(&member.id) {
            Some(agent) => agent.change(member),
            None if member.role.takes_calls() => {
                self.agents.insert(member.id, Agent::new(member, patience));
            }
            None => {}
        }
    }

    pub(super) fn desk_heard(&mut self, work: &mut Work, agent: StaffId) {
        let now = work.now.mono;
        let Some(machine) = self.agent_mut(work, agent) else { return };
        let was_there = machine.desk();
        machine.desk_heard(now);
        if !was_there {
            self.offer_happens(work, agent, Happening::DeskBack);
        }
    }

    pub(super) fn desk_closed(&mut self, work: &mut Work, agent: StaffId) {
        let now = work.now.mono;
        let Some(machine) = self.agent_mut(work, agent) else { return };
        machine.desk_closed(now);
        let task = machine.task();
        self.offer_happens(work, agent, Happening::DeskLost);
        if let Task::Talking { contact, browser: true, .. } = task {
            // The browser that carried the audio is gone or reloads: the caller waits with music, not in silence.
            self.with(work, contact, |board, work, caller| board.desk_gone(work, caller, agent));
        }
    }

    pub(super) fn phone_registered(&mut self, work: &mut Work, agent: StaffId) {
        let now = work.now.mono;
        if let Some(machine) = self.agent_mut(work, agent) {
            machine.phone_registered(now);
        }
    }

    pub(super) fn phone_unregistered(&mut self, work: &mut Work, agent: StaffId) {
        if let Some(machine) = self.agent_mut(work, agent) {
            machine.phone_unregistered();
        }
    }

    /// An agent's deadline passed.
    pub(super) fn agent_elapsed(&mut self, work: &mut Work, agent: StaffId) {
        let now = work.now.mono;
        let Some(machine) = self.agent_mut(work, agent) else { return };
        for elapsed in machine.elapse(now) {
            match elapsed {
                Elapsed::DeskLost => self.offer_happens(work, agent, Happening::DeskLost),
                Elapsed::WrapUpOver(_) => self.wrapped_up(agent),
            }
        }
    }

    fn offer_happens(&mut self, work: &mut Work, agent: StaffId, what: Happening) {
        if let Some(Task::Ringing { contact }) = self.agents.get(&agent).map(Agent::task) {
            self.with(work, contact, |board, work, caller: &mut Caller| {
                board.happen(work, caller, what);
            });
        }
    }

    /// An agent, when this member of staff takes calls.
    pub(crate) fn agent(&self, agent: StaffId) -> Option<&Agent> {
        self.agents.get(&agent).filter(|agent| agent.takes_calls())
    }

    /// The agent asks for a presence; false when it cannot be entered now.
    pub(crate) fn ask_presence(&mut self, work: &mut Work, agent: StaffId, wish: PresenceState) -> bool {
        let Some(machine) = self.agents.get_mut(&agent) else { return false };
        let Some(asked) = machine.ask(work.now.mono, wish) else { return false };
        work.agents.insert(agent);
        if asked.is_some() {
            self.wrapped_up(agent);
        }
        true
    }

    /// The agent finishes the record at hand.
    pub(crate) fn finish_wrap_up(&mut self, work: &mut Work, agent: StaffId) {
        let now = work.now.mono;
        if let Some(machine) = self.agent_mut(work, agent) {
            machine.release(now);
            self.wrapped_up(agent);
        }
    }

    /// The contact that this agent is finishing the record of.
    pub(crate) fn wraps_up(&self, agent: StaffId, contact: ContactId) -> bool {
        self.wrapping.get(&agent).is_some_and(|view| view.id == contact)
    }

    fn wrapped_up(&mut self, agent: StaffId) {
        self.wrapping.remove(&agent);
    }

    const fn agent_patience(&self) -> Patience {
        Patience {
            desk_silence: self.settings.desk_silence,
            desk_grace: self.settings.desk_grace,
            missed_max: self.settings.missed_max,
            wrap_up_max: self.settings.wrap_up_max,
            wrap_up_phone: self.settings.wrap_up_phone,
            phone_rest: self.settings.phone_rest,
            absent_max: self.settings.absent_max,
        }
    }
}
