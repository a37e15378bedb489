//! What is to be expected: how long a caller will wait, and how each line is held. What has been seen of agents and callers is noted at
//! the end of every step; nothing here decides who is taken.

use super::caller::Stage;
use super::{LineState, OutsideNumber, Switchboard, Work};
use crate::agent::{Agent, PresenceState};
use crate::call::Service;
use crate::kernel::{
    ids::ContactId,
    language::Language,
    time::{Mono, Wall},
};
use crate::queue::Needs;
use crate::queue::hours::{Hours, Next, Standing, Why};
use crate::queue::wait::{Crew, Score, Wait};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Below this a caller who asks now would stand behind (flows: 5 is what most queues give).
const USUAL_PRIORITY: u8 = 5;

/// What is to be expected, for whoever asks from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Each line, by number.
    pub lines: BTreeMap<String, LineOutlook>,
    /// Numbers outside that calls may be handed on to.
    pub outside: Vec<Arc<OutsideNumber>>,
    /// What callers were told, and what came true of it.
    pub score: Score,
}

/// What is to be expected on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOutlook {
    /// The wallet, by id.
    pub wallet: String,
    /// When people are there; always, when there is no plan.
    pub hours: Option<Arc<Hours>>,
    /// The state it is held in; none when it goes by its plan.
    pub held: Option<LineState>,
    /// How long whoever calls now would wait, in the line's first language.
    pub wait: Wait,
}

impl LineOutlook {
    /// How it stands at an instant, by the plan.
    #[must_use]
    pub fn planned(&self, service: Option<Service>, at: Wall) -> Standing {
        self.hours.as_ref().map_or(Standing::Open { since: None, until: None }, |hours| hours.status(service, at))
    }

    /// How it stands now: as it is held, else by the plan.
    #[must_use]
    pub fn standing(&self, service: Option<Service>, now: Wall) -> Standing {
        let open = Standing::Open { since: None, until: None };
        let shut = |why| {
            let opens = self.hours.as_ref().map_or(Next::Never, |hours| hours.next_opening(service, now));
            Standing::Closed { since: None, why, opens }
        };
        match self.held {
            _ if service == Some(Service::Freeze) => open,
            Some(LineState::Open | LineState::Overload | LineState::Incident) => open,
            Some(LineState::Closed) => shut(Why::OutOfHours),
            Some(LineState::Holiday) => shut(Why::Holiday(None)),
            None => self.planned(service, now),
        }
    }
}

impl Switchboard {
    /// What is to be expected now.
    #[must_use]
    pub fn outlook(&self, now: Mono) -> Outlook {
        let line = |line: &super::Line| {
            let language = line.languages.first().copied().unwrap_or(Language::ZhCn);
            let (wallet, hours) = (line.wallet.clone(), line.hours.clone());
            (line.number.clone(), LineOutlook { wallet, hours, held: line.held, wait: self.expected(now, language) })
        };
        let outside = self.outside.values().map(Arc::clone).collect();
        Outlook { lines: self.lines.values().map(line).collect(), outside, score: self.pace.score() }
    }

    /// How long a caller waits who joins a queue now.
    pub(super) fn expected(&self, now: Mono, language: Language) -> Wait {
        let crew = self.crew(language, &[]);
        self.pace.estimate(now, self.waiting.ahead_of_priority(USUAL_PRIORITY, |needs| shares(&crew, needs)), sizes(&crew))
    }

    /// How long a caller who waits will wait from now on.
    pub(super) fn left_to_wait(&self, now: Mono, contact: ContactId) -> Wait {
        let Some(own) = self.waiting.get(contact) else { return Wait::TooLittleKnown };
        let crew = self.crew(own.language, &own.skills);
        self.pace.estimate(now, self.ahead(&crew, contact), sizes(&crew))
    }

    /// Notes who joined a queue, who left it and how, and which agents have a caller.
    pub(super) fn observe(&mut self, work: &Work) {
        let now = work.now.mono;
        for contact in &work.callers {
            let stage = self.callers.get(contact).map(|caller| &caller.stage);
            match (stage, self.pace.knows(*contact)) {
                (Some(Stage::Waiting(_)), false) => {
                    let Some(own) = self.waiting.get(*contact) else { continue };
                    let crew = self.crew(own.language, &own.skills);
                    let (ahead, crew) = (self.ahead(&crew, *contact), sizes(&crew));
                    self.pace.joined(*contact, now, ahead, crew);
                }
                (Some(Stage::Connecting(_) | Stage::Talking(_) | Stage::Away(_)), true) => self.pace.answered(*contact, now),
                (Some(Stage::Leaving(_) | Stage::Over), true) => self.pace.gave_up(*contact, now),
                (Some(Stage::Menu(_)) | None, true) => self.pace.left(*contact),
                (Some(Stage::Waiting(_)), true) | (_, false) => {}
            }
        }
        for agent in &work.agents {
            let presence = self.agents.get(agent).map(Agent::presence);
            let busy = matches!(presence, Some(PresenceState::Talking | PresenceState::Hold | PresenceState::WrapUp));
            self.pace.seen(*agent, busy, now);
        }
    }

    /// Agents at work who serve a language and have these skills.
    fn crew(&self, language: Language, skills: &[String]) -> Vec<&Agent> {
        let at_work = |agent: &&Agent| match agent.presence() {
            PresenceState::Ready
            | PresenceState::Ringing
            | PresenceState::Talking
            | PresenceState::Hold
            | PresenceState::WrapUp => true,
            PresenceState::LoggedOut | PresenceState::NotReady(_) | PresenceState::NotResponding => false,
        };
        let serves = |agent: &&Agent| agent.languages.contains(&language) && skills.iter().all(|s| agent.skills.contains(s));
        self.agents.values().filter(at_work).filter(serves).collect()
    }

    /// How many stand before a caller who waits, and may take one of the same agents.
    fn ahead(&self, crew: &[&Agent], contact: ContactId) -> usize {
        self.waiting.ahead(contact, |needs| shares(crew, needs))
    }
}

/// One of these agents may be taken by callers with such needs.
fn shares(crew: &[&Agent], needs: &Needs) -> bool {
    crew.iter().any(|agent| agent.languages.contains(&needs.language) && needs.skills.iter().all(|s| agent.skills.contains(s)))
}

fn sizes(crew: &[&Agent]) -> Crew {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Crew { working: count(crew.len()), free: count(crew.iter().filter(|agent| agent.is_available()).count()) }
}
