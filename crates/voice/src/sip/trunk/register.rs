//! Our registration with a carrier: asked for, refreshed before it runs out, asked for again when it fails, each pause longer than
//! the one before, and given back when the engine stops. A wrong password is told once and tried rarely: carriers lock accounts.

use super::challenge::Challenge;
use super::counters::{Counters, RegistrationState};
use super::exchange::ask;
use super::{Account, Trunk, Way};
use crate::random::token;
use crate::sip::address::{param, split_list, split_name_addr};
use crate::sip::flow::gone;
use crate::sip::plane::Shared;
use crate::sip::stack::{header, status_of};
use rsipstack::sip::{HasHeaders as _, Method, Request, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// Requests of one attempt: a challenge, a longer time that is asked for, a nonce too old, each once and one to spare.
const REQUESTS_MAX: usize = 4;

/// The longest time that is asked for because the carrier wants it so.
const EXPIRES_MAX: Duration = Duration::from_secs(24 * 3600);

/// Left to a refresh, so that one that fails can be tried again before the registration is gone.
const MARGIN: Duration = Duration::from_secs(30);

/// What came of an attempt.
enum Outcome {
    Granted {
        expires: Duration,
        /// The connection that the carrier will call us by, if it is one.
        lost: Option<CancellationToken>,
    },
    Refused {
        status: u16,
        retry_after: Option<Duration>,
    },
    /// No target answered.
    Silence,
}

/// Runs until the engine takes no more calls, and then gives the registration back.
pub(super) async fn keep(shared: Arc<Shared>, trunk: Arc<Trunk>, asked: Duration) {
    let Some(account) = trunk.settings.account.clone() else { return };
    let call_id = format!("{}@{}", token(), shared.stack.advertised.ip());
    let mut registrant = Registrant {
        shared: &shared,
        trunk: &trunk,
        account,
        call_id,
        tag: token(),
        cseq: 0,
        asked,
        challenge: None,
        told: None,
    };
    let mut pause = shared.trunk_timers.retry;
    let mut registered = false;
    loop {
        let attempt = shared.draining.run_until_cancelled(registrant.attempt(asked)).await;
        let (wait, lost) = match attempt {
            None => break,
            Some(Outcome::Granted { expires, lost }) => {
                registered = true;
                registrant.told(RegistrationState::Granted, "registered");
                pause = shared.trunk_timers.retry;
                (refresh_after(expires), lost)
            }
            Some(outcome) => {
                registered = false;
                let (what, at_least) = match outcome {
                    // An account that is not ours, or not yet: asking often makes it worse.
                    Outcome::Refused { status: status @ (401 | 403 | 404 | 407), .. } => {
                        (format!("the carrier says {status}: look at account"), Some(shared.trunk_timers.retry_max))
                    }
                    Outcome::Refused { status, retry_after } => (format!("the carrier says {status}"), retry_after),
                    Outcome::Granted { .. } | Outcome::Silence => ("no target answers".to_owned(), None),
                };
                registrant.told(RegistrationState::Absent, &what);
                let longest = shared.trunk_timers.retry_max;
                let wait = at_least.unwrap_or(pause).clamp(pause, longest.max(pause));
                pause = (pause * 2).min(longest);
                (wait, None)
            }
        };
        tokio::select! {
            () = shared.draining.cancelled() => break,
            () = sleep(wait) => {}
            // The carrier cannot call us by it any more. One that hangs up every time is not asked without a pause.
            () = async { gone(lost).await; sleep(shared.trunk_timers.retry).await } => {}
        }
    }
    if registered {
        let _ = shared.closed.run_until_cancelled(registrant.attempt(Duration::ZERO)).await;
    }
}

/// When a registration is refreshed: well before its end, and a short one half-way.
fn refresh_after(expires: Duration) -> Duration {
    expires.saturating_sub(MARGIN).max(expires / 2)
}

struct Registrant<'a> {
    shared: &'a Arc<Shared>,
    trunk: &'a Arc<Trunk>,
    account: Account,
    /// One for all of them (RFC 3261 section 10.2.4).
    call_id: String,
    tag: String,
    cseq: u32,
    /// The time we ask for, as the carrier wants it.
    asked: Duration,
    /// The last challenge and how often its nonce was used: a refresh that uses it again needs one request less.
    challenge: Option<(Challenge, u32)>,
    /// What the log was told last.
    told: Option<RegistrationState>,
}

