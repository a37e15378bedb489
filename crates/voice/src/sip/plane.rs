//! The signalling of all legs: what the engine holds, and what the legs' tasks share. Knows which legs and dialogs are live;
//! each leg's own state is in its task.

use super::counters::{Counters, SipCounters};
use super::dialog::Dialog;
use super::fields::Replaces;
use super::flood::{Floodgate, Trusted};
use super::incoming::new_leg_id;
use super::leg::{Message, final_response};
use super::peer::Peer;
use super::receive::Receiver;
use super::refer::{Replaced, Stage};
use super::register;
use super::session::SessionLimits;
use super::socket::SipSocket;
use super::stack::Stack;
use super::streams::{INBOUND_MAX, StreamConfig, StreamLimits, Streams, bind};
use super::throttle::{Offence, Offenders, Throttle};
use super::tls::{BadFile, Tls, TlsFiles, TrunkTls};
use super::trunk::{self, NumberKinds, Slot, TrunkSettings, TrunkStatus, TrunkTimers, Trunks};
use super::watch::SilenceLimits;
use super::{incoming, outgoing};
use crate::rate::RateLimit;
use crate::registrar::{Bindings, Registrar, lock};
use crate::{Binding, DialTarget, DialogRecord, EncryptionPolicies, Event, LegId, MediaPlane, RejectReason, SipTransport};
use rsipstack::sip::Method;
use rsipstack::transaction::transaction::Transaction;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How the signalling is set up.
pub(crate) struct SipConfig {
    pub(crate) udp: SocketAddr,
    pub(crate) tcp: Option<SocketAddr>,
    pub(crate) tls: Option<(SocketAddr, TlsFiles)>,
    pub(crate) advertise: Option<IpAddr>,
    pub(crate) calls_max: u64,
    pub(crate) flood: RateLimit,
    pub(crate) trusted: Trusted,
    pub(crate) encryption: EncryptionPolicies,
    pub(crate) t1: Duration,
    pub(crate) streams: StreamLimits,
    pub(crate) session: SessionLimits,
    pub(crate) silence: SilenceLimits,
    pub(crate) throttle: Throttle,
    pub(crate) trunks: Vec<TrunkSettings>,
    pub(crate) trunk_timers: TrunkTimers,
    pub(crate) number_kinds: NumberKinds,
}

/// How a live leg's task is reached.
pub(super) struct LegHandle {
    pub(super) inbox: mpsc::Sender<Message>,
    /// Not a message, so that a hang-up is never lost in a full inbox.
    pub(super) hangup: CancellationToken,
}

/// A dialog, as those see it who do not own it.
pub(super) struct DialogHandle {
    pub(super) call_id: String,
    /// Their tag; empty while nobody has answered.
    pub(super) remote_tag: String,
    pub(super) inbox: mpsc::Sender<Message>,
    /// What it is to who wants to take its place.
    pub(super) known: Replaced,
}

/// What all legs' tasks share.
pub(super) struct Shared {
    pub(super) stack: Stack,
    pub(super) media: MediaPlane,
    pub(super) counters: Arc<Counters>,
    pub(super) tasks: TaskTracker,
    pub(super) bindings: Bindings,
    pub(super) encryption: EncryptionPolicies,
    pub(super) calls_max: u64,
    pub(super) session: SessionLimits,
    pub(super) silence: SilenceLimits,
    pub(super) trunks: Trunks,
    pub(super) trunk_timers: TrunkTimers,
    /// Look-ups, probes and registrations; they end when no new calls are taken.
    pub(super) trunk_tasks: TaskTracker,
    pub(super) offenders: Offenders,
    /// No new calls from now on.
    pub(super) draining: CancellationToken,
    /// The socket is read no more.
    pub(super) closed: CancellationToken,
    events: mpsc::Sender<Event>,
    legs: Mutex<HashMap<LegId, LegHandle>>,
    /// By our tag. Outlives the leg while something is owed.
    dialogs: Mutex<HashMap<String, DialogHandle>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A task that panicked in between left the map whole: every use is one insertion or removal.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new_leg_id(&self) -> LegId {
        new_leg_id()
    }

    pub(super) fn add_leg(&self, id: LegId, handle: LegHandle, incoming: bool) {
        Counters::add(&self.counters.legs);
        if incoming {
            Counters::add(&self.counters.incoming_legs);
        }
        locked(&self.legs).insert(id, handle);
    }

