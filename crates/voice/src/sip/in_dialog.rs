//! Requests within a dialog: BYE, re-INVITE, UPDATE, OPTIONS, INFO; PRACK and REFER go on to their own files. Every one is answered, in
//! every phase of the leg.

use super::dialog::{cseq, field};
use super::fields::{SUPPORTED, info_key};
use super::incoming::{retry_after, sdp_text, status_for};
use super::leg::{Leg, Pending, Phase, drive_invite};
use super::peer::Peer;
use super::session::Refresh;
use super::stack::{Responder, header};
use crate::{EndCause, SipTransport};
use rsipstack::sip::{Header, HeadersExt, Method, StatusCode};
use rsipstack::transaction::transaction::Transaction;

/// Answers a request that needs no further look. Should sending fail, the far end asks again.
pub(super) async fn reply(transaction: &mut Transaction, status: u16, fields: Vec<Header>) {
    let _ = transaction.reply_with(StatusCode::from(status), fields, None).await;
}

impl Leg {
    /// One request in this leg's dialog.
    pub(super) async fn request(&mut self, mut transaction: Transaction, peer: Peer) {
        let method = transaction.original.method;
        let from = transaction.original.from_header().ok().and_then(|from| super::address::tag(from.value())).unwrap_or_default();
        let seq = cseq(&transaction.original).unwrap_or_default();
        let early = self.reliable.dialog(from);
        let refused = match self.dialog.as_mut().or(early) {
            Some(dialog) if dialog.remote_tag != from => Some(481),
            // RFC 3261 section 12.2.2: an older CSeq than the last one is out of order.
            Some(dialog) if dialog.remote_cseq.is_some_and(|last| seq <= last) => Some(500),
            Some(dialog) => {
                dialog.remote_cseq = Some(seq);
                if peer.transport != SipTransport::Udp && dialog.peer != peer {
                    // It has another connection now: what we send goes there.
                    (dialog.peer, self.peer) = (peer, peer);
                    self.shared.stack.streams.keep(peer);
                }
                None
            }
            // A phone that rings and has not told us its tag: it may ask, but there is nothing yet to end or to change.
            None if matches!(method, Method::Options | Method::Info) => None,
            None if matches!(method, Method::Invite | Method::Update) => Some(491),
            None => Some(481),
        };
        let up = self.dialog.is_some();
        let status = match (refused, method) {
            (Some(status), _) => status,
            // A phone that rings says no by refusing our INVITE, which is still to be answered.
            (None, Method::Bye) if !up => 481,
            (None, Method::Invite) if !up => 491,
            (None, Method::Bye) => return self.bye(transaction).await,
            (None, Method::Invite) => return self.reinvite(transaction, peer).await,
            (None, Method::Update) => return self.update(transaction, peer).await,
            (None, Method::Options) => {
                let accept = header("Accept", "application/sdp");
                let fields = vec![header("Allow", super::guard::ALLOW), accept, header("Supported", SUPPORTED)];
                return reply(&mut transaction, 200, fields).await;
            }
            (None, Method::Info) => return self.info(&mut transaction).await,
            (None, Method::PRack) => return self.prack(transaction).await,
            (None, Method::Refer) => return self.refer(transaction).await,
            // The guard lets nothing else through.
            (None, _) => 405,
        };
        self.refuse(transaction, status, peer).await;
    }

    async fn refuse(&self, transaction: Transaction, status: u16, peer: Peer) {
        // RFC 3261 section 14.2: a random time, so that both sides do not meet again.
        let fields = if status == 500 { vec![header("Retry-After", (seed() % 10).to_string())] } else { retry_after(status) };
        self.refuse_with(transaction, status, fields, peer).await;
    }

    async fn refuse_with(&self, mut transaction: Transaction, status: u16, fields: Vec<Header>, peer: Peer) {
        if transaction.original.method == Method::Invite {
            Responder::new(&mut transaction, None).respond(&self.shared.stack, status, fields, None);
            let (lost, patience) = (self.shared.stack.streams.lost(peer), self.shared.stack.ack_patience());
            self.shared.tasks.spawn(drive_invite(transaction, 0, self.sender.clone(), patience, lost));
        } else {
            reply(&mut transaction, status, fields).await;
        }
    }

    async fn bye(&mut self, mut transaction: Transaction) {
        reply(&mut transaction, 200, Vec::new()).await;
        // In `Closing` both sides hang up at once: ours is answered or not, the leg has ended anyway.
        if !matches!(self.phase, Phase::Closing(super::leg::Owed::Farewell)) {
            self.phase = Phase::Over;
        }
        self.end(EndCause::RemoteHangup).await;
    }

