//! All TCP and TLS connections: listeners, limits, and the way from an address to an open connection. Opening one never makes
//! anybody wait: messages queue with it, and if it cannot be opened, whoever waits for their answers is told.

use super::counters::Counters;
use super::flow::{Flow, Outbox};
use super::guard::Guard;
use super::peer::{Hop, Peer};
use super::stream::{End, Line};
use super::tls::Tls;
use crate::SipTransport;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Messages of all connections that may wait for the receiving task. Then the connections wait, each in its turn, and their far ends
/// with them.
pub(super) const INBOUND_MAX: usize = 256;

/// How often it is looked whether the certificate was renewed.
const CERTIFICATE_CHECK: Duration = Duration::from_secs(30);

/// How long accepting pauses when the system has no file descriptor or memory for one more connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The kernel asks a silent far end after a minute whether it is still there, and gives it up after another.
const PROBE_AFTER: Duration = Duration::from_secs(60);
const PROBE_EVERY: Duration = Duration::from_secs(20);
const PROBES: u32 = 3;

/// Bounds of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamLimits {
    /// Connections at once, in both directions.
    pub connections: usize,
    /// Connections that one address may have open to us.
    pub per_address: usize,
    /// How long opening a connection to a far end may take, TLS included.
    pub connect: Duration,
    /// How long a far end may take for the TLS handshake.
    pub handshake: Duration,
    /// How long a message may take from its first byte to its last.
    pub message: Duration,
    /// How long nothing may come on a connection that neither a registration nor a call needs.
    pub silent: Duration,
    /// The same for one that is needed.
    pub kept: Duration,
    /// How long the far end may read nothing of what is sent.
    pub unread: Duration,
}

impl Default for StreamLimits {
    /// An office of phones behind one address, and the file descriptors that are left beside the media of 500 calls; a little more
    /// than the longest registration, and otherwise what a bad mobile link still manages.
    fn default() -> Self {
        Self {
            connections: 1_000,
            per_address: 250,
            connect: Duration::from_secs(5),
            handshake: Duration::from_secs(10),
            message: Duration::from_secs(10),
            silent: Duration::from_secs(60),
            kept: Duration::from_secs(3_900),
            unread: Duration::from_secs(15),
        }
    }
}

/// A message of a connection.
pub(super) struct Inbound {
    pub(super) message: Vec<u8>,
    pub(super) flow: Arc<Flow>,
}

/// What connections are made with.
pub(super) struct StreamConfig {
    /// Our TCP address as far ends are told it; none where TCP is not served.
    pub(super) tcp: Option<SocketAddr>,
    /// The same for TLS, and its certificate.
    pub(super) tls: Option<(SocketAddr, Tls)>,
    pub(super) limits: StreamLimits,
    pub(super) counters: Arc<Counters>,
    /// Receives every message.
    pub(super) inbound: mpsc::Sender<Inbound>,
    /// Ends every connection.
    pub(super) closed: CancellationToken,
}

/// All connections.
pub(super) struct Streams {
    config: StreamConfig,
    guard: Guard,
    table: Mutex<Table>,
    /// One of the connections that a registration or a call needed is gone.
    parted: Notify,
    tasks: TaskTracker,
}

#[derive(Default)]
struct Table {
    flows: HashMap<u64, Arc<Flow>>,
    /// The ones that we opened, by where they lead.
    opened: HashMap<Destination, u64>,
    /// How many each address has opened to us.
    accepted: HashMap<IpAddr, usize>,
    /// Those that a registration or a call needed and that are gone, until the registrar has heard of them.
    parted: Vec<u64>,
}

/// Where a connection that we open leads: two names behind one address are two.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Destination {
    transport: SipTransport,
    address: SocketAddr,
    host: String,
}

/// How a connection came about, for taking it out of the table again.
enum Direction {
    Accepted,
    Opened(Destination),
}

/// A connection in the table; dropping it takes it out and tells whoever waits, also when its task panicked.
struct Entry {
    streams: Arc<Streams>,
    flow: Arc<Flow>,
    direction: Direction,
}

impl Streams {
    pub(super) fn new(config: StreamConfig) -> Arc<Self> {
        Arc::new(Self {
            config,
            guard: Guard::default(),
            table: Mutex::default(),
            parted: Notify::new(),
            tasks: TaskTracker::new(),
        })
    }

    /// Our address on a transport as far ends are told it; none where it is not served.
    pub(super) fn advertised(&self, transport: SipTransport) -> Option<SocketAddr> {
        match transport {
            SipTransport::Udp => None,
            SipTransport::Tcp => self.config.tcp,
            SipTransport::Tls => self.config.tls.as_ref().map(|(address, _)| *address),
        }
    }

