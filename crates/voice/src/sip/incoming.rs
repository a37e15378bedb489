//! A leg that a phone or trunk asks for: from its INVITE to its ACK. Decides nothing about the call; what is offered waits for
//! the controller's `Answer` or `Reject`.

use super::address::unescape_user;
use super::caller::{caller, from_user, to_user, vouching};
use super::counters::Counters;
use super::dialog::{Dialog, cseq};
use super::fields::SUPPORTED;
use super::leg::{INBOX_MAX, Leg, Message, Owed, Phase, drive_invite};
use super::peer::Peer;
use super::plane::{DialogHandle, LegHandle, Shared};
use super::refer::{Replaced, Stage, Transfer, replaced_by};
use super::reliable::Reliable;
use super::session::Session;
use super::stack::{Responder, header};
use super::throttle::Offence;
use super::timers::{Timer, Timers};
use super::trunk::Slot;
use super::watch::Watch;
use crate::{EncryptionPolicy, EndCause, Event, LegId, MediaError, PolicyFor, SdpError};
use rsipstack::sip::{Header, Request};
use rsipstack::transaction::transaction::Transaction;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a call may wait for the controller's word: phones give up after three minutes (RFC 3261 section 16.6, timer C).
const DECISION_MAX: Duration = Duration::from_secs(180);

/// Takes a new INVITE: 100 at once, then a task of its own.
pub(super) async fn start(shared: &Arc<Shared>, mut transaction: Transaction, source: Peer, slot: Option<Slot>, user: String) {
    // A failure to send is a datagram lost; the INVITE will come again.
    let _ = transaction.send_trying().await;
    let tag = crate::random::token();
    let invite = Responder::new(&mut transaction, Some(&tag));
    let (sender, inbox) = mpsc::channel(INBOX_MAX);
    let cseq = cseq(&invite.request).unwrap_or_default();
    let patience = DECISION_MAX + shared.stack.ack_patience();
    let lost = shared.stack.streams.lost(source);
    shared.tasks.spawn(drive_invite(transaction, cseq, sender.clone(), patience, lost));
    let Some(dialog) = Dialog::from_invite(&invite.request, source) else {
        invite.respond(&shared.stack, 400, Vec::new(), None);
        return;
    };
    let (id, hangup) = (shared.new_leg_id(), CancellationToken::new());
    shared.add_leg(id, LegHandle { inbox: sender.clone(), hangup: hangup.clone() }, true);
    let known = Replaced { leg: id, stage: Stage::Early { ours: false }, host: source.address.ip().to_canonical() };
    let (call_id, remote_tag) = (dialog.call_id.clone(), dialog.remote_tag.clone());
    shared.add_dialog(tag.clone(), DialogHandle { call_id, remote_tag, inbox: sender.clone(), known });
    let leg = Box::new(Leg {
        shared: Arc::clone(shared),
        id,
        tag,
        dialog: Some(dialog),
        phase: Phase::Over,
        inbox,
        sender,
        hangup,
        deadline: Some(Instant::now() + DECISION_MAX),
        incoming: true,
        peer: source,
        rung: false,
        dial: None,
        unacknowledged: None,
        slot,
        ways: None,
        announced: false,
        ended: false,
        held: false,
        user,
        timers: Timers::default(),
        session: Session::default(),
        watch: Watch::default(),
        reliable: Reliable::default(),
        transfer: Transfer::default(),
    });
    shared.tasks.spawn(offer(leg, invite, source));
}

/// Opens the media, tells the controller, and runs the leg.
async fn offer(mut leg: Box<Leg>, invite: Responder, source: Peer) {
    let asked = replaced_by(&leg.shared, &invite.request, source).map_err(|status| (status, Vec::new()));
    let asked = asked.and_then(|replaces| leg.rule_session(&invite.request).map(|_| replaces).map_err(|fields| (422, fields)));
    let replaces = match asked {
        Ok(replaces) => replaces,
        Err((status, fields)) => {
            tracing::info!(leg = %leg.id, status, "incoming call refused");
            invite.respond(&leg.shared.stack, status, fields, None);
            return leg.end(EndCause::Rejected(status)).await;
        }
    };
    let (mut line, mut caller) = (unescape_user(&leg.user), caller(&invite.request, leg.slot.is_some()));
    let vouching = Box::new(vouching(&invite.request, &line));
    if let Some(Slot { trunk, .. }) = &leg.slot {
        line = trunk.line(&line, &to_user(&invite.request));
        caller = trunk.caller(&caller);
    }
    let trunk = leg.slot.as_ref().map(|slot| slot.trunk.settings.id.clone());
    let phone = leg.shared.phone_at(source, &from_user(&invite.request)).filter(|_| trunk.is_none());
    let from = PolicyFor::Incoming { source: source.address.ip().to_canonical(), line: &line, trunk: trunk.as_deref() };
    let policy = (leg.shared.encryption)(from);
    let answer = match open_media(&leg, &invite.request, policy) {
        Ok(answer) => answer,
        Err(error) => {
            let status = status_for(&error);
            tracing::info!(leg = %leg.id, status, %error, "incoming call refused");
            Counters::add(&leg.shared.counters.rejected_media);
            invite.respond(&leg.shared.stack, status, retry_after(status), None);
            leg.end(EndCause::Rejected(status)).await;
            return;
        }
    };
    leg.ring_reliably(&invite);
    leg.phase = Phase::Offered { invite: Box::new(invite), answer };
    leg.announced = true;
    Counters::add(&leg.shared.counters.calls_offered);
    leg.shared
        .post(Event::Incoming { leg: leg.id, line, caller, trunk, source: source.address, phone, replaces, vouching })
        .await;
    leg.run().await;
}

