//! A call by way of a trunk: the INVITE as the carrier wants it, its challenge answered, and the next target when one says nothing,
//! cannot be reached or is overloaded. What the callee's side says (4xx, 6xx) is final. A target that was given up and speaks after
//! all is told at once that nobody waits for it.

use super::challenge::Challenge;
use super::{Booking, Counters, Direction, Slot, Trunk, Way};
use crate::random::token;
use crate::sip::fields::SUPPORTED;
use crate::sip::guard::ALLOW;
use crate::sip::leg::{INBOX_MAX, Leg, Message, Phase};
use crate::sip::outgoing::{Begun, RINGING_MAX, begin, drive_dial, open};
use crate::sip::peer::Peer;
use crate::sip::plane::Shared;
use crate::sip::session::asked_first;
use crate::sip::stack::{Client, header, status_of};
use crate::{DialRefusal, EndCause, Event, LegId, LegStats, PolicyFor};
use rsipstack::sip::{Method, Request, Response};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Challenges that one target may send: a first one, and one because the nonce grew old.
const CHALLENGES_MAX: u32 = 2;

/// An INVITE under way.
pub(in crate::sip) struct Attempt {
    pub(in crate::sip) invite: Request,
    pub(in crate::sip) peer: Peer,
    pub(in crate::sip) driver: AbortHandle,
}

/// The ways of one call, as long as nobody answered.
pub(in crate::sip) struct Ways {
    trunk: Arc<Trunk>,
    call: Call,
    current: Option<Way>,
    left: VecDeque<Way>,
    cseq: u32,
    /// Challenges that the current target sent.
    challenged: u32,
    /// Cancelled when the current target is given up: whatever it still says is for its driver to end.
    given_up: CancellationToken,
}

/// What is the same whichever way the call takes.
struct Call {
    number: String,
    shown: String,
    tag: String,
    call_id: String,
    offer: String,
}

/// Places a call outside.
pub(in crate::sip) fn dial(shared: &Arc<Shared>, id: LegId, trunk: Option<&str>, number: &str, caller_id: &str) {
    let now = Instant::now();
    let refused = |why: DialRefusal| {
        tracing::info!(leg = %id, "not dialled: {why}");
        shared.post_later(Event::LegEnded { leg: id, cause: EndCause::Refused(why), stats: LegStats::default() });
    };
    if shared.draining.is_cancelled() {
        return refused(DialRefusal::Stopping);
    }
    let booked = shared.trunks.book(trunk, number, caller_id, now);
    let Booking { slot, number, shown } = match booked {
        Ok(booking) => booking,
        Err(why) => {
            if why == DialRefusal::NoTrunk {
                crate::sip::counters::Counters::add(&shared.counters.dials_without_trunk);
            }
            return refused(why);
        }
    };
    let Some(offer) = open(shared, id, PolicyFor::Trunk { trunk: &slot.trunk.settings.id }) else { return };
    let (tag, call_id) = (token(), format!("{}@{}", token(), shared.stack.advertised.ip()));
    let call = Call { number, shown, tag: tag.clone(), call_id: call_id.clone(), offer };
    let trunk = Arc::clone(&slot.trunk);
    let left = trunk.ways(now);
    let mut ways = Ways { trunk, call, current: None, left, cseq: 0, challenged: 0, given_up: CancellationToken::new() };
    let (sender, inbox) = mpsc::channel(INBOX_MAX);
    let Some(attempt) = ways.next(shared, &sender) else {
        let stats = shared.media.close(id);
        Counters::add(&ways.trunk.counters.dials_unreachable);
        return shared.post_later(Event::LegEnded { leg: id, cause: EndCause::Refused(DialRefusal::Unreachable), stats });
    };
    let deadline = now + ways.patience(shared);
    let trunk = Some((slot, Box::new(ways)));
    begin(shared, Begun { id, tag, call_id, attempt, sender, inbox, deadline, trunk });
}

impl Ways {
    /// The INVITE to the next address that can be sent to at all.
    fn next(&mut self, shared: &Arc<Shared>, leg: &mpsc::Sender<Message>) -> Option<Attempt> {
        while let Some(way) = self.left.pop_front() {
            self.challenged = 0;
            self.current = Some(way);
            if let Some(attempt) = self.attempt(shared, leg, None) {
                return Some(attempt);
            }
        }
        None
    }

    /// The same INVITE to the same target with what it asked for. None where that cannot be given, or was not believed.
    fn prove(&mut self, shared: &Arc<Shared>, leg: &mpsc::Sender<Message>, response: &Response) -> Option<Attempt> {
        let challenge = Challenge::best(response)?;
        if self.challenged >= CHALLENGES_MAX || (self.challenged > 0 && !challenge.stale) {
            return None;
        }
        self.challenged += 1;
        self.attempt(shared, leg, Some(&challenge))
    }

    fn attempt(&mut self, shared: &Arc<Shared>, leg: &mpsc::Sender<Message>, challenge: Option<&Challenge>) -> Option<Attempt> {
        let way = self.current.clone()?;
        self.cseq += 1;
        let invite = self.invite(shared, &way, challenge)?;
        let client: Client = shared.stack.client(invite.clone(), &way.hop)?;
        let peer = client.peer;
        self.given_up = CancellationToken::new();
        let driven = drive_dial(Arc::clone(shared), client, invite.clone(), leg.clone(), self.given_up.clone());
        let driver = shared.tasks.spawn(driven).abort_handle();
        Some(Attempt { invite, peer, driver })
    }

