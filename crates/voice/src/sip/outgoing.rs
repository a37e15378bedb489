//! A leg to a registered phone: INVITE, its answers, ACK, CANCEL. Follows no redirection and answers no challenge: the phone is
//! our own user's.

use super::address::without_headers;
use super::counters::Counters;
use super::dialog::Dialog;
use super::flow::gone;
use super::incoming::sdp_text;
use super::leg::{INBOX_MAX, Leg, Message, Owed, Phase, final_response};
use super::peer::Peer;
use super::plane::{LegHandle, Shared};
use super::stack::{Client, header, status_of};
use crate::random::token;
use crate::{Binding, EndCause, Event, LegId, LegStats, MediaError, PolicyFor, SipTransport};
use rsipstack::sip::{HeadersExt, Method, Request, Response, SipMessage};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a phone may ring. The controller hangs up much sooner; this ends a leg it forgot.
const RINGING_MAX: Duration = Duration::from_secs(180);

/// Rings a phone.
pub(super) fn dial(shared: &Arc<Shared>, id: LegId, binding: Option<Binding>, from_number: &str, from_name: &str) {
    let Some(binding) = binding else {
        let cause = EndCause::Rejected(480);
        return shared.post_later(Event::LegEnded { leg: id, cause, stats: LegStats::default() });
    };
    let opened = shared.media.open_rtp(id, (shared.encryption)(PolicyFor::Phone));
    if let Err(MediaError::LegExists(_)) = opened {
        // The leg of that id goes on; its own end is the only one it has.
        return tracing::error!(leg = %id, "dialled under the id of a live leg");
    }
    let offer = match opened.and_then(|()| shared.media.offer(id)) {
        Ok(offer) => offer,
        Err(error) => {
            let stats = shared.media.close(id);
            return shared.post_later(Event::LegEnded { leg: id, cause: EndCause::Failed(error.to_string()), stats });
        }
    };
    let (tag, call_id) = (token(), format!("{}@{}", token(), shared.stack.advertised.ip()));
    let registered = Peer { transport: binding.transport, address: binding.source, flow: binding.flow };
    let hop = shared.stack.route(&binding.contact, registered);
    let invite = make_invite(shared, &binding, hop.transport, (&tag, &call_id), (from_number, from_name), offer);
    let Some(client) = shared.stack.client(invite.clone(), &hop) else {
        let (cause, stats) = (EndCause::Failed("the contact cannot be dialled".to_owned()), shared.media.close(id));
        return shared.post_later(Event::LegEnded { leg: id, cause, stats });
    };
    let (sender, inbox) = mpsc::channel(INBOX_MAX);
    let hangup = CancellationToken::new();
    shared.add_leg(id, LegHandle { inbox: sender.clone(), hangup: hangup.clone() }, false);
    shared.add_dialog(tag.clone(), call_id, sender.clone());
    Counters::add(&shared.counters.calls_dialled);
    let peer = client.peer;
    let driver = shared.tasks.spawn(drive_dial(client, sender.clone())).abort_handle();
    let leg = Leg {
        shared: Arc::clone(shared),
        id,
        tag,
        dialog: None,
        phase: Phase::Dialing { invite: Box::new(invite), heard: false },
        inbox,
        sender,
        hangup,
        deadline: Some(Instant::now() + RINGING_MAX),
        incoming: false,
        peer,
        rung: false,
        dial: Some(driver),
        unacknowledged: None,
        announced: true,
        ended: false,
    };
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
    let fields = vec![
        header("From", from),
        header("To", format!("<{target}>")),
        header("Call-ID", call_id),
        header("CSeq", "1 INVITE"),
        stack.contact(transport, &to.contact, ""),
        header("Allow", super::guard::ALLOW),
        header("Content-Type", "application/sdp"),
    ];
    let mut invite = stack.request(transport, Method::Invite, target, fields);
    invite.body = offer.into_bytes();
    invite
}

