//! What a customer reports becomes a case, so that it has a reference and its recording stays. A complaint does once they reach an agent or
//! leave a request to be called back; a payment they did not make does at once, when they say so by a key or by a call pass; and an agent who
//! is told of either, or of a payment that went wrong, has the case opened. What comes of it is for others.

use super::caller::Caller;
use super::command::Command;
use super::help::{Help, Order};
use super::{Switchboard, Work};
use crate::help::{Report, Reported};
use crate::ivr::flow::NodeId;
use crate::kernel::{actor::Actor, ids::ContactId, language::Language};
use crate::pass::Topic;

/// The number of an order that is no question of the flow's: what comes back answers none.
pub(super) const NO_QUESTION: u64 = 0;

impl Switchboard {
    /// Somebody hears of it now: has the case opened, once in a contact.
    pub(super) fn take_complaint(&self, work: &mut Work, caller: &mut Caller) {
        let topic = caller.path.iter().rev().find_map(|node| self.topic(caller, node));
        if caller.known.complaint_taken || !matches!(topic, Some(Topic::Complaint | Topic::Hotline)) {
            return;
        }
        caller.known.complaint_taken = true;
        open(work, caller, Report { what: Reported::Complaint, transaction: None, by: Actor::Caller });
    }

    /// The way through the menu has come to a payment that the caller did not make: has the case opened, once in a contact, whatever they
    /// do next.
    pub(super) fn take_unauthorised(&self, work: &mut Work, caller: &mut Caller) {
        let topic = caller.path.last().and_then(|node| self.topic(caller, node));
        if caller.known.unauthorised_taken || topic != Some(Topic::Unknown) {
            return;
        }
        caller.known.unauthorised_taken = true;
        open(work, caller, Report { what: Reported::Unauthorised, transaction: None, by: Actor::Caller });
    }

    /// An agent is told of something.
    pub(crate) fn report(&mut self, work: &mut Work, contact: ContactId, what: Reported, transaction: Option<String>) {
        let by = work.actor;
        self.with(work, contact, |_, work, caller| open(work, caller, Report { what, transaction, by }));
    }

    /// The topic whose place in the flow a node is.
    fn topic(&self, caller: &Caller, node: &str) -> Option<Topic> {
        let line = self.lines.get(&caller.record.contact().line);
        let flow = line.and_then(|line| self.flows.get(&line.flow))?;
        flow.topics.iter().find(|(_, at)| **at == NodeId(node.to_owned())).map(|(topic, _)| *topic)
    }
}

fn open(work: &mut Work, caller: &Caller, report: Report) {
    let contact = caller.record.contact();
    work.order(Command::Help(Box::new(Order {
        contact: contact.id,
        number: NO_QUESTION,
        wallet: contact.wallet.clone(),
        caller: contact.caller.clone(),
        trunk: caller.trunk.clone(),
        language: contact.language.unwrap_or(Language::ZhCn),
        help: Help::Complaint { subject: caller.standing.claim().map(|claim| claim.subject.clone()), report },
    })));
}
