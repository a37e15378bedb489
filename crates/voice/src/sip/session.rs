//! Session timers (RFC 4028): what both sides agree on, our refreshes and theirs, and the end of a session that is not refreshed. A
//! refresh of ours is an UPDATE without a session description where the far end takes that, else a re-INVITE with our offer.

use super::dialog::{cseq, field, has_option};
use super::fields::{Refresher, SUPPORTED, SessionExpires, min_se};
use super::incoming::sdp_text;
use super::leg::{Leg, Message, Phase, final_answer};
use super::outgoing::drive_dial;
use super::stack::{header, status_of};
use super::timers::Timer;
use crate::EndCause;
use rsipstack::sip::{Header, Headers, Method, Request, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// A far end that refreshes is given up this long before the session's end (RFC 4028 section 10), or a third of it if that is less.
const MARGIN: Duration = Duration::from_secs(32);

/// How often one refresh is asked again with a longer interval: each hop on the way may want its own.
const TOO_BRIEF_MAX: u32 = 4;

/// How long a session lasts without a sign from the far end's signalling (RFC 4028).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// What we ask for, and the longest that we agree to.
    pub expires: Duration,
    /// The shortest that we agree to.
    pub min: Duration,
}

impl Default for SessionLimits {
    /// What RFC 4028 recommends, and its shortest.
    fn default() -> Self {
        Self { expires: Duration::from_secs(1800), min: Duration::from_secs(90) }
    }
}

impl SessionLimits {
    fn expires_s(self) -> u32 {
        whole_seconds(self.expires)
    }

    fn min_s(self) -> u32 {
        whole_seconds(self.min)
    }
}

fn whole_seconds(time: Duration) -> u32 {
    u32::try_from(time.as_secs()).unwrap_or(u32::MAX).max(1)
}

/// What both sides of a session agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Agreed {
    interval_s: u32,
    we_refresh: bool,
}

/// The session timer of one leg.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// `None`: the session has no end of its own.
    agreed: Option<Agreed>,
    /// The far end takes UPDATE.
    pub(super) takes_update: bool,
    /// Our refresh that is under way.
    pub(super) refresh: Option<Refresh>,
    /// The shortest interval that the far end, or somebody on the way, wants.
    min_s: u32,
    /// How often in a row that was not enough.
    too_brief: u32,
}

/// A refresh of ours.
#[derive(Debug)]
pub(super) enum Refresh {
    Update,
    /// A re-INVITE of this CSeq, which holds an offer.
    Invite(u32),
}

/// What a request says about the session's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    supported: bool,
    expires: Option<SessionExpires>,
    min_s: u32,
}

/// What we answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ruling {
    TooBrief,
    Endless,
    Timed(Agreed),
}

impl Asked {
    fn by(headers: &Headers) -> Self {
        Self {
            supported: has_option(headers, "Supported", "timer") || has_option(headers, "Require", "timer"),
            expires: field(headers, "Session-Expires").and_then(SessionExpires::parse),
            min_s: field(headers, "Min-SE").and_then(min_se).unwrap_or_default(),
        }
    }

    /// RFC 4028 section 9, table 2. `before`: what holds now, so that roles do not change without need.
    fn rule(self, limits: SessionLimits, before: Option<Agreed>) -> Ruling {
        let shortest = limits.min_s().max(self.min_s);
        let interval_s = match self.expires {
            // A proxy's timer on a caller who knows none: too brief a one is for the proxy to refuse.
            None if !self.supported => return Ruling::Endless,
            Some(asked) if asked.interval_s < limits.min_s() => {
                return if self.supported { Ruling::TooBrief } else { Ruling::Endless };
            }
            Some(asked) => asked.interval_s.min(limits.expires_s().max(shortest)),
            None => limits.expires_s().max(shortest),
        };
        let we_refresh = match self.expires.and_then(|asked| asked.refresher) {
            _ if !self.supported => true,
            Some(Refresher::Uac) => false,
            Some(Refresher::Uas) => true,
            // Whoever refreshes learns first that the other one is gone: that shall be us.
            None => before.is_none_or(|before| before.we_refresh),
        };
        Ruling::Timed(Agreed { interval_s, we_refresh })
    }
}

