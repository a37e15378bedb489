//! The access token of a wallet that wants one: OAuth 2.0 client credentials (RFC 6749, 4.4). Had once, shared by all requests, renewed before it
//! runs out, and forgotten when the wallet no longer takes it.

use super::{ConfigError, Error, NotSent, read_bounded};
use crate::Private;
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Bytes of a token endpoint's answer at most.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// How long a token is used whose endpoint says no time (RFC 6749, 5.1, only recommends it).
const LIFE_DEFAULT: Duration = Duration::from_secs(300);

/// A token is renewed so long before it runs out: a request that leaves with it must arrive with it.
const RENEWED_BEFORE: Duration = Duration::from_secs(30);

/// Where tokens are had, and who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth {
    /// The token endpoint.
    pub token_url: String,
    /// Who we are.
    pub client_id: String,
    /// What proves it.
    pub client_secret: Private,
    /// What the token is for, where the wallet wants it named.
    pub scope: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Tokens {
    http: reqwest::Client,
    url: Url,
    oauth: OAuth,
    kept: Arc<Mutex<Option<Kept>>>,
}

#[derive(Debug)]
struct Kept {
    authorization: HeaderValue,
    until: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: Private,
    token_type: String,
    expires_in: Option<u64>,
}

impl Tokens {
    pub(super) fn new(oauth: OAuth, http: reqwest::Client) -> Result<Self, ConfigError> {
        let url = super::config::parse_url("token_url", &oauth.token_url)?;
        Ok(Self { http, url, oauth, kept: Arc::default() })
    }

    /// The value of `Authorization`. Whoever comes while a token is being had waits for that one.
    pub(super) async fn authorization(&self) -> Result<HeaderValue, Error> {
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| now() < token.until) {
            return Ok(token.authorization.clone());
        }
        let token = self.ask().await.ok_or(Error::NotSent(NotSent::Token))?;
        let authorization = token.authorization.clone();
        *kept = Some(token);
        Ok(authorization)
    }

    /// The wallet did not take this one.
    pub(super) async fn forget(&self, refused: &HeaderValue) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|token| token.authorization == *refused) {
            *kept = None;
        }
    }

    async fn ask(&self) -> Option<Kept> {
        // A form is written as a query is.
        let mut form = self.url.clone();
        form.query_pairs_mut().append_pair("grant_type", "client_credentials");
        if let Some(scope) = &self.oauth.scope {
            form.query_pairs_mut().append_pair("scope", scope);
        }
        let request = self.http.post(self.url.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.basic_auth(&self.oauth.client_id, Some(self.oauth.client_secret.expose()));
        let asked_at = now();
        let response = request.body(form.query().unwrap_or_default().to_owned()).send().await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        let granted: Granted = serde_json::from_slice(&read_bounded(response, ANSWER_BYTES_MAX).await.ok()?).ok()?;
        if !granted.token_type.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", granted.access_token.expose())).ok()?;
        authorization.set_sensitive(true);
        let life = granted.expires_in.map_or(LIFE_DEFAULT, Duration::from_secs);
        Some(Kept { authorization, until: asked_at + life.saturating_sub(RENEWED_BEFORE) })
    }
}

#[expect(clippy::disallowed_methods, reason = "how old a token is concerns the connection alone: no rule goes by it")]
fn now() -> Instant {
    Instant::now()
}
