//! Everything that can happen to the live hotline.

use super::help::Helped;
use super::live::{MessageView, OperationView};
use super::world::LineState;
use crate::agent::{PresenceState, Staff};
use crate::call::{CallerIdTrust, Channel, Quality};
use crate::help::Reported;
use crate::identity::Linked;
use crate::kernel::{
    account_act::AccountAct,
    assurance::{Factor, Level},
    ids::{ChallengeId, ContactId, LegId, OfferId, StaffId},
    language::Language,
    pii::Pii,
};

/// One fact from outside, stamped and queued by the engine.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Someone dials a line and waits for our answer.
    CallArrived {
        /// The caller's leg.
        leg: LegId,
        /// The number dialled.
        line: String,
        /// The number shown, empty when withheld.
        caller: Pii<String>,
        /// Phone or browser.
        channel: Channel,
        /// The trunk it came through, by id; `web` for a browser, empty for an unknown one.
        trunk: String,
        /// The code of a call pass that a call from a browser brings with it.
        pass: Option<Pii<String>>,
        /// The language the caller has chosen already, on a page; none on a phone.
        language: Option<Language>,
    },
    /// What the outside answers to a caller's question.
    Helped {
        /// In which contact it was put.
        contact: ContactId,
        /// Its number within the contact.
        number: u64,
        /// What came of it.
        help: Box<Helped>,
    },
    /// An act on a wallet came to something.
    OperationChanged {
        /// The contact that asked for it.
        contact: ContactId,
        /// What, and how far it is.
        operation: OperationView,
    },
    /// A message that carries a code came further.
    MessageChanged {
        /// The contact it came from.
        contact: ContactId,
        /// The code it carries, by name.
        challenge: ChallengeId,
        /// How far it is.
        message: MessageView,
    },
    /// The number that a call shows was checked, which may take longer than answering it.
    CallerIdChecked {
        /// The caller's leg.
        leg: LegId,
        /// What came of it.
        trust: CallerIdTrust,
    },
    /// A dialled phone rings.
    LegRinging {
        /// The leg.
        leg: LegId,
    },
    /// A leg's media is up.
    LegAnswered {
        /// The leg.
        leg: LegId,
        /// `PCMA`, `PCMU`, `opus`.
        codec: String,
        /// `none`, `dtls_srtp`, or `srtp_sdes:` and the suite.
        encryption: String,
        /// What ends its dialog after a crash; opaque here.
        dialog: Option<String>,
    },
    /// A leg's media goes on in another way.
    LegMediaChanged {
        /// The leg.
        leg: LegId,
        /// As in `LegAnswered`.
        codec: String,
        /// As in `LegAnswered`.
        encryption: String,
    },
    /// A leg sounds better or worse than before, or it is told for the first time.
    LegSounds {
        /// The leg.
        leg: LegId,
        /// How.
        quality: Quality,
    },
    /// A leg is gone.
    LegEnded {
        /// The leg.
        leg: LegId,
        /// Why.
        cause: LegEnd,
        /// The cause in the voice engine's words, for the record.
        detail: String,
        /// What its media did.
        stats: LegStats,
    },
    /// A key was pressed.
    Digit {
        /// Whose leg.
        leg: LegId,
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digit: char,
    },
    /// A phone put us on hold: an agent's asks for the customer to be put on hold.
    Held {
        /// Whose leg.
        leg: LegId,
    },
    /// A phone took us back.
    Resumed {
        /// Whose leg.
        leg: LegId,
    },
    /// A phone asks for its call to be handed on (REFER).
    TransferAsked {
        /// Whose leg.
        leg: LegId,
        /// To whom: an agent's number, or a queue.
        to: Pii<String>,
        /// Their other call, whose far end is to have this one's (Replaces).
        other: Option<LegId>,
    },
    /// An agent's phone dials what is no line of ours, or wants its new call to have the place of another.
    PhoneDialled {
        /// The new leg, which waits for our answer.
        leg: LegId,
        /// Whose phone.
        agent: StaffId,
        /// What it dials.
        number: Pii<String>,
        /// Whose place it is to have (Replaces).
        replaces: Option<LegId>,
    },
    /// A playback is over.
    PlaybackEnded {
        /// Whose leg.
        leg: LegId,
        /// As numbered in `Play`.
        playback: u64,
        /// It was stopped or replaced, or its leg ended: it was not heard to its end.
        interrupted: bool,
    },
    /// An agent's desk opened its live connection.
    DeskConnected {
        /// Whose.
        agent: StaffId,
    },
    /// A desk says it is still there.
    DeskHeartbeat {
        /// Whose.
        agent: StaffId,
    },
    /// An agent's last desk connection closed.
    DeskDisconnected {
        /// Whose.
        agent: StaffId,
    },
    /// An agent's SIP phone registered.
    PhoneRegistered {
        /// Whose.
        agent: StaffId,
    },
    /// An agent's SIP phone is gone.
    PhoneUnregistered {
        /// Whose.
        agent: StaffId,
    },
    /// A line is held in a state, or goes by its plan again.
    LineHeld {
        /// The number.
        line: String,
        /// The state; none for the plan.
        state: Option<LineState>,
    },
    /// A member of staff was added or changed.
    StaffChanged(Box<Staff>),
    /// The commit with this ticket is durable.
    Committed {
        /// As given with the step.
        ticket: u64,
    },
    /// The commit with this ticket did not become durable; it may be tried again.
    CommitFailed {
        /// As given with the step.
        ticket: u64,
    },
    /// `next_deadline` has passed.
    Deadline,
    /// The program was asked to stop: no new calls.
    Drain,
}

