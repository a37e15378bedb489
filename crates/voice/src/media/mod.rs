//! The media of every leg: sockets, codecs, clips, keys, bridges. [`MediaPlane`] is how the signalling and the engine drive it.
//! Nothing here waits for the network or knows a call; audio comes in on sockets and goes out on sockets, and never leaves
//! this module otherwise.

mod beats;
mod browser_leg;
mod browser_sdp;
mod clips;
mod codec;
mod conceal;
mod counters;
mod decoder;
mod digits;
mod encoder;
mod halfband;
mod jitter;
mod keypad;
mod latch;
mod leg;
mod mix;
mod numbering;
mod opus_packet;
mod outbox;
mod patch;
mod player;
mod playout;
mod ports;
mod presses;
mod quality;
pub(crate) mod reader;
mod reception;
mod rtcp;
mod rtcp_session;
mod rtp;
mod rtp_leg;
mod secrecy;
mod speaker;
mod srtp;
mod threads;
mod transcode;

pub use clips::{ClipError, ClipLibrary};
pub use codec::Codec;
pub use counters::MediaCounters;
pub(crate) use decoder::{DECODED_MAX, Decoder};
pub use patch::OrderError;
pub(crate) use srtp::MasterKey;

use crate::datagrams::Datagrams;
use crate::record::Recorder;
use crate::sdp::SdpError;
use crate::{Encryption, EncryptionPolicy, Event, LegId, PlayItem, PlaybackId, RecordingSpec};
use browser_sdp::BrowserIdentity;
use leg::{Leg, Transport, lock};
use outbox::Outbox;
use player::Playback;
use ports::random_u32;
use presses::Teller;
use rtp_leg::RtpTransport;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};
use threads::MediaThreads;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;

/// Where media is received.
#[derive(Debug, Clone)]
pub struct MediaConfig {
    /// The address every leg's socket is bound to.
    pub bind: IpAddr,
    /// What the far ends are told instead, behind a one-to-one NAT. Needed when `bind` is unspecified.
    pub advertise: Option<IpAddr>,
    /// Even ports of this range are used, one for each leg, and the odd ones that follow them for its RTCP.
    pub ports: RangeInclusive<u16>,
}

/// What the media side tells the signalling side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaNotice {
    /// A browser did not connect, closed its session, or fell silent: the leg should be ended.
    Vanished(LegId),
}

/// What the far end of a leg did lately, to tell whether it is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SignOfLife {
    /// RTP and RTCP so far.
    pub(crate) datagrams: u64,
    /// It has said that it sends, and does not hold us.
    pub(crate) expected: bool,
}

/// Why the media side cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The session description is refused.
    #[error(transparent)]
    Sdp(#[from] SdpError),
    /// No leg of that id is open, or it is of the other kind.
    #[error("leg {0} has no such media")]
    NoSuchLeg(LegId),
    /// A leg of that id is open already.
    #[error("leg {0} has media already")]
    LegExists(LegId),
    /// Every even port of the range is taken.
    #[error("no even port of the media range is free")]
    NoFreePort,
    /// The kernel refuses a socket, or a thread to read it.
    #[error("media socket: {0}")]
    Socket(std::io::Error),
    /// No address can be told to the far ends.
    #[error("media.advertise must be set when media.bind is unspecified")]
    NoAddress,
    /// The operating system has no random numbers.
    #[error("no random numbers from the operating system")]
    NoRandomness,
    /// The certificate for DTLS cannot be made.
    #[error("no certificate for browser legs")]
    NoCertificate,
    /// The keys of an encrypted leg cannot be used.
    #[error("the cipher of an encrypted leg cannot be set up")]
    NoCipher,
}

