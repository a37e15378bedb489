//! What the screens show, and telling them what changed. The snapshot is always made from the machines; the events are the
//! difference to what the screens were told last, so that neither can drift from the other.

use super::caller::{Caller, Stage};
use super::command::Command;
use super::live::{AgentView, CallView, ContactView, LiveEvent, QueueView, Snapshot};
use super::{Switchboard, Work};
use crate::agent::Agent;
use crate::kernel::ids::{ContactId, StaffId};
use std::collections::BTreeSet;

impl Switchboard {
    /// Everything the screens show, from the machines.
    pub(super) fn look(&self) -> Snapshot {
        let talking = self.callers.values().flat_map(|caller| caller.views());
        let views = talking.chain(self.wrapping.values().cloned());
        Snapshot {
            agents: self.agents.iter().map(|(id, agent)| (*id, agent_view(agent))).collect(),
            queues: self.queues.keys().map(|id| (id.clone(), self.queue_view(id))).collect(),
            offers: self
                .offers
                .iter()
                .filter_map(|(id, contact)| Some((*id, self.callers.get(contact)?.offer_view()?)))
                .collect(),
            calls: self.callers.values().filter_map(|caller| self.call_view(caller)).map(|call| (call.id, call)).collect(),
            contacts: views.filter_map(|view| Some(((view.id, view.agent?), view))).collect(),
        }
    }

    /// Tells the screens what this step changed.
    pub(super) fn publish(&mut self, work: &mut Work) {
        let mut events = Vec::new();
        self.publish_offers(work, &mut events);
        self.publish_contacts(work, &mut events);
        self.publish_calls(work, &mut events);
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
        let shown = &self.shown.contacts;
        let of_caller = |contact: &ContactId| {
            shown.range((*contact, StaffId::from(0))..=(*contact, StaffId::from(u128::MAX))).map(|(key, _)| *key)
        };
        let mut keys: BTreeSet<(ContactId, StaffId)> = work.callers.iter().flat_map(of_caller).collect();
        if !work.agents.is_empty() {
            keys.extend(shown.keys().filter(|(_, agent)| work.agents.contains(agent)));
        }
        for caller in work.callers.iter().filter_map(|id| self.callers.get(id)) {
            keys.extend(caller.talk().into_iter().flat_map(|talk| talk.staff()).map(|agent| (caller.id(), agent)));
        }
        keys.extend(work.agents.iter().filter_map(|agent| Some((self.wrapping.get(agent)?.id, *agent))));
        for (contact, agent) in keys {
            let shown = self.shown.contacts.get(&(contact, agent));
            match self.contact_view(contact, agent) {
                None => events.extend(shown.map(|_| LiveEvent::ContactGone { contact, agent })),
                Some(view) if shown != Some(&view) => events.push(LiveEvent::ContactChanged { contact: view }),
                Some(_) => {}
            }
        }
    }

    fn publish_calls(&self, work: &Work, events: &mut Vec<LiveEvent>) {
        for contact in &work.callers {
            let shown = self.shown.calls.get(contact);
            match self.callers.get(contact).and_then(|caller| self.call_view(caller)) {
                None => events.extend(shown.map(|_| LiveEvent::CallGone { contact: *contact })),
                Some(call) if shown != Some(&call) => events.push(LiveEvent::CallChanged { call }),
                Some(_) => {}
            }
        }
    }

    /// The call as whoever leads its agents sees it.
    fn call_view(&self, caller: &Caller) -> Option<CallView> {
        let teams = if let Stage::Away(away) = &caller.stage {
            away.teams.clone()
        } else {
            caller.talk().map(|talk| self.teams_on(talk)).unwrap_or_default()
        };
        caller.call_view(teams)
    }

    fn contact_view(&self, contact: ContactId, agent: StaffId) -> Option<ContactView> {
        let talking = self.callers.get(&contact).and_then(|caller| caller.view_of(agent));
        talking.or_else(|| self.wrapping.get(&agent).filter(|view| view.id == contact).cloned())
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
        teams: agent.teams.clone(),
        presence: agent.presence(),
        since: agent.since(),
        phone: agent.phone(),
    }
}
