//! What rulings write into the records of the contacts they concern: the case, and what came of an act. It stands in the commit of the
//! ruling itself, so that a record is whole whether or not the call still lives when the wallet answers.

use crate::call::{AddedLine, Fact};
use crate::cases::Case;
use crate::commit::{Change, Commit, Version};
use crate::kernel::{actor::Actor, ids::ContactId, time::Wall};
use crate::wallet::{Decline, Operation, State};

/// The transaction that writes a case which came up in a contact, with its line and its reference in that contact's record.
pub(super) fn raised(version: Version, case: &Case, verb: &str, contact: ContactId, now: Wall) -> Commit {
    case.written(version, Actor::Caller, verb, now).with(case_noted(version, case, contact, now))
}

/// A case in the record of a contact.
pub(super) fn case_noted(version: Version, case: &Case, contact: ContactId, at: Wall) -> [Change; 2] {
    let name = format!("{}.{}", case.id, version + 1);
    let fact = Fact::Case { reference: case.reference.to_string() };
    [Change::Added(contact, AddedLine { name, at, fact }), Change::CaseOfContact(contact, case.reference.clone(), at)]
}

/// The contacts whose records tell of an act: the one that asked for it, and those that asked again while it was under way.
pub(super) fn concerned(case: Option<&Case>, operation: &Operation) -> Vec<ContactId> {
    let contacts = case.map_or(&[][..], |case| &case.contacts);
    let first = contacts.iter().rposition(|contact| *contact == operation.contact);
    let mut concerned: Vec<ContactId> = first.map_or_else(|| vec![operation.contact], |first| contacts[first..].to_vec());
    concerned.sort_unstable();
    concerned.dedup();
    concerned
}

/// What came of an act, in the records of those it concerns; nothing while it is on its way.
pub(super) fn act_noted(operation: &Operation, concerned: Vec<ContactId>, at: Wall) -> Vec<Change> {
    let outcome = match operation.state {
        State::AwaitingSecond => "awaiting_second",
        State::Committed if operation.checker.is_some() => "agreed",
        State::Committed | State::Sending | State::Reconciling => return Vec::new(),
        State::Unknown | State::GivenUp => "unknown",
        State::Done => "done",
        State::Declined => operation.declined.map_or("declined", Decline::name),
    };
    let fact =
        Fact::WalletAct { operation: operation.act.clone(), outcome: outcome.to_owned(), correlation_id: operation.key.clone() };
    let line = AddedLine { name: format!("{}.{}", operation.id, operation.state.name()), at, fact };
    concerned.into_iter().map(|contact| Change::Added(contact, line.clone())).collect()
}
