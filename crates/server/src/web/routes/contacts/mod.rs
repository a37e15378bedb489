//! Contacts: the records, and the call while it runs.

pub(crate) mod hang_up;
pub(crate) mod list;
pub(crate) mod read;
pub(crate) mod recording;
pub(crate) mod screenshot;
pub(crate) mod timeline;

pub(in crate::web) use hang_up::hang_up;
pub(in crate::web) use list::list;
pub(in crate::web) use read::read;
pub(in crate::web) use screenshot::screenshot;
pub(in crate::web) use timeline::timeline;

use crate::web::error::Problem;
use crate::web::state::State;
use std::time::Duration;
use walletline_core::agent::Staff;
use walletline_core::call::read_contact;
use walletline_core::kernel::ids::ContactId;
use walletline_store::{ContactRecord, ReadError};

/// The row of a live contact follows the call by the time of a commit. Looked for again this often, this far apart: together as
/// long as a commit may take before it is given up.
const LOOKS_MAX: u32 = 50;
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The record of a contact, when this person may read it: who took part in it, and whose role reads all. To others it is not
/// there.
pub(super) async fn readable(state: &State, staff: &Staff, id: ContactId) -> Result<ContactRecord, Problem> {
    let record = state.store.contact(id).await?;
    if record.as_ref().is_some_and(|record| may_read(staff, record)) {
        return record.ok_or_else(Problem::not_found);
    }
    if !is_with(state, staff, id).await {
        return Err(Problem::not_found());
    }
    let mut record = awaited(state, id).await?.ok_or_else(Problem::unavailable)?;
    // Whoever is on the line with the customer takes part, whatever the row says yet.
    if !record.contact.agents.contains(&staff.id) {
        record.contact.agents.push(staff.id);
    }
    Ok(record)
}

/// The same, to be shown: that this person reads is durable first. What cannot be put on record is not shown.
pub(super) async fn read_on_record(state: &State, staff: &Staff, id: ContactId, action: &str) -> Result<ContactRecord, Problem> {
    let record = readable(state, staff, id).await?;
    state.store.commit(read_contact(&record.contact, staff.id, staff.role, action, state.clock.wall())).await?;
    Ok(record)
}

fn may_read(staff: &Staff, record: &ContactRecord) -> bool {
    staff.role.reads_all_contacts() || record.contact.agents.contains(&staff.id)
}

/// Whether a live contact is with this person, or in their wrap-up.
async fn is_with(state: &State, staff: &Staff, id: ContactId) -> bool {
    if !staff.role.takes_calls() {
        return false;
    }
    let live = state.engine.subscribe().await;
    live.is_some_and(|(snapshot, _)| snapshot.contacts.get(&id).is_some_and(|view| view.agent == Some(staff.id)))
}

/// The row of a contact that is live, as soon as it is there.
async fn awaited(state: &State, id: ContactId) -> Result<Option<ContactRecord>, ReadError> {
    for _ in 0..LOOKS_MAX {
        let record = state.store.contact(id).await?;
        if record.is_some() {
            return Ok(record);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(None)
}
