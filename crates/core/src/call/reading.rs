//! A contact's record is read: what the audit log says of it. Who may read is decided elsewhere; that it is never unrecorded, here.

use super::Contact;
use crate::commit::{Commit, Entry};
use crate::kernel::{
    actor::{Actor, Role},
    ids::StaffId,
    purpose::Purpose,
    time::Wall,
};

/// The commit by which somebody's reading of a contact is put on record; `action` says what of it: `contact.read`,
/// `timeline.read`. Who took part reads to serve the customer, whatever their role.
#[must_use]
pub fn read_contact(contact: &Contact, reader: StaffId, role: Role, action: &str, at: Wall) -> Commit {
    let purpose = if contact.agents.contains(&reader) { Purpose::Service } else { role.reads_for() };
    record(reader, action, contact.id, purpose, at)
}

/// The commit by which somebody's reading of a list of contacts is put on record.
#[must_use]
pub fn list_contacts(reader: StaffId, role: Role, at: Wall) -> Commit {
    record(reader, "contacts.listed", "contacts", role.reads_for(), at)
}

fn record(reader: StaffId, action: &str, subject: impl ToString, purpose: Purpose, at: Wall) -> Commit {
    Commit::new(Entry::new(at, Actor::Staff { id: reader }, action, subject).for_purpose(purpose), Vec::new())
}
