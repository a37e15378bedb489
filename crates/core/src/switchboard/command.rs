//! Everything the live hotline can do to the world, on one screen.

use super::help::Order;
use super::live::LiveEvent;
use crate::call::Notice;
use crate::ivr::prompt::Phrase;
use crate::kernel::ids::{ContactId, LegId, RecordingId, StaffId};
use crate::kernel::time::Wall;

/// One effect. The engine maps each to one call into voice or live.
#[derive(Debug, PartialEq)]
pub enum Command {
    /// Accept a waiting call.
    Answer {
        /// The caller's leg.
        leg: LegId,
    },
    /// Refuse a waiting call.
    Reject {
        /// The caller's leg.
        leg: LegId,
        /// Why.
        reason: Reject,
    },
    /// Say a phrase.
    Play {
        /// To whom.
        leg: LegId,
        /// Names it in `PlaybackEnded`.
        playback: u64,
        /// What.
        phrase: Phrase,
    },
    /// Play music until stopped.
    PlayMusic {
        /// To whom.
        leg: LegId,
        /// Names it in `PlaybackEnded`.
        playback: u64,
    },
    /// Stop what a leg hears.
    Stop {
        /// Whose leg.
        leg: LegId,
    },
    /// Ring an agent's SIP phone.
    DialPhone {
        /// The new leg.
        leg: LegId,
        /// Whose phone.
        agent: StaffId,
        /// The customer's number as the phone may show it: masked.
        shown: String,
    },
    /// Call a number outside. What comes of it is told like of any leg. Nothing of the case goes with it.
    DialOutside {
        /// The new leg.
        leg: LegId,
        /// The number, as it may be dialled.
        number: String,
        /// The trunk, by id; none for the first one that may dial the number.
        trunk: Option<String>,
        /// The line of ours that the far end is shown; never the customer's number.
        shown: String,
    },
    /// Join two legs.
    Bridge {
        /// One leg.
        a: LegId,
        /// The other.
        b: LegId,
    },
    /// Let a leg hear exactly these: the first step beyond two on a call.
    Mix {
        /// Who hears.
        leg: LegId,
        /// Whom; nobody when empty.
        hears: Vec<LegId>,
    },
    /// Take a phone's request to hand its call on, or refuse it; the call stays as it is either way.
    AnswerRefer {
        /// Whose phone.
        leg: LegId,
        /// Why not.
        refused: Option<Reject>,
    },
    /// Tell a phone what came of its request.
    ReportRefer {
        /// Whose phone.
        leg: LegId,
        /// Why its call was not handed on; none when it was.
        failed: Option<Reject>,
    },
    /// Press keys towards a leg's far end.
    SendDigits {
        /// Whose far end.
        leg: LegId,
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digits: String,
    },
    /// Part two joined legs.
    Unbridge {
        /// One leg.
        a: LegId,
        /// The other.
        b: LegId,
    },
    /// Record a customer's leg until it ends.
    Record(Box<RecordingOrder>),
    /// Put silence into a recording, or sound again.
    MaskRecording {
        /// The recording.
        recording: RecordingId,
        /// From now on, or no longer.
        on: bool,
    },
    /// Keep what a leg says and keys from every other leg and every recording, or no longer.
    Secure {
        /// Whose.
        leg: LegId,
        /// From now on, or no longer.
        on: bool,
    },
    /// End a recording and erase what there is of it.
    DiscardRecording {
        /// The recording.
        recording: RecordingId,
    },
    /// End a leg.
    Hangup {
        /// The leg.
        leg: LegId,
    },
    /// Ask the outside for a caller: the answer is `Helped`.
    Help(Box<Order>),
    /// Tell the screens.
    Publish(Box<LiveEvent>),
}

/// A recording that may begin: its notice was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingOrder {
    /// Its name.
    pub recording: RecordingId,
    /// Whose call.
    pub contact: ContactId,
    /// The customer's leg.
    pub leg: LegId,
    /// What the customer was told.
    pub notice: Notice,
    /// When it begins.
    pub at: Wall,
    /// When it must be gone.
    pub expires_at: Wall,
    /// A code is being collected: it begins in silence.
    pub masked: bool,
}

/// Why a call is refused, or is not handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reject {
    /// No such line, agent or queue.
    UnknownLine,
    /// The line takes no more calls, or the agent is with a customer.
    LineBusy,
    /// Whoever asks may not have this, or not now.
    Forbidden,
    /// The agent is not there, or did not answer.
    Unavailable,
    /// The agent said no.
    Declined,
    /// The call whose place was asked for is not there.
    NoSuchCall,
    /// It was called off, or the customer hung up meanwhile.
    CalledOff,
    /// The program takes no more calls, or is stopping.
    Overloaded,
}