    pub(super) fn forget_leg(&self, id: LegId, incoming: bool) {
        if locked(&self.legs).remove(&id).is_some() {
            Counters::sub(&self.counters.legs);
            if incoming {
                Counters::sub(&self.counters.incoming_legs);
            }
        }
    }

    pub(super) fn add_dialog(&self, tag: String, handle: DialogHandle) {
        locked(&self.dialogs).insert(tag, handle);
    }

    /// A dialog has come further.
    pub(super) fn dialog_reached(&self, tag: &str, stage: Stage, dialog: Option<&Dialog>) {
        let mut dialogs = locked(&self.dialogs);
        let Some(handle) = dialogs.get_mut(tag) else { return };
        handle.known.stage = stage;
        if let Some(dialog) = dialog {
            handle.remote_tag.clone_from(&dialog.remote_tag);
            handle.known.host = dialog.peer.address.ip().to_canonical();
        }
    }

    /// The dialog of ours that a Replaces names, whatever became of it.
    pub(super) fn replaced(&self, wanted: &Replaces) -> Option<Replaced> {
        let dialogs = locked(&self.dialogs);
        let named = |dialog: &&DialogHandle| dialog.call_id == wanted.call_id && dialog.remote_tag == wanted.from_tag;
        dialogs.get(&wanted.to_tag).filter(named).map(|dialog| dialog.known)
    }

    /// Whether the dialog with this tag of ours is up.
    pub(super) fn is_confirmed(&self, tag: &str) -> bool {
        locked(&self.dialogs).get(tag).is_some_and(|dialog| dialog.known.stage == Stage::Confirmed)
    }

    /// Sends BYE in a dialog that no leg has any more, until it is answered or 64 × T1 have passed.
    pub(super) fn end_dialog(&self, mut dialog: Dialog) {
        let bye = dialog.request(&self.stack, Method::Bye);
        let Some(client) = self.stack.client(bye, &dialog.hop(&self.stack)) else { return };
        self.tasks.spawn(async move {
            let status = final_response(client).await;
            tracing::info!(?status, "dialog without a leg ended");
        });
    }

    /// Whether a phone is registered that was seen at this host.
    pub(super) fn has_phone_at(&self, host: IpAddr) -> bool {
        lock(&self.bindings).values().any(|binding| binding.source.ip().to_canonical() == host)
    }

    /// The user whose phone this is: it registered from there, over the same connection where there are any, and calls under that name.
    pub(super) fn phone_at(&self, source: Peer, user: &str) -> Option<String> {
        let bindings = lock(&self.bindings);
        let binding = bindings.get(user)?;
        let registered = Peer { transport: binding.transport, address: binding.source, flow: binding.flow };
        (registered == source).then(|| binding.user.clone())
    }

    pub(super) fn forget_dialog(&self, tag: &str) {
        locked(&self.dialogs).remove(tag);
    }

    /// The task of the dialog with this tag of ours and this Call-ID.
    pub(super) fn dialog(&self, tag: &str, call_id: &str) -> Option<mpsc::Sender<Message>> {
        let dialogs = locked(&self.dialogs);
        dialogs.get(tag).filter(|dialog| dialog.call_id == call_id).map(|dialog| dialog.inbox.clone())
    }

    /// Tells the controller, waiting for it where it is slow.
    pub(super) async fn post(&self, event: Event) {
        // A controller that is gone has stopped the engine.
        let _ = self.events.send(event).await;
    }

    /// Tells the controller from where waiting is not possible.
    pub(super) fn post_later(&self, event: Event) {
        if let Err(mpsc::error::TrySendError::Full(event)) = self.events.try_send(event) {
            let events = self.events.clone();
            self.tasks.spawn(async move {
                let _ = events.send(event).await;
            });
        }
    }

