//! Reliable provisional answers (RFC 3262). Ours: a caller that requires them gets a 180 that is repeated until its PRACK comes. A
//! dialled phone's: each is acknowledged, in the early dialog that it makes, and a session description in it is taken as the answer.

use super::dialog::{Dialog, cseq, field, has_option};
use super::fields::{RAck, rseq};
use super::in_dialog::reply;
use super::incoming::sdp_text;
use super::leg::{Leg, Phase, final_response};
use super::refer::Stage;
use super::stack::{Responder, header, status_of};
use super::timers::Timer;
use crate::EndCause;
use rsipstack::sip::{HeadersExt, Method, Request, Response};
use rsipstack::transaction::transaction::Transaction;
use std::time::Duration;
use tokio::time::Instant;

/// Early dialogs of one INVITE: phones that ring behind one contact.
const EARLY_MAX: usize = 4;

/// Reliable provisional answers of one leg, in either direction.
#[derive(Debug, Default)]
pub(super) struct Reliable {
    /// Our 180 that waits for its PRACK.
    ringing: Option<Ringing>,
    /// The early dialogs of our INVITE.
    early: Vec<Early>,
}

#[derive(Debug)]
struct Ringing {
    rseq: u32,
    /// The CSeq of the INVITE.
    cseq: u32,
    again_in: Duration,
    until: Instant,
}

/// What a provisional answer to our INVITE began.
#[derive(Debug)]
struct Early {
    dialog: Dialog,
    /// The last one that was acknowledged.
    rseq: Option<u32>,
    /// A session description has answered our offer.
    answered: bool,
}

impl Reliable {
    /// The early dialog with this tag of theirs.
    pub(super) fn dialog(&mut self, remote_tag: &str) -> Option<&mut Dialog> {
        self.early.iter_mut().map(|early| &mut early.dialog).find(|dialog| dialog.remote_tag == remote_tag)
    }

    /// Whether the far end with this tag has answered our offer before the call.
    pub(super) fn is_answered(&self, remote_tag: &str) -> bool {
        self.early.iter().any(|early| early.answered && early.dialog.remote_tag == remote_tag)
    }
}

impl Leg {
    /// Tells a caller that requires it that we are there (180), as reliably as it wants it. An INVITE without an offer gets none: a
    /// reliable answer would have to make the offer, and the 200 makes it as well.
    pub(super) fn ring_reliably(&mut self, invite: &Responder) {
        if !has_option(&invite.request.headers, "Require", "100rel") || invite.request.body.is_empty() {
            return;
        }
        let mut random = [0; 2];
        crate::random::fill(&mut random);
        let (t1, seq) = (self.shared.stack.t1, cseq(&invite.request).unwrap_or_default());
        let until = Instant::now() + self.shared.stack.give_up_after();
        let rseq = u32::from(u16::from_be_bytes(random)) + 1;
        self.reliable.ringing = Some(Ringing { rseq, cseq: seq, again_in: t1, until });
        self.timers.set(Timer::Reliable, Instant::now() + t1);
        self.say_ringing(invite, rseq);
    }

    fn say_ringing(&self, invite: &Responder, rseq: u32) {
        let fields = vec![header("Require", "100rel"), header("RSeq", rseq.to_string()), self.contact(&self.user)];
        invite.respond(&self.shared.stack, 180, fields, None);
    }

    /// Our 180 was not acknowledged: it is repeated, and in the end the call refused (RFC 3262 section 3).
    pub(super) async fn repeat_ringing(&mut self) {
        let Phase::Offered { invite, .. } = &self.phase else { return };
        let Some(ringing) = &mut self.reliable.ringing else { return };
        let now = Instant::now();
        if now < ringing.until {
            ringing.again_in *= 2;
            self.timers.set(Timer::Reliable, (now + ringing.again_in).min(ringing.until));
            return self.say_ringing(invite, self.reliable.ringing.as_ref().map_or(0, |ringing| ringing.rseq));
        }
        invite.respond(&self.shared.stack, 504, Vec::new(), None);
        self.phase = Phase::Over;
        self.end(EndCause::Vanished).await;
    }

    /// PRACK: acknowledges our 180, at any time before the call is over. It cannot bring an offer, because none was answered by it.
    pub(super) async fn prack(&mut self, mut transaction: Transaction) {
        let acknowledged = field(&transaction.original.headers, "RAck").and_then(RAck::parse);
        let is_ours = |ringing: &mut Ringing| {
            acknowledged.is_some_and(|given| {
                given.method.eq_ignore_ascii_case("INVITE") && (given.rseq, given.cseq) == (ringing.rseq, ringing.cseq)
            })
        };
        if self.reliable.ringing.take_if(is_ours).is_none() {
            return reply(&mut transaction, 481, Vec::new()).await;
        }
        self.timers.clear(Timer::Reliable);
        let status = if transaction.original.body.is_empty() { 200 } else { 488 };
        reply(&mut transaction, status, Vec::new()).await;
    }

    /// A provisional answer to our INVITE: keeps its early dialog and acknowledges it where it is reliable.
    pub(super) fn take_provisional(&mut self, invite: &Request, response: &Response) {
        let Some(tag) = response.to_header().ok().and_then(|to| super::address::tag(to.value())) else { return };
        if status_of(response) == 100 {
            return;
        }
        let known = self.reliable.early.iter().position(|early| early.dialog.remote_tag == tag);
        let at = match known {
            Some(at) => at,
            None if self.reliable.early.len() < EARLY_MAX => {
                let Some(dialog) = Dialog::from_answer(invite, response, self.peer) else { return };
                self.shared.dialog_reached(&self.tag, Stage::Early { ours: true }, Some(&dialog));
                self.reliable.early.push(Early { dialog, rseq: None, answered: false });
                self.reliable.early.len() - 1
            }
            None => return,
        };
        if !has_option(&response.headers, "Require", "100rel") {
            return;
        }
        let Some(given) = field(&response.headers, "RSeq").and_then(rseq) else { return };
        let early = &mut self.reliable.early[at];
        // Each once and in order; what is left out comes again (RFC 3262 section 4).
        if early.rseq.is_some_and(|last| last.checked_add(1) != Some(given)) {
            return;
        }
        early.rseq = Some(given);
        if !early.answered && !response.body.is_empty() {
            let taken = sdp_text(&response.body).and_then(|answer| self.shared.media.accept_answer(self.id, answer));
            match taken {
                Ok(()) => early.answered = true,
                // The 200 may bring a better one; if not, the call ends then.
                Err(error) => tracing::debug!(leg = %self.id, %error, "the session description of a provisional answer"),
            }
        }
        let acknowledges = RAck { rseq: given, cseq: early.dialog.invite_cseq, method: "INVITE".to_owned() };
        let mut prack = early.dialog.request(&self.shared.stack, Method::PRack);
        prack.headers.push(header("RAck", acknowledges.write()));
        let to = early.dialog.hop(&self.shared.stack);
        if let Some(client) = self.shared.stack.client(prack, &to) {
            self.shared.tasks.spawn(async move {
                let _ = final_response(client).await;
            });
        }
    }

    /// The dialog of the answer to our INVITE: it goes on counting where its early one stopped.
    pub(super) fn dialog_of(&mut self, invite: &Request, answer: &Response) -> Option<Dialog> {
        let mut dialog = Dialog::from_answer(invite, answer, self.peer)?;
        if let Some(early) = self.reliable.dialog(&dialog.remote_tag) {
            (dialog.local_cseq, dialog.remote_cseq) = (early.local_cseq, early.remote_cseq);
        }
        Some(dialog)
    }
}
