//! Carries REGISTER requests to the registrar and its replies back, one at a time and apart from the receiving task, because a
//! digest costs more than a glance. Also lets registrations run out, and drops those whose connection is gone.

use super::counters::Counters;
use super::dialog::cseq;
use super::in_dialog::reply;
use super::peer::Peer;
use super::plane::Shared;
use super::stack::header;
use super::throttle::Offence;
use crate::registrar::{Register, Registrar};
use rsipstack::sip::{Header, HeadersExt, Request};
use rsipstack::transaction::transaction::Transaction;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// REGISTER requests that may wait: a hundred phones that come back at once, several times over.
pub(super) const QUEUE_MAX: usize = 1024;

/// How often registrations are looked at. A binding lives up to this much longer than it should.
const EXPIRY_CHECK: Duration = Duration::from_secs(1);

/// Runs until the engine closes.
pub(super) async fn run(shared: Arc<Shared>, mut registrar: Registrar, mut queue: mpsc::Receiver<(Transaction, Peer)>) {
    let mut ticks = interval(EXPIRY_CHECK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.closed.cancelled() => return,
            _ = ticks.tick() => {
                for event in registrar.expire(wall_us()) {
                    shared.post(event).await;
                }
            }
            parted = shared.stack.streams.parted() => {
                for event in registrar.forget_flows(&parted) {
                    shared.post(event).await;
                }
            }
            Some((transaction, source)) = queue.recv() => register(&shared, &mut registrar, transaction, source).await,
        }
    }
}

async fn register(shared: &Shared, registrar: &mut Registrar, mut transaction: Transaction, source: Peer) {
    let answer = registrar.register(&read(&transaction.original), source, Instant::now(), wall_us());
    let counters = &shared.counters;
    Counters::add(match answer.status {
        200 => {
            shared.stack.streams.keep(source);
            &counters.register_accepted
        }
        401 => &counters.register_challenged,
        _ => &counters.register_refused,
    });
    if answer.guessed {
        shared.offended(source.address.ip(), Offence::Registration);
    }
    let fields = answer.fields.into_iter().map(|(name, value)| header(name, value)).collect();
    reply(&mut transaction, answer.status, fields).await;
    if let Some(event) = answer.event {
        shared.post(event).await;
    }
    // Its connection may have gone while it waited here.
    let gone = source.flow.filter(|_| shared.stack.streams.lost(source).is_some_and(|lost| lost.is_cancelled()));
    for event in gone.map(|flow| registrar.forget_flows(&[flow])).unwrap_or_default() {
        shared.post(event).await;
    }
}

fn read(request: &Request) -> Register<'_> {
    let mut read = Register {
        to: request.to_header().map(|to| to.value()).unwrap_or_default(),
        call_id: request.call_id_header().map(|id| id.value()).unwrap_or_default(),
        cseq: cseq(request).unwrap_or_default(),
        ..Register::default()
    };
    for field in request.headers.iter() {
        match field {
            Header::Contact(contact) => read.contacts.push(contact.value()),
            Header::Expires(expires) => read.expires = Some(expires.value()),
            Header::Authorization(authorization) => read.authorizations.push(authorization.value()),
            _ => {}
        }
    }
    read
}

/// Microseconds since the Unix epoch: bindings are stored with the time they run out.
#[expect(clippy::disallowed_methods, reason = "a binding outlives the process, so its end is a wall time")]
fn wall_us() -> i64 {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX)
}
