//! How often a stranger may ask: one bucket per address of the network and kind of question. Bounded in memory whoever asks.

use super::auth::{Throttle, lock};
use super::error::Problem;
use super::extract::Source;
use super::state::State;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use walletline_core::kernel::time::{Mono, Span};

/// What a stranger asks, by what it costs us and what it could be abused for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Question {
    /// Public facts: hours, waiting time, a number's standing, a search.
    Fact,
    /// Something that is kept: a report, a call pass.
    Write,
}

/// Buckets of all strangers. A household or an office shares one address, so a bucket holds more than one person needs.
pub(crate) struct Limits {
    facts: Mutex<Throttle<IpAddr>>,
    writes: Mutex<Throttle<IpAddr>>,
}

/// Sixty questions at once, then one in a second.
const FACTS: u32 = 60;
const FACT_REFILL: Span = Span::from_s(1);
/// Ten at once, then one in a minute: 1,440 rows a day from one address at most.
const WRITES: u32 = 10;
const WRITE_REFILL: Span = Span::from_s(60);

impl Limits {
    /// With nothing asked yet.
    pub(crate) fn new() -> Self {
        Self { facts: Mutex::new(Throttle::new(FACTS, FACT_REFILL)), writes: Mutex::new(Throttle::new(WRITES, WRITE_REFILL)) }
    }

    /// Counts one question, or says how long to wait.
    fn ask(&self, question: Question, source: IpAddr, now: Mono) -> Result<(), Span> {
        let bucket = match question {
            Question::Fact => &self.facts,
            Question::Write => &self.writes,
        };
        lock(bucket).take(&network(source), now)
    }
}

/// Holds back strangers who ask too much: 429, as a problem document for programs and as a page for people. What is sent to us
/// counts as something that is kept.
pub(super) async fn hold(Shared(state): Shared<State>, source: Source, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let question = if reads { Question::Fact } else { Question::Write };
    let Err(wait) = state.limits.ask(question, source.0, state.clock.now().mono) else { return next.run(request).await };
    let seconds = wait.as_s() + 1;
    let problem = Problem::too_many_requests(seconds);
    if request.uri().path().starts_with("/api/") {
        return problem.into_response();
    }
    let mut response = problem.into_response();
    let page = format!(
        "<!doctype html><meta charset=utf-8><title>429</title><p lang=zh-CN>请求太多，请在 {seconds} 秒后再试。\
         <p lang=en>Too many requests: please try again in {seconds} seconds."
    );
    *response.body_mut() = page.into();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

/// A subscriber of IPv6 holds a whole /64, so that is what counts as one.
fn network(address: IpAddr) -> IpAddr {
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
