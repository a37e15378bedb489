//! One SIP leg as one task: its dialog, its phase, and the rule that it ends exactly once. The task outlives the leg by what the
//! protocol still owes the far end (a BYE, a CANCEL, an ACK to wait for), never longer than 64 × T1. Holds no audio.

use super::counters::Counters;
use super::dialog::Dialog;
use super::flow::gone;
use super::peer::{Hop, Peer};
use super::plane::Shared;
use super::refer::{Stage, Transfer};
use super::reliable::Reliable;
use super::session::Session;
use super::stack::{Client, Responder, status_of};
use super::timers::{Timer, Timers};
use super::trunk::{Slot, Ways};
use super::watch::Watch;
use crate::{Codec, EndCause, Event, LegId};
use rsipstack::sip::{Method, Request, Response, SipMessage};
use rsipstack::transaction::transaction::Transaction;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// Messages a leg may have waiting. A few commands and requests; a far end that sends more is told to wait.
pub(super) const INBOX_MAX: usize = 64;

/// What a leg is told.
pub(super) enum Message {
    /// Accept the incoming call.
    Answer,
    /// Refuse the incoming call with this status.
    Reject(u16),
    /// The caller cancelled.
    Cancelled,
    /// The ACK to the INVITE of this CSeq, with its body.
    Acknowledged { cseq: u32, body: Vec<u8> },
    /// The server transaction of the INVITE of this CSeq is over.
    InviteOver { cseq: u32 },
    /// The connection of the INVITE of this CSeq is gone: no answer of ours reaches the far end, and no ACK us.
    InviteLost { cseq: u32 },
    /// A request in the dialog, and where it came from.
    Request(Box<Transaction>, Peer),
    /// A response to our INVITE.
    Response(Box<Response>),
    /// The transaction of our INVITE of this CSeq is over.
    DialOver { cseq: u32 },
    /// Our UPDATE is answered, or nobody answers.
    Refreshed(Option<Box<Response>>),
    /// Accept the transfer that the far end asks for, or refuse it with this status.
    AnswerRefer(u16),
    /// Tell the far end how its transfer goes.
    ReportRefer(u16),
    /// Our BYE or CANCEL is answered, or nobody answers.
    FarewellOver,
}

/// How far a leg has come.
pub(super) enum Phase {
    /// The controller has yet to say whether we answer. `answer` is our SDP, none when the INVITE had no offer.
    Offered { invite: Box<Responder>, answer: Option<String> },
    /// 200 is sent, the ACK is awaited; `delayed` when it must carry the SDP answer.
    Accepted { cseq: u32, delayed: bool },
    /// Our INVITE is out.
    Dialing { invite: Box<Request>, heard: bool },
    /// Both sides agreed. A re-INVITE may wait for its ACK.
    Confirmed { pending: Option<Pending> },
    /// The leg has ended; something is still owed.
    Closing(Owed),
    /// Nothing is owed: the task ends.
    Over,
}

/// A re-INVITE that we answered and whose ACK has not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) cseq: u32,
    pub(super) delayed: bool,
}

/// What an ended leg still owes its far end.
pub(super) enum Owed {
    /// The ACK must come, or time out, before BYE may be sent (RFC 3261 section 15).
    ByeAfterAck { cseq: u32 },
    /// Our INVITE is cancelled, or will be at its first provisional answer; a 2xx that crosses it gets ACK and BYE.
    FinalAnswer { invite: Box<Request>, cancelled: bool },
    /// Our BYE or CANCEL is under way.
    Farewell,
}

