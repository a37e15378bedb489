//! One contact as screens show it: to each agent who takes part, and on the card of whoever is asked.

use super::caller::{Caller, Stage};
use super::event::Monitor;
use super::live::{
    AskedView, CallView, ContactView, CustomerView, LegView, NotComeView, OfferView, OutsideView, Part, PartyView, ProofView,
    Voice,
};
use super::passes::pass_view;
use super::talk::{Far, Invited, Missed, Seat, Talk, Watcher};
use super::world::OutsideNumber;
use crate::agent::Teams;
use crate::kernel::{
    assurance::{Factor, Level},
    ids::StaffId,
};

impl Caller {
    /// The contact as each agent's screen shows it who takes part.
    pub(super) fn views(&self) -> impl Iterator<Item = ContactView> {
        let seats = self.talk().into_iter().flat_map(Talk::seats).map(|seat| self.view_for(seat));
        seats.chain(self.talk().into_iter().flat_map(|talk| &talk.watchers).map(|watcher| self.view_for_watcher(watcher)))
    }

    /// The contact as the screen of this agent shows it.
    pub(super) fn view_of(&self, agent: StaffId) -> Option<ContactView> {
        self.views().find(|view| view.agent == Some(agent))
    }

    fn view_for(&self, seat: &Seat) -> ContactView {
        let view = self.view(Some(seat.agent));
        let Some(talk) = self.talk() else { return view };
        let leads = talk.lead.agent == seat.agent;
        let lost = leads && talk.lost.is_some_and(|lost| !lost.returning);
        ContactView {
            connected_at: if leads { talk.connected_at } else { seat.since },
            // An agent whom the lead speaks with on another call does not hear the customer.
            held_at: talk.held_at.or_else(|| talk.lead.since.filter(|_| !leads && talk.is_apart())),
            leads,
            voice: Some(match seat.browser {
                true if lost => Voice::Lost,
                true => Voice::Desk,
                false => Voice::Phone,
            }),
            parties: talk.parties().filter(|other| other.agent != seat.agent).collect(),
            outside: talk.far.as_ref().map(outside),
            asked: talk.invited.as_ref().filter(|_| leads).map(asked),
            not_come: talk.missed.as_ref().filter(|_| leads).map(not_come),
            ..view
        }
    }

    /// The contact as the screen of a supervisor shows it who listens.
    fn view_for_watcher(&self, watcher: &Watcher) -> ContactView {
        let agent = watcher.seat.agent;
        let talk = self.talk();
        ContactView {
            connected_at: watcher.seat.since,
            held_at: talk.and_then(|talk| talk.held_at),
            voice: Some(Voice::Desk),
            parties: talk.into_iter().flat_map(Talk::parties).filter(|other| other.agent != agent).collect(),
            outside: talk.and_then(|talk| talk.far.as_ref()).map(outside),
            monitor: Some(part(watcher)),
            ..self.view(Some(agent))
        }
    }

    /// The call as whoever leads the agents sees it.
    pub(super) fn call_view(&self, teams: Teams) -> Option<CallView> {
        let contact = self.record.contact();
        let call = |lead| CallView {
            id: contact.id,
            wallet: contact.wallet.clone(),
            queue: self.queue.clone(),
            language: contact.language,
            service: contact.service,
            lead,
            teams,
            parties: Vec::new(),
            outside: None,
            connected_at: None,
            held_at: None,
        };
        if let Stage::Away(away) = &self.stage {
            return Some(CallView { outside: Some(outside(&away.far)), connected_at: Some(away.since), ..call(None) });
        }
        let talk = self.talk()?;
        Some(CallView {
            parties: talk.parties().collect(),
            outside: talk.far.as_ref().map(outside),
            connected_at: talk.connected_at,
            held_at: talk.held_at,
            ..call(Some(talk.lead.agent))
        })
    }

    /// The contact as a card shows it; `agent` is whose screen it is on once it is with one.
    pub(super) fn view(&self, agent: Option<StaffId>) -> ContactView {
        let contact = self.record.contact();
        ContactView {
            id: contact.id,
            agent,
            wallet: contact.wallet.clone(),
            line: contact.line.clone(),
            channel: contact.channel,
            caller: contact.caller.mask_number(),
            caller_id: contact.caller_id,
            language: contact.language,
            service: contact.service,
            path: self.path.clone(),
            queue: self.queue.clone(),
            priority: self.priority,
            level: contact.level,
            customer: self.customer(),
            factors: self.factors.clone(),
            challenge: agent.and_then(|agent| self.proof_for(agent)),
            pass: self.known.pass.as_ref().map(|pass| pass_view(pass, agent.is_some())),
            queued_at: contact.queued_at.unwrap_or(contact.opened_at),
            connected_at: None,
            held_at: None,
            leads: false,
            voice: None,
            parties: Vec::new(),
            outside: None,
            asked: None,
            not_come: None,
            monitor: None,
            ended_at: contact.ended_at,
            legs: self.legs(),
        }
    }

