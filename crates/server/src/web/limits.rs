//! How often a stranger may ask: one bucket per address of the network and kind of question. Bounded in memory whoever asks.

use super::auth::{Throttle, lock};
use super::error::Problem;
use super::extract::Source;
use super::listened::Listened;
use super::state::State;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::time::{Mono, Span};

/// What a stranger asks, by what it costs us and what it could be abused for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Question {
    /// Public facts: hours, waiting time, a number's standing, a search.
    Fact,
    /// Something that is kept: a report, a call pass.
    Write,
    /// A step of a customer who helps themselves: what it may do is bounded by its visit.
    Step,
    /// A wallet calls back, or somebody who guesses at the address of one.
    Callback,
}

/// Buckets of all strangers. A household or an office shares one address, so a bucket holds more than one person needs.
pub(crate) struct Limits {
    facts: Mutex<Throttle<IpAddr>>,
    writes: Mutex<Throttle<IpAddr>>,
    steps: Mutex<Throttle<IpAddr>>,
    callbacks: Mutex<Throttle<IpAddr>>,
    calls: Mutex<Throttle<IpAddr>>,
    calling: Mutex<HashMap<IpAddr, u32>>,
    /// Of those who may hear recordings.
    pub(super) recordings: Mutex<Throttle<StaffId>>,
    /// What they heard lately.
    pub(super) listened: Listened,
}

/// Sixty questions at once, then one in a second.
const FACTS: u32 = 60;
const FACT_REFILL: Span = Span::from_s(1);
/// Ten at once, then one in a minute: 1,440 rows a day from one address at most.
const WRITES: u32 = 10;
const WRITE_REFILL: Span = Span::from_s(60);
/// Sixty steps at once, then one in two seconds: a whole visit takes about ten.
const STEPS: u32 = 60;
const STEP_REFILL: Span = Span::from_s(2);
/// Part of the address of every callback.
const CALLBACKS_AT: &str = "/wallet-callbacks/";
/// Two hundred callbacks at once, then ten in a second: a wallet that was away tells of many, and tells again what it is refused.
const CALLBACKS: u32 = 200;
const CALLBACK_REFILL: Span = Span::from_ms(100);
/// Twelve calls from pages in a row, then one in ten seconds: whoever is cut off dials again at once.
const CALLS: u32 = 12;
const CALL_REFILL: Span = Span::from_s(10);
/// Calls from pages of one address at once: a household, a small office.
const CALLS_AT_ONCE: u32 = 8;
/// A hundred parts of recordings at once, then five in a second: a player that is moved to and fro, and no copy of the archive.
const RECORDINGS: u32 = 100;
const RECORDING_REFILL: Span = Span::from_ms(200);

impl Limits {
    /// With nothing asked yet.
    pub(crate) fn new() -> Self {
        Self {
            facts: Mutex::new(Throttle::new(FACTS, FACT_REFILL)),
            writes: Mutex::new(Throttle::new(WRITES, WRITE_REFILL)),
            steps: Mutex::new(Throttle::new(STEPS, STEP_REFILL)),
            callbacks: Mutex::new(Throttle::new(CALLBACKS, CALLBACK_REFILL)),
            calls: Mutex::new(Throttle::new(CALLS, CALL_REFILL)),
            calling: Mutex::default(),
            recordings: Mutex::new(Throttle::new(RECORDINGS, RECORDING_REFILL)),
            listened: Listened::default(),
        }
    }

    /// A place for one call from a page, given back when it is dropped; none when its address has called too often or has too many
    /// calls.
    pub(super) fn call(&self, source: IpAddr, now: Mono) -> Option<CallPlace<'_>> {
        let network = network(source);
        {
            let mut calling = lock(&self.calling);
            let calls = calling.entry(network).or_insert(0);
            if *calls >= CALLS_AT_ONCE {
                return None;
            }
            *calls += 1;
        }
        let place = CallPlace { limits: self, network };
        lock(&self.calls).take(&network, now).ok().map(|()| place)
    }

    /// Counts one question, or says how long to wait.
    fn ask(&self, question: Question, source: IpAddr, now: Mono) -> Result<(), Span> {
        let bucket = match question {
            Question::Fact => &self.facts,
            Question::Write => &self.writes,
            Question::Step => &self.steps,
            Question::Callback => &self.callbacks,
        };
        lock(bucket).take(&network(source), now)
    }
}