/// Why a leg ended, as far as a decision depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegEnd {
    /// The far end hung up.
    RemoteHangup,
    /// We hung up.
    LocalHangup,
    /// The caller gave up before the answer.
    Cancelled,
    /// It was refused: the phone declined, or is not there.
    Rejected,
    /// The far end is in another call.
    Busy,
    /// Nobody answered.
    Unanswered,
    /// No rule of ours lets the number be dialled.
    Forbidden,
    /// The trunk has no room for the call.
    Full,
    /// There is no such number, or no way to it.
    Unreachable,
    /// The far end stopped answering, or could not be reached.
    Vanished,
}

impl LegEnd {
    /// Why a call to a number outside came to nothing, as the screens and the record name it.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::RemoteHangup => "hung_up",
            Self::LocalHangup | Self::Cancelled => "withdrawn",
            Self::Rejected => "declined",
            Self::Busy => "busy",
            Self::Unanswered => "no_answer",
            Self::Forbidden => "not_allowed",
            Self::Full => "no_room",
            Self::Vanished | Self::Unreachable => "unreachable",
        }
    }

    /// The far end, or what stands before it, said no.
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        match self {
            Self::Rejected | Self::Busy | Self::Unanswered | Self::Forbidden | Self::Full | Self::Unreachable => true,
            Self::RemoteHangup | Self::LocalHangup | Self::Cancelled | Self::Vanished => false,
        }
    }
}

/// What a leg's media did.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LegStats {
    /// RTP packets received.
    pub packets: u64,
    /// RTP packets lost.
    pub lost: u64,
    /// Interarrival jitter, milliseconds.
    pub jitter_ms: f64,
    /// There and back, milliseconds.
    pub round_trip_ms: Option<f64>,
    /// An estimate of how it was heard, 1 to 4.5.
    pub mos: Option<f64>,
}

/// How a supervisor listens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Monitor {
    /// Heard by nobody.
    Listen,
    /// Heard by the agents alone.
    Whisper,
    /// Heard by everybody.
    Barge,
}

impl Monitor {
    /// The word on the wire and in the audit log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Whisper => "whisper",
            Self::Barge => "barge",
        }
    }
}

/// Where a call is handed on to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Another agent.
    Agent(StaffId),
    /// A queue of the same wallet, by id.
    Queue(String),
    /// A number outside that calls of the wallet may be handed on to, by id.
    Outside(String),
}

