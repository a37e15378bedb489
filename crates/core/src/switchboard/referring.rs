//! A transfer that an agent asks for on their phone (REFER): judged and recorded as one that is asked for at the desk, and told to the
//! phone as it goes. A phone is given nothing that its agent's desk would not be.

use super::caller::{Caller, Stage};
use super::command::{Command, Reject};
use super::event::{ActRefusal, LegEnd, Target};
use super::legs::Party;
use super::talk::Purpose;
use super::{Switchboard, Work};
use crate::desk;
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, LegId, StaffId},
};

impl ActRefusal {
    /// The same as a phone can be told it.
    pub(super) const fn told_to_phone(self) -> Reject {
        match self {
            Self::UnknownTarget => Reject::UnknownLine,
            Self::AgentBusy | Self::CallFull | Self::AlreadyAsked | Self::Challenged => Reject::LineBusy,
            Self::AgentNotReady | Self::AgentNotThere | Self::OutsideClosed => Reject::Unavailable,
            Self::OfferOver
            | Self::NotYourContact
            | Self::NotConnected
            | Self::NotAlone
            | Self::NoKeys
            | Self::NoTransactionNumber
            | Self::NoTransactionAsked
            | Self::OnHold
            | Self::NoSuchFactor
            | Self::VerifyFirst
            | Self::TooLittleShown(_)
            | Self::NotChallenged
            | Self::CodeTooSoon
            | Self::NoTriesLeft
            | Self::NoPushesLeft
            | Self::AlreadyVerified
            | Self::NobodyNamed
            | Self::Alone
            | Self::Busy
            | Self::AnswerOnPhone
            | Self::NotASupervisor
            | Self::NotYourTeam
            | Self::NoAgent
            | Self::OutsideThere
            | Self::NotAnAgent => Reject::Forbidden,
        }
    }
}

impl LegEnd {
    /// Why a number outside was not reached, as a phone can be told it.
    pub(super) const fn told_to_phone(self) -> Reject {
        match self {
            Self::Busy => Reject::LineBusy,
            Self::Rejected => Reject::Declined,
            Self::Forbidden => Reject::Forbidden,
            Self::Full => Reject::Overloaded,
            Self::LocalHangup | Self::Cancelled => Reject::CalledOff,
            Self::RemoteHangup | Self::Unanswered | Self::Unreachable | Self::Vanished => Reject::Unavailable,
        }
    }
}

impl Switchboard {
    /// Who may ask is told at once; what came of it follows, and be it a moment later.
    pub(super) fn transfer_asked(&mut self, work: &mut Work, leg: LegId, to: &str, other: Option<LegId>) {
        let (agent, contact) = match self.may_refer(leg) {
            Ok(whose) => whose,
            Err(reason) => return work.order(Command::AnswerRefer { leg, refused: Some(reason) }),
        };
        work.actor = Actor::Staff { id: agent };
        work.order(Command::AnswerRefer { leg, refused: None });
        self.with(work, contact, |_, _, caller| caller.waits_for_report(leg));
        let outcome = match other {
            Some(other) => self.complete(work, contact, leg, other),
            None => self.refer(work, agent, contact, leg, to),
        };
        if let Err(refusal) = outcome {
            self.with(work, contact, |_, work, caller| {
                work.order_all(caller.talk_mut().and_then(|talk| talk.report(work.now.mono, Some(refusal.told_to_phone()))));
            });
        }
    }

    /// Whose leg it is, when a transfer may be asked for on it: a lead's phone, and no other transfer is under way.
    fn may_refer(&self, leg: LegId) -> Result<(StaffId, ContactId), Reject> {
        let Some(&(contact, Party::Agent(agent))) = self.legs.get(&leg) else { return Err(Reject::Forbidden) };
        let talk = self.callers.get(&contact).and_then(|caller| caller.talk()).ok_or(Reject::Forbidden)?;
        let is_theirs = talk.lead.leg == leg || talk.lead.aside() == Some(leg);
        if !is_theirs || talk.lead.browser || talk.connected_at.is_none() {
            return Err(Reject::Forbidden);
        }
        if talk.refer.is_some() { Err(Reject::LineBusy) } else { Ok((agent, contact)) }
    }