fn open_media(leg: &Leg, invite: &Request, policy: EncryptionPolicy) -> Result<Option<String>, MediaError> {
    leg.shared.media.open_rtp(leg.id, policy)?;
    if invite.body.is_empty() {
        return Ok(None);
    }
    leg.shared.media.answer(leg.id, sdp_text(&invite.body)?).map(Some)
}

/// A body as SDP text; 488 is the answer to what is none.
pub(super) fn sdp_text(body: &[u8]) -> Result<&str, MediaError> {
    std::str::from_utf8(body).map_err(|_| SdpError::Malformed("not UTF-8".to_owned()).into())
}

/// The status that tells what went wrong with the media.
pub(super) fn status_for(error: &MediaError) -> u16 {
    match error {
        MediaError::Sdp(SdpError::TooLarge) => 413,
        MediaError::Sdp(_) => 488,
        MediaError::NoFreePort | MediaError::Socket(_) | MediaError::NoRandomness => 503,
        MediaError::NoSuchLeg(_)
        | MediaError::LegExists(_)
        | MediaError::NoAddress
        | MediaError::NoCertificate
        | MediaError::NoCipher => 500,
    }
}

/// Seconds after which a refused caller may try again: calls last minutes, so a few seconds make room for somebody.
pub(super) const RETRY_AFTER_S: &str = "10";

pub(super) fn retry_after(status: u16) -> Vec<Header> {
    if status == 503 { vec![header("Retry-After", RETRY_AFTER_S)] } else { Vec::new() }
}

