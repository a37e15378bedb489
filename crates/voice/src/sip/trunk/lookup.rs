//! Keeps the addresses of a target that has a name. A name that cannot be looked up keeps the addresses it had: a resolver that is
//! down for a while must not take the calls along.

use super::Trunk;
use super::counters::Counters;
use crate::sip::plane::Shared;
use std::sync::Arc;
use tokio::net::lookup_host;
use tokio::time::sleep;

/// Runs until the engine takes no more calls.
pub(super) async fn keep(shared: Arc<Shared>, trunk: Arc<Trunk>, at: usize) {
    let place = &trunk.places[at];
    let looking = async {
        loop {
            match lookup_host((place.target.host.as_str(), place.target.port)).await.map(Iterator::collect::<Vec<_>>) {
                Ok(found) if !found.is_empty() => {
                    // Calls wait for the first look-up, and so does the first probe.
                    let first = place.addresses().is_empty();
                    place.keep_addresses(found.into_iter());
                    if first {
                        place.suspected.notify_one();
                    }
                }
                Ok(_) | Err(_) => {
                    Counters::add(&trunk.counters.lookups_failed);
                    tracing::warn!(trunk = %trunk.settings.id, host = %place.target.host, "a trunk's name cannot be looked up");
                }
            }
            let known = !place.addresses().is_empty();
            sleep(if known { shared.trunk_timers.lookup } else { shared.trunk_timers.retry }).await;
        }
    };
    shared.draining.run_until_cancelled(looking).await;
}
