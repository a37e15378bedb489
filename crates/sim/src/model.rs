//! What became durable, as plain maps: every commit that the store kept is applied here too, so that a checker can ask at any time
//! and the rows of the real store can be compared with it in the end.

use std::collections::{BTreeMap, BTreeSet};
use walletline_core::call::{Contact, Disposition, Fact};
use walletline_core::cases::{Callback, Case};
use walletline_core::commit::{Change, Commit, Entry, Version};
use walletline_core::identity::Challenge;
use walletline_core::kernel::ids::{CaseId, ChallengeId, ContactId, ErrandId, LegId, OperationId, RefundId};
use walletline_core::kernel::subject::Subject;
use walletline_core::kernel::tally::Tally;
use walletline_core::kernel::time::Wall;
use walletline_core::money::{Approval, Refund, Source, Spent};
use walletline_core::outbox::Errand;
use walletline_core::wallet::Operation;

/// Rows that are durable.
#[derive(Debug, Default)]
pub struct Model {
    /// Contacts.
    pub contacts: BTreeMap<ContactId, (Version, Contact)>,
    /// Lines of timelines, by contact: their numbers.
    pub lines: BTreeMap<ContactId, BTreeSet<u32>>,
    /// Lines that acts added to timelines, by contact and name.
    pub added: BTreeMap<ContactId, BTreeMap<String, Fact>>,
    /// The case that came of a contact, and since when.
    pub case_of: BTreeMap<ContactId, (Wall, String)>,
    /// How often the record of a contact says that it ended.
    pub ends: BTreeMap<ContactId, u32>,
    /// Legs.
    pub legs: BTreeMap<LegId, Version>,
    /// Acts.
    pub operations: BTreeMap<OperationId, (Version, Operation)>,
    /// Cases.
    pub cases: BTreeMap<CaseId, (Version, Case)>,
    /// Requests to be called back, by case.
    pub callbacks: BTreeMap<CaseId, (Version, Callback)>,
    /// Codes.
    pub challenges: BTreeMap<ChallengeId, (Version, Challenge)>,
    /// Counts.
    pub tallies: BTreeMap<String, (Version, Tally)>,
    /// Refunds.
    pub refunds: BTreeMap<RefundId, (Version, Refund)>,
    /// What was decided on each, by the number of its line.
    pub approvals: BTreeMap<(RefundId, i64), Approval>,
    /// The rows that sums of transactions are guarded on.
    pub refund_sources: BTreeMap<String, (Version, Source)>,
    /// The rows that daily sums are guarded on.
    pub refund_spent: BTreeMap<String, (Version, Spent)>,
    /// Errands that are not over.
    pub errands: BTreeMap<ErrandId, (Version, Errand)>,
    /// When a code was sent for whom.
    pub codes_sent: BTreeMap<Subject, Vec<Wall>>,
    /// The audit log.
    pub audit: Vec<Entry>,
    /// Questions that were put to the outside by this process.
    pub asked: BTreeSet<(ContactId, u64)>,
    /// Those that were answered.
    pub answered: BTreeSet<(ContactId, u64)>,
    /// Acts in the order in which they became durable: a clock that was set back does not change it.
    pub order: Vec<OperationId>,
    /// Freezes that were asked for with `1`.
    pub freezes_asked: u64,
}

impl Model {
    /// An act by the key under which the wallet knows it.
    #[must_use]
    pub fn operation_by_key(&self, key: &str) -> Option<&Operation> {
        self.operations.values().map(|(_, operation)| operation).find(|operation| operation.key == key)
    }

    /// A refund by the key under which the wallet knows it.
    #[must_use]
    pub fn refund_by_key(&self, key: &str) -> Option<&(Version, Refund)> {
        self.refunds.values().find(|(_, refund)| refund.key == key)
    }

    /// Something is in the audit log.
    #[must_use]
    pub fn is_audited(&self, action: &str, subject: &str) -> bool {
        self.audit.iter().any(|entry| entry.action == action && entry.subject == subject)
    }

    /// Takes up what the store kept.
    ///
    /// # Errors
    /// When the store kept what was ruled on another version than its own, or a line twice.
    pub fn apply(&mut self, commit: &Commit) -> Result<(), String> {
        self.audit.extend(commit.entries().iter().cloned());
        let at = commit.entries().first().map_or(Wall(0), |entry| entry.at);
        for change in commit.changes() {
            self.change(change, at)?;
        }
        Ok(())
    }