impl Leg {
    /// The controller accepts: 200 with our SDP, or with our offer when the INVITE had none.
    pub(super) fn answer(&mut self) {
        let (invite, answer) = match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Offered { invite, answer } => (invite, answer),
            other => return self.phase = other,
        };
        let delayed = answer.is_none();
        let sdp = match answer.map_or_else(|| self.shared.media.offer(self.id), Ok) {
            Ok(sdp) => sdp,
            Err(error) => {
                // The media cannot vanish before the leg ends; if it did, the caller is told so.
                tracing::error!(leg = %self.id, %error, "no media to answer with");
                self.phase = Phase::Offered { invite, answer: None };
                self.hangup.cancel();
                return;
            }
        };
        let (agreed, mut fields) = self.rule_session(&invite.request).unwrap_or_default();
        fields.extend(self.session_fields(&self.user));
        invite.respond(&self.shared.stack, 200, fields, Some(sdp));
        self.timers.clear(Timer::Reliable);
        self.note_allow(&invite.request.headers);
        self.agree_session(agreed);
        self.phase = Phase::Accepted { cseq: cseq(&invite.request).unwrap_or_default(), delayed };
        self.watch_for_ack(*invite);
    }

    /// The transaction layer gives up on an ACK after 64 × T1 and says so. Should it ever not, the deadline does.
    pub(super) fn watch_for_ack(&mut self, invite: Responder) {
        self.unacknowledged = Some(invite);
        self.deadline = Some(Instant::now() + self.shared.stack.ack_patience());
    }

    /// Our Contact in this leg's dialog. A user part that could break out of it is left away.
    pub(super) fn contact(&self, user: &str) -> Header {
        let plain = user.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,;?/%".contains(&byte));
        let user = if plain { user } else { "" };
        let theirs = self.dialog.as_ref().map_or("", |dialog| &dialog.remote_target);
        self.shared.stack.contact(self.peer.transport, theirs, user)
    }

    /// The fields of every 2xx that carries SDP.
    pub(super) fn session_fields(&self, user: &str) -> Vec<Header> {
        let contact = self.contact(user);
        let allow = header("Allow", super::guard::ALLOW);
        vec![contact, allow, header("Supported", SUPPORTED), header("Content-Type", "application/sdp")]
    }

    /// The controller refuses.
    pub(super) async fn reject(&mut self, status: u16) {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Offered { invite, .. } => {
                let counters = &self.shared.counters;
                match status {
                    404 => {
                        Counters::add(&counters.rejected_unknown_line);
                        if self.slot.is_none() {
                            self.shared.offended(self.peer.address.ip(), Offence::UnknownLine);
                        }
                    }
                    486 => Counters::add(&counters.rejected_busy),
                    503 => Counters::add(&counters.rejected_overloaded),
                    _ => {}
                }
                invite.respond(&self.shared.stack, status, retry_after(status), None);
                self.end(EndCause::Rejected(status)).await;
            }
            other => self.phase = other,
        }
    }

    /// CANCEL. Once 200 is sent it has no effect: the caller will send BYE (RFC 3261 section 9.2).
    pub(super) async fn cancelled(&mut self) {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Offered { invite, .. } => {
                invite.respond(&self.shared.stack, 487, Vec::new(), None);
                self.end(EndCause::Cancelled).await;
            }
            other => self.phase = other,
        }
    }

    /// The ACK to the 200 of an INVITE or re-INVITE.
    pub(super) async fn acknowledged(&mut self, cseq: u32, body: &[u8]) {
        match self.phase {
            Phase::Accepted { cseq: awaited, delayed } if awaited == cseq => {
                self.unacknowledged = None;
                match self.take_delayed_answer(delayed, body) {
                    Ok(()) => self.announce_answered().await,
                    Err(why) => self.fail(why).await,
                }
            }
            Phase::Confirmed { pending: Some(pending) } if pending.cseq == cseq => {
                self.phase = Phase::Confirmed { pending: None };
                (self.unacknowledged, self.deadline) = (None, None);
                match self.take_delayed_answer(pending.delayed, body) {
                    Ok(()) => self.note_hold().await,
                    Err(why) => self.fail(why).await,
                }
            }
            Phase::Closing(Owed::ByeAfterAck { cseq: awaited }) if awaited == cseq => self.say_bye(),
            _ => {}
        }
    }

    fn take_delayed_answer(&self, delayed: bool, body: &[u8]) -> Result<(), String> {
        if !delayed {
            return Ok(());
        }
        let taken = sdp_text(body).and_then(|answer| self.shared.media.accept_answer(self.id, answer));
        taken.map_err(|error| format!("the answer in the ACK: {error}"))
    }

    /// The INVITE's transaction is over. Where the ACK has not come by now, it never will.
    pub(super) async fn invite_over(&mut self, cseq: u32) {
        match self.phase {
            Phase::Accepted { cseq: awaited, .. }
            | Phase::Confirmed { pending: Some(super::leg::Pending { cseq: awaited, .. }) }
                if awaited == cseq =>
            {
                self.say_bye();
                self.end(EndCause::Vanished).await;
            }
            Phase::Closing(Owed::ByeAfterAck { cseq: awaited }) if awaited == cseq => self.say_bye(),
            _ => {}
        }
    }
}

impl Leg {
    /// The connection of an INVITE is gone. Before the ACK that ends the leg: nobody can be answered. A dialog that is up stays so, and
    /// the ACK of a re-INVITE may yet come over another connection.
    pub(super) async fn invite_lost(&mut self, cseq: u32) {
        let awaited = match &self.phase {
            Phase::Offered { invite, .. } => super::dialog::cseq(&invite.request).unwrap_or_default() == cseq,
            Phase::Accepted { cseq: awaited, .. } | Phase::Closing(Owed::ByeAfterAck { cseq: awaited }) => *awaited == cseq,
            Phase::Dialing { .. } | Phase::Confirmed { .. } | Phase::Closing(_) | Phase::Over => false,
        };
        if !awaited {
            return;
        }
        if matches!(self.phase, Phase::Offered { .. }) {
            self.phase = Phase::Over;
        } else {
            self.say_bye();
        }
        self.end(EndCause::Vanished).await;
    }
}

impl LegHandle {
    /// Passes a command on. It is dropped where the leg is over or so flooded that 64 messages wait.
    pub(super) fn tell(&self, message: Message) {
        let _ = self.inbox.try_send(message);
    }
}

/// The id of a new leg: 128 random bits.
pub(super) fn new_leg_id() -> LegId {
    let mut bytes = [0_u8; 16];
    crate::random::fill(&mut bytes);
    LegId(u128::from_be_bytes(bytes))
}
