//! What the voice engine tells its controller: facts, in the past tense. Audio itself never leaves the engine.

use crate::{DialogRecord, LegId, PlaybackId, RecordingId, RecordingSummary, SipTransport, SrtpSuite, Vouching};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// One fact about a leg or a phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A SIP INVITE with a codec we share is waiting for `Answer` or `Reject`.
    Incoming {
        /// Chosen by the engine.
        leg: LegId,
        /// User part of the Request-URI: the number that was dialled.
        line: String,
        /// User part of From, of P-Asserted-Identity where a trunk sends one; empty when withheld.
        caller: String,
        /// The trunk that brought it, by id; none for a stranger's call.
        trunk: Option<String>,
        /// Where the INVITE came from.
        source: SocketAddr,
        /// The user whose registered phone calls: From names them, and it came from where that phone registered, over TCP or TLS on
        /// the same connection. The phone was not asked for its password again.
        phone: Option<String>,
        /// The leg whose place it is to take (RFC 3891). Whoever asks is a registered phone's host, or the far end of that very leg.
        replaces: Option<LegId>,
        /// What it says for the calling number, unchecked.
        vouching: Box<Vouching>,
    },
    /// A dialled phone rings.
    Ringing {
        /// The dialled leg.
        leg: LegId,
    },
    /// A leg is up: the ACK came, the dialled phone answered, or the browser's media connected.
    Answered {
        /// The leg.
        leg: LegId,
        /// `PCMA`, `PCMU` or `opus`.
        codec: String,
        /// How its media is protected.
        encryption: Encryption,
        /// For SIP: what `EndOrphan` needs to end this dialog after a crash.
        dialog: Option<DialogRecord>,
    },
    /// A leg that is up goes on with another codec or protection: a re-INVITE agreed on it.
    MediaChanged {
        /// The leg.
        leg: LegId,
        /// As in `Answered`.
        codec: String,
        /// How its media is protected from now on.
        encryption: Encryption,
    },
    /// A leg sounds better or worse than was told before, or this is told for the first time. Judged at each report, about every
    /// five seconds; a change is told when it stays for two.
    QualityChanged {
        /// The leg.
        leg: LegId,
        /// How it sounds, in the worse of its directions.
        quality: Quality,
    },
    /// The SDP answer to `ConnectBrowser`.
    BrowserAnswer {
        /// The browser's leg.
        leg: LegId,
        /// Complete: no trickled candidates follow.
        sdp: String,
    },
    /// A key was pressed (RFC 4733), once per press.
    Digit {
        /// The leg.
        leg: LegId,
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digit: char,
    },
    /// The far end of a SIP leg put us on hold: it wants no media from us for now.
    Held {
        /// The leg.
        leg: LegId,
    },
    /// The far end took us back from hold.
    Resumed {
        /// The leg.
        leg: LegId,
    },
    /// A phone asks for a transfer (REFER); `AnswerRefer` must follow.
    ReferRequested {
        /// The leg that is to be transferred away.
        leg: LegId,
        /// The user part it is to go to: a number, or the name of a phone.
        to: String,
        /// The leg whose place it is to take: the same phone's other call. Whoever was there before the phone is joined with whom
        /// the phone spoke to on that leg.
        replaces: Option<LegId>,
    },
    /// A playback is over.
    PlaybackEnded {
        /// The leg.
        leg: LegId,
        /// As named in `Play`.
        playback: PlaybackId,
        /// It was stopped or replaced before its end.
        interrupted: bool,
    },
    /// A recording is over, and what there is of it is durable. Told of the recording and not of the leg: it follows `LegEnded` where
    /// the leg's end ended it.
    RecordingEnded {
        /// The leg that was recorded.
        leg: LegId,
        /// As named in `Record`.
        recording: RecordingId,
        /// What there is.
        summary: Box<RecordingSummary>,
    },
    /// The leg is gone. Always the last event of a leg, exactly once; only its recording may be told of later.
    LegEnded {
        /// The leg.
        leg: LegId,
        /// Why.
        cause: EndCause,
        /// What its media did.
        stats: LegStats,
    },
    /// A phone registered or refreshed its registration.
    PhoneRegistered {
        /// The authenticated user.
        user: String,
        /// Where it can be reached; keep it to restore after a restart.
        binding: Binding,
    },
    /// A phone unregistered or its registration ran out.
    PhoneUnregistered {
        /// The user.
        user: String,
    },
}

