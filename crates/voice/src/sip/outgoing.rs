//! A leg to a registered phone: INVITE, its answers, ACK, CANCEL. Follows no redirection and answers no challenge: the phone is
//! our own user's.

use super::address::without_headers;
use super::counters::Counters;
use super::dialog::{Dialog, cseq};
use super::fields::SUPPORTED;
use super::flow::gone;
use super::incoming::sdp_text;
use super::leg::{INBOX_MAX, Leg, Message, Owed, Phase, final_response};
use super::peer::Peer;
use super::plane::{DialogHandle, LegHandle, Shared};
use super::refer::{Replaced, Stage, Transfer};
use super::reliable::Reliable;
use super::session::{Session, asked_first};
use super::stack::{Client, header, status_of};
use super::timers::Timers;
use super::trunk::{Attempt, Slot, Ways};
use super::watch::Watch;
use crate::random::token;
use crate::{Binding, EndCause, Event, LegId, LegStats, MediaError, PolicyFor, SipTransport};
use rsipstack::sip::{HeadersExt, Method, Request, Response, SipMessage};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a phone may ring. The controller hangs up much sooner; this ends a leg it forgot.
pub(super) const RINGING_MAX: Duration = Duration::from_secs(180);

/// Rings a phone.
pub(super) fn dial(shared: &Arc<Shared>, id: LegId, binding: Option<Binding>, from_number: &str, from_name: &str) {
    let Some(binding) = binding else {
        let cause = EndCause::Rejected(480);
        return shared.post_later(Event::LegEnded { leg: id, cause, stats: LegStats::default() });
    };
    let Some(offer) = open(shared, id, PolicyFor::Phone) else { return };
    let (tag, call_id) = (token(), format!("{}@{}", token(), shared.stack.advertised.ip()));
    let registered = Peer { transport: binding.transport, address: binding.source, flow: binding.flow };
    let hop = shared.stack.route(&binding.contact, registered);
    let invite = make_invite(shared, &binding, hop.transport, (&tag, &call_id), (from_number, from_name), offer);
    let Some(client) = shared.stack.client(invite.clone(), &hop) else {
        let (cause, stats) = (EndCause::Failed("the contact cannot be dialled".to_owned()), shared.media.close(id));
        return shared.post_later(Event::LegEnded { leg: id, cause, stats });
    };
    let (sender, inbox) = mpsc::channel(INBOX_MAX);
    let peer = client.peer;
    let driven = drive_dial(Arc::clone(shared), client, invite.clone(), sender.clone(), CancellationToken::new());
    let driver = shared.tasks.spawn(driven).abort_handle();
    let (attempt, deadline) = (Attempt { invite, peer, driver }, Instant::now() + RINGING_MAX);
    begin(shared, Begun { id, tag, call_id, attempt, sender, inbox, deadline, trunk: None });
}

/// The media of a call that we place, and our offer. None where there is none: the controller is told, unless the leg lives already.
pub(super) fn open(shared: &Shared, id: LegId, policy: PolicyFor<'_>) -> Option<String> {
    let opened = shared.media.open_rtp(id, (shared.encryption)(policy));
    if let Err(MediaError::LegExists(_)) = opened {
        // The leg of that id goes on; its own end is the only one it has.
        tracing::error!(leg = %id, "dialled under the id of a live leg");
        return None;
    }
    match opened.and_then(|()| shared.media.offer(id)) {
        Ok(offer) => Some(offer),
        Err(error) => {
            let stats = shared.media.close(id);
            shared.post_later(Event::LegEnded { leg: id, cause: EndCause::Failed(error.to_string()), stats });
            None
        }
    }
}

/// A call whose first INVITE is out.
pub(super) struct Begun {
    pub(super) id: LegId,
    pub(super) tag: String,
    pub(super) call_id: String,
    pub(super) attempt: Attempt,
    pub(super) sender: mpsc::Sender<Message>,
    pub(super) inbox: mpsc::Receiver<Message>,
    pub(super) deadline: Instant,
    /// Its place on a trunk, and where else it may go.
    pub(super) trunk: Option<(Slot, Box<Ways>)>,
}

