//! Reads the SIP socket and what connections bring: each message goes through the guard, the limits and the transaction layer, and
//! what is new goes to a leg, to the registrar or back with a refusal, before the next one is read. For datagrams the kernel's buffer
//! is the only queue, for connections a short one that makes them wait. Nothing here may wait for anything else.

use super::address::{SipUri, tag};
use super::counters::Counters;
use super::dialog::cseq;
use super::flood::Floodgate;
use super::flow::Flow;
use super::guard::{DATAGRAM_BYTES_MAX, Guard, Refusal, Verdict};
use super::in_dialog::reply;
use super::incoming::{RETRY_AFTER_S, retry_after};
use super::leg::{INBOX_MAX, Message, drive_invite};
use super::peer::Peer;
use super::plane::{Shared, admit};
use super::stack::{Responder, agrees_on_tags, status_of};
use super::streams::Inbound;
use super::throttle::Offence;
use super::trunk::{self, Direction, NoPlace, Proof, Recogniser, Seen, Slot};
use crate::SipTransport;
use rsipstack::sip::{HeadersExt, Method, SipMessage, Transport};
use rsipstack::transaction::TransactionReceiver;
use rsipstack::transaction::transaction::Transaction;
use rsipstack::transport::{SipAddr, SipConnection};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Places in a leg's inbox kept for the controller's commands and the INVITE's own events; requests do not get them.
const INBOX_RESERVE: usize = INBOX_MAX / 2;

/// Where a message came from and how it is answered there.
struct Origin {
    peer: Peer,
    /// Its connection, where it has one.
    flow: Option<Arc<Flow>>,
}

/// What becomes of a message that asks for something new.
enum Door {
    /// It goes on; a trunk's call has its place.
    Open(Option<Slot>),
    /// Nothing is said.
    Shut,
    /// This status and these fields.
    Refuse(&'static str, Vec<(&'static str, String)>),
}

impl Door {
    fn busy() -> Self {
        Self::Refuse("503 Service Unavailable", vec![("Retry-After", RETRY_AFTER_S.to_owned())])
    }
}

/// The receiving task.
pub(super) struct Receiver {
    shared: Arc<Shared>,
    incoming: TransactionReceiver,
    /// What connections bring.
    inbound: mpsc::Receiver<Inbound>,
    registrations: mpsc::Sender<(Transaction, Peer)>,
    guard: Guard,
    gate: Floodgate,
    recogniser: Recogniser,
}

impl Receiver {
    pub(super) fn new(
        shared: Arc<Shared>,
        incoming: TransactionReceiver,
        inbound: mpsc::Receiver<Inbound>,
        registrations: mpsc::Sender<(Transaction, Peer)>,
        gate: Floodgate,
    ) -> Self {
        Self { shared, incoming, inbound, registrations, guard: Guard::default(), gate, recogniser: Recogniser::new() }
    }

    /// Reads until the engine closes.
    pub(super) async fn run(mut self) {
        let closed = self.shared.closed.clone();
        // One byte more than is taken, so that a longer datagram is seen to be longer.
        let mut buffer = vec![0_u8; DATAGRAM_BYTES_MAX + 1];
        loop {
            tokio::select! {
                () = closed.cancelled() => return,
                received = self.shared.stack.socket.receive(&mut buffer) => self.datagram(received, &buffer).await,
                Some(Inbound { message, flow }) = self.inbound.recv() => {
                    self.take(&message, &Origin { peer: flow.peer, flow: Some(flow) }).await;
                }
            }
        }
    }

    async fn datagram(&mut self, received: io::Result<(usize, SocketAddr)>, buffer: &[u8]) {
        match received {
            Ok((length, source)) => self.take(&buffer[..length], &Origin { peer: Peer::udp(source), flow: None }).await,
            // An ICMP error of an earlier datagram, or a moment without memory: neither ends the socket.
            Err(error) => {
                tracing::debug!(%error, "SIP socket");
                tokio::task::yield_now().await;
            }
        }
    }

