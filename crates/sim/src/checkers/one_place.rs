//! One caller holds one place: no contact is offered twice, or offered while it is with an agent. The screens know it: the old
//! snapshot and every event since make the fresh one.

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
    let offered = fresh.offers.values().map(|offer| offer.contact.id);
    let with = fresh.contacts.keys().copied();
    for contact in offered.chain(with) {
        if !seen.insert(contact) {
            return Err(format!("{contact} is in two places"));
        }
    }
    Ok(())
}
