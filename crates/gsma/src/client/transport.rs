//! One HTTP exchange: built, sent, read within its bounds, and sorted into an answer or an [`Error`]. No URL reaches an error: it
//! holds the number or the account.

use super::token::Tokens;
use super::{Config, ConfigError, Error, GET, NotSent, PATCH, Unclear};
use crate::wire::{ErrorCategory, ErrorObject, PatchItem};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Identity, Method, RequestBuilder, Response, StatusCode, Url, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes of an answer at most: a page of 200 transactions with everything a wallet may add to them.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// Connections kept open to one wallet: more than this many requests at once are rare, and idle ones cost both sides.
const IDLE_CONNECTIONS_MAX: usize = 16;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const CALLBACK_URL: HeaderName = HeaderName::from_static("x-callback-url");
const CORRELATION_ID: &str = "X-CorrelationID";

#[derive(Debug, Clone)]
pub(crate) struct Transport {
    http: reqwest::Client,
    base_url: Url,
    callback_url: Option<HeaderValue>,
    tokens: Option<Tokens>,
}

/// An answer that is no error.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Transport {
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        let base_url = config.parse_base_url()?;
        config.check_callback_url()?;
        if config.timeout.is_zero() {
            return Err(ConfigError { key: "timeout", reason: "write how long a request may take" });
        }
        let mut headers = HeaderMap::new();
        if let Some(key) = &config.api_key {
            let wrong = |_| ConfigError { key: "api_key", reason: "only visible ASCII characters can be sent" };
            let mut value = HeaderValue::from_str(key.expose()).map_err(wrong)?;
            value.set_sensitive(true);
            headers.insert(API_KEY, value);
        }
        let callback_url = match &config.callback_url {
            None => None,
            Some(url) => {
                let wrong = |_| ConfigError { key: "callback_url", reason: "only visible ASCII characters can be sent" };
                Some(HeaderValue::from_str(url).map_err(wrong)?)
            }
        };
        let http = build_http(config, headers)?;
        // Its own connections: neither the API's key nor a token belongs to whoever grants tokens.
        let tokens = config.oauth.clone().map(|oauth| Tokens::new(oauth, build_http(config, HeaderMap::new())?)).transpose()?;
        Ok(Self { http, base_url, callback_url, tokens })
    }

    pub(crate) async fn get(&self, path: &[&str], query: &[(&str, String)]) -> Result<Answer, Error> {
        self.exchange(self.request(GET, path)?.query(query)).await
    }

    pub(super) async fn patch(&self, path: &[&str], changes: &[PatchItem], correlation_id: &str) -> Result<Answer, Error> {
        let mut request = self.changing(PATCH, path, Some(changes), correlation_id)?;
        if let Some(url) = &self.callback_url {
            request = request.header(CALLBACK_URL, url.clone());
        }
        self.exchange(request).await
    }

    /// A change under its key, with a body where there is one.
    pub(crate) async fn change<B: Serialize + ?Sized>(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&B>,
        correlation_id: &str,
    ) -> Result<Answer, Error> {
        let request = self.changing(method, path, body, correlation_id)?;
        self.exchange(request).await
    }

    /// A change under its key that the wallet may call back about at an address of its own.
    pub(super) async fn call_back<B: Serialize + ?Sized>(
        &self,
        method: Method,
        path: &[&str],
        body: &B,
        correlation_id: &str,
        callback_url: Option<&str>,
    ) -> Result<Answer, Error> {
        let mut request = self.changing(method, path, Some(body), correlation_id)?;
        if let Some(url) = callback_url {
            let mut url = HeaderValue::from_str(url).map_err(|_| Error::NotSent(NotSent::Request))?;
            // Whoever knows it may call back.
            url.set_sensitive(true);
            request = request.header(CALLBACK_URL, url);
        }
        self.exchange(request).await
    }

    fn changing<B: Serialize + ?Sized>(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&B>,
        correlation_id: &str,
    ) -> Result<RequestBuilder, Error> {
        let request = self.request(method, path)?.header(CORRELATION_ID, correlation_id);
        let Some(body) = body else { return Ok(request) };
        let body = serde_json::to_vec(body).map_err(|_| Error::NotSent(NotSent::Request))?;
        Ok(request.header(CONTENT_TYPE, "application/json").body(body))
    }

    fn request(&self, method: Method, path: &[&str]) -> Result<RequestBuilder, Error> {
        let mut url = self.base_url.clone();
        url.path_segments_mut().map_err(|()| Error::NotSent(NotSent::Request))?.pop_if_empty().extend(path);
        Ok(self.http.request(method, url))
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Answer, Error> {
        let Some(tokens) = &self.tokens else { return Self::sent(request).await };
        let authorization = tokens.authorization().await?;
        let answer = Self::sent(request.header(AUTHORIZATION, authorization.clone())).await;
        // Said once, it is asked for anew by the next request: this one is repeated by nobody here.
        if answer.as_ref().is_err_and(is_unauthorised) {
            tokens.forget(&authorization).await;
        }
        answer
    }

    async fn sent(request: RequestBuilder) -> Result<Answer, Error> {
        let response = request.send().await.map_err(|error| sort(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read_bounded(response, ANSWER_BYTES_MAX).await.map_err(Error::Unclear)?;
        if status.is_success() {
            return Ok(Answer { status, headers, body });
        }
        Err(refusal(status, &body))
    }
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body)
            .map_err(|_| Error::Unclear(Unclear::Garbage("the body is not the JSON of the specification")))
    }

    pub(super) fn count(&self, header: &str) -> Option<u64> {
        self.headers.get(header)?.to_str().ok()?.trim().parse().ok()
    }
}

