//! Asks a target whether it is there (OPTIONS): at its interval while it is, more often while it is not, and at once when a call
//! found it silent. Any answer but 503 counts: a carrier that refuses OPTIONS is there all the same.

use super::Trunk;
use super::counters::Counters;
use super::exchange::ask;
use crate::random::token;
use crate::sip::peer::Hop;
use crate::sip::plane::Shared;
use crate::sip::stack::{header, status_of};
use rsipstack::sip::{Method, Request};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Runs until the engine takes no more calls.
pub(super) async fn keep(shared: Arc<Shared>, trunk: Arc<Trunk>, at: usize, every: Duration) {
    let place = &trunk.places[at];
    let probing = async {
        loop {
            if !place.addresses().is_empty() {
                if answers(&shared, &trunk, at).await {
                    Counters::add(&trunk.counters.probes_answered);
                    trunk.came_up(at);
                } else {
                    Counters::add(&trunk.counters.probes_unanswered);
                    trunk.went_down(at, Instant::now());
                }
            }
            let pause = if place.is_up(Instant::now()) { every } else { shared.trunk_timers.retry.min(every) };
            tokio::select! {
                () = sleep(pause) => {}
                () = place.suspected.notified() => {}
            }
        }
    };
    shared.draining.run_until_cancelled(probing).await;
}

async fn answers(shared: &Shared, trunk: &Trunk, at: usize) -> bool {
    let target = &trunk.places[at].target;
    for address in trunk.places[at].addresses().iter() {
        let hop = Hop { transport: target.transport, address: *address, flow: None, host: target.host.clone() };
        let Some(client) = shared.stack.client(options(shared, trunk, at, &hop), &hop) else { continue };
        if ask(client, shared.trunk_timers.answer).await.is_some_and(|response| status_of(&response) != 503) {
            return true;
        }
    }
    false
}

fn options(shared: &Shared, trunk: &Trunk, at: usize, hop: &Hop) -> Request {
    let us = shared.stack.advertised.ip();
    let user = trunk.settings.account.as_ref().map_or("", |account| account.user.as_str());
    let uri = format!("sip:{}", trunk.places[at].target.host_port());
    let fields = vec![
        header("From", format!("<sip:{us}>;tag={}", token())),
        header("To", format!("<{uri}>")),
        header("Call-ID", format!("{}@{us}", token())),
        header("CSeq", "1 OPTIONS"),
        shared.stack.contact(hop.transport, "", user),
        header("Accept", "application/sdp"),
    ];
    shared.stack.request(hop.transport, Method::Options, &uri, fields)
}