    /// Connections that are open or being opened.
    pub(super) fn len(&self) -> usize {
        self.table().flows.len()
    }

    /// Accepts connections until the engine closes.
    pub(super) fn listen(self: &Arc<Self>, listener: TcpListener, transport: SipTransport) {
        let streams = Arc::clone(self);
        self.tasks.spawn(async move {
            let closed = streams.config.closed.clone();
            while let Some(accepted) = closed.run_until_cancelled(listener.accept()).await {
                match accepted {
                    Ok((stream, address)) => streams.welcome(stream, address, transport),
                    Err(error) => {
                        tracing::warn!(%error, "a SIP connection was not accepted");
                        sleep(ACCEPT_PAUSE).await;
                    }
                }
            }
        });
    }

    /// Takes up a certificate that was written since, until the engine closes.
    pub(super) fn watch_certificate(self: &Arc<Self>) {
        let streams = Arc::clone(self);
        self.tasks.spawn(async move {
            while streams.config.closed.run_until_cancelled(sleep(CERTIFICATE_CHECK)).await.is_some() {
                if streams.config.tls.as_ref().is_some_and(|(_, tls)| tls.has_changed()) {
                    streams.reload_certificate();
                }
            }
        });
    }

    /// Reads the certificate again. Connections that are open stay as they are.
    pub(super) fn reload_certificate(&self) {
        let Some((_, tls)) = &self.config.tls else { return };
        match tls.reload() {
            Ok(()) => tracing::info!("sip.certificate reloaded"),
            Err(bad) => tracing::error!("{}: {}; the one before stays", bad.key, bad.why),
        }
    }

    fn welcome(self: &Arc<Self>, stream: TcpStream, address: SocketAddr, transport: SipTransport) {
        let address = SocketAddr::new(address.ip().to_canonical(), address.port());
        let Some((entry, outbox)) = self.enter(address, transport, Direction::Accepted) else {
            return Counters::add(&self.config.counters.connections_refused);
        };
        self.tasks.spawn(async move {
            let end = entry.streams.config.closed.run_until_cancelled(entry.serve(stream, outbox)).await;
            entry.leave(end);
        });
    }

    /// The connection that a request takes: the one that is named, or one that leads there, or a new one, on which messages wait until
    /// it is open. None where a new one is needed and the limits or the configuration refuse it.
    pub(super) fn reach(self: &Arc<Self>, hop: &Hop) -> Option<Arc<Flow>> {
        let destination = Destination { transport: hop.transport, address: hop.address, host: hop.host.clone() };
        if let Some(open) = self.table().find(hop.flow, &destination) {
            return Some(open);
        }
        if self.advertised(hop.transport).is_none() || self.config.closed.is_cancelled() {
            return None;
        }
        let (entry, outbox) = self.enter(hop.address, hop.transport, Direction::Opened(destination))?;
        let flow = Arc::clone(&entry.flow);
        self.tasks.spawn(async move {
            let end = entry.streams.config.closed.run_until_cancelled(entry.open(outbox)).await;
            entry.leave(end);
        });
        Some(flow)
    }

    /// What tells that the connection of a message is gone; none on a transport without connections.
    pub(super) fn lost(&self, peer: Peer) -> Option<CancellationToken> {
        let flow = peer.flow?;
        let lost = self.table().flows.get(&flow).map(|flow| flow.lost.clone());
        Some(lost.unwrap_or_else(|| {
            let gone = CancellationToken::new();
            gone.cancel();
            gone
        }))
    }

    /// A registration or a call needs this connection: it may be idle for long.
    pub(super) fn keep(&self, peer: Peer) {
        if let Some(flow) = peer.flow.and_then(|flow| self.table().flows.get(&flow).cloned()) {
            flow.keep();
        }
    }

    /// Waits until connections are gone that a registration or a call needed, and names them.
    pub(super) async fn parted(&self) -> Vec<u64> {
        loop {
            let parted = std::mem::take(&mut self.table().parted);
            if !parted.is_empty() {
                return parted;
            }
            self.parted.notified().await;
        }
    }

