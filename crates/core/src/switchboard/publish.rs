//! What the screens show, and telling them what changed. The snapshot is always made from the machines; the events are the
//! difference to what the screens were told last, so that neither can drift from the other.

use super::command::Command;
use super::live::{AgentView, ContactView, LiveEvent, QueueView, Snapshot};
use super::{Switchboard, Work};
use crate::agent::Agent;
use crate::kernel::ids::{ContactId, StaffId};

impl Switchboard {
    /// Everything the screens show, from the machines.
    pub(super) fn look(&self) -> Snapshot {
        let talking = self.callers.values().filter(|caller| caller.talk().is_some()).map(|caller| (caller.id(), caller.view()));
        let wrapping = self.wrapping.values().map(|view| (view.id, view.clone()));
        Snapshot {
            agents: self.agents.iter().map(|(id, agent)| (*id, agent_view(agent))).collect(),
            queues: self.queues.keys().map(|id| (id.clone(), self.queue_view(id))).collect(),
            offers: self
                .offers
                .iter()
                .filter_map(|(id, contact)| Some((*id, self.callers.get(contact)?.offer_view()?)))
                .collect(),
            contacts: talking.chain(wrapping).collect(),
        }
    }

    /// Tells the screens what this step changed.
    pub(super) fn publish(&mut self, work: &mut Work) {
        let mut events = Vec::new();
        self.publish_offers(work, &mut events);
        self.publish_contacts(work, &mut events);
        for agent in work.agents.iter().filter_map(|id| self.agents.get(id)) {
            let view = agent_view(agent);
            if self.shown.agents.get(&agent.id) != Some(&view) {
                events.push(LiveEvent::AgentChanged { agent: view });
            }
        }
        for id in &work.queues {
            let view = self.queue_view(id);
            if self.shown.queues.get(id) != Some(&view) {
                events.push(LiveEvent::QueueChanged { queue: view });
            }
        }
        for event in events {
            self.shown.apply(&event);
            work.order(Command::Publish(Box::new(event)));
        }
    }

    fn publish_offers(&self, work: &Work, events: &mut Vec<LiveEvent>) {
        for (offer, ended) in &work.offers {
            if let Some((agent, outcome)) = ended
                && self.shown.offers.contains_key(offer)
            {
                events.push(LiveEvent::OfferEnded { offer: *offer, agent: *agent, outcome: outcome.name().to_owned() });
            }
        }
        for offer in work.callers.iter().filter_map(|id| self.callers.get(id)?.offer_view()) {
            if self.shown.offers.get(&offer.id) != Some(&offer) {
                events.push(LiveEvent::OfferMade { offer });
            }
        }
    }

    fn publish_contacts(&self, work: &Work, events: &mut Vec<LiveEvent>) {
        let wrapped = work.agents.iter().filter_map(|agent| self.shown_with(*agent));
        let mut contacts: Vec<ContactId> = work.callers.iter().copied().chain(wrapped).collect();
        contacts.sort_unstable();
        contacts.dedup();
        for contact in contacts {
            let shown = self.shown.contacts.get(&contact);
            let now = self.contact_view(contact);
            if let Some(agent) = shown.and_then(|view| view.agent)
                && now.as_ref().is_none_or(|view| view.agent != Some(agent))
            {
                events.push(LiveEvent::ContactGone { contact, agent });
            }
            if let Some(view) = now.filter(|view| shown != Some(view)) {
                events.push(LiveEvent::ContactChanged { contact: view });
            }
        }
    }

    /// The contact in wrap-up that the screens show with this agent: its call may be forgotten already.
    fn shown_with(&self, agent: StaffId) -> Option<ContactId> {
        self.shown.contacts.values().find(|view| view.agent == Some(agent)).map(|view| view.id)
    }

    fn contact_view(&self, contact: ContactId) -> Option<ContactView> {
        let talking = self.callers.get(&contact).filter(|caller| caller.talk().is_some());
        talking.map(super::Caller::view).or_else(|| self.wrapping.values().find(|view| view.id == contact).cloned())
    }

    fn queue_view(&self, id: &str) -> QueueView {
        let waiting = u32::try_from(self.waiting.count(id)).unwrap_or(u32::MAX);
        QueueView { id: id.to_owned(), waiting, oldest_at: self.waiting.oldest(id) }
    }
}

fn agent_view(agent: &Agent) -> AgentView {
    AgentView {
        id: agent.id,
        number: agent.number.clone(),
        presence: agent.presence(),
        since: agent.since(),
        phone: agent.phone(),
    }
}
