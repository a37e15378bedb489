//! After a panic: the call it was about is lost, and whatever still points to that call is put in order, so that no agent, queue
//! or leg waits for it.

use super::command::Command;
use super::{Switchboard, Work};
use crate::agent::Task;
use crate::kernel::ids::{ContactId, LegId, OfferId, StaffId};
use crate::queue::Outcome;

impl Switchboard {
    pub(super) fn heal(&mut self, work: &mut Work) {
        self.heal_legs(work);
        self.heal_queues(work);
        self.heal_agents(work);
        self.calls.clear();
        for caller in self.callers.values().filter(|caller| !caller.record.has_ended()) {
            *self.calls.entry(caller.record.contact().line.clone()).or_insert(0) += 1;
        }
        // Nobody knows what the lost step had touched: everything is looked at again.
        work.callers.extend(self.callers.keys().copied());
        work.callers.extend(self.shown.calls.keys().copied());
        work.callers.extend(self.shown.contacts.keys().map(|(contact, _)| *contact));
        work.agents.extend(self.agents.keys().copied());
        work.queues.extend(self.queues.keys().cloned());
    }

    fn heal_legs(&mut self, work: &mut Work) {
        let lost = |contact: &ContactId| !self.callers.contains_key(contact);
        let legs: Vec<LegId> = self.legs.iter().filter(|(_, (contact, _))| lost(contact)).map(|(leg, _)| *leg).collect();
        for leg in legs {
            self.legs.remove(&leg);
            work.order(Command::Hangup { leg });
        }
    }

    fn heal_queues(&mut self, work: &mut Work) {
        let lost = |contact: &ContactId| !self.callers.contains_key(contact);
        let waiting: Vec<ContactId> = self.waiting.iter().map(|entry| entry.contact).filter(lost).collect();
        for contact in waiting {
            self.waiting.leave(contact);
        }
        let ringing = |offer: &OfferId, contact: &ContactId| {
            self.callers.get(contact).and_then(|caller| caller.offer()).is_some_and(|ringing| ringing.id == *offer)
        };
        self.offers = std::mem::take(&mut self.offers).into_iter().filter(|(id, contact)| ringing(id, contact)).collect();
        for (id, offer) in &self.shown.offers {
            if !self.offers.contains_key(id) {
                work.offers.insert(*id, Some((offer.agent, Outcome::Withdrawn)));
            }
        }
    }

    fn heal_agents(&mut self, work: &Work) {
        let with = |agent: StaffId, contact: ContactId| {
            let caller = self.callers.get(&contact);
            caller.and_then(|caller| caller.offer()).is_some_and(|offer| offer.agent == agent)
                || caller.is_some_and(|caller| caller.involves(agent))
        };
        let stray: Vec<StaffId> = self
            .agents
            .values()
            .filter(|agent| match agent.task() {
                Task::Free => false,
                Task::Ringing { contact } | Task::Talking { contact, .. } => !with(agent.id, contact),
                Task::WrapUp { contact, .. } => !self.wraps_up(agent.id, contact),
            })
            .map(|agent| agent.id)
            .collect();
        for id in stray {
            if let Some(agent) = self.agents.get_mut(&id) {
                agent.release(work.now.mono);
            }
        }
        let wraps = |agent: &StaffId| self.agents.get(agent).is_some_and(|agent| matches!(agent.task(), Task::WrapUp { .. }));
        self.wrapping = std::mem::take(&mut self.wrapping).into_iter().filter(|(agent, _)| wraps(agent)).collect();
    }
}
