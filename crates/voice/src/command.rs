//! What a controller may ask of the voice engine. Commands are data: they never wait, and what comes of one is told by an
//! [`Event`](crate::Event). A command for a leg that has ended is ignored, because the ending is already on its way.

use crate::{ClipId, DialogRecord, LegId, PlaybackId, RecordingSpec};
use serde::{Deserialize, Serialize};

/// One order to the voice engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Accept an incoming SIP leg (200 OK). Audio may be played at once; `Answered` follows the ACK.
    Answer {
        /// The incoming leg.
        leg: LegId,
    },
    /// Refuse an incoming SIP leg with a final response.
    Reject {
        /// The incoming leg.
        leg: LegId,
        /// Why, as the caller's phone is told.
        reason: RejectReason,
    },
    /// Create a leg to a browser from its complete SDP offer. `BrowserAnswer` follows at once, `Answered` when media flows. For a
    /// leg that is there it is a later offer, over another network (ICE restart): `BrowserAnswer` follows and the call goes on.
    ConnectBrowser {
        /// Chosen by the controller.
        leg: LegId,
        /// The browser's SDP offer.
        sdp: String,
    },
    /// Place a call. `Ringing`, then `Answered` or `LegEnded` follow; `LegEnded` alone where it is refused at once.
    Dial {
        /// Chosen by the controller.
        leg: LegId,
        /// Who is called.
        to: DialTarget,
    },
    /// Play items in order, replacing what the leg plays now. `PlaybackEnded` follows, for the replaced one too.
    Play {
        /// Who hears it.
        leg: LegId,
        /// Names this playback in `PlaybackEnded`.
        playback: PlaybackId,
        /// What is heard.
        items: Vec<PlayItem>,
        /// Start again at the end, until stopped (music).
        repeat: bool,
    },
    /// Stop what the leg plays.
    Stop {
        /// The leg.
        leg: LegId,
    },
    /// Join two legs so that each hears the other and nobody else; stops what either plays. Whoever they were bridged to before
    /// stays in silence; whoever listens to them by `Mix` goes on listening.
    Bridge {
        /// One leg.
        a: LegId,
        /// The other leg.
        b: LegId,
    },
    /// Part two legs: neither hears the other any more. Both stay up, in silence where they hear nobody else.
    Unbridge {
        /// One leg.
        a: LegId,
        /// The other leg.
        b: LegId,
    },
    /// Record a leg: what it says, and everything that is sent to it, whoever that comes from. A recording that the leg had ends.
    /// `RecordingEnded` follows, once for each, whether or not there is such a leg.
    Record {
        /// The leg.
        leg: LegId,
        /// Into what.
        recording: RecordingSpec,
    },
    /// While on, the leg's recording has silence instead, of the same length.
    MaskRecording {
        /// The leg.
        leg: LegId,
        /// From now on, or no longer.
        on: bool,
    },
    /// End the leg's recording. The end of the leg does so too.
    StopRecording {
        /// The leg.
        leg: LegId,
    },
    /// Replace whom a leg hears. Directed: who is heard need not hear the leg. What is played to the leg goes on and is heard
    /// instead, until it ends. At most 8 sources, and 16 listeners of one leg; more are refused and nothing changes.
    Mix {
        /// Who hears.
        leg: LegId,
        /// Whom. Empty: silence. One at gain 100 is forwarded as it comes; several are mixed.
        hears: Vec<Source>,
    },
    /// While on, nothing of what the leg says or keys reaches another leg or a recording: they get silence of the same length.
    /// `Digit` still tells the keys. After `on: false` the silence lasts 200 ms more, and as long as a key is held, so that the
    /// tone of the last key is not heard.
    Secure {
        /// Who keys a secret.
        leg: LegId,
        /// Begin, or end.
        on: bool,
    },
    /// Press keys towards the far end of a leg, one after the other: 100 ms each with 60 ms between them. The leg hears nothing
    /// else meanwhile; a playback waits. As telephone events (RFC 4733), or as tones where the far end takes no events.
    SendDigits {
        /// Whose far end.
        leg: LegId,
        /// `0`–`9`, `*`, `#`, `A`–`D`; at most 64 waiting, or none of them is sent.
        digits: String,
    },
    /// End a leg in whatever state it is: CANCEL, BYE, a final response, or closing the browser's media.
    Hangup {
        /// The leg.
        leg: LegId,
    },
    /// Decide on the transfer that a phone asks for (`ReferRequested`): 202 accepts it, from 300 on it is refused with this status (603
    /// where nothing else fits). Undecided for ten seconds it is refused.
    AnswerRefer {
        /// The leg that asks.
        leg: LegId,
        /// A SIP status.
        status: u16,
    },
    /// Tell the phone how its accepted transfer goes: 180 while the new far end rings, a status from 200 on as its last word.
    ReportRefer {
        /// The leg that asked.
        leg: LegId,
        /// A SIP status.
        status: u16,
    },
    /// Send BYE on a dialog that an earlier run of this program left behind.
    EndOrphan {
        /// As it was told in `Answered`.
        dialog: DialogRecord,
    },
}

/// Whom `Dial` calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DialTarget {
    /// A registered SIP phone.
    Phone {
        /// The user name under which it registered.
        user: String,
        /// The caller's number as the phone shows it, masked by the controller where it must be.
        from_number: String,
        /// The display name the phone shows.
        from_name: String,
    },
    /// A number outside, by way of a carrier. Only what a rule of the trunk allows is dialled.
    Trunk {
        /// The trunk's id. None: the first one that may dial the number.
        trunk: Option<String>,
        /// In E.164 with its plus sign, or as the trunk's country writes it.
        number: String,
        /// The number of ours that the callee is shown; empty to withhold it.
        caller_id: String,
    },
}

/// A leg that is heard, and how loud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Who is heard.
    pub leg: LegId,
    /// Percent of the amplitude: 100 as it is, 200 at most, 0 not at all.
    pub gain: u8,
}

/// A piece of a playback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlayItem {
    /// A clip of the library.
    Clip(ClipId),
    /// Silence between clips, in milliseconds.
    Pause(u32),
}

/// Why an incoming leg is refused, as a SIP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RejectReason {
    /// 404: no such line here.
    UnknownLine,
    /// 486: the line takes no more calls now.
    LineBusy,
    /// 503: the service takes no more calls now.
    Overloaded,
    /// 403: this caller may not have it.
    Forbidden,
    /// 480: who is called is not there.
    Unavailable,
    /// 481: the call whose place is asked for is not there.
    NoSuchCall,
    /// 487: it was called off.
    CalledOff,
    /// 603: who is called said no.
    Declined,
}

impl RejectReason {
    /// As SIP has it.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::UnknownLine => 404,
            Self::LineBusy => 486,
            Self::Overloaded => 503,
            Self::Forbidden => 403,
            Self::Unavailable => 480,
            Self::NoSuchCall => 481,
            Self::CalledOff => 487,
            Self::Declined => 603,
        }
    }
}
