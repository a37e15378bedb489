//! Rows as the laws' store keeps them: what it would refuse fails the law.

use crate::call::Fact;
use crate::commit::{Change, Commit};
use crate::kernel::ids::{ContactId, LegId};
use std::collections::{BTreeMap, BTreeSet};

/// Rows as the store would have them.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) contacts: BTreeMap<ContactId, i64>,
    pub(super) legs: BTreeMap<LegId, i64>,
    pub(super) lines: BTreeSet<(ContactId, u32)>,
    pub(super) ended: BTreeSet<ContactId>,
    /// Contacts whose customer keys a code, as their lines tell.
    pub(super) challenged: BTreeSet<ContactId>,
}

impl Rows {
    pub(super) fn write(&mut self, commit: &Commit) {
        assert!(!commit.entries().is_empty(), "every commit has its audit entry");
        for change in commit.changes() {
            match change {
                Change::Contact(version, contact) => {
                    let row = self.contacts.entry(contact.id).or_insert(0);
                    assert_eq!(*row, *version, "a contact's version");
                    *row += 1;
                }
                Change::Leg(version, leg) => {
                    let row = self.legs.entry(leg.id).or_insert(0);
                    assert_eq!(*row, *version, "a leg's version");
                    *row += 1;
                }
                Change::Timeline(contact, entry) => {
                    assert!(self.lines.insert((*contact, entry.seq)), "a line is written once");
                    if let Fact::Challenged { outcome, .. } = &entry.fact {
                        let in_turn = match outcome.as_str() {
                            "started" => self.challenged.insert(*contact),
                            _ => self.challenged.remove(contact),
                        };
                        assert!(in_turn, "a code is asked for and over in turn: {outcome}");
                    }
                    if matches!(entry.fact, Fact::Ended { .. }) {
                        assert!(self.ended.insert(*contact), "a contact ends once");
                    }
                }
                Change::DialogClosed(leg) => assert!(self.legs.contains_key(leg), "a dialog belongs to a leg"),
                Change::Presence(_) => {}
                other => panic!("the switchboard does not write {other:?}"),
            }
        }
    }
}
