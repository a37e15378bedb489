//! Offers: free agents meet waiting callers, and what happens to each offer.

use super::caller::{Caller, Stage};
use super::command::{Command, Reject};
use super::legs::Party;
use super::talk::Missed;
use super::{Switchboard, Work};
use crate::agent::Agent;
use crate::call::{Direction, Fact};
use crate::kernel::ids::{ContactId, LegId, OfferId, StaffId};
use crate::queue::{Candidate, Happening, Offer, Outcome, Rings, Verdict, pick};

impl Switchboard {
    /// Makes every offer that can be made now.
    pub(super) fn match_up(&mut self, work: &mut Work) {
        while self.may_match(work) {
            let free: Vec<Candidate<'_>> = self.agents.values().filter(|agent| agent.is_available()).map(candidate).collect();
            let Some((contact, agent, new_round)) = pick(&self.waiting, &free, work.now.mono) else { return };
            if new_round {
                self.waiting.change(contact, |entry| entry.passed.clear());
            }
            self.with(work, contact, |board, work, caller| board.offer(work, caller, agent));
            if self.waiting.get(contact).is_some_and(|entry| !entry.offered) {
                // Only a caller who is not really waiting cannot be offered: left in, the entry would be picked for ever.
                self.waiting.leave(contact);
            }
        }
    }

    /// Somebody may have become free, or to be asked for: at the end of the last step nobody waited who could have been served.
    fn may_match(&self, work: &Work) -> bool {
        let asks = |contact: &ContactId| self.waiting.get(*contact).is_some_and(|entry| !entry.offered);
        work.callers.iter().any(asks) || (!work.agents.is_empty() && self.waiting.iter().any(|entry| !entry.offered))
    }

    fn offer(&mut self, work: &mut Work, caller: &mut Caller, to: StaffId) {
        if !matches!(caller.stage, Stage::Waiting(_)) {
            return;
        }
        let (contact, offer) = (caller.id(), self.ring(work, caller, to));
        if let (Stage::Waiting(wait), Some(offer)) = (&mut caller.stage, offer) {
            wait.offer = Some(offer);
            self.waiting.change(contact, |entry| entry.offered = true);
        }
    }

    /// Rings an agent for a caller, at the desk, on the phone, or both.
    pub(super) fn ring(&mut self, work: &mut Work, caller: &mut Caller, to: StaffId) -> Option<Offer> {
        let contact = caller.id();
        let agent = self.agents.get_mut(&to)?;
        let id: OfferId = self.ids.next(work.now.wall);
        work.agents.insert(to);
        agent.ring(contact);
        let rings = match (agent.desk(), agent.phone()) {
            (true, true) => Rings::Both,
            (_, true) => Rings::Phone,
            (_, false) => Rings::Desk,
        };
        let phone: Option<LegId> = agent.phone().then(|| self.ids.next(work.now.wall));
        let (deadline, expires_at) = (work.now.mono + self.settings.offer_deadline, work.now.wall + self.settings.offer_deadline);
        self.offers.insert(id, contact);
        work.offers.insert(id, None);
        if let Some(leg) = phone {
            self.legs.insert(leg, (contact, Party::Agent(to)));
            caller.record.leg_started(work.now, leg, Direction::Outbound, Some(to));
            let shown = caller.record.contact().caller.mask_number();
            work.order(Command::DialPhone { leg, agent: to, shown });
        }
        Some(Offer { id, contact, agent: to, rings, phone, deadline, expires_at })
    }

    /// Something happened to the offer that rings for this caller, waiting or handed on. Returns it when it is over.
    pub(super) fn happen(&mut self, work: &mut Work, caller: &mut Caller, what: Happening) -> Option<Offer> {
        let contact = caller.id();
        let ringing = caller.offer_mut()?;
        let (outcome, missed, passed) = match ringing.rings.after(what) {
            Verdict::Rings(rings) => {
                ringing.rings = rings;
                if rings == Rings::Desk {
                    ringing.phone = None;
                }
                return None;
            }
            Verdict::Over { outcome, missed, passed } => (outcome, missed, passed),
        };
        let (offer, purpose) = caller.take_offer()?;
        self.offers.remove(&offer.id);
        work.offers.insert(offer.id, Some((offer.agent, outcome)));
        let number = self.agents.get(&offer.agent).map_or_else(String::new, |agent| agent.number.clone());
        let outcome_name = outcome.name().to_owned();
        caller.record.tell(work.now, Fact::Offered { agent: offer.agent, number: number.clone(), outcome: outcome_name });
        if outcome != Outcome::Accepted {
            let round_at = work.now.mono + self.settings.round_pause;
            // Nobody waits whose own agent asked another in: then nothing changes here.
            self.waiting.change(contact, |entry| {
                entry.offered = false;
                if passed {
                    entry.passed.insert(offer.agent);
                    entry.round_at = round_at;
                }
            });
            if let Some(leg) = offer.phone.filter(|leg| caller.record.is_open(*leg)) {
                work.order(Command::Hangup { leg });
            }
            let now = work.now.mono;
            if let Some(agent) = self.agent_mut(work, offer.agent) {
                agent.pass(now, missed);
            }
            if let Some(purpose) = purpose.filter(|_| what != Happening::CallerGone) {
                let told = if outcome == Outcome::Declined { Reject::Declined } else { Reject::Unavailable };
                self.not_come(work, caller, purpose, Missed { number, outside: None, why: outcome.name() }, told);
            }
        }
        Some(offer)
    }

    /// The contact of an offer that rings for this agent.
    pub(crate) fn offered(&self, offer: OfferId, agent: StaffId) -> Option<ContactId> {
        let contact = self.offers.get(&offer)?;
        let ringing = self.callers.get(contact)?.offer()?;
        (ringing.id == offer && ringing.agent == agent).then_some(*contact)
    }

    /// The agent gives the offer back.
    pub(crate) fn decline(&mut self, work: &mut Work, contact: ContactId) {
        self.with(work, contact, |board, work, caller| {
            board.happen(work, caller, Happening::Declined);
        });
    }

    /// The agent takes the offer at the desk.
    pub(crate) fn accept_at_desk(&mut self, work: &mut Work, contact: ContactId, leg: LegId) {
        self.with(work, contact, |board, work, caller| board.accept(work, caller, leg, true));
    }
}

fn candidate(agent: &Agent) -> Candidate<'_> {
    Candidate { agent: agent.id, languages: &agent.languages, skills: &agent.skills, idle_since: agent.idle_since() }
}