/// A leg and everything its task owns.
pub(super) struct Leg {
    pub(super) shared: Arc<Shared>,
    pub(super) id: LegId,
    /// Our tag: the key of this leg among the dialogs.
    pub(super) tag: String,
    /// Set from the INVITE, or by the 2xx to ours.
    pub(super) dialog: Option<Dialog>,
    pub(super) phase: Phase,
    pub(super) inbox: mpsc::Receiver<Message>,
    pub(super) sender: mpsc::Sender<Message>,
    pub(super) hangup: CancellationToken,
    /// When the phase has lasted too long.
    pub(super) deadline: Option<Instant>,
    pub(super) incoming: bool,
    /// Where the far end was first seen, or is dialled.
    pub(super) peer: Peer,
    /// `Ringing` was told.
    pub(super) rung: bool,
    /// The task that drives our INVITE.
    pub(super) dial: Option<AbortHandle>,
    /// The INVITE whose 200 is repeated until its ACK comes.
    pub(super) unacknowledged: Option<Responder>,
    /// Its place on a trunk, until it ends.
    pub(super) slot: Option<Slot>,
    /// Where else our INVITE may go, until somebody answers it.
    pub(super) ways: Option<Box<Ways>>,
    /// The controller knows this leg, so it must hear of its end.
    pub(super) announced: bool,
    pub(super) ended: bool,
    /// The far end holds us, and the controller knows.
    pub(super) held: bool,
    /// The user part that was called, as it came.
    pub(super) user: String,
    pub(super) timers: Timers,
    pub(super) session: Session,
    pub(super) watch: Watch,
    pub(super) reliable: Reliable,
    pub(super) transfer: Transfer,
}

impl Leg {
    /// Runs until nothing is owed any more. What is done for a message is boxed: it takes kilobytes that a leg, which mostly waits, need
    /// not hold all its life.
    pub(super) async fn run(mut self: Box<Self>) {
        while !matches!(self.phase, Phase::Over) {
            let (deadline, timer) = (self.deadline, self.timers.next());
            tokio::select! {
                biased;
                () = self.hangup.cancelled(), if !self.ended => Box::pin(self.told_to_hang_up()).await,
                Some(message) = self.inbox.recv() => Box::pin(self.take(message)).await,
                () = async { sleep_until(deadline.unwrap_or_else(Instant::now)).await }, if deadline.is_some() => {
                    Box::pin(self.time_out()).await;
                }
                () = async { sleep_until(timer.unwrap_or_else(Instant::now)).await }, if timer.is_some() => {
                    Box::pin(self.fall_due()).await;
                }
            }
        }
    }

    async fn told_to_hang_up(&mut self) {
        self.tell_transfer().await;
        if !self.ended {
            self.hang_up().await;
        }
    }

    async fn take(&mut self, message: Message) {
        match message {
            Message::Answer => self.answer(),
            Message::Reject(status) => self.reject(status).await,
            Message::Cancelled => self.cancelled().await,
            Message::Acknowledged { cseq, body } => self.acknowledged(cseq, &body).await,
            Message::InviteOver { cseq } => self.invite_over(cseq).await,
            Message::InviteLost { cseq } => self.invite_lost(cseq).await,
            Message::Request(transaction, peer) => self.request(*transaction, peer).await,
            Message::Response(response) => self.response(*response).await,
            Message::DialOver { cseq } => self.dial_over(cseq).await,
            Message::Refreshed(answer) => self.updated(answer.map(|answer| *answer)).await,
            Message::AnswerRefer(status) => self.answer_refer(status).await,
            Message::ReportRefer(status) => self.report_refer(status).await,
            Message::FarewellOver => {
                if matches!(self.phase, Phase::Closing(Owed::Farewell)) {
                    self.phase = Phase::Over;
                }
            }
        }
    }

    /// What the controller said of a transfer before it hung up comes before the BYE: the phone is not to wonder what became of it.
    async fn tell_transfer(&mut self) {
        for _ in 0..INBOX_MAX {
            if !self.transfer.is_open() {
                return;
            }
            let Ok(message) = self.inbox.try_recv() else { return };
            self.take(message).await;
        }
    }

    async fn fall_due(&mut self) {
        match self.timers.take_due(Instant::now()) {
            Some(Timer::Expiry) => self.session_expired().await,
            Some(Timer::Refresh) => self.refresh(),
            Some(Timer::Watch) => self.look().await,
            Some(Timer::Reliable) => self.repeat_ringing().await,
            Some(Timer::Refer) => self.refuse_refer().await,
            None => {}
        }
    }

