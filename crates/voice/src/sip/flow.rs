//! One TCP or TLS connection as the rest of the signalling sees it: a name, and two queues to its task. Sending never waits: what a
//! far end does not take ends its connection (stream.rs), and whoever waits for an answer over it is told by `lost`.

use super::peer::Peer;
use rsipstack::sip::{Request, SipMessage, Transport};
use rsipstack::transport::channel::ChannelConnection;
use rsipstack::transport::{SipAddr, SipConnection, TransportEvent};
use std::pin::pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Answers that need no state and may wait for a connection to be writable. More means that nobody reads them.
const ANSWERS_MAX: usize = 64;

/// An open connection, or one that is being opened.
pub(super) struct Flow {
    pub(super) peer: Peer,
    channel: ChannelConnection,
    answers: mpsc::Sender<Vec<u8>>,
    /// The connection is gone, or will not come.
    pub(super) lost: CancellationToken,
    /// A registration or a call needs it, so it may be idle for long.
    kept: AtomicBool,
    /// The trunks whose certificate its far end showed, by place; unset before the handshake and on TCP.
    trunks: OnceLock<Vec<usize>>,
}

/// What a connection's task sends.
pub(super) struct Outbox {
    /// Messages of the transaction layer. Not bounded by itself; the task that empties it bounds what it holds.
    pub(super) messages: mpsc::UnboundedReceiver<TransportEvent>,
    pub(super) answers: mpsc::Receiver<Vec<u8>>,
}

impl Flow {
    /// A connection to or from `peer`, which must name a flow. `None` is never seen: the layer's queue is made without waiting.
    pub(super) fn new(peer: Peer) -> Option<(Self, Outbox)> {
        let (to_task, messages) = mpsc::unbounded_channel();
        // The layer would read its input from here; we hand messages to it one by one instead.
        let (_, nothing) = mpsc::unbounded_channel();
        let address = SipAddr { r#type: Some(Transport::Tcp), addr: peer.address.into() };
        let making = pin!(ChannelConnection::create_connection(nothing, to_task, address, None));
        let Poll::Ready(Ok(channel)) = making.poll(&mut Context::from_waker(Waker::noop())) else { return None };
        let (answers, waiting) = mpsc::channel(ANSWERS_MAX);
        let flow = Self {
            peer,
            channel,
            answers,
            lost: CancellationToken::new(),
            kept: AtomicBool::new(false),
            trunks: OnceLock::new(),
        };
        Some((flow, Outbox { messages, answers: waiting }))
    }

    /// As the transaction layer takes it.
    pub(super) fn connection(&self) -> SipConnection {
        SipConnection::Channel(self.channel.clone())
    }

    /// Sends a message that belongs to no transaction, after those sent before it.
    pub(super) fn send(&self, request: Request) {
        // A connection that is gone was told to whoever waits by `lost`.
        let _ = self.channel.try_send(SipMessage::Request(request));
    }

    /// Sends an answer that needs no state. Where 64 of them wait already, nobody reads: the connection ends.
    pub(super) fn answer(&self, answer: Vec<u8>) {
        if self.answers.try_send(answer).is_err() {
            self.lost.cancel();
        }
    }

    /// Whose the far end is, as its certificate proved.
    pub(super) fn is_of(&self, trunks: Vec<usize>) {
        let _ = self.trunks.set(trunks);
    }

    pub(super) fn trunks(&self) -> &[usize] {
        self.trunks.get().map_or(&[], Vec::as_slice)
    }

    pub(super) fn keep(&self) {
        self.kept.store(true, Relaxed);
    }

    pub(super) fn is_kept(&self) -> bool {
        self.kept.load(Relaxed)
    }
}

/// Waits until a connection is gone; for ever where there is none.
pub(super) async fn gone(lost: Option<CancellationToken>) {
    match lost {
        Some(lost) => lost.cancelled().await,
        None => std::future::pending().await,
    }
}