impl Leg {
    /// What the 2xx to a request of theirs says about the session's time, or the fields of the 422 that refuses it. Nothing is agreed
    /// before [`agree_session`](Self::agree_session).
    pub(super) fn rule_session(&self, request: &Request) -> Result<(Option<Agreed>, Vec<Header>), Vec<Header>> {
        let asked = Asked::by(&request.headers);
        let limits = self.shared.session;
        match asked.rule(limits, self.session.agreed) {
            Ruling::TooBrief => Err(vec![header("Min-SE", limits.min_s().to_string())]),
            Ruling::Endless => Ok((None, Vec::new())),
            Ruling::Timed(agreed) => {
                let refresher = Some(if agreed.we_refresh { Refresher::Uas } else { Refresher::Uac });
                let expires = SessionExpires { interval_s: agreed.interval_s, refresher };
                let mut fields = vec![header("Session-Expires", expires.write())];
                if asked.supported {
                    fields.push(header("Require", "timer"));
                }
                Ok((Some(agreed), fields))
            }
        }
    }

    /// Takes over what was agreed, and begins to wait for the next refresh.
    pub(super) fn agree_session(&mut self, agreed: Option<Agreed>) {
        self.session.agreed = agreed;
        self.session.too_brief = 0;
        self.timers.clear(Timer::Refresh);
        self.timers.clear(Timer::Expiry);
        let Some(Agreed { interval_s, we_refresh }) = agreed else { return };
        let (now, interval) = (Instant::now(), Duration::from_secs(interval_s.into()));
        if we_refresh {
            self.timers.set(Timer::Refresh, now + interval / 2);
            self.timers.set(Timer::Expiry, now + interval);
        } else {
            self.timers.set(Timer::Expiry, now + interval - MARGIN.min(interval / 3));
        }
    }

    /// What a 2xx to a request of ours says about the session's time (RFC 4028 section 7.2).
    pub(super) fn take_session(&mut self, answer: &Response) {
        let expires = field(&answer.headers, "Session-Expires").and_then(SessionExpires::parse);
        let shortest = self.shared.session.min_s();
        self.agree_session(expires.map(|told| Agreed {
            // An answer below what we asked for would have us do nothing but refresh.
            interval_s: told.interval_s.max(shortest),
            we_refresh: told.refresher != Some(Refresher::Uas),
        }));
    }

    /// What our own request says about it.
    pub(super) fn ask_session(&self, refresher: Option<Refresher>) -> Vec<Header> {
        let limits = self.shared.session;
        let interval_s = self.session.agreed.map_or(limits.expires_s(), |agreed| agreed.interval_s).max(self.session.min_s);
        asked_of_them(SessionExpires { interval_s, refresher }, limits.min_s().max(self.session.min_s))
    }

    /// A 422 to a request of ours: whether it may be asked again, with a longer interval.
    pub(super) fn lengthen_session(&mut self, answer: &Response) -> bool {
        let wanted = field(&answer.headers, "Min-SE").and_then(min_se).unwrap_or_default();
        self.session.too_brief += 1;
        let longer = wanted > self.session.min_s && self.session.too_brief <= TOO_BRIEF_MAX;
        self.session.min_s = self.session.min_s.max(wanted);
        longer
    }

    /// The far end has said which requests it takes.
    pub(super) fn note_allow(&mut self, headers: &Headers) {
        if field(headers, "Allow").is_some() {
            self.session.takes_update = has_option(headers, "Allow", "UPDATE");
        }
    }

    /// Refreshes the session, unless a change of it is under way, which does so by itself.
    pub(super) fn refresh(&mut self) {
        if !matches!(self.phase, Phase::Confirmed { pending: None }) || self.session.refresh.is_some() {
            return self.refresh_again_in(self.shared.stack.t1 * 4);
        }
        if self.session.takes_update { self.refresh_by_update() } else { self.refresh_by_invite() }
    }