    /// The controller hangs up, in whatever phase.
    async fn hang_up(&mut self) {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Offered { invite, .. } => invite.respond(&self.shared.stack, 480, Vec::new(), None),
            Phase::Accepted { cseq, .. } => self.owe(Owed::ByeAfterAck { cseq }),
            Phase::Dialing { invite, heard } => self.cancel(invite, heard),
            Phase::Confirmed { .. } => self.say_bye(),
            phase @ (Phase::Closing(_) | Phase::Over) => self.phase = phase,
        }
        self.end(EndCause::LocalHangup).await;
    }

    /// The phase has lasted too long: whatever was to come from the far end or from the transaction layer did not.
    async fn time_out(&mut self) {
        self.deadline = None;
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Offered { invite, .. } => {
                invite.respond(&self.shared.stack, 480, Vec::new(), None);
                self.end(EndCause::Failed("nobody decided on the call".to_owned())).await;
            }
            Phase::Accepted { .. } | Phase::Confirmed { .. } => {
                self.say_bye();
                self.end(EndCause::Vanished).await;
            }
            Phase::Dialing { invite, heard } => match self.ways.take_if(|ways| !heard && ways.has_more()) {
                Some(ways) => self.way_silent(ways).await,
                None => {
                    self.cancel(invite, heard);
                    self.end(EndCause::Vanished).await;
                }
            },
            Phase::Closing(Owed::ByeAfterAck { .. }) => self.say_bye(),
            Phase::Closing(_) | Phase::Over => {}
        }
    }

    /// Ends the leg for its controller, once; later calls change nothing. The media is closed before the event, so that nothing
    /// of the leg follows it.
    pub(super) async fn end(&mut self, cause: EndCause) {
        // A transfer that is still asked for will not be.
        self.answer_refer(603).await;
        if let Some(event) = self.finish(cause) {
            self.shared.post(event).await;
        }
    }

    fn finish(&mut self, cause: EndCause) -> Option<Event> {
        if std::mem::replace(&mut self.ended, true) {
            return None;
        }
        self.timers.clear_all();
        self.shared.forget_leg(self.id, self.incoming);
        self.shared.dialog_reached(&self.tag, Stage::Over, None);
        self.slot = None;
        let stats = self.shared.media.close(self.id);
        tracing::debug!(leg = %self.id, ?cause, "SIP leg ended");
        self.announced.then_some(Event::LegEnded { leg: self.id, cause, stats })
    }

    /// Tells the controller that the leg is up.
    pub(super) async fn announce_answered(&mut self) {
        let counters = &self.shared.counters;
        Counters::add(if self.incoming { &counters.calls_answered } else { &counters.dials_answered });
        if let Some(slot) = &self.slot {
            slot.answered();
        }
        self.phase = Phase::Confirmed { pending: None };
        self.deadline = None;
        self.start_watch();
        self.shared.dialog_reached(&self.tag, Stage::Confirmed, self.dialog.as_ref());
        if let Some(dialog) = &self.dialog {
            self.shared.stack.streams.keep(dialog.peer);
        }
        let codec = self.shared.media.codec(self.id).map_or_else(String::new, |codec: Codec| codec.name().to_owned());
        let dialog = self.dialog.as_ref().map(Dialog::record);
        let encryption = self.shared.media.encryption(self.id);
        self.shared.post(Event::Answered { leg: self.id, codec, encryption, dialog }).await;
        self.note_hold().await;
    }

    /// The leg has no usable media after all: BYE, and the reason for the log.
    pub(super) async fn fail(&mut self, why: String) {
        self.say_bye();
        self.end(EndCause::Failed(why)).await;
    }

    fn owe(&mut self, owed: Owed) {
        self.phase = Phase::Closing(owed);
        self.deadline = Some(Instant::now() + self.shared.stack.give_up_after());
    }

    /// Sends BYE, retransmitted until it is answered or 64 × T1 have passed.
    pub(super) fn say_bye(&mut self) {
        let Some(dialog) = self.dialog.as_mut() else {
            self.phase = Phase::Over;
            return;
        };
        let bye = dialog.request(&self.shared.stack, Method::Bye);
        let to = dialog.hop(&self.shared.stack);
        self.say_farewell(bye, &to);
    }

    /// Cancels our INVITE now, or at its first provisional answer: before one, a CANCEL could overtake it (RFC 3261 section 9.1).
    pub(super) fn cancel(&mut self, invite: Box<Request>, heard: bool) {
        if heard {
            self.send_cancel(&invite);
        }
        self.owe(Owed::FinalAnswer { invite, cancelled: heard });
    }

    fn say_farewell(&mut self, request: Request, to: &Hop) {
        self.owe(Owed::Farewell);
        match self.shared.stack.client(request, to) {
            Some(client) => {
                let sender = self.sender.clone();
                self.shared.tasks.spawn(async move {
                    let _ = final_response(client).await;
                    let _ = sender.send(Message::FarewellOver).await;
                });
            }
            None => self.phase = Phase::Over,
        }
    }
}