/// What an agent asks of the live hotline. Unlike an event it can be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Enter `Ready`, `NotReady` or `LoggedOut`.
    SetPresence(PresenceState),
    /// Take an offered contact at the desk; `leg` is the browser leg about to be connected.
    AcceptOffer {
        /// The offer.
        offer: OfferId,
        /// The desk's leg.
        leg: LegId,
    },
    /// Give an offered contact back: it goes to the next agent.
    DeclineOffer {
        /// The offer.
        offer: OfferId,
    },
    /// End the call with this contact's customer.
    HangUp {
        /// The contact.
        contact: ContactId,
    },
    /// Put this contact's customer on hold.
    Hold {
        /// The contact.
        contact: ContactId,
    },
    /// Take this contact's customer back from hold.
    Resume {
        /// The contact.
        contact: ContactId,
    },
    /// Hand this contact on.
    Transfer {
        /// The contact.
        contact: ContactId,
        /// To whom.
        to: Target,
        /// At once; else the agent speaks with them first, while the customer waits.
        blind: bool,
    },
    /// Call off a transfer, or send the others away, and be with the customer again.
    TakeBack {
        /// The contact.
        contact: ContactId,
    },
    /// Leave the call to the others on it. Of the one who leads it this completes a transfer.
    Leave {
        /// The contact.
        contact: ContactId,
    },
    /// Have the customer show who they are, unheard; while they do so, the same again.
    Challenge {
        /// The contact.
        contact: ContactId,
        /// By what.
        factor: Factor,
        /// Whose number it is sent to, as the customer said it; none for the one they named, or else call from.
        number: Option<Pii<String>>,
    },
    /// Have the customer carry a code over to the wallet's app, which shows them what it is for.
    AskApp {
        /// The contact.
        contact: ContactId,
        /// Whose app, as the customer said their number; none for the one they named, or else call from.
        number: Option<Pii<String>>,
        /// What it is for.
        linked: Linked,
    },
    /// End that, whatever it had come to.
    EndChallenge {
        /// The contact.
        contact: ContactId,
    },
    /// Have something done to the account of the customer.
    OnAccount {
        /// In which contact.
        contact: ContactId,
        /// What.
        act: AccountAct,
    },
    /// Look at what protects the account of the customer.
    LookAtAccount {
        /// In which contact.
        contact: ContactId,
    },
    /// The caller seems to be told by somebody what to do: nothing they show counts in this contact any more. Nobody takes it back.
    SuspectPressure {
        /// The contact.
        contact: ContactId,
    },
    /// Watch the transaction that the customer asked about last, and tell them when it moves.
    FollowTransaction {
        /// The contact.
        contact: ContactId,
    },
    /// The customer tells of something that becomes a case.
    Report {
        /// The contact.
        contact: ContactId,
        /// What.
        what: Reported,
        /// The payment's number, as they name it.
        transaction: Option<String>,
    },
    /// Press keys towards the customer's end: through somebody else's menu, or to a machine. While the customer is on hold, towards the end
    /// outside.
    PressKeys {
        /// The contact.
        contact: ContactId,
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digits: String,
    },
    /// Take the call up again at the desk, on a new leg.
    Reconnect {
        /// The contact.
        contact: ContactId,
        /// The desk's leg.
        leg: LegId,
    },
    /// Listen to a call of another agent, or change how.
    Monitor {
        /// The contact.
        contact: ContactId,
        /// How.
        mode: Monitor,
        /// The desk's leg, when there is none yet.
        leg: LegId,
    },
    /// Listen no more.
    StopMonitoring {
        /// The contact.
        contact: ContactId,
    },
    /// Take a call over from the agent who leads it.
    TakeOver {
        /// The contact.
        contact: ContactId,
        /// The desk's leg, when there is none yet.
        leg: LegId,
    },
    /// The record of this contact is finished: back to ready.
    FinishWrapUp {
        /// The contact.
        contact: ContactId,
    },
}

