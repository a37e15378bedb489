//! A freeze that was taken while the store was down comes into it: the act, its case, the records of its contacts and what is still to
//! be done for it become durable together. The caller has heard a reference already; it is the one that is kept.

use super::record::{act_noted, case_noted};
use super::settle::NOTICE_WITHIN;
use crate::cases::{Case, CaseKind, Keep, NewCase, Reference};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, ErrandId},
    language::Language,
    pii::Pii,
    purpose::Purpose,
    time::Wall,
};
use crate::outbox::{Errand, Job, Message};
use crate::wallet::{Operation, State};

/// A freeze of the journal: one that the store does not know yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The act; its state is what came of it so far.
    pub operation: Operation,
    /// What the caller was told.
    pub reference: Reference,
    /// The language of the contact.
    pub language: Language,
    /// Whose account. None when nothing is left to be done with it, or when nobody knows any more.
    pub msisdn: Option<Pii<String>>,
    /// Contacts that asked for it again while it was under way, oldest first.
    pub joined: Vec<ContactId>,
}

/// Brings it into the store. What the wallet has not confirmed goes on by the outbox, under its key; what it has is told to every
/// registered address. `case` is its case, when the store knows it, and `keep` how long recordings stay for its sake; `errand` names what
/// follows.
#[must_use]
pub fn replay_freeze(noted: Noted, case: Option<(Version, Case)>, keep: Keep, errand: ErrandId, now: Wall) -> Commit {
    let Noted { mut operation, reference, language, msisdn, joined } = noted;
    if operation.state.is_over() {
        operation.settled_at = operation.settled_at.or(Some(now));
    }
    let (contact, at) = (operation.contact, operation.created_at);
    let (version, mut case, mut verb) = match case {
        Some((version, case)) => (version, case.raised_again(contact, &keep, now), "raised_again"),
        None => {
            let new = NewCase { id: operation.case, reference, keep };
            let (wallet, subject) = (operation.wallet.clone(), operation.subject.clone());
            (0, Case::open(new, CaseKind::Freeze, wallet, subject, None, contact, at), "opened")
        }
    };
    case = joined.iter().fold(case, |case, contact| case.raised_again(*contact, &keep, now));
    if operation.state == State::Done {
        (case, verb) = (case.closed(now), "closed");
    }
    let mut contacts = joined;
    contacts.push(contact);
    contacts.sort_unstable();
    contacts.dedup();
    let mut changes: Vec<Change> = contacts.iter().flat_map(|contact| case_noted(version, &case, *contact, at)).collect();
    changes.extend(act_noted(&operation, contacts, operation.settled_at.unwrap_or(now)));
    let job = match (msisdn, operation.state) {
        (Some(msisdn), State::Done) => {
            let message = Message::Frozen { reference: case.reference.to_string() };
            Some((Job::Notify { msisdn, message, language }, now + NOTICE_WITHIN))
        }
        (Some(msisdn), State::Committed | State::Sending | State::Unknown | State::Reconciling) => {
            Some((Job::Operate { operation: operation.id, msisdn, language }, operation.send_by.max(now)))
        }
        // No freeze waits for a second person.
        (Some(_), State::Declined | State::GivenUp | State::AwaitingSecond) | (None, _) => None,
    };
    changes.extend(job.map(|(job, give_up_at)| {
        Change::Errand(0, Box::new(Errand::new(errand, operation.wallet.clone(), Some(contact), job, now, give_up_at)))
    }));
    let replayed = Entry::new(now, Actor::System, "freeze.replayed", operation.id).for_purpose(Purpose::Emergency);
    operation.committed(now).and(case.written(version, Actor::System, verb, now)).and(Commit::new(replayed, changes))
}

#[cfg(test)]
mod tests;