/// Runs its leg.
pub(super) fn begin(shared: &Arc<Shared>, begun: Begun) {
    let Begun { id, tag, call_id, attempt, sender, inbox, deadline, trunk } = begun;
    let (hangup, (slot, ways)) = (CancellationToken::new(), trunk.unzip());
    shared.add_leg(id, LegHandle { inbox: sender.clone(), hangup: hangup.clone() }, false);
    Counters::add(&shared.counters.calls_dialled);
    let known = Replaced { leg: id, stage: Stage::Early { ours: true }, host: attempt.peer.address.ip().to_canonical() };
    shared.add_dialog(tag.clone(), DialogHandle { call_id, remote_tag: String::new(), inbox: sender.clone(), known });
    let leg = Box::new(Leg {
        shared: Arc::clone(shared),
        id,
        tag,
        dialog: None,
        phase: Phase::Dialing { invite: Box::new(attempt.invite), heard: false },
        inbox,
        sender,
        hangup,
        deadline: Some(deadline),
        incoming: false,
        peer: attempt.peer,
        rung: false,
        dial: Some(attempt.driver),
        unacknowledged: None,
        slot,
        ways,
        announced: true,
        ended: false,
        held: false,
        user: String::new(),
        timers: Timers::default(),
        session: Session::default(),
        watch: Watch::default(),
        reliable: Reliable::default(),
        transfer: Transfer::default(),
    });
    shared.tasks.spawn(leg.run());
}

fn make_invite(
    shared: &Shared,
    to: &Binding,
    transport: SipTransport,
    (tag, call_id): (&str, &str),
    from: (&str, &str),
    offer: String,
) -> Request {
    let stack = &shared.stack;
    let (number, name) = (user_part(from.0), quoted(from.1));
    let from = format!("{name}<sip:{number}{}{}>;tag={tag}", if number.is_empty() { "" } else { "@" }, stack.advertised.ip());
    let target = without_headers(&to.contact);
    let mut fields = vec![
        header("From", from),
        header("To", format!("<{target}>")),
        header("Call-ID", call_id),
        header("CSeq", "1 INVITE"),
        stack.contact(transport, &to.contact, ""),
        header("Allow", super::guard::ALLOW),
        header("Supported", SUPPORTED),
        header("Content-Type", "application/sdp"),
    ];
    fields.extend(asked_first(shared.session));
    let mut invite = stack.request(transport, Method::Invite, target, fields);
    invite.body = offer.into_bytes();
    invite
}