    async fn take(&mut self, message: &[u8], origin: &Origin) {
        let (counters, source) = (Arc::clone(&self.shared.counters), origin.peer.address);
        Counters::add(&counters.messages_received);
        let message = match self.guard.judge(message, source) {
            Verdict::Pass(message) => message,
            Verdict::Answer(answer) => {
                Counters::add(&counters.messages_refused);
                return self.answer(answer, origin);
            }
            Verdict::Drop => return Counters::add(&counters.messages_dropped),
        };
        let carried = carrier(origin.peer.transport);
        let parsed = SipMessage::try_from(&*message)
            .ok()
            .and_then(|parsed| SipConnection::update_msg_received(parsed, source, carried).ok());
        let Some(parsed) = parsed else {
            return self.refuse(&message, origin, "400 Bad Request");
        };
        if matches!(&parsed, SipMessage::Request(request) if !agrees_on_tags(request)) {
            return self.refuse(&message, origin, "400 Bad From or To");
        }
        let mut slot = match self.door(&parsed, origin) {
            Door::Open(slot) => slot,
            Door::Shut => return,
            Door::Refuse(status, fields) => return self.refuse_with(&message, origin, status, &fields),
        };
        let Some(parsed) = self.divert_late_answer(parsed) else { return };
        self.tell_of_ack(&parsed);
        let from = SipAddr { r#type: Some(carried), addr: source.into() };
        let connection = origin.flow.as_ref().map_or_else(|| self.shared.stack.connection(), |flow| flow.connection());
        if let Err(error) = self.shared.stack.endpoint.on_received_message(parsed, connection, &from).await {
            tracing::debug!(%error, "SIP message not taken");
            self.refuse(&message, origin, "400 Bad Request");
        }
        while let Ok(transaction) = self.incoming.try_recv() {
            self.dispatch(transaction, origin.peer, slot.take(), &message).await;
        }
    }

    /// Sends an answer that needs no state the way its request came.
    fn answer(&self, answer: Vec<u8>, origin: &Origin) {
        match &origin.flow {
            Some(flow) => flow.answer(answer),
            None => self.shared.stack.socket.send(&answer, origin.peer.address),
        }
    }

    /// Refuses a request without state; drops an ACK or a response.
    fn refuse(&self, message: &[u8], origin: &Origin, status: &str) {
        let retry = [("Retry-After", RETRY_AFTER_S.to_owned())];
        self.refuse_with(message, origin, status, if status.starts_with("503") { &retry } else { &[] });
    }

    fn refuse_with(&self, message: &[u8], origin: &Origin, status: &str, fields: &[(&'static str, String)]) {
        let counters = &self.shared.counters;
        if message.starts_with(b"ACK ") || message.starts_with(b"SIP/") {
            return Counters::add(&counters.messages_dropped);
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        match self.guard.refuse(message, origin.peer.address, Refusal { status, fields: &fields }) {
            Some(answer) => {
                Counters::add(&counters.messages_refused);
                self.answer(answer, origin);
            }
            None => Counters::add(&counters.messages_dropped),
        }
    }

    /// What becomes of a new call or registration: whose it is, and whether there is place for it.
    fn door(&mut self, message: &SipMessage, origin: &Origin) -> Door {
        let SipMessage::Request(request) = message else { return Door::Open(None) };
        let invites = request.method == Method::Invite && request.to_header().is_ok_and(|to| tag(to.value()).is_none());
        if !(invites || request.method == Method::Register) || self.shared.stack.knows(message) {
            return Door::Open(None);
        }
        let (shared, source, now) = (Arc::clone(&self.shared), origin.peer.address.ip(), Instant::now());
        if shared.offenders.is_blocked(source, now) {
            Counters::add(&shared.counters.blocked_dropped);
            return Door::Shut;
        }
        let certified = origin.flow.as_ref().map_or(&[][..], |flow| flow.trunks());
        let seen = if invites { Recogniser::see(&shared.trunks, request, source, certified) } else { Seen::Stranger };
        if !matches!(seen, Seen::Trunk(_)) && !self.gate.admits(source, now) {
            Counters::add(&shared.counters.flood_dropped);
            return Door::Shut;
        }
        let trunk = match seen {
            Seen::Stranger => None,
            Seen::Trunk(trunk) => Some(trunk),
            Seen::Claims(trunk) => match self.recogniser.prove(&trunk, request, now) {
                Proof::Right => Some(trunk),
                Proof::Missing { stale } => return self.challenge(stale, now),
                Proof::Wrong => {
                    shared.offended(source, Offence::Digest);
                    return self.challenge(false, now);
                }
            },
        };
        if invites && shared.is_full() {
            Counters::add(&shared.counters.rejected_at_limit);
            return Door::busy();
        }
        match trunk.map(|trunk| (trunk.enter(Direction::In, now), trunk)) {
            None => Door::Open(None),
            Some((Ok(slot), _)) => Door::Open(Some(slot)),
            Some((Err(NoPlace::Full | NoPlace::TooFast), trunk)) => {
                trunk::Counters::add(&trunk.counters.calls_in_refused);
                Door::busy()
            }
        }
    }

    fn challenge(&mut self, stale: bool, now: Instant) -> Door {
        Counters::add(&self.shared.counters.trunk_challenged);
        Door::Refuse("401 Unauthorized", self.recogniser.challenge(stale, now).into())
    }

    /// A 2xx to an INVITE of ours whose transaction is over: the leg must repeat its ACK (RFC 3261 section 13.2.2.4).
    fn divert_late_answer(&self, message: SipMessage) -> Option<SipMessage> {
        let SipMessage::Response(response) = &message else { return Some(message) };
        let answers_invite = (200..300).contains(&status_of(response))
            && response.cseq_header().is_ok_and(|cseq| cseq.value().trim_end().ends_with("INVITE"));
        if !answers_invite || self.shared.stack.knows(&message) {
            return Some(message);
        }
        let SipMessage::Response(response) = message else { return None };
        let (from, call_id) = (response.from_header().ok()?.value(), response.call_id_header().ok()?.value());
        let leg = self.shared.dialog(tag(from)?, call_id)?;
        let _ = leg.try_send(Message::Response(Box::new(response)));
        None
    }

    /// An ACK goes to its leg from here, so that a request which the far end sends right after it cannot overtake it on the way
    /// through the transaction's own task. The leg knows by the CSeq whether it waits for it.
    fn tell_of_ack(&self, message: &SipMessage) {
        let SipMessage::Request(request) = message else { return };
        if request.method != Method::Ack {
            return;
        }
        let (Ok(to), Ok(call_id)) = (request.to_header(), request.call_id_header()) else { return };
        let leg = tag(to.value()).and_then(|tag| self.shared.dialog(tag, call_id.value()));
        if let (Some(leg), Some(cseq)) = (leg, cseq(request)) {
            let _ = leg.try_send(Message::Acknowledged { cseq, body: request.body.clone() });
        }
    }

    async fn dispatch(&self, mut transaction: Transaction, source: Peer, slot: Option<Slot>, message: &[u8]) {
        let request = &transaction.original;
        let to = request.to_header().map(|to| to.value().to_owned()).unwrap_or_default();
        let Some(tag) = tag(&to) else {
            return match request.method {
                Method::Invite => admit(&self.shared, transaction, source, slot, user_part(message)).await,
                // A full queue drops the transaction; the phone repeats its request.
                Method::Register => drop(self.registrations.try_send((transaction, source))),
                // Whom a stranger wants us to call is not for it to say.
                Method::Refer => reply(&mut transaction, 403, Vec::new()).await,
                // BYE, UPDATE, INFO, PRACK outside of a dialog.
                _ => reply(&mut transaction, 481, Vec::new()).await,
            };
        };
        let call_id = request.call_id_header().map(|id| id.value().to_owned()).unwrap_or_default();
        let status = match self.shared.dialog(tag, &call_id) {
            Some(leg) if leg.capacity() > INBOX_RESERVE => {
                match leg.try_send(Message::Request(Box::new(transaction), source)) {
                    Ok(()) => return,
                    Err(mpsc::error::TrySendError::Full(message) | mpsc::error::TrySendError::Closed(message)) => {
                        let Message::Request(refused, _) = message else { return };
                        transaction = *refused;
                    }
                }
                481
            }
            Some(_) => 503,
            None => 481,
        };
        self.refuse_in_dialog(transaction, status, source).await;
    }

    async fn refuse_in_dialog(&self, mut transaction: Transaction, status: u16, source: Peer) {
        if transaction.original.method != Method::Invite {
            return reply(&mut transaction, status, retry_after(status)).await;
        }
        Responder::new(&mut transaction, None).respond(&self.shared.stack, status, retry_after(status), None);
        // Nobody listens: the driver only waits for the ACK.
        let (nobody, _) = mpsc::channel(1);
        let (lost, patience) = (self.shared.stack.streams.lost(source), self.shared.stack.ack_patience());
        self.shared.tasks.spawn(drive_invite(transaction, 0, nobody, patience, lost));
    }
}

/// The user part of the Request-URI as it came, or the number of a tel URI. The transaction layer's own reading ends at the first
/// `;`, which may stand in a user part.
fn user_part(message: &[u8]) -> String {
    let line = message.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let uri = std::str::from_utf8(line).ok().and_then(|line| line.split(' ').nth(1));
    uri.and_then(SipUri::parse).map_or_else(String::new, |uri| uri.user.to_owned())
}

fn carrier(transport: SipTransport) -> Transport {
    match transport {
        SipTransport::Udp => Transport::Udp,
        SipTransport::Tcp => Transport::Tcp,
        SipTransport::Tls => Transport::Tls,
    }
}
