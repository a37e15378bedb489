//! The voice engine as its controller holds it: commands in, events out. Routes each command to the signalling or the media and
//! joins what the two say about one leg. Never waits inside [`Voice::execute`], and decides nothing about calls.

use crate::registrar::{Credentials, Registrar};
use crate::sip::{
    NumberKinds, SessionLimits, SilenceLimits, SipConfig, SipCounters, SipLoad, SipPlane, SipStartError, StreamLimits, Throttle,
    TlsFiles, TrunkSettings, TrunkStatus, TrunkTimers, Trusted,
};
use crate::{
    Binding, ClipLibrary, Command, EncryptionPolicies, EndCause, Event, LegId, LegStats, MediaConfig, MediaCounters, MediaError,
    MediaNotice, MediaPlane, RateLimit, SipTransport,
};
use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Events that may wait for the controller: about a second of a very busy hotline. Then legs wait, each on its own.
const EVENTS_MAX: usize = 4096;

/// Notices of the media side that may wait; each is the end of one browser's leg.
const NOTICES_MAX: usize = 1024;

/// How long [`Voice::stop`] waits for far ends to confirm that a call is over.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// What the engine is told at its start.
pub struct Config {
    /// Where SIP is received. Port 0 takes a free one.
    pub sip_udp: SocketAddr,
    /// Where SIP over TCP is accepted, if it is. Port 0 takes a free one.
    pub sip_tcp: Option<SocketAddr>,
    /// Where SIP over TLS is accepted, if it is, and with which certificate.
    pub sip_tls: Option<(SocketAddr, TlsFiles)>,
    /// The address media is received on.
    pub media_bind: IpAddr,
    /// What the far ends are told instead of the bound addresses, behind a one-to-one NAT; for SIP as well as for media.
    pub media_advertise: Option<IpAddr>,
    /// Even ports of this range are used for media, one for each leg.
    pub media_ports: RangeInclusive<u16>,
    /// Incoming SIP calls at once; the next one is refused with 503.
    pub calls_max: u32,
    /// Sources that may ask for calls and registrations as often as they like.
    pub trusted: Trusted,
    /// How each call's media has to be protected.
    pub encryption: EncryptionPolicies,
    /// Carriers, in the order in which they are looked at.
    pub trunks: Vec<TrunkSettings>,
    /// What a number costs, for rules that allow whole ranges.
    pub number_kinds: NumberKinds,
}

/// Figures that a start rarely changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// New calls and registrations of one source that is not trusted.
    pub source_limit: RateLimit,
    /// RFC 3261's T1. All other timers of the signalling follow from it.
    pub t1: Duration,
    /// Bounds of TCP and TLS connections.
    pub streams: StreamLimits,
    /// How long a session lasts that nobody refreshes.
    pub session: SessionLimits,
    /// How long a far end's media may be silent.
    pub silence: SilenceLimits,
    /// When a source that guesses is blocked.
    pub throttle: Throttle,
    /// How long carriers are waited for.
    pub trunks: TrunkTimers,
}

impl Default for Tuning {
    /// A source limit above what a whole call centre behind one address asks for and below a scanner's; T1 as the RFC has it.
    fn default() -> Self {
        Self {
            source_limit: RateLimit { per_second: 50.0, burst: 200.0 },
            t1: Duration::from_millis(500),
            streams: StreamLimits::default(),
            session: SessionLimits::default(),
            silence: SilenceLimits::default(),
            throttle: Throttle::default(),
            trunks: TrunkTimers::default(),
        }
    }
}

/// Why the engine did not start. One line that names the configuration key.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another program has the port.
    #[error("{key}: port {port} is in use: stop what listens there, or choose another port")]
    PortInUse {
        /// The listener's.
        key: &'static str,
        /// As configured.
        port: u16,
    },
    /// The kernel refuses the address.
    #[error("{key}: {address} cannot be bound: {error}")]
    CannotBind {
        /// The listener's.
        key: &'static str,
        /// As configured.
        address: SocketAddr,
        /// What the kernel says.
        error: std::io::Error,
    },
    /// A certificate or its key cannot be used.
    #[error("{key}: {why}")]
    Certificate {
        /// The key that names the file.
        key: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Phones cannot be told an address to answer to.
    #[error("media.advertise: must be set when sip.udp, sip.tcp, sip.tls or media.bind is an unspecified address")]
    NoAddress,
    /// No media port can exist.
    #[error("media.ports: {0}-{1} holds no even port")]
    NoPorts(u16, u16),
    /// The media side cannot start.
    #[error("media: {0}")]
    Media(MediaError),
}

/// What the engine did since its start, and what is live now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Signalling.
    pub sip: SipCounters,
    /// Media.
    pub media: MediaCounters,
    /// Phones registered now.
    pub registrations: u64,
    /// Browser legs that the controller asked for.
    pub browsers_connected: u64,
    /// Browser legs that could not be set up.
    pub browsers_refused: u64,
    /// Times two legs were joined.
    pub bridges_made: u64,
}