impl Drop for Leg {
    /// The task is over: as a rule the leg ended long before. After a panic it ends here, so that a fault of ours costs one call.
    fn drop(&mut self) {
        if let Some(dial) = &self.dial {
            dial.abort();
        }
        if let Some(invite) = &self.unacknowledged {
            invite.give_up();
        }
        let up = self.shared.is_confirmed(&self.tag);
        if let Some(event) = self.finish(EndCause::Failed("internal error".to_owned())) {
            self.shared.post_later(event);
            // Nobody else would ever tell the far end.
            if let Some(dialog) = self.dialog.take().filter(|_| up) {
                self.shared.end_dialog(dialog);
            }
        }
        self.shared.forget_dialog(&self.tag);
    }
}

/// The status of [`final_answer`].
pub(super) async fn final_response(client: Client) -> Option<u16> {
    final_answer(client).await.as_ref().map(status_of)
}

/// Drives a client transaction to its final response; `None` when there was none, or its connection is gone. Time-outs come as a 408
/// of our own making.
pub(super) async fn final_answer(mut client: Client) -> Option<Response> {
    if send(&mut client).await { answer_to(client).await } else { None }
}

/// Sends the request, so that what is sent after it comes after it; false when its connection is gone.
pub(super) async fn send(client: &mut Client) -> bool {
    let lost = client.lost.clone();
    tokio::select! {
        sent = client.transaction.send() => sent.is_ok(),
        () = gone(lost) => false,
    }
}

/// The final response to what was sent, as [`final_answer`] gives it.
pub(super) async fn answer_to(client: Client) -> Option<Response> {
    let Client { mut transaction, lost, .. } = client;
    let drive = async {
        while let Some(message) = transaction.receive().await {
            if let SipMessage::Response(response) = message
                && status_of(&response) >= 200
            {
                return Some(response);
            }
        }
        None
    };
    tokio::select! {
        answer = drive => answer,
        () = gone(lost) => None,
    }
}

/// Drives the server transaction of an INVITE: retransmissions, CANCEL. Ends with it, with its connection, or when `patience` is
/// over: a transaction that will not end must not hold a task for ever.
pub(super) async fn drive_invite(
    mut transaction: Transaction,
    cseq: u32,
    leg: mpsc::Sender<Message>,
    patience: Duration,
    lost: Option<CancellationToken>,
) {
    let drive = async {
        while let Some(message) = transaction.receive().await {
            if matches!(message, SipMessage::Request(request) if request.method == Method::Cancel) {
                // The leg may be over already, and then so is what could be cancelled.
                let _ = leg.send(Message::Cancelled).await;
            }
        }
    };
    let over = tokio::select! {
        _ = timeout(patience, drive) => Message::InviteOver { cseq },
        () = gone(lost) => Message::InviteLost { cseq },
    };
    let _ = leg.send(over).await;
}
