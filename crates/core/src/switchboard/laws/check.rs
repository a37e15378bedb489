//! What must hold after every step.

use super::Outside;
use super::happening::Op;
use crate::agent::{PresenceState, Task};
use crate::kernel::assurance::{Factor, Level};
use crate::kernel::ids::{ContactId, LegId};
use crate::queue::{Candidate, pick};
use crate::switchboard::caller::{Caller, Stage};
use crate::switchboard::event::Monitor;
use crate::switchboard::legs::Party;
use crate::switchboard::live::Snapshot;
use crate::switchboard::recording::Taping;
use crate::switchboard::talk::PARTIES_MAX;
use std::collections::{BTreeMap, BTreeSet};

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
                matches!(caller.stage, Stage::Menu(_) | Stage::Leaving(_) | Stage::Away(_)),
                matches!(caller.stage, Stage::Over),
            ];
            assert_eq!(places.iter().filter(|here| **here).count(), 1, "one caller, one place");
            assert_eq!(caller.record.has_ended(), places[3], "what is over has ended");
            let offered = matches!(&caller.stage, Stage::Waiting(wait) if wait.offer.is_some());
            assert_eq!(self.board.waiting.get(*contact).is_some_and(|entry| entry.offered), offered);
            self.check_hearing(caller);
            self.check_secret(caller);
            self.check_away(caller);
            self.check_told(caller);
            let waits = match &caller.stage {
                Stage::Waiting(_) => true,
                Stage::Talking(talk) => talk.held_at.is_some(),
                Stage::Menu(_) | Stage::Connecting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => false,
            };
            assert!(!waits || caller.speech.plays_music(), "whoever waits has music");
        }
        assert!(self.board.waiting.iter().all(|entry| self.board.callers.contains_key(&entry.contact)));
        let live = self.board.callers.values().filter(|caller| !caller.record.has_ended()).count();
        assert_eq!(self.board.calls_live(), live, "calls are counted");
        self.check_outside();
        self.check_idle();
        self.check_phones();
    }

    /// Everybody on a call hears whom they should and nobody else; a customer whom no person speaks with is never in silence; a call has
    /// somebody who leads it, and room.
    fn check_hearing(&self, caller: &Caller) {
        let Some(talk) = caller.talk().filter(|_| !caller.record.has_ended()) else { return };
        let here = |leg: &LegId| self.legs.contains_key(leg);
        let wanted = talk.hearing(caller.leg);
        let watchers = talk.watchers.iter().map(|watcher| &watcher.seat);
        let far = talk.far.as_ref().map(|far| far.leg);
        let seats = talk.seats().chain(watchers).map(|seat| seat.leg).chain([caller.leg]).chain(far);
        for leg in seats.filter(here) {
            let heard = |hearing: &BTreeMap<LegId, BTreeSet<LegId>>| {
                hearing.get(&leg).into_iter().flatten().copied().filter(here).collect::<BTreeSet<LegId>>()
            };
            assert_eq!(heard(&self.hears), heard(&wanted), "each hears whom they should");
        }
        assert!(
            talk.held_at.is_some() || talk.connected_at.is_none() || talk.present().next().is_some() || far.is_some(),
            "nobody speaks with nobody"
        );
        assert!(talk.parties_count() <= PARTIES_MAX, "a call has room for so many");
        let staff: BTreeSet<_> = talk.staff().collect();
        assert_eq!(staff.len(), talk.staff().count(), "an agent has one seat");
        let silent = talk.watchers.iter().filter(|watcher| watcher.mode == Some(Monitor::Listen)).map(|watcher| watcher.seat.leg);
        for leg in silent {
            assert!(self.hears.values().all(|heard| !heard.contains(&leg)), "nobody hears who only listens");
        }
        let whispers =
            talk.watchers.iter().filter(|watcher| watcher.mode == Some(Monitor::Whisper)).map(|watcher| watcher.seat.leg);
        for leg in whispers {
            let outsiders = [Some(caller.leg), far].into_iter().flatten();
            let reached = outsiders.filter(|other| self.hears.get(other).is_some_and(|heard| heard.contains(&leg)));
            assert_eq!(reached.count(), 0, "a whisper reaches agents alone");
        }
    }

    /// A customer who was left to somebody outside hears them, is heard by them, and by nobody else; and it has an end.
    fn check_away(&self, caller: &Caller) {
        let Stage::Away(away) = &caller.stage else { return };
        assert!(self.board.next_deadline().is_some_and(|at| at <= away.until), "a call without agents has an end");
        for (leg, other) in [(caller.leg, away.far.leg), (away.far.leg, caller.leg)] {
            assert_eq!(self.hears.get(&leg), Some(&[other].into()), "the two who are left hear each other");
            let listeners = self.hears.iter().filter(|(_, heard)| heard.contains(&leg));
            assert_eq!(listeners.count(), 1, "and nobody else hears them");
        }
    }

    /// Whoever is outside is recorded only when they were told, and said nothing against it.
    fn check_told(&self, caller: &Caller) {
        if let (Some(far), Taping::On { recording, .. }) = (caller.far(), caller.taping) {
            assert!(far.unrecorded || self.told.contains(&far.leg), "nobody is recorded who does not know");
            assert!(!far.unrecorded || self.masked.get(&recording) == Some(&true), "nobody is recorded who would rather not be");
        }
    }

    /// Every leg belongs to a call; whoever is outside belongs to one that knows them, or was told to go.
    fn check_outside(&self) {
        assert!(
            self.board.legs.values().all(|(contact, _)| self.board.callers.contains_key(contact)),
            "a leg of a forgotten call"
        );
        for (leg, (contact, party)) in &self.board.legs {
            if *party != Party::Outside || self.hung_up.contains(leg) {
                continue;
            }
            let caller = self.board.callers.get(contact);
            let dialled = caller.and_then(|caller| caller.dialled()).map(|dialled| dialled.far.leg);
            let far = caller.and_then(|caller| caller.far()).map(|far| far.leg);
            assert!([dialled, far].contains(&Some(*leg)), "a leg outside that nobody knows of");
        }
    }

    /// While a customer keys a code, and while the rest of one may still come, nobody hears them and their recording has silence; at no
    /// other time are they kept from whoever is on the call.
    fn check_secret(&self, caller: &Caller) {
        let joined = matches!(&caller.stage, Stage::Talking(talk) if talk.keys_alone);
        assert_eq!(joined, caller.proving.is_some(), "a code is keyed apart, and only then");
        if !self.legs.contains_key(&caller.leg) {
            return;
        }
        let secured = self.secured.contains(&caller.leg);
        assert!(caller.record.has_ended() || secured == caller.is_unheard(), "silence while a code is keyed");
        if caller.proving.is_some() {
            assert!(self.hears.values().all(|heard| !heard.contains(&caller.leg)), "nobody hears who keys a code");
            assert!(self.hears.get(&caller.leg).is_none_or(BTreeSet::is_empty), "nor do they hear anybody");
        }
        if let Taping::On { recording, .. } = caller.taping
            && caller.is_unheard()
        {
            assert_eq!(self.masked.get(&recording), Some(&true), "no code is recorded");
        }
    }

    /// The level of every contact.
    pub(super) fn levels(&self) -> BTreeMap<ContactId, Level> {
        self.board.callers.iter().map(|(contact, caller)| (*contact, caller.standing.level())).collect()
    }

    /// Nothing but what the outside answers raises a level, and none is above its evidence: it survives transfers, holds and supervisors,
    /// nobody raises it, and only time and the word of pressure lower it.
    pub(super) fn check_levels(&self, before: &BTreeMap<ContactId, Level>, op: &Op) {
        for (contact, level) in self.levels() {
            let known = before.get(&contact).copied();
            let same = known.is_none_or(|before| before == level);
            let pressed = matches!(op, Op::Challenge(..)) && level <= Level::A1;
            let idle = known == Some(Level::A3) && level == Level::A2;
            assert!(same || matches!(op, Op::Answer(..)) || pressed || idle, "a level changed by {op:?}");
            let shown = |factor| self.proved.contains(&(contact, factor));
            let evidence = match (shown(Factor::SmsCode), shown(Factor::SecondFactor)) {
                (false, false) => Level::A1,
                (true, false) | (false, true) => Level::A2,
                (true, true) => Level::A3,
            };
            assert!(level <= evidence, "a level without evidence");
        }
    }

    fn check_agents(&self, snapshot: &Snapshot) {
        for (id, view) in &snapshot.agents {
            let offers = snapshot.offers.values().filter(|offer| offer.agent == *id).count();
            let with: Vec<_> = snapshot.contacts.values().filter(|contact| contact.agent == Some(*id)).collect();
            let talks = with.iter().filter(|contact| contact.ended_at.is_none()).count();
            let wraps = with.len() - talks;
            let lost = with.iter().any(|contact| contact.leads && contact.held_at.is_some());
            let expected = match view.presence {
                PresenceState::NotResponding if lost => (0, 1, 0),
                PresenceState::Ringing => (1, 0, 0),
                PresenceState::Talking | PresenceState::Hold => (0, 1, 0),
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