/// How a leg's media is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encryption {
    /// Plain RTP.
    None,
    /// WebRTC: SRTP keyed by DTLS.
    DtlsSrtp,
    /// SRTP with this suite, keyed by the session description (RFC 4568).
    SrtpSdes(SrtpSuite),
}

/// How a leg sounds, as far as loss, delay and jitter tell (E-model of ITU-T G.107).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quality {
    /// A rating of 80 or more: users are satisfied.
    Good,
    /// Some users are dissatisfied.
    Fair,
    /// Below 60: many are.
    Poor,
}

/// Why a leg ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndCause {
    /// The far end hung up (BYE).
    RemoteHangup,
    /// We hung up, as commanded.
    LocalHangup,
    /// The caller gave up before the answer (CANCEL).
    Cancelled,
    /// We refused it, or the dialled phone did, with this SIP status.
    Rejected(u16),
    /// `Dial` was refused before anybody was asked.
    Refused(DialRefusal),
    /// The far end stopped answering: no ACK, no response, ICE lost, socket dead.
    Vanished,
    /// It could not be set up: what is wrong, for the log.
    Failed(String),
}

/// Why a number outside is not dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum DialRefusal {
    /// There is no trunk of that name, or none that dials out.
    #[error("no trunk dials out")]
    NoTrunk,
    /// What is to be dialled is no number.
    #[error("not a number")]
    NotANumber,
    /// No rule of the trunk allows it.
    #[error("no rule allows the number")]
    NotAllowed,
    /// It costs more than a call, and no rule names it in full.
    #[error("a premium-rate number")]
    Premium,
    /// Its country's numbering plan does not know it, and no rule names it in full.
    #[error("a number of unknown kind")]
    UnknownKind,
    /// As many calls as the trunk may have are live.
    #[error("the trunk is full")]
    TooManyCalls,
    /// The trunk took as many calls this second as it may.
    #[error("too many calls this second")]
    TooFast,
    /// No address of the trunk's is known.
    #[error("the trunk cannot be reached")]
    Unreachable,
    /// The engine is being stopped.
    #[error("no new calls are placed")]
    Stopping,
}

/// What a leg's media did, counted from its start to its end.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LegStats {
    /// `PCMA`, `PCMU`, `opus`; empty when media never started.
    pub codec: String,
    /// RTP packets received.
    pub packets_received: u64,
    /// RTP packets sent.
    pub packets_sent: u64,
    /// Packets missing by sequence number (RFC 3550 A.3), never below zero.
    pub packets_lost: u64,
    /// Interarrival jitter (RFC 3550 A.8), milliseconds.
    pub jitter_ms: f64,
    /// There and back, the mean of what the far end's reports gave (RFC 3550 section 6.4.1), milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Of our packets the far end missed these, as it reported last.
    pub far_lost: Option<u64>,
    /// Jitter of our packets at the far end, as it reported last, milliseconds.
    pub far_jitter_ms: Option<f64>,
    /// How it was probably heard in the worse of its directions: a mean opinion score from 1 to 4.5 by the E-model of ITU-T G.107.
    /// None when too little was sent to tell.
    pub mos: Option<f64>,
}

/// Where a registered phone can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The registered user.
    pub user: String,
    /// Contact URI as given by the phone.
    pub contact: String,
    /// Address the REGISTER came from.
    pub source: SocketAddr,
    /// What carried it.
    #[serde(default)]
    pub transport: SipTransport,
    /// The connection it came over: a random number, so that no later connection is taken for it.
    #[serde(default)]
    pub flow: Option<u64>,
    /// When it runs out, microseconds since the Unix epoch.
    pub expires_at_us: i64,
}