/// One call from a page.
pub(super) struct CallPlace<'a> {
    limits: &'a Limits,
    network: IpAddr,
}

impl Drop for CallPlace<'_> {
    fn drop(&mut self) {
        let mut calling = lock(&self.limits.calling);
        let left = calling.get(&self.network).map_or(0, |calls| calls.saturating_sub(1));
        if left == 0 {
            calling.remove(&self.network);
        } else {
            calling.insert(self.network, left);
        }
    }
}

/// Holds back strangers who ask too much: 429, as a problem document for programs and as a page for people. What is sent to us
/// counts as something that is kept, but for what a wallet or a provider of refunds tells, by PUT or by POST.
pub(super) async fn hold(Shared(state): Shared<State>, source: Source, request: Request, next: Next) -> Response {
    let question = match *request.method() {
        Method::GET | Method::HEAD => Question::Fact,
        Method::POST if request.uri().path().starts_with("/help/account/") => Question::Step,
        Method::POST | Method::PUT if request.uri().path().contains(CALLBACKS_AT) => Question::Callback,
        Method::POST => Question::Write,
        // Nothing of ours takes it: refusing it costs less than counting it.
        _ => return next.run(request).await,
    };
    let Err(wait) = state.limits.ask(question, source.0, state.clock.now().mono) else { return next.run(request).await };
    let seconds = wait.as_s() + 1;
    let problem = Problem::too_many_requests(seconds);
    if request.uri().path().starts_with("/api/") {
        return problem.into_response();
    }
    let mut response = problem.into_response();
    let page = format!(
        "<!doctype html><meta charset=utf-8><meta name=viewport content=\"width=device-width, initial-scale=1\">\
         <title>429</title><p lang=zh-CN>请求太多，请在 {seconds} 秒后再试。\
         <p lang=en>Too many requests: please try again in {seconds} seconds."
    );
    *response.body_mut() = page.into();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

/// A subscriber of IPv6 holds a whole /64, so that is what counts as one.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_held_back_and_others_are_not() {
        let limits = Limits::new();
        let (ann, bob): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        for _ in 0..WRITES {
            assert!(limits.ask(Question::Write, ann, Mono(0)).is_ok());
        }
        assert!(limits.ask(Question::Write, ann, Mono(0)).is_err());
        assert!(limits.ask(Question::Fact, ann, Mono(0)).is_ok(), "facts have a bucket of their own");
        assert!(limits.ask(Question::Write, bob, Mono(0)).is_ok());
        assert!(limits.ask(Question::Write, ann, Mono(60_000_001)).is_ok(), "tries come back");
    }

    #[test]
    fn an_address_holds_so_many_calls_and_gets_its_places_back() {
        let limits = Limits::new();
        let ann: IpAddr = "192.0.2.1".parse().unwrap();
        let calls: Vec<_> = (0..CALLS_AT_ONCE).map(|_| limits.call(ann, Mono(0)).unwrap()).collect();
        assert!(limits.call(ann, Mono(0)).is_none());
        assert!(limits.call("192.0.2.2".parse().unwrap(), Mono(0)).is_some());
        drop(calls);
        assert!(lock(&limits.calling).is_empty());
        for _ in CALLS_AT_ONCE..CALLS {
            assert!(limits.call(ann, Mono(0)).is_some());
        }
        assert!(limits.call(ann, Mono(0)).is_none(), "one after the other counts too");
        assert!(lock(&limits.calling).is_empty());
    }

    #[test]
    fn a_subscriber_of_ipv6_has_one_bucket() {
        let limits = Limits::new();
        for n in 0..WRITES {
            let source = format!("2001:db8:1:2::{n:x}").parse().unwrap();
            assert!(limits.ask(Question::Write, source, Mono(0)).is_ok());
        }
        assert!(limits.ask(Question::Write, "2001:db8:1:2:ffff::1".parse().unwrap(), Mono(0)).is_err());
        assert!(limits.ask(Question::Write, "2001:db8:1:3::1".parse().unwrap(), Mono(0)).is_ok());
    }
}
