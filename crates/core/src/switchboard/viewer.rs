//! What one person's screen shows of it all: every queue, but only their own presence, offers and contacts. Whoever leads agents also
//! sees what those are doing, and their calls, and nothing of the agents of other teams. It remembers what was shown, so that what moves
//! out of sight is taken off the screen.

use super::live::{CallView, LiveEvent, Snapshot};
use crate::agent::{Staff, Teams};
use crate::kernel::ids::{ContactId, StaffId};
use std::collections::{BTreeMap, BTreeSet};

/// Who looks at a screen, and what it shows of others.
#[derive(Debug)]
pub struct Viewer {
    agent: StaffId,
    /// The teams they lead; none for whoever leads nobody.
    leads: Option<Teams>,
    agents: BTreeSet<StaffId>,
    calls: BTreeSet<ContactId>,
}

/// What an event is on one screen.
#[derive(Debug, PartialEq, Eq)]
pub enum Seen<'a> {
    /// Nothing: it is not this screen's.
    Nothing,
    /// This.
    Event(&'a LiveEvent),
    /// This call is gone from it, wherever it goes on.
    CallGone(ContactId),
    /// Whom this person leads has changed: everything is to be shown afresh.
    Afresh,
}

impl Viewer {
    /// A screen that shows nothing yet.
    #[must_use]
    pub fn new(staff: &Staff) -> Self {
        let leads = staff.role.supervises().then(|| staff.teams.clone());
        Self { agent: staff.id, leads, agents: BTreeSet::new(), calls: BTreeSet::new() }
    }

    /// What the screen shows of this.
    #[must_use]
    pub fn look(&mut self, all: &Snapshot) -> Snapshot {
        if let (Some(leads), Some(own)) = (&mut self.leads, all.agents.get(&self.agent)) {
            *leads = own.teams.clone();
        }
        let agent = self.agent;
        let sees = |id: &StaffId, teams: &Teams| *id == agent || self.leads(teams);
        let agents: BTreeMap<_, _> =
            all.agents.iter().filter(|(id, view)| sees(id, &view.teams)).map(|(id, view)| (*id, view.clone())).collect();
        let calls: BTreeMap<_, _> =
            all.calls.iter().filter(|(_, call)| self.leads(&call.teams)).map(|(id, call)| (*id, call.clone())).collect();
        self.agents = agents.keys().copied().collect();
        self.calls = calls.keys().copied().collect();
        Snapshot {
            agents,
            calls,
            queues: all.queues.clone(),
            offers: all.offers.iter().filter(|(_, o)| o.agent == agent).map(|(id, o)| (*id, o.clone())).collect(),
            contacts: all.contacts.iter().filter(|((_, with), _)| *with == agent).map(|(key, c)| (*key, c.clone())).collect(),
        }
    }

