//! A customer who chose to complain, and reaches an agent or leaves a request to be called back: their complaint becomes a case, so that
//! it has a reference and its recording stays. What comes of it is for others.

use super::caller::Caller;
use super::command::Command;
use super::help::{Help, Order};
use super::{Switchboard, Work};
use crate::ivr::flow::NodeId;
use crate::kernel::language::Language;
use crate::pass::Topic;

/// The number of an order that is no question of the flow's: what comes back answers none.
pub(super) const NO_QUESTION: u64 = 0;

impl Switchboard {
    /// Somebody hears of it now: has the case opened, once in a contact.
    pub(super) fn take_complaint(&self, work: &mut Work, caller: &mut Caller) {
        if caller.known.complaint_taken || !self.complains(caller) {
            return;
        }
        caller.known.complaint_taken = true;
        let contact = caller.record.contact();
        work.order(Command::Help(Box::new(Order {
            contact: contact.id,
            number: NO_QUESTION,
            wallet: contact.wallet.clone(),
            caller: contact.caller.clone(),
            trunk: caller.trunk.clone(),
            language: contact.language.unwrap_or(Language::ZhCn),
            help: Help::Complaint { subject: caller.standing.claim().map(|claim| claim.subject.clone()) },
        })));
    }

    /// The topic chosen last is a complaint: the way through the menu says so, by keys or by a call pass.
    fn complains(&self, caller: &Caller) -> bool {
        let line = self.lines.get(&caller.record.contact().line);
        let Some(flow) = line.and_then(|line| self.flows.get(&line.flow)) else { return false };
        let topic = |node: &String| flow.topics.iter().find(|(_, at)| **at == NodeId(node.clone())).map(|(topic, _)| *topic);
        matches!(caller.path.iter().rev().find_map(topic), Some(Topic::Complaint | Topic::Hotline))
    }
}