    /// A new offer, or a request for ours, in a dialog that is up. An error leaves the session as it was.
    async fn reinvite(&mut self, mut transaction: Transaction, peer: Peer) {
        let status = match self.phase {
            // Both sides ask at once: RFC 3261 section 14.2.
            Phase::Confirmed { .. } if matches!(self.session.refresh, Some(Refresh::Invite(_))) => Some(491),
            Phase::Confirmed { pending: None } => None,
            Phase::Confirmed { .. } | Phase::Accepted { .. } => Some(500),
            _ => Some(481),
        };
        if let Some(status) = status {
            return self.refuse(transaction, status, peer).await;
        }
        let (agreed, mut fields) = match self.rule_session(&transaction.original) {
            Ok(ruled) => ruled,
            Err(fields) => return self.refuse_with(transaction, 422, fields, peer).await,
        };
        let delayed = transaction.original.body.is_empty();
        let sdp = if delayed {
            self.shared.media.offer(self.id)
        } else {
            sdp_text(&transaction.original.body).and_then(|offer| self.shared.media.answer(self.id, offer))
        };
        let sdp = match sdp {
            Ok(sdp) => sdp,
            Err(error) => return self.refuse(transaction, status_for(&error), peer).await,
        };
        if let Some(dialog) = &mut self.dialog {
            dialog.refresh_target(&transaction.original);
        }
        let seq = cseq(&transaction.original).unwrap_or_default();
        let responder = Responder::new(&mut transaction, None);
        let (lost, patience) = (self.shared.stack.streams.lost(peer), self.shared.stack.ack_patience());
        self.shared.tasks.spawn(drive_invite(transaction, seq, self.sender.clone(), patience, lost));
        fields.extend(self.session_fields(""));
        responder.respond(&self.shared.stack, 200, fields, Some(sdp));
        self.phase = Phase::Confirmed { pending: Some(Pending { cseq: seq, delayed }) };
        self.note_allow(&responder.request.headers);
        self.agree_session(agreed);
        self.watch_for_ack(responder);
        if !delayed {
            self.note_hold().await;
        }
    }

    /// RFC 3311: as a re-INVITE without ACK. An offer must wait while another one, theirs (500) or ours (491), is not answered.
    async fn update(&mut self, mut transaction: Transaction, peer: Peer) {
        let offers = !transaction.original.body.is_empty();
        let status = match self.phase {
            Phase::Confirmed { .. } if offers && matches!(self.session.refresh, Some(Refresh::Invite(_))) => Some(491),
            Phase::Confirmed { pending: None } => None,
            Phase::Confirmed { .. } | Phase::Accepted { .. } | Phase::Offered { .. } => offers.then_some(500),
            Phase::Dialing { .. } => (offers && !self.is_answered_early(&transaction)).then_some(491),
            Phase::Closing(_) | Phase::Over => Some(481),
        };
        if let Some(status) = status {
            return self.refuse(transaction, status, peer).await;
        }
        let up = matches!(self.phase, Phase::Confirmed { .. });
        let (agreed, mut fields) = match self.rule_session(&transaction.original) {
            Ok(ruled) if up => ruled,
            // The session begins with the answer to the INVITE, and its time with it.
            Ok(_) => (None, Vec::new()),
            Err(fields) => return self.refuse_with(transaction, 422, fields, peer).await,
        };
        fields.push(self.contact(""));
        let mut body = None;
        if offers {
            let answer = sdp_text(&transaction.original.body).and_then(|offer| self.shared.media.answer(self.id, offer));
            match answer {
                Ok(answer) => body = Some(answer.into_bytes()),
                Err(error) => return self.refuse(transaction, status_for(&error), peer).await,
            }
            fields.push(header("Content-Type", "application/sdp"));
        }
        if let Some(dialog) = &mut self.dialog {
            dialog.refresh_target(&transaction.original);
        }
        let _ = transaction.reply_with(StatusCode::OK, fields, body).await;
        if up {
            self.note_allow(&transaction.original.headers);
            self.agree_session(agreed);
            self.note_hold().await;
        }
    }

    fn is_answered_early(&self, transaction: &Transaction) -> bool {
        let from = transaction.original.from_header().ok().and_then(|from| super::address::tag(from.value()));
        from.is_some_and(|tag| self.reliable.is_answered(tag))
    }

    /// INFO: a key, or nothing at all. No package is served (RFC 6086).
    async fn info(&self, transaction: &mut Transaction) {
        let (headers, body) = (&transaction.original.headers, &transaction.original.body);
        if field(headers, "Info-Package").is_some() {
            return reply(transaction, 469, vec![header("Recv-Info", "")]).await;
        }
        let kind = field(headers, "Content-Type").unwrap_or_default();
        let (status, fields) = match info_key(kind, body) {
            Some(key) => {
                if matches!(self.phase, Phase::Accepted { .. } | Phase::Confirmed { .. }) {
                    self.shared.media.key_told(self.id, key);
                }
                (200, Vec::new())
            }
            None if body.is_empty() => (200, Vec::new()),
            None if kind.to_ascii_lowercase().starts_with("application/dtmf") => (400, Vec::new()),
            None => (415, vec![header("Accept", "application/dtmf-relay, application/dtmf")]),
        };
        reply(transaction, status, fields).await;
    }
}

fn seed() -> u8 {
    let mut byte = [0];
    crate::random::fill(&mut byte);
    byte[0]
}