    fn invite(&self, shared: &Shared, way: &Way, challenge: Option<&Challenge>) -> Option<Request> {
        let (stack, account, transport) = (&shared.stack, self.trunk.settings.account.as_ref(), way.hop.transport);
        let target = &self.trunk.places[way.place].target;
        let theirs = account.map_or_else(|| target.host_port(), |account| account.domain.clone());
        let uri = format!("sip:{}@{theirs}", user_part(&self.call.number));
        let ours = account.map_or_else(|| stack.advertised.ip().to_string(), |account| account.domain.clone());
        let identity = format!("<sip:{}@{ours}>", user_part(&self.call.shown));
        let from = if self.call.shown.is_empty() {
            // RFC 3323 section 4.1.
            "\"Anonymous\" <sip:anonymous@anonymous.invalid>".to_owned()
        } else {
            identity.clone()
        };
        let user = account.map_or(self.call.shown.as_str(), |account| account.user.as_str());
        let mut fields = vec![
            header("From", format!("{from};tag={}", self.call.tag)),
            header("To", format!("<{uri}>")),
            header("Call-ID", self.call.call_id.clone()),
            header("CSeq", format!("{} INVITE", self.cseq)),
            stack.contact(transport, "", &user_part(user)),
            header("Allow", ALLOW),
            header("Supported", SUPPORTED),
        ];
        fields.extend(asked_first(shared.session));
        if self.call.shown.is_empty() {
            fields.push(header("Privacy", "id"));
        } else {
            // The carrier decides by it whom it lets us be (RFC 3325).
            fields.push(header("P-Asserted-Identity", identity));
        }
        if let Some(challenge) = challenge {
            let (name, value) = challenge.answer(account?, "INVITE", &uri, 1);
            fields.push(header(name, value));
        }
        fields.push(header("Content-Type", "application/sdp"));
        let mut invite = stack.request(transport, Method::Invite, &uri, fields);
        invite.body = self.call.offer.clone().into_bytes();
        Some(invite)
    }

    /// Whether a target that says nothing has a successor.
    pub(in crate::sip) fn has_more(&self) -> bool {
        !self.left.is_empty()
    }

    /// How long the current target may say nothing. The last one may as long as the transaction lasts: nobody else is left.
    fn patience(&self, shared: &Shared) -> std::time::Duration {
        if self.left.is_empty() { RINGING_MAX } else { shared.trunk_timers.patience }
    }

    /// The number of one more INVITE to the current target, and what tells its driver when that target is given up.
    pub(in crate::sip) fn once_more(&mut self) -> (u32, CancellationToken) {
        self.cseq += 1;
        (self.cseq, self.given_up.clone())
    }

    fn found_silent(&self) {
        if let Some(way) = &self.current {
            self.trunk.found_silent(way.place, Instant::now());
        }
    }
}

/// What follows on a final answer: another INVITE, or why the call ends.
type Then = Result<Attempt, EndCause>;

impl Leg {
    /// A final answer, other than a 2xx, to our INVITE by way of a trunk. `heard` when its target said something before.
    pub(in crate::sip) async fn way_refused(&mut self, mut ways: Box<Ways>, heard: bool, response: &Response) {
        let status = status_of(response);
        let then = match status {
            401 | 407 => ways.prove(&self.shared, &self.sender, response).ok_or(EndCause::Rejected(status)),
            // The transaction layer's word for a target that said nothing.
            408 if !heard => self.next_way(&mut ways, EndCause::Vanished),
            503 => self.next_way(&mut ways, EndCause::Rejected(503)),
            _ => Err(EndCause::Rejected(status)),
        };
        self.go_on(ways, then).await;
    }

    /// Nothing came from the target in its time, or its connection is gone.
    pub(in crate::sip) async fn way_silent(&mut self, mut ways: Box<Ways>) {
        let before = ways.given_up.clone();
        let then = self.next_way(&mut ways, EndCause::Vanished);
        before.cancel();
        self.go_on(ways, then).await;
    }

    fn next_way(&self, ways: &mut Ways, otherwise: EndCause) -> Then {
        ways.found_silent();
        match ways.next(&self.shared, &self.sender) {
            Some(attempt) => {
                Counters::add(&ways.trunk.counters.failovers);
                Ok(attempt)
            }
            None => Err(otherwise),
        }
    }

    async fn go_on(&mut self, ways: Box<Ways>, then: Then) {
        match then {
            Ok(Attempt { invite, peer, driver }) => {
                self.phase = Phase::Dialing { invite: Box::new(invite), heard: false };
                (self.peer, self.dial) = (peer, Some(driver));
                self.deadline = Some(Instant::now() + ways.patience(&self.shared));
                self.ways = Some(ways);
            }
            Err(cause) => self.end(cause).await,
        }
    }
}

impl Slot {
    /// The call is up.
    pub(in crate::sip) fn answered(&self) {
        match self.direction {
            Direction::In => {}
            Direction::Out => Counters::add(&self.trunk.counters.calls_out_answered),
        }
    }
}

/// A number as the user part of a URI: whatever RFC 3261 does not allow there is escaped.
pub(super) fn user_part(number: &str) -> String {
    crate::sip::outgoing::user_part(number)
}