/// A number as the user part of a URI: whatever RFC 3261 does not allow there is escaped.
fn user_part(number: &str) -> String {
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

/// Drives our INVITE's transaction, as long as the connection lasts that its answers come by.
async fn drive_dial(client: Client, leg: mpsc::Sender<Message>) {
    let Client { mut transaction, lost, .. } = client;
    let drive = async {
        transaction.send().await.ok()?;
        while let Some(message) = transaction.receive().await {
            let SipMessage::Response(response) = message else { continue };
            leg.send(Message::Response(Box::new(response))).await.ok()?;
        }
        Some(())
    };
    tokio::select! {
        _ = drive => {}
        () = gone(lost) => {}
    }
    let _ = leg.send(Message::DialOver).await;
}

impl Leg {
    /// A response to our INVITE.
    pub(super) async fn response(&mut self, response: Response) {
        let status = status_of(&response);
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Dialing { invite, .. } if status < 200 => {
                let rings = (180..=183).contains(&status);
                self.phase = Phase::Dialing { invite, heard: true };
                if rings && !std::mem::replace(&mut self.rung, true) {
                    self.shared.post(Event::Ringing { leg: self.id }).await;
                }
            }
            Phase::Dialing { invite, .. } if status < 300 => self.dial_answered(&invite, &response).await,
            Phase::Dialing { heard, .. } => {
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
                self.dialog = Dialog::from_answer(&invite, &response, self.peer);
                self.acknowledge();
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
        self.dialog = Dialog::from_answer(invite, response, self.peer);
        if self.dialog.is_none() {
            // Without tag or Contact there is no dialog to end; the phone's own retransmissions will.
            return self.end(EndCause::Failed("the phone's answer has no Contact".to_owned())).await;
        }
        self.acknowledge();
        let taken = sdp_text(&response.body).and_then(|answer| self.shared.media.accept_answer(self.id, answer));
        match taken {
            Ok(()) => self.announce_answered().await,
            Err(error) => self.fail(format!("the phone's answer: {error}")).await,
        }
    }

    /// A 2xx that came again because our ACK was lost, or one from a second phone behind the same contact.
    fn repeated_answer(&mut self, response: &Response) {
        let Some(dialog) = &self.dialog else { return };
        let tag = response.to_header().ok().and_then(|to| super::address::tag(to.value())).unwrap_or_default();
        if tag == dialog.remote_tag {
            return self.acknowledge();
        }
        let mut fork = dialog.clone();
        if let Ok(to) = response.to_header() {
            fork.remote = to.value().to_owned();
        }
        if let Some(contact) = response.contact_header().ok().and_then(|contact| super::address::split_name_addr(contact.value()))
        {
            contact.0.clone_into(&mut fork.remote_target);
        }
        let hop = fork.hop(&self.shared.stack);
        self.shared.stack.send(fork.ack(&self.shared.stack), &hop);
        let bye = fork.request(&self.shared.stack, Method::Bye);
        if let Some(client) = self.shared.stack.client(bye, &hop) {
            self.shared.tasks.spawn(async move {
                let _ = final_response(client).await;
            });
        }
    }

    fn acknowledge(&self) {
        if let Some(dialog) = &self.dialog {
            self.shared.stack.send(dialog.ack(&self.shared.stack), &dialog.hop(&self.shared.stack));
        }
    }

    /// CANCEL has the INVITE's branch and CSeq number, and a transaction of its own (RFC 3261 section 9.1).
    pub(super) fn send_cancel(&self, invite: &Request) {
        let mut cancel = self.shared.stack.request(self.peer.transport, Method::Cancel, "", Vec::new());
        cancel.uri = invite.uri.clone();
        let kept = invite.headers.iter().filter(|field| {
            use rsipstack::sip::Header::{CallId, From, MaxForwards, Route, To, UserAgent, Via};
            matches!(field, Via(_) | From(_) | To(_) | CallId(_) | Route(_) | MaxForwards(_) | UserAgent(_))
        });
        cancel.headers = kept.cloned().chain([header("CSeq", "1 CANCEL")]).collect::<Vec<_>>().into();
        if let Some(client) = self.shared.stack.client(cancel, &self.peer.hop()) {
            self.shared.tasks.spawn(async move {
                let _ = final_response(client).await;
            });
        }
    }

    /// Our INVITE's transaction is over.
    pub(super) async fn dial_over(&mut self) {
        match self.phase {
            Phase::Dialing { .. } => {
                self.phase = Phase::Over;
                self.end(EndCause::Vanished).await;
            }
            Phase::Closing(Owed::FinalAnswer { .. }) => self.phase = Phase::Over,
            _ => {}
        }
    }
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