impl Registrant<'_> {
    fn told(&mut self, state: RegistrationState, what: &str) {
        let counters = &self.trunk.counters;
        let granted = state == RegistrationState::Granted;
        Counters::add(if granted { &counters.registrations_granted } else { &counters.registrations_failed });
        self.trunk.registration_is(state);
        if self.told.replace(state) == Some(state) {
            return;
        }
        let trunk = &self.trunk.settings.id;
        if granted {
            tracing::info!(%trunk, "registered with the carrier");
        } else {
            tracing::warn!(%trunk, "not registered with the carrier: {what}");
        }
    }

    /// Asks one target after the other for `expires`; zero gives the registration back.
    async fn attempt(&mut self, expires: Duration) -> Outcome {
        self.asked = if expires.is_zero() { expires } else { self.asked.max(expires) };
        let mut refused = None;
        for way in self.trunk.ways(Instant::now()) {
            match self.ask(&way).await {
                None => self.trunk.found_silent(way.place, Instant::now()),
                Some(Outcome::Refused { status: 503, retry_after }) => refused = Some((503, retry_after)),
                Some(outcome) => {
                    self.trunk.came_up(way.place);
                    return outcome;
                }
            }
        }
        refused.map_or(Outcome::Silence, |(status, retry_after)| Outcome::Refused { status, retry_after })
    }

    /// None where this target does not answer.
    async fn ask(&mut self, way: &Way) -> Option<Outcome> {
        let mut refused = Outcome::Silence;
        let mut proven = false;
        for _ in 0..REQUESTS_MAX {
            let request = self.request(way);
            let client = self.shared.stack.client(request, &way.hop)?;
            let (peer, lost) = (client.peer, client.lost.clone());
            let response = ask(client, self.shared.trunk_timers.answer).await?;
            let status = status_of(&response);
            refused = Outcome::Refused { status, retry_after: seconds(&response, "Retry-After") };
            match status {
                200..=299 => {
                    self.shared.stack.streams.keep(peer);
                    return Some(Outcome::Granted { expires: granted(&response, &self.account.user, self.asked), lost });
                }
                401 | 407 => {
                    let challenge = Challenge::best(&response);
                    // The same question again means that the answer was wrong.
                    let Some(challenge) = challenge.filter(|challenge| challenge.stale || !proven) else { break };
                    proven = true;
                    self.challenge = Some((challenge, 0));
                }
                423 => match seconds(&response, "Min-Expires").filter(|least| *least > self.asked && *least <= EXPIRES_MAX) {
                    Some(least) => self.asked = least,
                    None => break,
                },
                _ => break,
            }
        }
        self.challenge = None;
        Some(refused)
    }

    fn request(&mut self, way: &Way) -> Request {
        self.cseq += 1;
        let (stack, account, transport) = (&self.shared.stack, &self.account, way.hop.transport);
        let uri = format!("sip:{}", account.domain);
        let ours = format!("<sip:{}@{}>", super::call::user_part(&account.user), account.domain);
        let mut fields = vec![
            header("From", format!("{ours};tag={}", self.tag)),
            header("To", ours),
            header("Call-ID", self.call_id.clone()),
            header("CSeq", format!("{} REGISTER", self.cseq)),
            stack.contact(transport, "", &super::call::user_part(&account.user)),
            header("Expires", self.asked.as_secs().to_string()),
        ];
        if let Some((challenge, count)) = &mut self.challenge {
            *count += 1;
            let (name, value) = challenge.answer(account, "REGISTER", &uri, *count);
            fields.push(header(name, value));
        }
        stack.request(transport, Method::Register, &uri, fields)
    }
}

/// How long the carrier keeps us: of several contacts our own says it.
fn granted(response: &Response, user: &str, asked: Duration) -> Duration {
    let contacts = response.headers().iter().filter(|field| field.name().eq_ignore_ascii_case("Contact"));
    let ours = contacts.flat_map(|field| split_list(field.value())).find_map(|contact| {
        let (uri, params) = split_name_addr(contact)?;
        let is_ours = uri.split_once(':').is_some_and(|(_, rest)| rest.starts_with(&super::call::user_part(user)));
        is_ours.then(|| param(params, "expires")?.parse::<u64>().ok()).flatten()
    });
    let expires = ours.map(Duration::from_secs).or_else(|| seconds(response, "Expires")).unwrap_or(asked);
    expires.clamp(Duration::from_secs(1), EXPIRES_MAX)
}

/// A header field that is a number of seconds.
fn seconds(response: &Response, name: &str) -> Option<Duration> {
    let field = response.headers().iter().find(|field| field.name().eq_ignore_ascii_case(name))?;
    let digits: &str = field.value().trim_start();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(fields: &[(&str, &str)]) -> Response {
        let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let text = format!(
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@h>;tag=f\r\nTo: <sip:a@h>;tag=t\r\nCall-ID: c\r\n\
             CSeq: 1 REGISTER\r\n{fields}Content-Length: 0\r\n\r\n"
        );
        match rsipstack::sip::SipMessage::try_from(text.as_bytes()).unwrap() {
            rsipstack::sip::SipMessage::Response(response) => response,
            rsipstack::sip::SipMessage::Request(_) => unreachable!("it begins with SIP/2.0"),
        }
    }

    #[test]
    fn the_time_granted_is_our_contacts_own() {
        let asked = Duration::from_secs(600);
        for (fields, expected_s) in [
            (&[("Contact", "<sip:other@h>;expires=9, <sip:acc@192.0.2.1:5060>;expires=120"), ("Expires", "300")][..], 120),
            (&[("Contact", "<sip:other@h>;expires=9"), ("Expires", "300")], 300),
            (&[("Contact", "<sip:acc@192.0.2.1>")], 600),
            (&[("Expires", "0")], 1),
            (&[("Expires", "99999999")], 86_400),
        ] {
            assert_eq!(granted(&response(fields), "acc", asked).as_secs(), expected_s, "{fields:?}");
        }
        let busy = response(&[("Retry-After", "18;duration=3600 (maintenance)")]);
        assert_eq!(seconds(&busy, "Retry-After"), Some(Duration::from_secs(18)));
        assert_eq!(seconds(&busy, "Min-Expires"), None);
    }

    #[test]
    fn a_refresh_leaves_time_for_another() {
        for (expires_s, after_ms) in [(3600, 3_570_000), (60, 30_000), (40, 20_000), (1, 500)] {
            assert_eq!(refresh_after(Duration::from_secs(expires_s)), Duration::from_millis(after_ms));
        }
    }
}
