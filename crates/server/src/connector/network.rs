//! What a mobile network says of a number, by CAMARA's APIs SIM Swap and Device Swap: whether it has another SIM, or is in another device,
//! since so many hours. Asked once in a contact, in bounded time, and only yes or no is asked for, never a date. What a network does not
//! say is unknown, never "no".

use super::breaker::Breaker;
use crate::config::NetworkApi;
use crate::engine::Clock;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use walletline_core::identity::{Ladder, Signal};
use walletline_core::kernel::ids::ContactId;
use walletline_core::kernel::pii::Pii;
use walletline_core::kernel::time::{Mono, Span};

/// How long one request may take: a code waits for it.
const REQUEST_MAX: Duration = Duration::from_secs(3);
const CONNECT_MAX: Duration = Duration::from_secs(2);

/// Bytes of an answer at most: it holds one word.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// The bounds of `maxAge`, in hours, and what is asked for where the ladder says nothing (CAMARA sim-swap 2.1, device-swap 0.2).
const HOURS: std::ops::RangeInclusive<u32> = 1..=2_400;
const HOURS_DEFAULT: u32 = 240;

/// A token is used up to this long before its end; one whose end is not told, for a minute.
const TOKEN_SLACK: Span = Span::from_s(30);
const TOKEN_UNTOLD: Span = Span::from_s(90);
/// Seconds that a token is used at most, whatever is told.
const TOKEN_S_MAX: u64 = 24 * 3_600;

/// How long what was said is kept for the contact that asked: longer than most calls. And of how many.
const KEPT: Span = Span::from_s(3_600);
const KEPT_MAX: usize = 10_000;

/// A number in a contact, and what was said of it when.
type Asked = (ContactId, String);
type Said = (BTreeSet<Signal>, Mono);

/// The APIs of one wallet's networks.
pub(super) struct Network {
    apis: Vec<(Signal, Api)>,
    clock: Clock,
    /// What was said in a contact of a number, and when.
    said: Mutex<HashMap<Asked, Said>>,
}

struct Api {
    config: NetworkApi,
    client: Client,
    breaker: Breaker,
    token: Mutex<Option<(Pii<String>, Mono)>>,
}

/// Nobody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Unknown {
    /// No answer, or none that can be read.
    #[error("the network does not answer")]
    Silent,
    /// It answered, and not with what was asked: another's number, no right to ask, too many questions.
    #[error("the network refuses: {0}")]
    Refused(StatusCode),
}

#[derive(Deserialize)]
struct Swapped {
    swapped: bool,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl Network {
    /// The APIs of a wallet, by what each says.
    ///
    /// # Errors
    /// When there can be no client.
    pub(super) fn new(sim_swap: Option<&NetworkApi>, device_swap: Option<&NetworkApi>, clock: Clock) -> Result<Self, String> {
        let mut apis = Vec::new();
        for (signal, config) in [(Signal::SimSwap, sim_swap), (Signal::YoungDevice, device_swap)] {
            if let Some(config) = config {
                apis.push((signal, Api::new(config.clone())?));
            }
        }
        Ok(Self { apis, clock, said: Mutex::default() })
    }

    /// What the networks say that speaks against a registered number, as long ago as the ladder lets it count. The same answer for the
    /// whole contact. Where one of them does not say, that is a signal too.
    pub(super) async fn signals(&self, contact: ContactId, msisdn: &Pii<String>, ladder: &Ladder) -> BTreeSet<Signal> {
        if self.apis.is_empty() {
            return BTreeSet::new();
        }
        let key = (contact, msisdn.expose().clone());
        let now = self.clock.now().mono;
        if let Some((said, _)) = lock(&self.said).get(&key).filter(|(_, at)| now - *at < KEPT) {
            return said.clone();
        }
        let mut signals = BTreeSet::new();
        for (signal, api) in &self.apis {
            let hours = ladder.signals.get(signal).and_then(|rule| rule.hours).unwrap_or(HOURS_DEFAULT);
            match api.swapped(msisdn, hours.clamp(*HOURS.start(), *HOURS.end()), now).await {
                Ok(true) => _ = signals.insert(*signal),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, signal = signal.name(), "a network did not say whether something was swapped");
                    metrics::counter!("walletline_network_unknown_total", "signal" => signal.name()).increment(1);
                    signals.insert(Signal::NetworkUnknown);
                }
            }
        }
        self.keep(key, &signals, now);
        signals
    }

    fn keep(&self, key: Asked, signals: &BTreeSet<Signal>, now: Mono) {
        let mut said = lock(&self.said);
        if said.len() >= KEPT_MAX {
            said.retain(|_, (_, at)| now - *at < KEPT);
            if said.len() >= KEPT_MAX {
                said.clear();
            }
        }
        said.insert(key, (signals.clone(), now));
    }
}