/// A number as the user part of a URI: whatever RFC 3261 does not allow there is escaped.
pub(super) fn user_part(number: &str) -> String {
    let mut out = String::with_capacity(number.len());
    for byte in number.bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,".contains(&b) => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// A display name as a quoted string; control characters are left out, so that a name can never add a header.
fn quoted(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() {
        return name;
    }
    format!("\"{}\" ", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Drives our INVITE's transaction, as long as the connection lasts that its answers come by. Once its target is given up for another
/// one, the leg hears no more of it: what it still says is answered from here.
pub(super) async fn drive_dial(
    shared: Arc<Shared>,
    client: Client,
    invite: Request,
    leg: mpsc::Sender<Message>,
    given_up: CancellationToken,
) {
    let Client { mut transaction, lost, peer } = client;
    let drive = async {
        transaction.send().await.ok()?;
        let mut cancelled = false;
        while let Some(message) = transaction.receive().await {
            let SipMessage::Response(response) = message else { continue };
            if !given_up.is_cancelled() {
                leg.send(Message::Response(Box::new(response))).await.ok()?;
                continue;
            }
            match status_of(&response) {
                100..=199 if !std::mem::replace(&mut cancelled, true) => send_cancel(&shared, &invite, peer),
                200..=299 => {
                    if let Some(mut dialog) = Dialog::from_answer(&invite, &response, peer) {
                        end_stray(&shared, &mut dialog);
                    }
                }
                _ => {}
            }
        }
        Some(())
    };
    tokio::select! {
        _ = drive => {}
        () = gone(lost) => {}
    }
    if !given_up.is_cancelled() {
        let _ = leg.send(Message::DialOver { cseq: cseq(&invite).unwrap_or_default() }).await;
    }
}

/// Acknowledges an answer that nobody waits for, and ends its dialog.
fn end_stray(shared: &Arc<Shared>, dialog: &mut Dialog) {
    let hop = dialog.hop(&shared.stack);
    shared.stack.send(dialog.ack(&shared.stack, dialog.invite_cseq), &hop);
    let bye = dialog.request(&shared.stack, Method::Bye);
    if let Some(client) = shared.stack.client(bye, &hop) {
        shared.tasks.spawn(async move {
            let _ = final_response(client).await;
        });
    }
}

/// CANCEL has the INVITE's branch and CSeq number, and a transaction of its own (RFC 3261 section 9.1).
fn send_cancel(shared: &Arc<Shared>, invite: &Request, peer: Peer) {
    let mut cancel = shared.stack.request(peer.transport, Method::Cancel, "", Vec::new());
    cancel.uri = invite.uri.clone();
    let kept = invite.headers.iter().filter(|field| {
        use rsipstack::sip::Header::{CallId, From, MaxForwards, Route, To, UserAgent, Via};
        matches!(field, Via(_) | From(_) | To(_) | CallId(_) | Route(_) | MaxForwards(_) | UserAgent(_))
    });
    let cseq = header("CSeq", format!("{} CANCEL", cseq(invite).unwrap_or(1)));
    cancel.headers = kept.cloned().chain([cseq]).collect::<Vec<_>>().into();
    if let Some(client) = shared.stack.client(cancel, &peer.hop()) {
        shared.tasks.spawn(async move {
            let _ = final_response(client).await;
        });
    }
}

impl Leg {
    /// A response to our INVITE.
    pub(super) async fn response(&mut self, response: Response) {
        if self.reinvite_answered(&response).await {
            return;
        }
        let status = status_of(&response);
        match std::mem::replace(&mut self.phase, Phase::Over) {
            // Of a target that was given up long ago.
            Phase::Dialing { invite, heard } if !answers(&response, &invite) => self.phase = Phase::Dialing { invite, heard },
            Phase::Dialing { invite, heard } if status < 200 => {
                let rings = (180..=183).contains(&status);
                self.take_provisional(&invite, &response);
                self.phase = Phase::Dialing { invite, heard: true };
                if !heard && self.ways.is_some() {
                    self.deadline = Some(Instant::now() + RINGING_MAX);
                }
                if rings && !std::mem::replace(&mut self.rung, true) {
                    self.shared.post(Event::Ringing { leg: self.id }).await;
                }
            }
            Phase::Dialing { invite, .. } if status < 300 => self.dial_answered(&invite, &response).await,
            Phase::Dialing { invite, .. } if self.dial_again(&invite, &response) => {}
            Phase::Dialing { heard, .. } => {
                if let Some(ways) = self.ways.take() {
                    return self.way_refused(ways, heard, &response).await;
                }
                // A phone that never said a word did not refuse: the 408 is then our own transaction layer's.
                let cause = if status == 408 && !heard { EndCause::Vanished } else { EndCause::Rejected(status) };
                self.end(cause).await;
            }
            Phase::Closing(Owed::FinalAnswer { invite, cancelled }) if status < 200 => {
                if !cancelled {
                    self.send_cancel(&invite);
                }
                self.phase = Phase::Closing(Owed::FinalAnswer { invite, cancelled: true });
            }
            Phase::Closing(Owed::FinalAnswer { invite, .. }) if status < 300 => {
                // It was answered while we cancelled.
                self.dialog = self.dialog_of(&invite, &response);
                self.acknowledge(cseq(&response).unwrap_or_default());
                self.say_bye();
            }
            Phase::Closing(Owed::FinalAnswer { .. }) => {}
            phase => {
                self.phase = phase;
                self.repeated_answer(&response);
            }
        }
    }

    async fn dial_answered(&mut self, invite: &Request, response: &Response) {
        self.ways = None;
        self.dialog = self.dialog_of(invite, response);
        if self.dialog.is_none() {
            // Without tag or Contact there is no dialog to end; the phone's own retransmissions will.
            return self.end(EndCause::Failed("the phone's answer has no Contact".to_owned())).await;
        }
        self.acknowledge(cseq(response).unwrap_or_default());
        self.note_allow(&response.headers);
        self.take_session(response);
        let answered_early =
            self.dialog.as_ref().is_some_and(|dialog| self.reliable.is_answered(&dialog.remote_tag)) && response.body.is_empty();
        let taken = match answered_early {
            true => Ok(()),
            false => sdp_text(&response.body).and_then(|answer| self.shared.media.accept_answer(self.id, answer)),
        };
        match taken {
            Ok(()) => self.announce_answered().await,
            Err(error) => self.fail(format!("the phone's answer: {error}")).await,
        }
    }

    /// A 2xx that came again because our ACK was lost, or one from a second phone behind the same contact.
    fn repeated_answer(&mut self, response: &Response) {
        let Some(dialog) = &self.dialog else { return };
        let tag = response.to_header().ok().and_then(|to| super::address::tag(to.value())).unwrap_or_default();
        let answered = cseq(response).unwrap_or_default();
        if tag == dialog.remote_tag {
            return self.acknowledge(answered);
        }
        let mut fork = dialog.clone();
        if let Ok(to) = response.to_header() {
            fork.remote = to.value().to_owned();
        }
        if let Some(contact) = response.contact_header().ok().and_then(|contact| super::address::split_name_addr(contact.value()))
        {
            contact.0.clone_into(&mut fork.remote_target);
        }
        fork.invite_cseq = answered;
        end_stray(&self.shared, &mut fork);
    }

    /// Acknowledges the 2xx to our INVITE of this CSeq.
    pub(super) fn acknowledge(&self, invite_cseq: u32) {
        if let Some(dialog) = &self.dialog {
            self.shared.stack.send(dialog.ack(&self.shared.stack, invite_cseq), &dialog.hop(&self.shared.stack));
        }
    }

    /// Asks a phone once more that refused our INVITE for what we can change: the session's time (422), or, where media may be encrypted
    /// but need not, that it was not (488): some phones are set to take nothing else. Whether it does.
    fn dial_again(&mut self, invite: &Request, refusal: &Response) -> bool {
        let offer = match status_of(refusal) {
            422 if self.lengthen_session(refusal) => None,
            // A carrier's encryption is settled with it, not tried.
            488 | 606 if self.ways.is_none() => match self.shared.media.offer_secure(self.id) {
                Some(offer) => Some(offer),
                None => return false,
            },
            _ => return false,
        };
        let stack = &self.shared.stack;
        let (seq, given_up) = match &mut self.ways {
            Some(ways) => ways.once_more(),
            None => (cseq(invite).unwrap_or_default() + 1, CancellationToken::new()),
        };
        let mut again = stack.request(self.peer.transport, Method::Invite, "", Vec::new());
        again.uri = invite.uri.clone();
        again.body = offer.map_or_else(|| invite.body.clone(), String::into_bytes);
        let renewed = ["Via", "Max-Forwards", "User-Agent", "CSeq", "Session-Expires", "Min-SE", "Content-Length"];
        let kept = invite.headers.iter().filter(|field| !renewed.iter().any(|name| field.name().eq_ignore_ascii_case(name)));
        again.headers.extend(kept.cloned().collect());
        again.headers.push(header("CSeq", format!("{seq} INVITE")));
        again.headers.extend(self.ask_session(None));
        let Some(client) = stack.client(again.clone(), &self.peer.hop()) else { return false };
        self.peer = client.peer;
        let driven = drive_dial(Arc::clone(&self.shared), client, again.clone(), self.sender.clone(), given_up);
        self.dial = Some(self.shared.tasks.spawn(driven).abort_handle());
        self.phase = Phase::Dialing { invite: Box::new(again), heard: false };
        true
    }

    /// Cancels our INVITE.
    pub(super) fn send_cancel(&self, invite: &Request) {
        send_cancel(&self.shared, invite, self.peer);
    }

    /// The transaction of our INVITE of this CSeq is over.
    pub(super) async fn dial_over(&mut self, over: u32) {
        match &self.phase {
            // An earlier one, which was answered with a challenge or by a target that takes no calls.
            Phase::Dialing { invite, .. } if cseq(&**invite) != Some(over) => {}
            Phase::Dialing { heard, .. } => {
                let heard = *heard;
                self.phase = Phase::Over;
                match self.ways.take().filter(|_| !heard) {
                    Some(ways) => self.way_silent(ways).await,
                    None => self.end(EndCause::Vanished).await,
                }
            }
            Phase::Closing(Owed::FinalAnswer { invite, .. }) if cseq(&**invite) == Some(over) => self.phase = Phase::Over,
            _ => self.reinvite_over(over).await,
        }
    }
}

/// Whether a response is to this INVITE, and not to an earlier one of the same call.
fn answers(response: &Response, invite: &Request) -> bool {
    let number = response.cseq_header().ok().and_then(|cseq| cseq.value().split_whitespace().next()?.parse().ok());
    number.is_some() && number == cseq(invite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_cannot_break_out_of_from() {
        assert_eq!(user_part("+86 190****01@x;y"), "+86%20190****01%40x%3By");
        assert_eq!(quoted("A \"b\" \\ \r\nVia: x"), "\"A \\\"b\\\" \\\\ Via: x\" ");
        assert_eq!(quoted("\n"), "");
    }
}
