//! How anything reaches the switchboard: a bounded queue of messages, and the handle that fills it.

use arc_swap::ArcSwap;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, oneshot};
use walletline_core::identity::{Permit, RequestRefund};
use walletline_core::kernel::ids::{ContactId, LegId, StaffId};
use walletline_core::kernel::language::Language;
use walletline_core::kernel::pii::Pii;
use walletline_core::switchboard::event::{Act, ActRefusal, Event};
use walletline_core::switchboard::live::{LiveEvent, Snapshot};
use walletline_core::switchboard::{ActReply, Counts, LineState, Outlook, PermitRefused, Speaking};
use walletline_voice::{Counters, SipLoad, TrunkStatus};

/// Messages that may wait for the switchboard. Far above what a healthy loop ever holds; reaching it means overload, and the
/// sender waits or is refused.
pub(super) const INBOX_MAX: usize = 16_384;

/// Live events a slow screen may lag behind before it must fetch a fresh snapshot.
pub(super) const LIVE_LAG_MAX: usize = 4_096;

/// What waits for the switchboard.
pub(super) enum Message {
    Event(Event),
    Act { agent: StaffId, act: Act, reply: oneshot::Sender<Result<ActReply, ActRefusal>> },
    PermitRefund { agent: StaffId, contact: ContactId, reply: oneshot::Sender<Result<RefundPermit, PermitRefused>> },
    Subscribe { reply: oneshot::Sender<(Snapshot, broadcast::Receiver<Arc<LiveEvent>>)> },
    ConnectDesk { agent: StaffId, leg: LegId, sdp: String, reply: oneshot::Sender<Result<String, SdpRefused>> },
    Restart { leg: LegId, sdp: String, reply: oneshot::Sender<Result<String, SdpRefused>> },
    DialIn { dialling: Dialling, reply: oneshot::Sender<Result<DialedCall, DialRefused>> },
    HangUp { leg: LegId },
    Figures { reply: oneshot::Sender<Figures> },
    Speaking { wallet: String, is_theirs: IsTheirs, reply: oneshot::Sender<Speaking> },
    HoldLine { line: String, state: Option<LineState>, reply: oneshot::Sender<()> },
}

/// Tells whether a number, in whatever form it was shown, is a customer's.
pub(super) type IsTheirs = Box<dyn Fn(&Pii<String>) -> bool + Send>;

/// Leave to ask for a refund, and the language of the contact it was given in.
pub type RefundPermit = (Permit<RequestRefund>, Language);

/// Why there is no permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PermitError {
    /// A rule said no.
    #[error(transparent)]
    Refused(PermitRefused),
    /// The program is stopping.
    #[error("the hotline is stopping")]
    Stopping,
}

/// Reaches the switchboard from a route or a job.
#[derive(Clone)]
pub struct Handle {
    pub(super) inbox: mpsc::Sender<Message>,
    pub(super) outlook: Arc<ArcSwap<Outlook>>,
}

/// Why an act did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// A rule said no.
    #[error(transparent)]
    Refused(ActRefusal),
    /// The program is stopping.
    #[error("the hotline is stopping")]
    Stopping,
}

/// A browser's SDP offer was not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SdpRefused {
    /// No such leg is expected from this desk.
    #[error("no call is expected on this leg: accept the offer again")]
    NotExpected,
    /// It cannot be answered.
    #[error("the browser's call offer cannot be answered: {0}")]
    Unusable(String),
}

/// What a browser dials.
pub struct Dialling {
    /// The line.
    pub line: String,
    /// The number it claims; empty when it shows none.
    pub caller: Pii<String>,
    /// The language its visitor has chosen, where they have.
    pub language: Option<Language>,
    /// The code of a call pass that it brings.
    pub pass: Option<Pii<String>>,
    /// The browser's offer.
    pub sdp: String,
}

/// A call that a browser dialled and that was accepted.
pub struct DialedCall {
    /// The caller's leg.
    pub leg: LegId,
    /// The SDP answer.
    pub answer: String,
    /// Resolves when the call is over.
    pub ended: oneshot::Receiver<CallEnd>,
}

/// How a browser's call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallEnd {
    /// Either side hung up.
    HungUp,
    /// The media was lost or never came up.
    Failed,
}

/// Why a browser's call was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DialRefused {
    /// No such line.
    #[error("no such line")]
    UnknownLine,
    /// The line is full.
    #[error("the line is busy")]
    Busy,
    /// The program takes no more calls.
    #[error("no more calls can be taken now")]
    Overloaded,
    /// The offer cannot be answered.
    #[error("the call cannot be set up: {0}")]
    Failed(String),
}

/// Figures of the moment.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Calls, queues, agents.
    pub live: Counts,
    /// Legs, packets, messages since the start.
    pub voice: Counters,
    /// What the signalling holds now, and how many tasks run for media.
    pub held: (SipLoad, usize),
    /// Carriers as they stand now.
    pub trunks: Vec<TrunkStatus>,
    /// Sources blocked now because they guess passwords or numbers.
    pub sources_blocked: usize,
}