/// The voice engine. A clone is a handle to the same.
#[derive(Clone)]
pub struct Voice {
    engine: Arc<Engine>,
}

struct Engine {
    sip: SipPlane,
    media: MediaPlane,
    browsers: Browsers,
    bridges_made: AtomicU64,
}

/// The browser legs: who takes one out of the set tells of its end, so that it is told once.
struct Browsers {
    live: Mutex<HashSet<LegId>>,
    connected: AtomicU64,
    refused: AtomicU64,
    media: MediaPlane,
    events: mpsc::Sender<Event>,
    tasks: TaskTracker,
    closed: CancellationToken,
}

impl Voice {
    /// Starts the engine within the current tokio runtime.
    ///
    /// # Errors
    /// [`StartError`] names the configuration key that is wrong; nothing is left running.
    pub async fn start(
        config: Config,
        clips: ClipLibrary,
        credentials: Arc<dyn Credentials>,
        bindings: Vec<Binding>,
    ) -> Result<(Self, mpsc::Receiver<Event>), StartError> {
        Self::start_tuned(config, Tuning::default(), clips, credentials, bindings).await
    }

    /// As [`start`](Self::start), with other limits and timers.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_tuned(
        config: Config,
        tuning: Tuning,
        clips: ClipLibrary,
        credentials: Arc<dyn Credentials>,
        bindings: Vec<Binding>,
    ) -> Result<(Self, mpsc::Receiver<Event>), StartError> {
        let ports = (*config.media_ports.start(), *config.media_ports.end());
        if !config.media_ports.clone().take(2).any(|port| port > 0 && port % 2 == 0) {
            return Err(StartError::NoPorts(ports.0, ports.1));
        }
        let (events, receiver) = mpsc::channel(EVENTS_MAX);
        let (notices, notified) = mpsc::channel(NOTICES_MAX);
        let media = MediaConfig { bind: config.media_bind, advertise: config.media_advertise, ports: config.media_ports };
        let media = MediaPlane::new(media, clips, events.clone(), notices).map_err(|error| match error {
            MediaError::NoAddress => StartError::NoAddress,
            error => StartError::Media(error),
        })?;
        let registrar = Registrar::new(credentials, bindings, Instant::now());
        let sip = SipConfig {
            udp: config.sip_udp,
            tcp: config.sip_tcp,
            tls: config.sip_tls,
            advertise: config.media_advertise,
            calls_max: config.calls_max.into(),
            flood: tuning.source_limit,
            trusted: config.trusted,
            encryption: config.encryption,
            t1: tuning.t1,
            streams: tuning.streams,
            session: tuning.session,
            silence: tuning.silence,
            throttle: tuning.throttle,
            trunks: config.trunks,
            trunk_timers: tuning.trunks,
            number_kinds: config.number_kinds,
        };
        let sip = SipPlane::start(sip, media.clone(), registrar, events.clone()).await.map_err(|error| match error {
            SipStartError::Bind(key, address, error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                StartError::PortInUse { key, port: address.port() }
            }
            SipStartError::Bind(key, address, error) => StartError::CannotBind { key, address, error },
            SipStartError::NoAddress => StartError::NoAddress,
            SipStartError::Certificate(bad) => StartError::Certificate { key: bad.key, why: bad.why },
        })?;
        let browsers = Browsers::new(media.clone(), events);
        let engine = Arc::new(Engine { sip, media, browsers, bridges_made: AtomicU64::new(0) });
        let listener = Arc::clone(&engine);
        engine.browsers.tasks.spawn(async move { listener.browsers.listen(notified).await });
        Ok((Self { engine }, receiver))
    }

    /// Carries one command out, or hands it to the leg's own task. Never waits.
    pub fn execute(&self, command: Command) {
        let Engine { sip, media, browsers, bridges_made } = &*self.engine;
        match command {
            Command::Answer { leg } => sip.answer(leg),
            Command::Reject { leg, reason } => sip.reject(leg, reason),
            Command::ConnectBrowser { leg, sdp } => browsers.connect(leg, &sdp),
            Command::Dial { leg, to } => sip.dial(leg, &to),
            Command::Play { leg, playback, items, repeat } => media.play(leg, playback, &items, repeat),
            Command::Stop { leg } => media.stop(leg),
            Command::Bridge { a, b } => {
                bridges_made.fetch_add(1, Relaxed);
                media.bridge(a, b);
            }
            Command::Unbridge { a, b } => media.unbridge(a, b),
            Command::Record { leg, recording } => media.record(leg, recording),
            Command::MaskRecording { leg, on } => media.mask_recording(leg, on),
            Command::StopRecording { leg } => media.stop_recording(leg),
            Command::Mix { leg, hears } => {
                if let Err(error) = media.mix(leg, &hears) {
                    tracing::warn!(%leg, %error, "whom the leg hears is left as it was");
                }
            }
            Command::Secure { leg, on } => media.secure(leg, on),
            Command::SendDigits { leg, digits } => {
                if let Err(error) = media.send_digits(leg, &digits) {
                    tracing::warn!(%leg, %error, "no key was pressed");
                }
            }
            Command::Hangup { leg } => {
                if !browsers.end(leg, EndCause::LocalHangup) {
                    sip.hang_up(leg);
                }
            }
            Command::AnswerRefer { leg, status } => sip.answer_refer(leg, status),
            Command::ReportRefer { leg, status } => sip.report_refer(leg, status),
            Command::EndOrphan { dialog } => sip.end_orphan(dialog),
        }
    }

    /// What the engine did since its start, and what is live now.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let engine = &*self.engine;
        Counters {
            sip: engine.sip.counters(),
            media: engine.media.counters(),
            registrations: u64::try_from(engine.sip.bindings().len()).unwrap_or(u64::MAX),
            browsers_connected: engine.browsers.connected.load(Relaxed),
            browsers_refused: engine.browsers.refused.load(Relaxed),
            bridges_made: engine.bridges_made.load(Relaxed),
        }
    }

    /// Legs, dialogs, transactions and tasks that the signalling holds now.
    #[must_use]
    pub fn sip_load(&self) -> SipLoad {
        self.engine.sip.load()
    }

    /// Tasks of media legs that run now; a leg's ends a moment after the leg.
    #[must_use]
    pub fn media_tasks(&self) -> usize {
        self.engine.media.running_tasks()
    }

    /// The trunks as they stand now, in the order of the configuration.
    #[must_use]
    pub fn trunks(&self) -> Vec<TrunkStatus> {
        self.engine.sip.trunks()
    }

    /// Sources that are blocked now because they guess passwords or numbers.
    #[must_use]
    pub fn sources_blocked(&self) -> usize {
        self.engine.sip.sources_blocked()
    }

    /// Where phones reach us.
    #[must_use]
    pub fn sip_address(&self) -> SocketAddr {
        self.engine.sip.address()
    }

    /// Where phones reach us over connections of this transport, if they can.
    #[must_use]
    pub fn stream_address(&self, transport: SipTransport) -> Option<SocketAddr> {
        self.engine.sip.stream_address(transport)
    }

    /// Takes up a renewed certificate of SIP over TLS; keeps the old one when the new one cannot be used, and says so in the log.
    /// Files that change are noticed within half a minute without this.
    pub fn reload_certificate(&self) {
        self.engine.sip.reload_certificate();
    }

    /// The phones registered now.
    #[must_use]
    pub fn bindings(&self) -> Vec<Binding> {
        self.engine.sip.bindings()
    }

    /// Takes no new calls, hangs up what is live, and waits up to 2 s for the far ends. `LegEnded` is told for every leg, as
    /// long as the controller reads.
    pub async fn stop(&self) {
        self.engine.browsers.end_all();
        self.engine.sip.stop(STOP_PATIENCE).await;
        self.engine.browsers.closed.cancel();
    }
}