    fn refresh_by_update(&mut self) {
        let fields = self.ask_session(Some(Refresher::Uac));
        let contact = self.contact("");
        let Some(dialog) = &mut self.dialog else { return };
        let mut update = dialog.request(&self.shared.stack, Method::Update);
        update.headers.extend(fields);
        update.headers.extend(vec![contact, header("Supported", SUPPORTED)]);
        let to = dialog.hop(&self.shared.stack);
        let Some(client) = self.shared.stack.client(update, &to) else { return };
        self.session.refresh = Some(Refresh::Update);
        let sender = self.sender.clone();
        self.shared.tasks.spawn(async move {
            let answer = final_answer(client).await.map(Box::new);
            let _ = sender.send(Message::Refreshed(answer)).await;
        });
    }

    fn refresh_by_invite(&mut self) {
        let offer = match self.shared.media.offer(self.id) {
            Ok(offer) => offer,
            // Without media the leg is about to end.
            Err(error) => return tracing::debug!(leg = %self.id, %error, "no offer to refresh the session with"),
        };
        let mut fields = self.ask_session(Some(Refresher::Uac));
        fields.extend(self.session_fields(""));
        let Some(dialog) = &mut self.dialog else { return };
        let mut invite = dialog.request(&self.shared.stack, Method::Invite);
        invite.headers.extend(fields);
        invite.body = offer.into_bytes();
        let to = dialog.hop(&self.shared.stack);
        let seq = dialog.local_cseq;
        let Some(client) = self.shared.stack.client(invite.clone(), &to) else { return };
        self.session.refresh = Some(Refresh::Invite(seq));
        let never = CancellationToken::new();
        self.shared.tasks.spawn(drive_dial(Arc::clone(&self.shared), client, invite, self.sender.clone(), never));
    }

    /// The answer to our UPDATE; `None` when there was none.
    pub(super) async fn updated(&mut self, answer: Option<Response>) {
        if !matches!(self.session.refresh.take(), Some(Refresh::Update)) || !matches!(self.phase, Phase::Confirmed { .. }) {
            return;
        }
        match answer {
            Some(answer) if (200..300).contains(&status_of(&answer)) => self.take_session(&answer),
            answer => self.refresh_refused(answer.as_ref()).await,
        }
    }

    /// A response to our re-INVITE, if it is one.
    pub(super) async fn reinvite_answered(&mut self, response: &Response) -> bool {
        let Some(Refresh::Invite(awaited)) = self.session.refresh else { return false };
        if cseq(response) != Some(awaited) {
            return false;
        }
        let status = status_of(response);
        if status < 200 {
            return true;
        }
        self.session.refresh = None;
        if !matches!(self.phase, Phase::Confirmed { .. }) {
            // We have hung up meanwhile; without an ACK the far end would repeat its answer.
            if status < 300 {
                self.acknowledge(awaited);
            }
            return true;
        }
        if status >= 300 {
            self.refresh_refused(Some(response)).await;
            return true;
        }
        if let Some(dialog) = &mut self.dialog {
            dialog.refresh_target(response);
        }
        self.acknowledge(awaited);
        self.note_allow(&response.headers);
        self.take_session(response);
        let taken = sdp_text(&response.body).and_then(|answer| self.shared.media.accept_answer(self.id, answer));
        match taken {
            Ok(()) => self.note_hold().await,
            Err(error) => self.fail(format!("the answer to our re-INVITE: {error}")).await,
        }
        true
    }

    /// The transaction of our re-INVITE is over.
    pub(super) async fn reinvite_over(&mut self, seq: u32) {
        if matches!(self.session.refresh, Some(Refresh::Invite(awaited)) if awaited == seq) {
            self.session.refresh = None;
            if matches!(self.phase, Phase::Confirmed { .. }) {
                self.refresh_refused(None).await;
            }
        }
    }

