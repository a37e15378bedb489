//! One agent has one thing: an offer, a customer or a record to finish, and the presence that goes with it.

use walletline_core::agent::PresenceState;
use walletline_core::switchboard::live::Snapshot;

/// Looks at what the screens show.
///
/// # Errors
/// When an agent has two things, or another than their presence says.
pub fn step(fresh: &Snapshot) -> Result<(), String> {
    for (id, agent) in &fresh.agents {
        let offers = fresh.offers.values().filter(|offer| offer.agent == *id).count();
        let with = fresh.contacts.values().filter(|contact| contact.agent == Some(*id));
        let (talks, wraps): (Vec<_>, Vec<_>) = with.partition(|contact| contact.ended_at.is_none());
        // The desk that carried the call is gone, and the customer waits for it.
        let waits = talks.iter().any(|contact| contact.leads && contact.held_at.is_some());
        let expected = match agent.presence {
            PresenceState::NotResponding if waits => (0, 1, 0),
            PresenceState::Ringing => (1, 0, 0),
            PresenceState::Talking | PresenceState::Hold => (0, 1, 0),
            PresenceState::WrapUp => (0, 0, 1),
            PresenceState::LoggedOut | PresenceState::NotReady(_) | PresenceState::Ready | PresenceState::NotResponding => {
                (0, 0, 0)
            }
        };
        if (offers, talks.len(), wraps.len()) != expected {
            return Err(format!("{agent:?} has {offers} offers, {} calls, {} records", talks.len(), wraps.len()));
        }
    }
    Ok(())
}