/// Whether the hotline can take calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// It can.
    Ready,
    /// It is stopping, or the loop does not answer.
    NotReady,
}

impl Handle {
    /// Asks for something on behalf of an agent.
    ///
    /// # Errors
    /// [`ActError::Refused`] when a rule says no, [`ActError::Stopping`] when the engine is gone.
    pub async fn act(&self, agent: StaffId, act: Act) -> Result<ActReply, ActError> {
        let outcome = self.ask(|reply| Message::Act { agent, act, reply }).await;
        outcome.ok_or(ActError::Stopping)?.map_err(ActError::Refused)
    }

    /// Asks for leave to request a refund in an agent's own live contact.
    ///
    /// # Errors
    /// [`PermitError`].
    pub async fn permit_refund(&self, agent: StaffId, contact: ContactId) -> Result<RefundPermit, PermitError> {
        let outcome = self.ask(|reply| Message::PermitRefund { agent, contact, reply }).await;
        outcome.ok_or(PermitError::Stopping)?.map_err(PermitError::Refused)
    }

    /// Tells a fact. Waits while the inbox is full, so that none is lost.
    pub async fn post(&self, event: Event) {
        if self.inbox.send(Message::Event(event)).await.is_err() {
            tracing::debug!("event after the engine stopped");
        }
    }

    /// The live view now, and every change after it. None when the engine is gone.
    pub async fn subscribe(&self) -> Option<(Snapshot, broadcast::Receiver<Arc<LiveEvent>>)> {
        self.ask(|reply| Message::Subscribe { reply }).await
    }

    /// Connects the browser leg of an offer this agent accepted; returns the SDP answer.
    ///
    /// # Errors
    /// [`SdpRefused`] when no such leg is expected or the offer cannot be answered.
    pub async fn connect_desk(&self, agent: StaffId, leg: LegId, sdp: String) -> Result<String, SdpRefused> {
        let outcome = self.ask(|reply| Message::ConnectDesk { agent, leg, sdp, reply }).await;
        outcome.unwrap_or_else(|| Err(SdpRefused::Unusable("the hotline is stopping".to_owned())))
    }

    /// Dials a line from a browser.
    ///
    /// # Errors
    /// [`DialRefused`] as a phone would be refused.
    pub async fn dial_in(&self, dialling: Dialling) -> Result<DialedCall, DialRefused> {
        let outcome = self.ask(|reply| Message::DialIn { dialling, reply }).await;
        outcome.unwrap_or(Err(DialRefused::Overloaded))
    }

    /// Leads a browser caller's leg over another way: the answer to its new offer.
    ///
    /// # Errors
    /// [`SdpRefused`] when there is no such call any more.
    pub async fn restart(&self, leg: LegId, sdp: String) -> Result<String, SdpRefused> {
        let outcome = self.ask(|reply| Message::Restart { leg, sdp, reply }).await;
        outcome.unwrap_or_else(|| Err(SdpRefused::Unusable("the hotline is stopping".to_owned())))
    }

    /// Hangs up a browser caller's own leg.
    pub async fn hang_up(&self, leg: LegId) {
        let _gone = self.inbox.send(Message::HangUp { leg }).await;
    }

    /// What is to be expected on every line, at most a second old. Asks nobody: strangers may read it as often as they like.
    #[must_use]
    pub fn outlook(&self) -> Arc<Outlook> {
        self.outlook.load_full()
    }

    /// Holds a line in a state, or gives it back to its plan. Done when this returns.
    pub async fn hold_line(&self, line: String, state: Option<LineState>) {
        self.ask(|reply| Message::HoldLine { line, state, reply }).await;
    }

    /// Whether we are talking with the customer of a wallet whom this tells by their number. None when the engine is gone.
    pub async fn speaking(&self, wallet: String, is_theirs: impl Fn(&Pii<String>) -> bool + Send + 'static) -> Option<Speaking> {
        let is_theirs = Box::new(is_theirs);
        self.ask(|reply| Message::Speaking { wallet, is_theirs, reply }).await
    }

    /// Figures of the moment, for metrics. None when the engine is gone.
    pub async fn figures(&self) -> Option<Figures> {
        self.ask(|reply| Message::Figures { reply }).await
    }

    /// Whether the loop answers and takes calls.
    pub async fn readiness(&self) -> Readiness {
        match self.figures().await {
            Some(figures) if !figures.live.draining => Readiness::Ready,
            _ => Readiness::NotReady,
        }
    }

    async fn ask<T>(&self, message: impl FnOnce(oneshot::Sender<T>) -> Message) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.inbox.send(message(reply)).await.ok()?;
        answer.await.ok()
    }
}