impl Api {
    fn new(config: NetworkApi) -> Result<Self, String> {
        let builder = Client::builder().no_proxy().redirect(redirect::Policy::none());
        let client = builder.connect_timeout(CONNECT_MAX).timeout(REQUEST_MAX).build().map_err(|error| error.to_string())?;
        Ok(Self { config, client, breaker: Breaker::default(), token: Mutex::default() })
    }

    /// Whether it was swapped within these hours.
    async fn swapped(&self, msisdn: &Pii<String>, hours: u32, now: Mono) -> Result<bool, Unknown> {
        if !self.breaker.allows(now) {
            return Err(Unknown::Silent);
        }
        let said = self.ask(msisdn, hours, now).await;
        self.breaker.note(said != Err(Unknown::Silent), now);
        said
    }

    async fn ask(&self, msisdn: &Pii<String>, hours: u32, now: Mono) -> Result<bool, Unknown> {
        match self.check(msisdn, hours, &self.token(now).await?).await {
            // The token was ended before its time: once more with a new one.
            Err(Unknown::Refused(StatusCode::UNAUTHORIZED)) => {
                *lock(&self.token) = None;
                self.check(msisdn, hours, &self.token(now).await?).await
            }
            said => said,
        }
    }

    async fn check(&self, msisdn: &Pii<String>, hours: u32, token: &Pii<String>) -> Result<bool, Unknown> {
        let url = format!("{}/check", self.config.url.trim_end_matches('/'));
        let body = serde_json::json!({ "phoneNumber": msisdn.expose(), "maxAge": hours }).to_string();
        let request = self.client.post(url).bearer_auth(token.expose()).header(CONTENT_TYPE, "application/json");
        let answer: Swapped = read(request.header(ACCEPT, "application/json").body(body).send().await).await?;
        Ok(answer.swapped)
    }

    /// A token that is good for a while (RFC 6749 section 4.4).
    async fn token(&self, now: Mono) -> Result<Pii<String>, Unknown> {
        if let Some((token, _)) = lock(&self.token).as_ref().filter(|(_, good_until)| now < *good_until) {
            return Ok(token.clone());
        }
        let NetworkApi { token_url, client_id, client_secret, scope, .. } = &self.config;
        let request = self.client.post(token_url).basic_auth(client_id, Some(client_secret.expose()));
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").header(ACCEPT, "application/json");
        let asked = form(&[("grant_type", "client_credentials"), ("scope", scope)]);
        let Token { access_token, expires_in } = read(request.body(asked).send().await).await?;
        let token = Pii::new(access_token);
        let lasts = expires_in.map_or(TOKEN_UNTOLD, |seconds| Span::from_s(seconds.min(TOKEN_S_MAX)));
        *lock(&self.token) = Some((token.clone(), now + Span(lasts.0.saturating_sub(TOKEN_SLACK.0))));
        Ok(token)
    }
}

/// The answer, read within its bounds.
async fn read<T: for<'a> Deserialize<'a>>(response: Result<Response, reqwest::Error>) -> Result<T, Unknown> {
    let mut response = response.map_err(|_| Unknown::Silent)?;
    let status = response.status();
    if status.is_server_error() {
        return Err(Unknown::Silent);
    }
    if status != StatusCode::OK {
        return Err(Unknown::Refused(status));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Unknown::Silent)? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(Unknown::Silent);
        }
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).map_err(|_| Unknown::Silent)
}

/// Values as a form writes them.
fn form(values: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://form.invalid/").expect("an address");
    url.query_pairs_mut().extend_pairs(values);
    url.query().unwrap_or_default().to_owned()
}

/// What a panic left of it is still usable: a token, and what was said.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
