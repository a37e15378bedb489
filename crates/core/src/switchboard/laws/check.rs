//! What must hold after every step.

use super::Outside;
use crate::agent::{PresenceState, Task};
use crate::queue::{Candidate, pick};
use crate::switchboard::caller::Stage;
use crate::switchboard::live::Snapshot;

impl Outside {
    /// What must hold after every step.
    pub(super) fn check(&self) {
        let snapshot = self.board.snapshot();
        assert_eq!(self.screen, snapshot, "old snapshot + events = fresh snapshot");
        self.check_agents(&snapshot);
        for (contact, caller) in &self.board.callers {
            let places = [
                self.board.waiting.get(*contact).is_some(),
                caller.talk().is_some(),
                matches!(caller.stage, Stage::Menu(_) | Stage::Leaving(_)),
                matches!(caller.stage, Stage::Over),
            ];
            assert_eq!(places.iter().filter(|here| **here).count(), 1, "one caller, one place");
            assert_eq!(caller.record.has_ended(), places[3], "what is over has ended");
            assert_eq!(self.board.waiting.get(*contact).is_some_and(|entry| entry.offered), caller.offer().is_some());
        }
        assert!(self.board.waiting.iter().all(|entry| self.board.callers.contains_key(&entry.contact)));
        let live = self.board.callers.values().filter(|caller| !caller.record.has_ended()).count();
        assert_eq!(self.board.calls_live(), live, "calls are counted");
        self.check_idle();
    }

    fn check_agents(&self, snapshot: &Snapshot) {
        for (id, view) in &snapshot.agents {
            let offers = snapshot.offers.values().filter(|offer| offer.agent == *id).count();
            let with: Vec<_> = snapshot.contacts.values().filter(|contact| contact.agent == Some(*id)).collect();
            let talks = with.iter().filter(|contact| contact.ended_at.is_none()).count();
            let wraps = with.len() - talks;
            let expected = match view.presence {
                PresenceState::Ringing => (1, 0, 0),
                PresenceState::Talking => (0, 1, 0),
                PresenceState::WrapUp => (0, 0, 1),
                PresenceState::LoggedOut | PresenceState::NotReady(_) | PresenceState::Ready | PresenceState::NotResponding => {
                    (0, 0, 0)
                }
            };
            assert_eq!((offers, talks, wraps), expected, "one agent, one thing: {view:?}");
        }
    }

    /// An available agent and a waiting caller this agent could serve are never both idle, but for the pause between two rounds.
    fn check_idle(&self) {
        let agents = self.board.agents.values().filter(|agent| agent.is_available());
        let free: Vec<Candidate<'_>> = agents
            .map(|agent| Candidate {
                agent: agent.id,
                languages: &agent.languages,
                skills: &agent.skills,
                idle_since: agent.idle_since(),
            })
            .collect();
        for agent in self.board.agents.values() {
            assert!(!agent.is_available() || agent.task() == Task::Free);
        }
        // Time may have passed since the last step: what became possible meanwhile has its own deadline.
        assert_eq!(pick(&self.board.waiting, &free, self.now.mono), None, "someone waits for someone who is free");
    }
}
