//! Each call ends once: its record says so once, and in the end no contact is left open.

use crate::model::Model;
use walletline_core::commit::{Change, Commit};

/// Looks at a commit after the model took it up.
///
/// # Errors
/// When a contact ended twice, or is open again.
pub fn commit(commit: &Commit, model: &Model) -> Result<(), String> {
    for change in commit.changes() {
        let contact = match change {
            Change::Contact(_, contact) => contact.id,
            Change::Timeline(contact, _) => *contact,
            _ => continue,
        };
        let ends = model.ends.get(&contact).copied().unwrap_or(0);
        let open = model.contacts.get(&contact).is_some_and(|(_, contact)| contact.ended_at.is_none());
        if ends > 1 {
            return Err(format!("{contact} ended {ends} times"));
        }
        if ends == 1 && open {
            return Err(format!("{contact} ended and is open"));
        }
    }
    Ok(())
}

/// Looks when every caller has hung up and everything could be saved.
///
/// # Errors
/// When a contact is still open.
pub fn at_end(model: &Model) -> Result<(), String> {
    for (id, (_, contact)) in &model.contacts {
        let ends = model.ends.get(id).copied().unwrap_or(0);
        if contact.ended_at.is_none() || ends != 1 {
            return Err(format!("{id} ended {ends} times, at {:?}", contact.ended_at));
        }
    }
    Ok(())
}