    fn change(&mut self, change: &Change, at: Wall) -> Result<(), String> {
        match change {
            Change::Contact(version, row) => put(&mut self.contacts, row.id, *version, (**row).clone()),
            Change::Timeline(contact, line) => {
                if matches!(line.fact, Fact::Ended { .. }) {
                    *self.ends.entry(*contact).or_insert(0) += 1;
                }
                let new = self.lines.entry(*contact).or_default().insert(line.seq);
                if new { Ok(()) } else { Err(format!("line {} of {contact} was kept twice", line.seq)) }
            }
            Change::Added(contact, line) => {
                let known = self.added.entry(*contact).or_default().insert(line.name.clone(), line.fact.clone());
                if known.is_none() { Ok(()) } else { Err(format!("line {} of {contact} was kept twice", line.name)) }
            }
            Change::CaseOfContact(contact, reference, at) => {
                let known = self.case_of.entry(*contact).or_insert((*at, String::new()));
                if known.0 <= *at {
                    *known = (*at, reference.to_string());
                }
                Ok(())
            }
            Change::LeasesEnded { run, at } => {
                for (version, errand) in self.errands.values_mut().filter(|(_, errand)| errand.held_by == Some(*run)) {
                    *version += 1;
                    (errand.due_at, errand.held_by) = (*at, None);
                }
                Ok(())
            }
            Change::Leg(version, row) => {
                let known = self.legs.insert(row.id, version + 1).unwrap_or(0);
                if known == *version { Ok(()) } else { Err(format!("{} was kept at {version} over {known}", row.id)) }
            }
            Change::Challenge(version, row) => put(&mut self.challenges, row.id, *version, (**row).clone()),
            Change::Tally(version, row) => put(&mut self.tallies, row.key.clone(), *version, row.clone()),
            Change::Operation(version, row) => {
                self.order.extend((*version == 0).then_some(row.id));
                put(&mut self.operations, row.id, *version, (**row).clone())
            }
            Change::Callback(version, row) => put(&mut self.callbacks, row.case, *version, (**row).clone()),
            Change::Case(version, row) => put(&mut self.cases, row.id, *version, (**row).clone()),
            Change::Errand(version, row) => {
                self.sends_code(row, at);
                put(&mut self.errands, row.id, *version, (**row).clone())
            }
            Change::ErrandOver(version, id) => match self.errands.remove(id) {
                Some((known, _)) if known == *version => Ok(()),
                other => Err(format!("{id} was over at {version} and was {other:?}")),
            },
            Change::OpenContactsClosed { disposition, at } => {
                self.close_all(*disposition, *at);
                Ok(())
            }
            // The row of a message that is made with its errand; nothing more becomes of it in this world.
            Change::Delivery(0, _) | Change::DialogClosed(_) | Change::Presence(_) => Ok(()),
            Change::Refund(version, row) => put(&mut self.refunds, row.id, *version, (**row).clone()),
            Change::Approval(line) => match self.approvals.insert((line.refund, line.number), (**line).clone()) {
                None => Ok(()),
                Some(known) => Err(format!("line {} of {} was {known:?}", line.number, line.refund)),
            },
            Change::RefundSource(version, row) => put(&mut self.refund_sources, row.key(), *version, (**row).clone()),
            Change::RefundSpent(version, row) => put(&mut self.refund_spent, row.key.clone(), *version, (**row).clone()),
            // Nobody keeps clocks in this world, credits anything, or sends forms.
            Change::Clock(..)
            | Change::Statement(_)
            | Change::Upload(..)
            | Change::Credit(..)
            | Change::RefundsForgotten
            | Change::Note(..)
            | Change::WrapUp(..)
            | Change::Recording(..)
            | Change::Listening(_)
            | Change::LookUp(..)
            | Change::Staff(..)
            | Change::SessionOpened(_)
            | Change::SessionEnded(_)
            | Change::SessionsEnded(_)
            | Change::SecondFactor(..)
            | Change::LoginLinkMade(_)
            | Change::LoginLinkUsed(_)
            | Change::Certificate(..)
            | Change::PhoneBound(_)
            | Change::PhoneUnbound(_)
            | Change::Listing(..)
            | Change::ListingLine(_)
            | Change::Edition(_)
            | Change::Suspect(..)
            | Change::SuspectsExpired(_)
            | Change::Pass(..)
            | Change::PassesForgotten(_)
            | Change::Delivery(..)
            | Change::Budget(..)
            | Change::ErrandRefused { .. }
            | Change::Article(_)
            | Change::TalliesForgotten => Err(format!("nobody in this world writes {change:?}")),
        }
    }

    fn sends_code(&mut self, errand: &Errand, at: Wall) {
        use walletline_core::outbox::{Job, Message};
        let Job::Message { to, message: Message::Code { .. }, .. } = &errand.job else { return };
        if errand.attempts == 0 {
            let subject = crate::names::subject(&errand.wallet, to.expose());
            self.codes_sent.entry(subject).or_default().push(at);
        }
    }

    fn close_all(&mut self, disposition: Disposition, at: Wall) {
        for (id, (version, contact)) in self.contacts.iter_mut().filter(|(_, (_, contact))| contact.ended_at.is_none()) {
            *version += 1;
            (contact.ended_at, contact.disposition) = (Some(at), Some(disposition));
            *self.ends.entry(*id).or_insert(0) += 1;
            let lines = self.lines.entry(*id).or_default();
            lines.insert(lines.last().map_or(0, |last| last + 1));
        }
    }
}

fn put<K: Ord + std::fmt::Debug, V>(
    rows: &mut BTreeMap<K, (Version, V)>,
    key: K,
    version: Version,
    row: V,
) -> Result<(), String> {
    let known = rows.get(&key).map_or(0, |(known, _)| *known);
    let kept = if known == version { Ok(()) } else { Err(format!("{key:?} was kept at {version} over {known}")) };
    rows.insert(key, (version + 1, row));
    kept
}
