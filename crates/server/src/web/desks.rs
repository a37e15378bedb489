//! What the live connections of one person share: how many there are, so that a second tab or a reload does not look like
//! somebody leaving, and which leg of theirs carries which contact.

use crate::engine::Handle;
use std::collections::HashMap;
use std::sync::PoisonError;
use tokio::sync::Mutex;
use walletline_core::kernel::ids::{ContactId, LegId, StaffId};
use walletline_core::switchboard::event::Event;

/// Connections of one person at once. More than anyone has tabs for; keeps one account from using up the sockets.
const CONNECTIONS_MAX: u32 = 16;

/// Open connections by person.
#[derive(Default)]
pub(crate) struct Desks {
    // Held across the post, so that events of one person reach the switchboard in the order they happened.
    open: Mutex<HashMap<StaffId, u32>>,
    /// The contact each person accepted last, and the leg they were given for it. One entry a person.
    accepted: std::sync::Mutex<HashMap<StaffId, (ContactId, LegId)>>,
}

impl Desks {
    /// A desk connected. False when this person has too many connections.
    pub(crate) async fn connected(&self, agent: StaffId, engine: &Handle) -> bool {
        let mut open = self.open.lock().await;
        let count = open.entry(agent).or_insert(0);
        if *count >= CONNECTIONS_MAX {
            return false;
        }
        *count += 1;
        engine.post(Event::DeskConnected { agent }).await;
        true
    }

    /// A desk's connection closed.
    pub(crate) async fn disconnected(&self, agent: StaffId, engine: &Handle) {
        let mut open = self.open.lock().await;
        let Some(count) = open.get_mut(&agent) else { return };
        *count -= 1;
        if *count == 0 {
            open.remove(&agent);
            engine.post(Event::DeskDisconnected { agent }).await;
        }
    }

    /// A contact was accepted at the desk, on this leg.
    pub(crate) fn accepted(&self, agent: StaffId, contact: ContactId, leg: LegId) {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner).insert(agent, (contact, leg));
    }

    /// The desk's leg that carries or carried a contact, when it is the one accepted last.
    pub(crate) fn leg_of(&self, agent: StaffId, contact: ContactId) -> Option<LegId> {
        let accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.get(&agent).filter(|(known, _)| *known == contact).map(|(_, leg)| *leg)
    }
}