    /// Counts a failure of a source against it.
    pub(super) fn offended(&self, source: IpAddr, offence: Offence) {
        Counters::add(match offence {
            Offence::Registration => &self.counters.offences_registration,
            Offence::Digest => &self.counters.offences_digest,
            Offence::UnknownLine => &self.counters.offences_unknown_line,
        });
        if self.offenders.count(source, offence, Instant::now()) {
            Counters::add(&self.counters.sources_blocked);
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.draining.is_cancelled() || self.counters.incoming_legs.load(Relaxed) >= self.calls_max
    }
}

/// The signalling, as the engine holds it.
pub(crate) struct SipPlane {
    shared: Arc<Shared>,
}

/// Why the signalling cannot start.
#[derive(Debug)]
pub(crate) enum SipStartError {
    /// The key of the listener, its address, and what the kernel says.
    Bind(&'static str, SocketAddr, std::io::Error),
    NoAddress,
    Certificate(BadFile),
}

impl SipPlane {
    /// Binds the socket and starts the receiving and registering tasks.
    pub(crate) async fn start(
        config: SipConfig,
        media: MediaPlane,
        registrar: Registrar,
        events: mpsc::Sender<Event>,
    ) -> Result<Self, SipStartError> {
        let counters = Arc::new(Counters::default());
        let unbound = |key, address| move |error| SipStartError::Bind(key, address, error);
        let advertise = |bound: SocketAddr| match config.advertise.unwrap_or(bound.ip()) {
            ip if ip.is_unspecified() => Err(SipStartError::NoAddress),
            ip => Ok(SocketAddr::new(ip, bound.port())),
        };
        let socket = SipSocket::bind(config.udp, Arc::clone(&counters)).map_err(unbound("sip.udp", config.udp))?;
        let advertised = advertise(socket.address().map_err(unbound("sip.udp", config.udp))?)?;
        let listen = |key, address| {
            let listener = bind(address).map_err(unbound(key, address))?;
            let bound = listener.local_addr().map_err(unbound(key, address))?;
            Ok((advertise(bound)?, listener))
        };
        let tcp = config.tcp.map(|address| listen("sip.tcp", address)).transpose()?;
        let mut tls = None;
        if let Some((address, files)) = config.tls {
            let (advertised, listener) = listen("sip.tls", address)?;
            tls = Some((
                advertised,
                Tls::load(files, config.trunks.iter().map(TrunkTls::of).collect()).map_err(SipStartError::Certificate)?,
                listener,
            ));
        }
        let (secure, secured) = tls.map(|(address, tls, listener)| ((address, tls), listener)).unzip();
        let (messages, inbound) = mpsc::channel(INBOUND_MAX);
        let closed = CancellationToken::new();
        let streams = Streams::new(StreamConfig {
            tcp: tcp.as_ref().map(|(address, _)| *address),
            tls: secure,
            limits: config.streams,
            counters: Arc::clone(&counters),
            inbound: messages,
            closed: closed.clone(),
        });
        let trusted: Arc<dyn Fn(IpAddr) -> bool + Send + Sync> = config.trusted.into();
        let spared = Arc::clone(&trusted);
        let (stack, incoming) = Stack::new(socket, advertised, Arc::clone(&streams), config.t1).await;
        let shared = Arc::new(Shared {
            stack,
            media,
            counters,
            tasks: TaskTracker::new(),
            bindings: registrar.bindings(),
            encryption: config.encryption,
            calls_max: config.calls_max,
            session: config.session,
            silence: config.silence,
            trunks: Trunks::new(config.trunks, config.number_kinds, Instant::now()),
            trunk_timers: config.trunk_timers,
            trunk_tasks: TaskTracker::new(),
            offenders: Offenders::new(config.throttle, Box::new(move |source| spared(source))),
            draining: CancellationToken::new(),
            closed,
            events,
            legs: Mutex::default(),
            dialogs: Mutex::default(),
        });
        let (registrations, queue) = mpsc::channel(register::QUEUE_MAX);
        let gate = Floodgate::new(config.flood, Box::new(move |source| trusted(source)), Instant::now());
        if let Some(incoming) = incoming {
            shared.tasks.spawn(Receiver::new(Arc::clone(&shared), incoming, inbound, registrations, gate).run());
        }
        shared.tasks.spawn(register::run(Arc::clone(&shared), registrar, queue));
        let (timers, closed) = (shared.stack.endpoint.clone(), shared.closed.clone());
        shared.tasks.spawn(async move { closed.run_until_cancelled(timers.process_timer()).await });
        if let Some((_, listener)) = tcp {
            streams.listen(listener, SipTransport::Tcp);
        }
        if let Some(listener) = secured {
            streams.listen(listener, SipTransport::Tls);
            streams.watch_certificate();
        }
        Trunks::start(&shared);
        Ok(Self { shared })
    }