    /// What the screen shows of an event, by the rule of [`Viewer::look`].
    pub fn see<'a>(&mut self, event: &'a LiveEvent) -> Seen<'a> {
        let shown = match event {
            LiveEvent::QueueChanged { .. } => true,
            LiveEvent::AgentChanged { agent } if agent.id == self.agent => {
                if self.leads.as_ref().is_some_and(|leads| *leads != agent.teams) {
                    return Seen::Afresh;
                }
                true
            }
            LiveEvent::AgentChanged { agent } if self.leads(&agent.teams) => {
                self.agents.insert(agent.id);
                true
            }
            LiveEvent::AgentChanged { agent } if self.agents.contains(&agent.id) => return Seen::Afresh,
            LiveEvent::AgentChanged { .. } => false,
            LiveEvent::CallChanged { call } => return self.see_call(call, event),
            LiveEvent::CallGone { contact } => self.calls.remove(contact),
            LiveEvent::OfferMade { offer } => offer.agent == self.agent,
            LiveEvent::OfferEnded { agent, .. } | LiveEvent::ContactGone { agent, .. } => *agent == self.agent,
            LiveEvent::ContactChanged { contact } => contact.agent == Some(self.agent),
        };
        if shown { Seen::Event(event) } else { Seen::Nothing }
    }

    fn see_call<'a>(&mut self, call: &CallView, event: &'a LiveEvent) -> Seen<'a> {
        if self.leads(&call.teams) {
            self.calls.insert(call.id);
            return Seen::Event(event);
        }
        // Handed on to agents of other teams: for this screen it is gone.
        if self.calls.remove(&call.id) {
            return Seen::CallGone(call.id);
        }
        Seen::Nothing
    }

    fn leads(&self, teams: &Teams) -> bool {
        self.leads.as_ref().is_some_and(|leads| leads.cover(teams))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::PresenceState;
    use crate::kernel::{actor::Role, time::Wall};
    use crate::switchboard::live::AgentView;

    fn named(name: &str) -> Teams {
        Teams::Named(name.split(' ').filter(|name| !name.is_empty()).map(|name| name.parse().unwrap()).collect())
    }

    fn viewer(role: Role, teams: Teams) -> Viewer {
        Viewer::new(&Staff {
            id: 9.into(),
            user: String::new(),
            number: "1051".to_owned(),
            role,
            languages: Vec::new(),
            skills: Vec::new(),
            teams,
            password_hash: None,
            sip_ha1: None,
        })
    }

    fn agent(id: u128, teams: &str) -> LiveEvent {
        let agent = AgentView {
            id: id.into(),
            number: id.to_string(),
            teams: named(teams),
            presence: PresenceState::Ready,
            since: Wall(0),
            phone: false,
        };
        LiveEvent::AgentChanged { agent }
    }

    fn call(id: u128, teams: &str) -> LiveEvent {
        let call = CallView {
            id: id.into(),
            wallet: "jinqiao".to_owned(),
            queue: "jinqiao-general".to_owned(),
            language: None,
            service: None,
            lead: Some(1.into()),
            teams: named(teams),
            parties: Vec::new(),
            outside: None,
            connected_at: None,
            held_at: None,
        };
        LiveEvent::CallChanged { call }
    }

    fn is_event(seen: &Seen<'_>) -> bool {
        matches!(seen, Seen::Event(_))
    }

    #[test]
    fn only_what_the_led_teams_do_is_seen() {
        let mut day = viewer(Role::Supervisor, named("day"));
        assert!(is_event(&day.see(&agent(1, "day"))));
        assert_eq!(day.see(&agent(2, "night")), Seen::Nothing);
        assert!(is_event(&day.see(&call(7, "day night"))));
        assert_eq!(day.see(&call(8, "night")), Seen::Nothing);
        assert_eq!(day.see(&LiveEvent::CallGone { contact: 8.into() }), Seen::Nothing, "not even that it is over");

        assert!(is_event(&viewer(Role::Supervisor, Teams::All).see(&call(8, ""))));
        for (role, teams) in [(Role::Supervisor, named("")), (Role::Agent, named("day")), (Role::Auditor, Teams::All)] {
            assert_eq!(viewer(role, teams).see(&call(7, "day")), Seen::Nothing, "{role:?}");
        }
    }

    #[test]
    fn a_call_handed_to_another_team_is_gone_from_the_screen_and_comes_back() {
        let mut day = viewer(Role::Supervisor, named("day"));
        day.see(&call(7, "day"));
        assert_eq!(day.see(&call(7, "night")), Seen::CallGone(7.into()));
        assert_eq!(day.see(&call(7, "night")), Seen::Nothing);
        assert!(is_event(&day.see(&call(7, "day"))));
    }

    #[test]
    fn who_changes_teams_is_shown_afresh() {
        let mut day = viewer(Role::Supervisor, named("day"));
        day.see(&agent(1, "day"));
        assert_eq!(day.see(&agent(1, "night")), Seen::Afresh);
        assert_eq!(day.see(&agent(9, "night")), Seen::Afresh);
        let mut all = Snapshot::default();
        for event in [agent(1, "night"), agent(2, "day"), agent(9, "night"), call(7, "day"), call(8, "night")] {
            all.apply(&event);
        }
        let shown = day.look(&all);
        assert_eq!(shown.agents.keys().copied().collect::<Vec<_>>(), [1.into(), 9.into()]);
        assert_eq!(shown.calls.keys().copied().collect::<Vec<_>>(), [8.into()]);
        assert!(is_event(&day.see(&agent(9, "night"))));
    }
}