/// A connection to a wallet is direct (no proxy of the environment), stays where it was sent (no redirect: the key would follow
/// it), and trusts whom the configuration names, or else the operating system does.
fn build_http(config: &Config, headers: HeaderMap) -> Result<reqwest::Client, ConfigError> {
    let mut builder = reqwest::Client::builder()
        .default_headers(headers)
        .timeout(config.timeout)
        .connect_timeout(config.timeout / 2)
        .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
        .redirect(redirect::Policy::none())
        .no_proxy();
    if let Some(authority) = &config.authority {
        let wrong = ConfigError { key: "authority", reason: "no certificate in PEM is in it" };
        let certificates = Certificate::from_pem_bundle(authority.as_bytes()).ok().filter(|found| !found.is_empty());
        builder = builder.tls_certs_only(certificates.ok_or(wrong)?);
    } else if config.base_url.starts_with("http:") {
        // A machine without certificates can still speak to a wallet on its own loopback.
        builder = builder.tls_certs_only([]);
    }
    if let Some(identity) = &config.identity {
        let wrong = |_| ConfigError { key: "identity", reason: "no certificate with its private key, both in PEM, is in it" };
        builder = builder.identity(Identity::from_pem(identity.expose().as_bytes()).map_err(wrong)?);
    }
    builder
        .build()
        .map_err(|_| ConfigError { key: "base_url", reason: "this machine has no certificate authorities to check it by" })
}

/// The wallet does not take the token. A wallet says so in its own words or in none.
fn is_unauthorised(error: &Error) -> bool {
    match error {
        Error::Refused(refused) => refused.error_category == ErrorCategory::Authorisation,
        Error::Unclear(unclear) => *unclear == Unclear::Status(StatusCode::UNAUTHORIZED.as_u16()),
        Error::NotSent(_) => false,
    }
}

/// A "no" is definite only in the wallet's own words, and not when they say that the wallet itself failed. Whatever stands
/// between may answer 404 too.
fn refusal(status: StatusCode, body: &[u8]) -> Error {
    let unclear = Error::Unclear(Unclear::Status(status.as_u16()));
    if status == StatusCode::REQUEST_TIMEOUT || !status.is_client_error() {
        return unclear;
    }
    match serde_json::from_slice::<ErrorObject>(body) {
        Ok(error) if error.is_failure() => unclear,
        Ok(error) => Error::Refused(Box::new(error)),
        Err(_) => unclear,
    }
}

fn sort(error: &reqwest::Error) -> Error {
    // A connection that takes too long is both: nothing was sent on it.
    if error.is_connect() {
        Error::NotSent(NotSent::Connection)
    } else if error.is_builder() {
        Error::NotSent(NotSent::Request)
    } else if error.is_timeout() {
        Error::Unclear(Unclear::TimedOut)
    } else {
        Error::Unclear(Unclear::Broken)
    }
}

/// Reads a body that must not be larger than so many bytes.
pub(crate) async fn read_bounded(mut response: Response, bytes_max: usize) -> Result<Vec<u8>, Unclear> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > bytes_max => return Err(Unclear::TooLarge),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) if error.is_timeout() => return Err(Unclear::TimedOut),
            Err(_) => return Err(Unclear::Broken),
        }
    }
}