    fn enter(self: &Arc<Self>, address: SocketAddr, transport: SipTransport, direction: Direction) -> Option<(Entry, Outbox)> {
        let (limits, mut bytes) = (&self.config.limits, [0; 8]);
        crate::random::fill(&mut bytes);
        let id = u64::from_be_bytes(bytes);
        let mut table = self.table();
        if table.flows.len() >= limits.connections {
            return None;
        }
        if matches!(direction, Direction::Accepted)
            && table.accepted.get(&address.ip()).is_some_and(|count| *count >= limits.per_address)
        {
            return None;
        }
        let (flow, outbox) = Flow::new(Peer { transport, address, flow: Some(id) })?;
        let flow = Arc::new(flow);
        match &direction {
            Direction::Accepted => *table.accepted.entry(address.ip()).or_default() += 1,
            Direction::Opened(destination) => {
                table.opened.insert(destination.clone(), id);
            }
        }
        table.flows.insert(id, Arc::clone(&flow));
        Counters::add(self.config.counters.connections(transport));
        Some((Entry { streams: Arc::clone(self), flow, direction }, outbox))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Every use is a few insertions or removals, each whole in itself.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn find(&self, named: Option<u64>, destination: &Destination) -> Option<Arc<Flow>> {
        let opened = self.opened.get(destination).copied();
        [named, opened].into_iter().flatten().filter_map(|id| self.flows.get(&id)).find(|flow| !flow.lost.is_cancelled()).cloned()
    }
}

impl Entry {
    /// A connection that a far end opened.
    async fn serve(&self, stream: TcpStream, outbox: Outbox) -> io::Result<End> {
        prepare(&stream)?;
        match self.tls() {
            Some(tls) => {
                let (stream, trunks) = timeout(self.streams.config.limits.handshake, tls.accept(stream)).await??;
                self.flow.is_of(trunks);
                Ok(self.line().run(stream, outbox).await)
            }
            None => Ok(self.line().run(stream, outbox).await),
        }
    }

    /// A connection that we open.
    async fn open(&self, outbox: Outbox) -> io::Result<End> {
        let opening = async {
            let stream = TcpStream::connect(self.flow.peer.address).await?;
            prepare(&stream)?;
            Ok::<_, io::Error>(stream)
        };
        let (deadline, host) = (Instant::now() + self.streams.config.limits.connect, self.host());
        let stream = timeout_at(deadline, opening).await??;
        match self.tls() {
            Some(tls) => {
                let (stream, trunks) = timeout_at(deadline, tls.connect(host, stream)).await??;
                self.flow.is_of(trunks);
                Ok(self.line().run(stream, outbox).await)
            }
            None => Ok(self.line().run(stream, outbox).await),
        }
    }

    /// What encrypts this connection; none on TCP.
    fn tls(&self) -> Option<&Tls> {
        let tls = self.streams.config.tls.as_ref().map(|(_, tls)| tls);
        tls.filter(|_| self.flow.peer.transport == SipTransport::Tls)
    }

    /// Whom the certificate of a far end must name that we connect to.
    fn host(&self) -> &str {
        match &self.direction {
            Direction::Accepted => "",
            Direction::Opened(destination) => &destination.host,
        }
    }

    fn line(&self) -> Line<'_> {
        let config = &self.streams.config;
        Line {
            flow: &self.flow,
            inbound: &config.inbound,
            guard: &self.streams.guard,
            limits: config.limits,
            counters: &config.counters,
        }
    }

    fn leave(self, end: Option<io::Result<End>>) {
        let (counters, peer) = (&self.streams.config.counters, self.flow.peer);
        match end {
            None | Some(Ok(End::Closed)) => {}
            Some(Ok(end)) => {
                Counters::add(&counters.connections_broken);
                tracing::debug!(?end, address = %peer.address, "SIP connection ended");
            }
            Some(Err(error)) => {
                Counters::add(&counters.connections_failed);
                tracing::debug!(%error, address = %peer.address, "SIP connection failed");
            }
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let Peer { transport, address, flow: Some(id) } = self.flow.peer else { return };
        let mut table = self.streams.table();
        table.flows.remove(&id);
        if self.flow.is_kept() {
            table.parted.push(id);
            self.streams.parted.notify_one();
        }
        match &self.direction {
            Direction::Accepted => {
                if let Some(count) = table.accepted.get_mut(&address.ip()) {
                    *count -= 1;
                    if *count == 0 {
                        table.accepted.remove(&address.ip());
                    }
                }
            }
            Direction::Opened(destination) => {
                // Another may have taken its place by now.
                if table.opened.get(destination) == Some(&id) {
                    table.opened.remove(destination);
                }
            }
        }
        drop(table);
        self.flow.lost.cancel();
        Counters::sub(self.streams.config.counters.connections(transport));
    }
}

/// Binds a listener. Fails where the address is taken or not ours.
pub(super) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let probes = socket2::TcpKeepalive::new().with_time(PROBE_AFTER).with_interval(PROBE_EVERY).with_retries(PROBES);
    socket2::SockRef::from(stream).set_tcp_keepalive(&probes)
}
