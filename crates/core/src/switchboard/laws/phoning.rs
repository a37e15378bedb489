//! What agents' phones ask for, as the laws have it: transfers, calls to colleagues, and calls in the place of others.

use super::{Outside, nth, staff};
use crate::kernel::ids::{LegId, StaffId};
use crate::kernel::pii::Pii;
use crate::switchboard::command::Reject;
use crate::switchboard::event::Event;
use crate::switchboard::legs::Party;

impl Outside {
    pub(super) fn refers(&mut self, n: usize, to: usize) {
        // Most of the time somebody who may ask: a phone that leads a call, or its other call.
        let seats = self.board.callers.values().filter_map(|caller| caller.talk()).map(|talk| &talk.lead);
        let phones: Vec<LegId> = seats.flat_map(|lead| [Some(lead.leg), lead.aside()]).flatten().collect();
        let all = self.legs.keys().copied();
        let Some(leg) = (if n.is_multiple_of(4) { nth(all, n / 4) } else { nth(phones.clone(), n / 4) }) else { return };
        // The voice engine hands on one question at a time.
        if !self.legs.contains_key(&leg) || self.hung_up.contains(&leg) || self.referring.contains(&leg) {
            return;
        }
        let numbers = ["1024", "1025", "1026", "general", "jinqiao-general", "nobody", "bank", "0086 10 8888 0000"];
        let other = if to.is_multiple_of(3) { nth(phones, to / 3) } else { None }.filter(|other| *other != leg);
        self.event(Event::TransferAsked { leg, to: Pii::new(numbers[to / 3 % 8].to_owned()), other });
    }

    pub(super) fn dials(&mut self, n: usize, to: usize) {
        let talking: Vec<StaffId> =
            self.board.callers.values().filter_map(|caller| caller.talk()).map(|talk| talk.lead.agent).collect();
        let agent = nth(talking, n / 3).filter(|_| !n.is_multiple_of(3)).unwrap_or_else(|| staff(n));
        let theirs = self
            .board
            .legs
            .iter()
            .filter(|(_, (_, party))| to.is_multiple_of(5) || *party == Party::Agent(agent))
            .map(|(leg, _)| *leg);
        let replaces = if to.is_multiple_of(3) { nth(theirs, to / 3) } else { None };
        let leg: LegId = self.ids.next(self.now.wall);
        self.legs.insert(leg, None);
        let number = Pii::new(["1024", "1025", "1026", "general", "nobody", "bank", "+861088880000"][to / 3 % 7].to_owned());
        self.event(Event::PhoneDialled { leg, agent, number, replaces });
        if n.is_multiple_of(2) && self.legs.contains_key(&leg) && !self.hung_up.contains(&leg) && self.is_answered(leg) {
            self.up(leg);
        }
    }

    fn is_answered(&self, leg: LegId) -> bool {
        self.board
            .callers
            .values()
            .all(|caller| !caller.is_aside(leg) || caller.talk().and_then(|talk| talk.lead.aside()) == Some(leg))
    }

    pub(super) fn answered_refer(&mut self, leg: LegId, refused: Option<Reject>) {
        if refused.is_none() {
            assert!(self.referring.insert(leg), "a phone asks once at a time");
        }
    }

    /// A phone that asked is waiting for something, and nothing rings or speaks on a second call that nobody has.
    pub(super) fn check_phones(&self) {
        for talk in self.board.callers.values().filter_map(|caller| caller.talk()) {
            if let Some(leg) = talk.refer {
                assert!(talk.invited.is_some() && self.referring.contains(&leg), "a phone waits for whoever is asked in");
            }
            if let Some(aside) = talk.lead.aside {
                let somebody = if aside.answered { talk.has_company() } else { talk.invited.is_some() };
                assert!(
                    somebody && !talk.lead.browser && self.board.legs.contains_key(&aside.leg),
                    "a second call is with somebody"
                );
            }
        }
        let waits =
            |leg: &LegId| self.board.callers.values().filter_map(|caller| caller.talk()).any(|talk| talk.refer == Some(*leg));
        assert!(self.panicked || self.referring.iter().all(waits), "every transfer that a phone asked for is told how it went");
    }
}