impl Browsers {
    fn new(media: MediaPlane, events: mpsc::Sender<Event>) -> Self {
        let (connected, refused) = (AtomicU64::new(0), AtomicU64::new(0));
        Self {
            live: Mutex::default(),
            connected,
            refused,
            media,
            events,
            tasks: TaskTracker::new(),
            closed: CancellationToken::new(),
        }
    }

    async fn listen(&self, mut notices: mpsc::Receiver<MediaNotice>) {
        while let Some(Some(MediaNotice::Vanished(leg))) = self.closed.run_until_cancelled(notices.recv()).await {
            self.end(leg, EndCause::Vanished);
        }
    }

    fn connect(&self, leg: LegId, offer: &str) {
        let is_new = self.live().insert(leg);
        let answer = if is_new { self.media.connect_browser(leg, offer) } else { self.media.reconnect_browser(leg, offer) };
        match answer {
            Ok(sdp) => {
                self.connected.fetch_add(u64::from(is_new), Relaxed);
                self.post(Event::BrowserAnswer { leg, sdp });
            }
            Err(error) => {
                self.refused.fetch_add(1, Relaxed);
                self.end(leg, EndCause::Failed(error.to_string()));
            }
        }
    }

    /// Ends a browser's leg; false where it is none, or has ended.
    fn end(&self, leg: LegId, cause: EndCause) -> bool {
        if !self.live().remove(&leg) {
            return false;
        }
        let stats: LegStats = self.media.close(leg);
        self.post(Event::LegEnded { leg, cause, stats });
        true
    }

    fn end_all(&self) {
        let legs: Vec<LegId> = self.live().iter().copied().collect();
        for leg in legs {
            self.end(leg, EndCause::LocalHangup);
        }
    }

    fn post(&self, event: Event) {
        if let Err(mpsc::error::TrySendError::Full(event)) = self.events.try_send(event) {
            let events = self.events.clone();
            self.tasks.spawn(async move {
                let _ = events.send(event).await;
            });
        }
    }

    fn live(&self) -> MutexGuard<'_, HashSet<LegId>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