    /// Where the socket is bound, as phones are told it.
    pub(crate) fn address(&self) -> SocketAddr {
        self.shared.stack.advertised
    }

    /// Where connections of a transport are accepted, as phones are told it.
    pub(crate) fn stream_address(&self, transport: SipTransport) -> Option<SocketAddr> {
        self.shared.stack.streams.advertised(transport)
    }

    pub(crate) fn reload_certificate(&self) {
        self.shared.stack.streams.reload_certificate();
    }

    pub(crate) fn answer(&self, leg: LegId) {
        self.tell(leg, Message::Answer);
    }

    pub(crate) fn reject(&self, leg: LegId, reason: RejectReason) {
        self.tell(leg, Message::Reject(reason.status()));
    }

    pub(crate) fn answer_refer(&self, leg: LegId, status: u16) {
        self.tell(leg, Message::AnswerRefer(status));
    }

    pub(crate) fn report_refer(&self, leg: LegId, status: u16) {
        self.tell(leg, Message::ReportRefer(status));
    }

    pub(crate) fn hang_up(&self, leg: LegId) {
        if let Some(handle) = locked(&self.shared.legs).get(&leg) {
            handle.hangup.cancel();
        }
    }

    pub(crate) fn dial(&self, leg: LegId, to: &DialTarget) {
        match to {
            DialTarget::Phone { user, from_number, from_name } => {
                let binding = lock(&self.shared.bindings).get(user).cloned();
                outgoing::dial(&self.shared, leg, binding, from_number, from_name);
            }
            DialTarget::Trunk { trunk: by, number, caller_id } => {
                trunk::dial(&self.shared, leg, by.as_deref(), number, caller_id);
            }
        }
    }

    /// Sends BYE in a dialog of an earlier process.
    pub(crate) fn end_orphan(&self, record: DialogRecord) {
        self.shared.end_dialog(Dialog::from_record(record));
    }

    pub(crate) fn bindings(&self) -> Vec<Binding> {
        lock(&self.shared.bindings).values().cloned().collect()
    }

    pub(crate) fn trunks(&self) -> Vec<TrunkStatus> {
        self.shared.trunks.statuses(Instant::now())
    }

    pub(crate) fn sources_blocked(&self) -> usize {
        self.shared.offenders.blocked(Instant::now())
    }

    pub(crate) fn counters(&self) -> SipCounters {
        self.shared.counters.read()
    }

    /// Live legs, dialogs, transactions and tasks: all of them return to their resting level when every call is over.
    pub(crate) fn load(&self) -> SipLoad {
        SipLoad {
            legs: locked(&self.shared.legs).len(),
            dialogs: locked(&self.shared.dialogs).len(),
            transactions: self.shared.stack.endpoint.transactions.len(),
            remembered: self.shared.stack.endpoint.finished_transactions.len(),
            tasks: self.shared.tasks.len(),
            connections: self.shared.stack.streams.len(),
        }
    }

    /// Takes no new calls, hangs up the live ones, and waits a little for the far ends to confirm.
    pub(crate) async fn stop(&self, patience: Duration) {
        self.shared.draining.cancel();
        for handle in locked(&self.shared.legs).values() {
            handle.hangup.cancel();
        }
        let settled = async {
            while !locked(&self.shared.dialogs).is_empty() || !self.shared.trunk_tasks.is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let _ = timeout(patience, settled).await;
        self.shared.closed.cancel();
    }

    fn tell(&self, leg: LegId, message: Message) {
        if let Some(handle) = locked(&self.shared.legs).get(&leg) {
            handle.tell(message);
        }
    }
}

/// What the signalling holds at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SipLoad {
    /// Legs that have not ended.
    pub legs: usize,
    /// Dialogs: those of the legs, and ended ones that still owe a BYE or an ACK.
    pub dialogs: usize,
    /// Transactions under way.
    pub transactions: usize,
    /// Transactions remembered for retransmissions, for 64 × T1.
    pub remembered: usize,
    /// Tasks, those of connections not among them; three run for as long as the engine.
    pub tasks: usize,
    /// TCP and TLS connections, open or being opened.
    pub connections: usize,
}

/// Starts the leg of a new INVITE to this user part.
pub(super) async fn admit(shared: &Arc<Shared>, transaction: Transaction, source: Peer, slot: Option<Slot>, user: String) {
    incoming::start(shared, transaction, source, slot, user).await;
}
