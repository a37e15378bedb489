//! The record of a contact: what the customer, the agent and the auditor can rely on afterwards.

use super::CallerIdTrust;
use crate::kernel::{
    assurance::Level,
    ids::{ContactId, LegId, StaffId},
    language::Language,
    pii::Pii,
    time::Wall,
};
use serde::{Deserialize, Serialize};

/// One customer reaching us once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its identifier.
    pub id: ContactId,
    /// The number that was dialled.
    pub line: String,
    /// The wallet whose line it is.
    pub wallet: String,
    /// How the customer came.
    pub channel: Channel,
    /// The calling number as it was shown to us; empty when withheld. A claim, never a proof.
    pub caller: Pii<String>,
    /// How far the networks vouch for that number.
    pub caller_id: CallerIdTrust,
    /// The language the customer chose, or the line's first one until then.
    pub language: Option<Language>,
    /// What it is about, as the menu learned.
    pub service: Option<Service>,
    /// How sure we are of who is calling.
    pub level: Level,
    /// Names of the signals against the caller's claim: what makes a factor worth less, or the number shown.
    pub risk: Vec<String>,
    /// The reference of the case that came of it, the last one.
    pub case: Option<String>,
    /// When the call arrived.
    pub opened_at: Wall,
    /// When we answered.
    pub answered_at: Option<Wall>,
    /// When it first joined a queue.
    pub queued_at: Option<Wall>,
    /// When it was first connected to a person.
    pub connected_at: Option<Wall>,
    /// When it ended.
    pub ended_at: Option<Wall>,
    /// Who spoke with the customer, in order.
    pub agents: Vec<StaffId>,
    /// How it ended, as the system saw it; an agent's wrap-up code is kept beside it and wins.
    pub disposition: Option<Disposition>,
    /// When the personal data of this contact must be gone.
    pub expires_at: Wall,
}

/// How a customer reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A phone call over SIP.
    Voice,
    /// A call from a browser.
    WebCall,
    /// The help pages: a form, or a visit in which the customer helps themselves. Nobody spoke.
    Form,
}

/// The services of the menu (domain: what customers come for).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Register, log in, locked, stolen, close.
    Account,
    /// Failed, delayed or unknown payments.
    Transactions,
    /// Two-step log-in, protection, suspicious calls.
    Security,
    /// Refunds, disputes, complaints.
    Refunds,
    /// How to use the wallet.
    Features,
    /// Emergency freeze.
    Freeze,
}

impl Service {
    /// Every service, in the order of the menu.
    pub const ALL: [Self; 6] = [Self::Account, Self::Transactions, Self::Security, Self::Refunds, Self::Features, Self::Freeze];

    /// Its name in files and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Transactions => "transactions",
            Self::Security => "security",
            Self::Refunds => "refunds",
            Self::Features => "features",
            Self::Freeze => "freeze",
        }
    }
}

/// How a contact ended: an agent's wrap-up code or the system's own finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the field's own code names")]
pub enum Disposition {
    Resolved,
    PendingWithinWindow,
    DisputeOpened,
    AccountFrozen,
    AccountUnlocked,
    RefundRequested,
    Complaint,
    InfoOnly,
    CallbackBooked,
    VerificationFailed,
    SuspectedFraud,
    Transferred,
    Dropped,
    WrongNumber,
    Abandoned,
    ShortAbandon,
    QueueTimeout,
}

impl Disposition {
    /// The code on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::PendingWithinWindow => "pending_within_window",
            Self::DisputeOpened => "dispute_opened",
            Self::AccountFrozen => "account_frozen",
            Self::AccountUnlocked => "account_unlocked",
            Self::RefundRequested => "refund_requested",
            Self::Complaint => "complaint",
            Self::InfoOnly => "info_only",
            Self::CallbackBooked => "callback_booked",
            Self::VerificationFailed => "verification_failed",
            Self::SuspectedFraud => "suspected_fraud",
            Self::Transferred => "transferred",
            Self::Dropped => "dropped",
            Self::WrongNumber => "wrong_number",
            Self::Abandoned => "abandoned",
            Self::ShortAbandon => "short_abandon",
            Self::QueueTimeout => "queue_timeout",
        }
    }
}

/// One leg of a contact, with what its media did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Leg {
    /// Its identifier.
    pub id: LegId,
    /// The contact it belongs to.
    pub contact: ContactId,
    /// Who set it up.
    pub direction: Direction,
    /// The agent it reaches; none for the customer's leg, and for one to somebody outside.
    pub agent: Option<StaffId>,
    /// The number outside that it reaches, by id.
    pub outside: Option<String>,
    /// `PCMA`, `PCMU`, `opus`; empty until media is agreed.
    pub codec: String,
    /// `none`, `dtls_srtp`, or `srtp_sdes:` and the suite.
    pub encryption: String,
    /// RTP packets received.
    pub packets: u64,
    /// RTP packets lost on the way to us.
    pub lost: u64,
    /// Interarrival jitter, milliseconds.
    pub jitter_ms: f64,
    /// There and back, milliseconds; none where the far end reported nothing.
    pub round_trip_ms: Option<f64>,
    /// An estimate of how it was heard, 1 to 4.5.
    pub mos: Option<f64>,
    /// When it came to be.
    pub started_at: Wall,
    /// When it ended.
    pub ended_at: Option<Wall>,
    /// Why it ended, in the voice engine's words.
    pub cause: Option<String>,
    /// What ends its SIP dialog after a crash; opaque here.
    pub dialog: Option<String>,
}

/// How a leg sounds at the moment, as far as counting packets can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// As on any telephone.
    Good,
    /// Worth a question whether the other side hears well.
    Fair,
    /// Words are lost.
    Poor,
}

/// Who set a leg up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The far end called us.
    Inbound,
    /// We called the far end.
    Outbound,
}

/// What an agent wrote down during a contact. One per contact and agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The contact.
    pub contact: ContactId,
    /// Whose note.
    pub agent: StaffId,
    /// The text, at most 4,000 characters.
    pub text: Pii<String>,
    /// When it was last saved.
    pub at: Wall,
}

/// How an agent closed a contact. One per contact; a later one replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrapUp {
    /// The contact.
    pub contact: ContactId,
    /// Who closed it.
    pub agent: StaffId,
    /// The code.
    pub code: Disposition,
    /// A closing remark, at most 4,000 characters.
    pub note: Pii<String>,
    /// When.
    pub at: Wall,
}
