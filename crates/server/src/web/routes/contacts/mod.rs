//! Contacts: the records, and the call while it runs.

pub(crate) mod act_on_account;
pub(crate) mod challenge;
pub(crate) mod end_challenge;
pub(crate) mod follow_transaction;
pub(crate) mod hang_up;
pub(crate) mod hold;
pub(crate) mod leave;
pub(crate) mod legal_hold;
pub(crate) mod list;
pub(crate) mod look_at_account;
pub(crate) mod monitor;
pub(crate) mod press_keys;
pub(crate) mod pressure;
pub(crate) mod read;
pub(crate) mod reconnect;
pub(crate) mod recording;
pub(crate) mod report;
pub(crate) mod resume;
pub(crate) mod screenshot;
pub(crate) mod show_number;
pub(crate) mod stop_monitoring;
pub(crate) mod take_back;
pub(crate) mod take_over;
pub(crate) mod timeline;
pub(crate) mod transfer;
pub(crate) mod transfer_targets;

pub(in crate::web) use act_on_account::act_on_account;
pub(in crate::web) use challenge::challenge;
pub(in crate::web) use end_challenge::end_challenge;
pub(in crate::web) use follow_transaction::follow_transaction;
pub(in crate::web) use hang_up::hang_up;
pub(in crate::web) use hold::hold;
pub(in crate::web) use leave::leave;
pub(in crate::web) use list::list;
pub(in crate::web) use look_at_account::look_at_account;
pub(in crate::web) use monitor::monitor;
pub(in crate::web) use press_keys::press_keys;
pub(in crate::web) use pressure::pressure;
pub(in crate::web) use read::read;
pub(in crate::web) use reconnect::reconnect;
pub(in crate::web) use report::report;
pub(in crate::web) use resume::resume;
pub(in crate::web) use screenshot::screenshot;
pub(in crate::web) use show_number::show_number;
pub(in crate::web) use stop_monitoring::stop_monitoring;
pub(in crate::web) use take_back::take_back;
pub(in crate::web) use take_over::take_over;
pub(in crate::web) use timeline::timeline;
pub(in crate::web) use transfer::transfer;
pub(in crate::web) use transfer_targets::transfer_targets;

use crate::web::error::Problem;
use crate::web::state::State;
use crate::web::wire::Watching;
use axum::Json;
use std::time::Duration;
use walletline_core::agent::Staff;
use walletline_core::call::read_contact;
use walletline_core::kernel::ids::{ContactId, LegId, StaffId};
use walletline_core::switchboard::ActReply;
use walletline_core::switchboard::event::Act;
use walletline_store::{ContactRecord, ReadError};

/// The row of a live contact follows the call by the time of a commit. Looked for again this often, this far apart: together as
/// long as a commit may take before it is given up.
const LOOKS_MAX: u32 = 50;
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The record of a contact, when this person may read it: who took part in it, who leads one of those, and whose role reads all. To
/// others it is not there.
pub(super) async fn readable(state: &State, staff: &Staff, id: ContactId) -> Result<ContactRecord, Problem> {
    let record = state.store.contact(id).await?;
    if let Some(record) = record
        && state.may_read(staff, &record.contact.agents).await?
    {
        return Ok(record);
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

/// Whether a live contact is with this person, or in their wrap-up.
pub(super) async fn is_with(state: &State, staff: &Staff, id: ContactId) -> bool {
    if !staff.role.takes_calls() {
        return false;
    }
    let live = state.engine.subscribe().await;
    live.is_some_and(|(snapshot, _)| snapshot.contacts.contains_key(&(id, staff.id)))
}

/// A supervisor comes onto a call, or does something else there.
async fn watching(
    state: &State,
    supervisor: StaffId,
    leg: LegId,
    contact: ContactId,
    act: Act,
) -> Result<Json<Watching>, Problem> {
    let leg = match state.engine.act(supervisor, act).await? {
        ActReply::Accepted { contact } => {
            state.desks.accepted(supervisor, contact, leg);
            Some(leg.to_string())
        }
        ActReply::Done => None,
    };
    Ok(Json(Watching { contact: contact.to_string(), leg }))
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