/// The media of all legs. A clone is a handle to the same.
///
/// Events go to the controller's channel in order for each leg. When it is full they wait with the leg, at most 256 of them;
/// what does not fit then is lost and counted. After [`MediaPlane::close`] no event of the leg follows.
#[derive(Debug, Clone)]
pub struct MediaPlane {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: MediaConfig,
    advertised: IpAddr,
    clips: ClipLibrary,
    events: Sender<Event>,
    notices: Sender<MediaNotice>,
    identity: BrowserIdentity,
    /// For commands only: packets go from leg to leg without it.
    legs: Mutex<HashMap<LegId, Arc<Leg>>>,
    /// Held while it is changed who hears whom.
    patching: Mutex<()>,
    /// Of the legs that have ended.
    ended: Mutex<MediaCounters>,
    threads: MediaThreads,
    recorder: Recorder,
}

impl MediaPlane {
    /// Starts the media side on threads of its own; they end when the last handle is dropped.
    ///
    /// # Errors
    /// [`MediaError::NoAddress`] for an unspecified `bind` without `advertise`, [`MediaError::NoCertificate`] when no key can be
    /// made, [`MediaError::Socket`] when no thread can be started.
    pub fn new(
        config: MediaConfig,
        clips: ClipLibrary,
        events: Sender<Event>,
        notices: Sender<MediaNotice>,
    ) -> Result<Self, MediaError> {
        let advertised = config.advertise.unwrap_or(config.bind);
        if advertised.is_unspecified() {
            return Err(MediaError::NoAddress);
        }
        let identity = BrowserIdentity::new()?;
        let threads = MediaThreads::start().map_err(MediaError::Socket)?;
        let (legs, patching, ended) = (Mutex::default(), Mutex::default(), Mutex::default());
        let recorder = Recorder::new(events.clone());
        let shared = Shared { config, advertised, clips, events, notices, identity, legs, patching, ended, threads, recorder };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Opens a leg for RTP, plain or encrypted as the policy and the far end have it. Follow with [`answer`](Self::answer), or with [`offer`](Self::offer) and
    /// [`accept_answer`](Self::accept_answer).
    ///
    /// # Errors
    /// [`MediaError::NoFreePort`], [`MediaError::Socket`], [`MediaError::LegExists`].
    pub fn open_rtp(&self, leg: LegId, policy: EncryptionPolicy) -> Result<(), MediaError> {
        let thread = self.shared.threads.pick();
        let sockets = {
            // The sockets belong to the thread whose task will read them.
            let _entered = thread.enter();
            ports::bind_pair(self.shared.config.bind, &self.shared.config.ports)?
        };
        let advertised = self.advertised(&sockets[0])?;
        let random = [random_u32()?, random_u32()?, random_u32()?, random_u32()?];
        let leg = self.add(leg, Transport::Rtp(Box::new(RtpTransport::new(sockets, advertised, policy, random))))?;
        self.run(thread, &leg, rtp_leg::run(Arc::clone(&leg)));
        Ok(())
    }

    /// Answers an offer, the first one or that of a re-INVITE. After an error the leg is as it was before.
    ///
    /// # Errors
    /// [`MediaError::Sdp`] says what is wrong with the offer; [`MediaError::NoSuchLeg`].
    pub fn answer(&self, leg: LegId, offer: &str) -> Result<String, MediaError> {
        self.with_rtp(leg, |rtp| rtp.answer(offer))?
    }

    /// Our offer, for a phone that we dial or that sent an INVITE without one.
    ///
    /// # Errors
    /// [`MediaError::NoSuchLeg`].
    pub fn offer(&self, leg: LegId) -> Result<String, MediaError> {
        self.with_rtp(leg, RtpTransport::offer)
    }

    /// Takes the answer to our offer.
    ///
    /// # Errors
    /// [`MediaError::Sdp`] says what is wrong with the answer; [`MediaError::NoSuchLeg`].
    pub fn accept_answer(&self, leg: LegId, answer: &str) -> Result<(), MediaError> {
        self.with_rtp(leg, |rtp| rtp.accept_answer(answer))?
    }

    /// Opens a leg to a browser and answers its complete offer. [`Event::Answered`] follows when it is connected, or
    /// [`MediaNotice::Vanished`] when it is not within 15 s.
    ///
    /// # Errors
    /// [`MediaError::Sdp`] says what is wrong with the offer; otherwise as [`open_rtp`](Self::open_rtp).
    pub fn connect_browser(&self, leg: LegId, offer: &str) -> Result<String, MediaError> {
        let thread = self.shared.threads.pick();
        let socket = {
            let _entered = thread.enter();
            ports::bind(self.shared.config.bind, &self.shared.config.ports)?
        };
        let candidate = self.advertised(&socket)?;
        let random = [random_u32()?, random_u32()?];
        let (transport, answer) = browser_leg::connect(&self.shared.identity, socket, candidate, offer, random)?;
        let leg = self.add(leg, Transport::Browser(Box::new(transport)))?;
        self.run(thread, &leg, browser_leg::run(Arc::clone(&leg), self.shared.notices.clone()));
        Ok(answer)
    }

    /// Answers a later offer of a browser: its way to us was lost, and it has another one.
    ///
    /// # Errors
    /// [`MediaError::Sdp`] says what is wrong with the offer; [`MediaError::NoSuchLeg`].
    pub fn reconnect_browser(&self, leg: LegId, offer: &str) -> Result<String, MediaError> {
        let leg = self.leg(leg).ok_or(MediaError::NoSuchLeg(leg))?;
        match &leg.transport {
            Transport::Browser(browser) => Ok(browser.answer_again(&leg, offer)?),
            Transport::Rtp(_) => Err(MediaError::NoSuchLeg(leg.id)),
        }
    }

    /// Plays to a leg, in place of what it hears now. Starts when the leg's media is agreed (RTP) or connected (browser). On a
    /// bridged leg it is heard instead of the other side, until it ends.
    pub fn play(&self, leg: LegId, playback: PlaybackId, items: &[PlayItem], repeat: bool) {
        if let Some(leg) = self.leg(leg) {
            leg.play(Playback::new(playback, items, repeat, &self.shared.clips));
        }
    }

    /// Stops what a leg plays.
    pub fn stop(&self, leg: LegId) {
        if let Some(leg) = self.leg(leg) {
            leg.stop();
        }
    }

    /// Records a leg, in place of an earlier recording of it. [`Event::RecordingEnded`] follows, at once where there is no such leg.
    pub fn record(&self, leg: LegId, recording: RecordingSpec) {
        let recorder = &self.shared.recorder;
        match self.leg(leg) {
            Some(found) => {
                recorder.start(leg, &found.tap, recording, leg::now());
                // It may have been closed meanwhile, and would be recorded for ever.
                if found.is_closing() {
                    found.tap.end(leg::now());
                }
            }
            None => recorder.refuse(leg, recording.id, "the leg has ended"),
        }
    }

    /// While on, a leg's recording has silence instead.
    pub fn mask_recording(&self, leg: LegId, on: bool) {
        if let Some(leg) = self.leg(leg) {
            leg.tap.mask(on, leg::now());
        }
    }

    /// Ends a leg's recording.
    pub fn stop_recording(&self, leg: LegId) {
        if let Some(leg) = self.leg(leg) {
            leg.tap.end(leg::now());
        }
    }

    /// What a leg speaks, once that is agreed.
    #[must_use]
    pub fn codec(&self, leg: LegId) -> Option<Codec> {
        self.leg(leg)?.codec()
    }

    /// How a leg's media is protected, as far as that is agreed.
    #[must_use]
    pub fn encryption(&self, leg: LegId) -> Encryption {
        self.leg(leg).map_or(Encryption::None, |leg| leg.encryption())
    }

    /// A new offer that insists on encryption, where it was only preferred and nothing is agreed yet.
    #[must_use]
    pub(crate) fn offer_secure(&self, leg: LegId) -> Option<String> {
        self.with_rtp(leg, RtpTransport::offer_secure).ok().flatten()
    }

    /// Whether the far end of an RTP leg wants no media from us for now.
    #[must_use]
    pub(crate) fn is_held(&self, leg: LegId) -> bool {
        self.leg(leg).is_some_and(|leg| matches!(&leg.transport, Transport::Rtp(rtp) if rtp.is_held()))
    }

    /// What an RTP leg has heard from anybody so far, and whether its far end should be heard. `None` for any other leg.
    #[must_use]
    pub(crate) fn sign_of_life(&self, leg: LegId) -> Option<SignOfLife> {
        let leg = self.leg(leg)?;
        match &leg.transport {
            Transport::Rtp(rtp) => {
                Some(SignOfLife { datagrams: leg.counters.heard(), expected: rtp.is_expected() && !rtp.is_held() })
            }
            Transport::Browser(_) => None,
        }
    }

    /// A key was pressed on a leg, as its signalling says. It is told like one that the media says, and once if both do.
    pub(crate) fn key_told(&self, leg: LegId, digit: char) {
        if let Some(leg) = self.leg(leg) {
            leg.key_told(digit, Teller::Signalling);
        }
    }

    /// What the media of this process did, and how many legs are open.
    #[must_use]
    pub fn counters(&self) -> MediaCounters {
        let mut sum = *lock(&self.shared.ended);
        for leg in lock(&self.shared.legs).values() {
            sum.add(&leg.counters);
            match leg.transport {
                Transport::Rtp(_) => sum.rtp_legs += 1,
                Transport::Browser(_) => sum.browser_legs += 1,
            }
        }
        sum
    }

    /// The legs' tasks that still run; a closed leg's ends a moment later.
    #[must_use]
    pub fn running_tasks(&self) -> usize {
        self.shared.threads.running()
    }

    /// Runs a leg's task. Should it ever panic, that leg is lost and told to be, and no other.
    fn run(&self, thread: &Handle, leg: &Arc<Leg>, task: impl Future<Output = ()> + Send + 'static) {
        let lost = LostLeg { leg: Arc::clone(leg), notices: self.shared.notices.clone() };
        self.shared.threads.spawn(thread, async move {
            let _lost = lost;
            task.await;
        });
    }

    /// What the far end is told of a socket.
    fn advertised(&self, socket: &Datagrams) -> Result<SocketAddr, MediaError> {
        let port = socket.local_addr().map_err(MediaError::Socket)?.port();
        Ok(SocketAddr::new(self.shared.advertised, port))
    }

    fn add(&self, id: LegId, transport: Transport) -> Result<Arc<Leg>, MediaError> {
        match lock(&self.shared.legs).entry(id) {
            Entry::Occupied(_) => Err(MediaError::LegExists(id)),
            Entry::Vacant(place) => {
                let leg = Arc::new(Leg::new(id, transport, Outbox::new(self.shared.events.clone())));
                Ok(Arc::clone(place.insert(leg)))
            }
        }
    }

    fn leg(&self, leg: LegId) -> Option<Arc<Leg>> {
        lock(&self.shared.legs).get(&leg).cloned()
    }

    fn with_rtp<T>(&self, id: LegId, act: impl FnOnce(&RtpTransport) -> T) -> Result<T, MediaError> {
        let leg = self.leg(id).ok_or(MediaError::NoSuchLeg(id))?;
        match &leg.transport {
            Transport::Rtp(rtp) => {
                let before = (rtp.codec(), rtp.encryption());
                let done = act(rtp);
                let after = (rtp.codec(), rtp.encryption());
                if let ((Some(_), _), (Some(codec), encryption)) = (before, after)
                    && before != after
                {
                    leg.post(Event::MediaChanged { leg: id, codec: codec.name().to_owned(), encryption });
                }
                leg.wake.notify_one();
                Ok(done)
            }
            Transport::Browser(_) => Err(MediaError::NoSuchLeg(id)),
        }
    }
}

/// Tells of a leg whose task ended although nobody closed it.
struct LostLeg {
    leg: Arc<Leg>,
    notices: Sender<MediaNotice>,
}

impl Drop for LostLeg {
    fn drop(&mut self) {
        if (std::thread::panicking() || self.leg.is_broken()) && !self.leg.is_closing() {
            tracing::error!(leg = %self.leg.id, "the media of a leg panicked");
            let _ = self.notices.try_send(MediaNotice::Vanished(self.leg.id));
        }
    }
}