    /// To whoever is named, at once. A colleague cannot be handed on, only the customer.
    fn refer(&mut self, work: &mut Work, agent: StaffId, contact: ContactId, leg: LegId, to: &str) -> Result<(), ActRefusal> {
        if self.callers.get(&contact).and_then(|caller| caller.talk()).is_none_or(|talk| talk.lead.leg != leg) {
            return Err(ActRefusal::NotYourContact);
        }
        let target = self.target(contact, to).ok_or(ActRefusal::UnknownTarget)?;
        desk::transfer(self, work, agent, contact, target, true).map(|_| ())
    }

    /// Who is meant by what a phone dials: an agent by their number, a queue of the contact's wallet by its id or its name in the wallet,
    /// somebody outside by the number or the id under which the wallet lists them. What is listed nowhere means nobody.
    pub(super) fn target(&self, contact: ContactId, dialled: &str) -> Option<Target> {
        if let Some(agent) = self.agents.values().find(|agent| agent.takes_calls() && agent.number == dialled) {
            return Some(Target::Agent(agent.id));
        }
        let wallet = &self.callers.get(&contact)?.record.contact().wallet;
        let ids = [dialled.to_owned(), super::queue_id(wallet, dialled)];
        if let Some(queue) = ids.into_iter().find(|id| self.has_queue(contact, id)) {
            return Some(Target::Queue(queue));
        }
        let mut listed = self.outside.values().filter(|number| number.wallet == *wallet);
        listed.find(|number| number.is_meant_by(dialled)).map(|number| Target::Outside(number.id.clone()))
    }

    /// The lead's phone joins its two calls: whoever is on the one has the customer of the other. One who is still rung has the customer
    /// as soon as they come.
    fn complete(&mut self, work: &mut Work, contact: ContactId, leg: LegId, other: LegId) -> Result<(), ActRefusal> {
        let talk = self.callers.get(&contact).and_then(|caller| caller.talk()).ok_or(ActRefusal::NotConnected)?;
        let aside = talk.lead.aside.ok_or(ActRefusal::NotYourContact)?;
        let both = [talk.lead.leg, aside.leg];
        if !both.contains(&leg) || !both.contains(&other) {
            return Err(ActRefusal::NotYourContact);
        }
        self.with(work, contact, |board, work, caller| {
            let Stage::Talking(talk) = &mut caller.stage else { return };
            match &mut talk.invited {
                Some(invited) if !aside.answered => invited.purpose = Purpose::Transfer,
                Some(_) | None if talk.guests.is_empty() => board.hand_out(work, caller, Purpose::Consult),
                Some(_) | None => board.succeed(work, caller),
            }
        });
        Ok(())
    }

    /// Nobody comes to whom the lead's phone asked for: it is told, and its call is with the customer again.
    pub(super) fn phone_has_nobody(&mut self, work: &mut Work, caller: &mut Caller, why: Reject) {
        let Stage::Talking(talk) = &mut caller.stage else { return };
        let report = talk.report(work.now.mono, Some(why));
        let aside = talk.lead.aside.take_if(|aside| !aside.answered);
        if report.is_none() && aside.is_none() {
            return;
        }
        work.order_all(report);
        if let Some(aside) = aside.filter(|aside| caller.record.is_open(aside.leg)) {
            work.order(Command::Reject { leg: aside.leg, reason: why });
        }
        self.back_to_phone(work, caller);
    }

    /// The customer is taken back for a lead whose phone did not hold them: it could not take them back itself.
    pub(super) fn back_to_phone(&mut self, work: &mut Work, caller: &mut Caller) {
        let Stage::Talking(talk) = &caller.stage else { return };
        let alone = talk.guests.is_empty() && talk.far.is_none() && talk.invited.is_none();
        if alone && !talk.lead.holds && caller.record.is_open(talk.lead.leg) {
            self.take_from_hold(work, caller);
        }
    }
}

impl Caller {
    fn waits_for_report(&mut self, leg: LegId) {
        if let Some(talk) = self.talk_mut() {
            talk.refer = Some(leg);
        }
    }
}