/// Why an act was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ActRefusal {
    /// The offer is over: taken, withdrawn or timed out.
    #[error("this offer is over: the caller hung up or another agent answered")]
    OfferOver,
    /// The contact is not this agent's live contact.
    #[error("this contact is not on your line")]
    NotYourContact,
    /// The voices are not joined yet.
    #[error("the call is not connected yet: wait until you hear the customer")]
    NotConnected,
    /// Somebody is asked in already.
    #[error("you have asked somebody already: wait for them, or take the call back")]
    AlreadyAsked,
    /// There is no such agent, queue or number to hand a call to.
    #[error("there is no such agent, or no such queue or number of this wallet: choose another")]
    UnknownTarget,
    /// Nobody is at the number outside now.
    #[error("nobody is there at this hour: choose another")]
    OutsideClosed,
    /// Somebody outside is on the call already.
    #[error("somebody outside is on this call already: take the call back first")]
    OutsideThere,
    /// The agent is with a customer.
    #[error("this agent is busy: choose another, or a queue")]
    AgentBusy,
    /// The agent takes no calls just now.
    #[error("this agent is not ready: choose another, or a queue")]
    AgentNotReady,
    /// The agent is not at work.
    #[error("this agent is not there: choose another, or a queue")]
    AgentNotThere,
    /// No more people fit on the call.
    #[error("the call is full: somebody has to leave first")]
    CallFull,
    /// Others are on the call.
    #[error("others are on this call: leave it to them, or take it back first")]
    NotAlone,
    /// These are no keys of a telephone, or too many at once.
    #[error("1 to 32 keys out of 0-9, *, #, A-D")]
    NoKeys,
    /// The customer is on hold.
    #[error("the customer is on hold: take them back first")]
    OnHold,
    /// This cannot be asked for on this line.
    #[error("this cannot be asked for on this line: choose another way to verify the customer")]
    NoSuchFactor,
    /// A code is being keyed.
    #[error("the customer is keying a code: wait for it, or end it first")]
    Challenged,
    /// No code is being keyed.
    #[error("no code is being keyed in this contact")]
    NotChallenged,
    /// A code was sent a moment ago.
    #[error("a code was sent less than a minute ago: let the customer key that one, or wait a minute")]
    CodeTooSoon,
    /// Three wrong codes in one contact.
    #[error("the codes keyed in this contact were wrong too often: no more are taken, and the level stays as it is")]
    NoTriesLeft,
    /// The app was made to ask three times in one contact.
    #[error("the app has asked three times in this contact: it is not made to ask again")]
    NoPushesLeft,
    /// The second factor comes after a first one, of the same customer.
    #[error("have the customer key a code sent to their phone first: the second factor is asked for after that")]
    VerifyFirst,
    /// It was shown before.
    #[error("the customer has shown this before in this contact")]
    AlreadyVerified,
    /// Too little was shown.
    #[error("this needs {}: verify the customer first", .0.name())]
    TooLittleShown(Level),
    /// No number was given or shown.
    #[error("nobody knows yet whom to verify: ask for the registered phone number")]
    NobodyNamed,
    /// Nobody else is on the call.
    #[error("you are alone with the customer: end the call, or hand it on")]
    Alone,
    /// The state cannot be entered now.
    #[error("this state cannot be entered during a call: finish the call first")]
    Busy,
    /// The desk has no live connection, so its audio could not be joined.
    #[error("your desk is not connected: reload it, or answer on your phone")]
    AnswerOnPhone,
    /// Only supervisors listen to the calls of others.
    #[error("only a supervisor may listen to another agent's call")]
    NotASupervisor,
    /// The agents of the call belong to teams of somebody else.
    #[error("this call is with agents of a team that you do not lead")]
    NotYourTeam,
    /// Nobody on the call has a screen.
    #[error("no agent is on this call, so nobody on it could be shown that you listen: you may end it")]
    NoAgent,
    /// The customer asked about none.
    #[error("no transaction was asked about in this contact: find it first")]
    NoTransactionAsked,
    /// No number of a transaction.
    #[error("a transaction has twelve digits, the last one a check digit: read it back digit by digit, or leave it out")]
    NoTransactionNumber,
    /// Only agents take calls.
    #[error("your role takes no calls")]
    NotAnAgent,
}