    /// What a refusal of our refresh means (RFC 3261 sections 12.2.1.2 and 14.1, RFC 4028 section 10).
    async fn refresh_refused(&mut self, answer: Option<&Response>) {
        match answer.map(status_of) {
            None | Some(408 | 481) => {
                self.say_bye();
                self.end(EndCause::Vanished).await;
            }
            Some(422) if answer.is_some_and(|answer| self.lengthen_session(answer)) => self.refresh(),
            Some(491) => self.refresh_again_in(glare_wait(!self.incoming)),
            Some(405 | 501) if self.session.takes_update => {
                self.session.takes_update = false;
                self.refresh();
            }
            // The session goes on until its end: there is time to ask again.
            Some(_) => {
                let interval_s = self.session.agreed.map_or(1, |agreed| agreed.interval_s);
                self.refresh_again_in(Duration::from_secs(interval_s.into()) / 8);
            }
        }
    }

    fn refresh_again_in(&mut self, wait: Duration) {
        if self.session.agreed.is_some_and(|agreed| agreed.we_refresh) {
            self.timers.set(Timer::Refresh, Instant::now() + wait);
        }
    }

    /// Nobody refreshed the session in time.
    pub(super) async fn session_expired(&mut self) {
        if matches!(self.phase, Phase::Confirmed { .. }) {
            tracing::info!(leg = %self.id, "the session was not refreshed");
            self.say_bye();
            self.end(EndCause::Vanished).await;
        }
    }
}

/// What our first INVITE says about the session's time.
pub(super) fn asked_first(limits: SessionLimits) -> Vec<Header> {
    asked_of_them(SessionExpires { interval_s: limits.expires_s(), refresher: None }, limits.min_s())
}

fn asked_of_them(expires: SessionExpires, min_s: u32) -> Vec<Header> {
    vec![header("Session-Expires", expires.write()), header("Min-SE", min_s.to_string())]
}

/// How long to wait after a 491 (RFC 3261 section 14.1): whoever chose the Call-ID waits 2.1 to 4 s, the other up to 2 s.
fn glare_wait(we_chose_the_call_id: bool) -> Duration {
    let mut random = [0; 2];
    crate::random::fill(&mut random);
    let tens_ms = u64::from(u16::from_be_bytes(random));
    let (first, choices) = if we_chose_the_call_id { (210, 191) } else { (0, 201) };
    Duration::from_millis(10 * (first + tens_ms % choices))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refresher_and_the_interval_are_chosen_as_rfc_4028_has_them() {
        use Refresher::{Uac, Uas};
        let limits = SessionLimits::default();
        let timed = |interval_s, we_refresh| Ruling::Timed(Agreed { interval_s, we_refresh });
        let cases = [
            // Supported, interval, refresher, Min-SE.
            (false, None, None, 0, Ruling::Endless),
            (false, Some(600), None, 0, timed(600, true)),
            (false, Some(600), Some(Uac), 0, timed(600, true)),
            (false, Some(30), None, 0, Ruling::Endless),
            (true, None, None, 0, timed(1800, true)),
            (true, None, None, 3000, timed(3000, true)),
            (true, Some(600), None, 0, timed(600, true)),
            (true, Some(600), Some(Uac), 0, timed(600, false)),
            (true, Some(600), Some(Uas), 90, timed(600, true)),
            (true, Some(7200), Some(Uac), 0, timed(1800, false)),
            (true, Some(7200), Some(Uac), 3600, timed(3600, false)),
            (true, Some(89), Some(Uac), 0, Ruling::TooBrief),
        ];
        for (supported, interval_s, refresher, min_s, wanted) in cases {
            let expires = interval_s.map(|interval_s| SessionExpires { interval_s, refresher });
            let asked = Asked { supported, expires, min_s };
            assert_eq!(asked.rule(limits, None), wanted, "{asked:?}");
        }
        let again = Asked { supported: true, expires: Some(SessionExpires { interval_s: 600, refresher: None }), min_s: 0 };
        let before = Some(Agreed { interval_s: 600, we_refresh: false });
        assert_eq!(again.rule(limits, before), timed(600, false), "roles stay");
    }

    #[test]
    fn glare_is_waited_out_in_turns() {
        for _ in 0..200 {
            let (ours, theirs) = (glare_wait(true).as_millis(), glare_wait(false).as_millis());
            assert!((2100..=4000).contains(&ours) && theirs <= 2000, "{ours} {theirs}");
        }
    }
}
