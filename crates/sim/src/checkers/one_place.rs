//! One caller holds one place: no contact is offered twice, is with two agents who lead it, or is offered while it is with one who did
//! not ask for it. The screens know it: the old snapshot and every event since make the fresh one.

use std::collections::BTreeSet;
use walletline_core::switchboard::live::Snapshot;

/// Looks at what the screens show.
///
/// # Errors
/// When a caller is in two places, or the screens are behind.
pub fn step(shown: &Snapshot, fresh: &Snapshot) -> Result<(), String> {
    if shown != fresh {
        return Err("the events do not make the fresh snapshot".to_owned());
    }
    let mut seen = BTreeSet::new();
    for offer in fresh.offers.values() {
        let contact = offer.contact.id;
        let leads = fresh.contacts.values().any(|view| view.id == contact && view.leads && view.ended_at.is_none());
        if !seen.insert(contact) || leads != offer.asked_by.is_some() {
            return Err(format!("{contact} is in two places"));
        }
    }
    for view in fresh.contacts.values().filter(|view| view.leads && view.ended_at.is_none()) {
        if fresh.contacts.values().filter(|other| other.id == view.id && other.leads && other.ended_at.is_none()).count() != 1 {
            return Err(format!("{} is led by two agents", view.id));
        }
    }
    Ok(())
}