    /// How a code stands that was asked for. One that is read out is on the screen of whoever reads it alone.
    fn proof_for(&self, agent: StaffId) -> Option<ProofView> {
        let proof = self.known.proof.clone()?;
        let reads = self.carrying.as_ref().is_some_and(|carrying| carrying.is_of(agent));
        Some(ProofView { code: proof.code.filter(|_| reads), ..proof })
    }

    /// What carries the call, while it is connected.
    fn legs(&self) -> Vec<LegView> {
        let connected = self.talk().is_some_and(|talk| talk.connected_at.is_some()) && !self.record.has_ended();
        let up = self.record.legs_up().filter(|_| connected);
        let mut legs: Vec<LegView> = up
            .map(|(leg, quality)| LegView {
                agent: leg.agent,
                outside: leg.outside.is_some(),
                encryption: leg.encryption.clone(),
                quality,
            })
            .collect();
        legs.sort_by_key(|leg| (leg.outside, leg.agent.is_some()));
        legs
    }

    /// The customer as far as this contact may show them.
    fn customer(&self) -> CustomerView {
        let known = &self.known;
        let proved = self.standing.level() >= Level::A2;
        let last = self.standing.proofs().last().map(|proof| proof.factor).filter(|_| proved);
        CustomerView {
            number: self.standing.claim().map(|claim| claim.msisdn.mask_number()).unwrap_or_default(),
            factor: last.or_else(|| self.standing.claim().map(|_| Factor::Number)),
            verified_at: known.verified_at.filter(|_| proved),
            name: known.name.as_ref().map(|name| name.expose().clone()).filter(|_| proved),
            risk: self.record.contact().risk.clone(),
            transaction: known.transaction.as_ref().map(|(view, _)| view.clone()).filter(|_| proved),
            operations: known.operations.clone(),
            account: known.account.clone().filter(|_| proved),
            case: self.record.contact().case.clone(),
        }
    }

    /// The ringing offer as an agent's screen shows it.
    pub(super) fn offer_view(&self) -> Option<OfferView> {
        let offer = self.offer()?;
        let asked_by = match &self.stage {
            Stage::Talking(talk) => {
                talk.invited.as_ref().map(|invited| AskedView { number: talk.lead.number.clone(), ..asked(invited) })
            }
            Stage::Menu(_) | Stage::Waiting(_) | Stage::Connecting(_) | Stage::Away(_) | Stage::Leaving(_) | Stage::Over => None,
        };
        Some(OfferView { id: offer.id, agent: offer.agent, contact: self.view(None), asked_by, expires_at: offer.expires_at })
    }
}

impl Talk {
    /// Everybody of the staff who can speak or hear now.
    fn parties(&self) -> impl Iterator<Item = PartyView> {
        let party = |seat: &Seat, part| PartyView { agent: seat.agent, number: seat.number.clone(), part };
        let speaking = self.present().map(move |seat| party(seat, Part::Speaks));
        speaking.chain(self.watchers.iter().map(move |watcher| party(&watcher.seat, part(watcher))))
    }
}

const fn part(watcher: &Watcher) -> Part {
    match watcher.mode {
        Some(Monitor::Listen) | None => Part::Listens,
        Some(Monitor::Whisper) => Part::Whispers,
        Some(Monitor::Barge) => Part::Barges,
    }
}

fn asked(invited: &Invited) -> AskedView {
    let dialled = invited.dialled();
    AskedView {
        number: invited.number.clone(),
        mode: invited.purpose.name().to_owned(),
        outside: dialled.map(|dialled| outside(&dialled.far)),
        rings: dialled.is_none_or(|dialled| dialled.rings),
        told: dialled.is_some_and(|dialled| dialled.told.is_some()),
    }
}

fn outside(far: &Far) -> OutsideView {
    OutsideView { id: far.number.id.clone(), name: far.number.names.clone(), since: far.since }
}

fn not_come(missed: &Missed) -> NotComeView {
    let named = |number: &OutsideNumber| OutsideView { id: number.id.clone(), name: number.names.clone(), since: None };
    NotComeView { number: missed.number.clone(), outside: missed.outside.as_deref().map(named), why: missed.why.to_owned() }
}
