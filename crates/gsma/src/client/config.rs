//! What a client must know about its wallet, and what of it cannot be used. A key never reaches a message.

use super::OAuth;
use crate::Private;
use reqwest::Url;
use std::time::Duration;

/// How long a request may take unless the configuration says otherwise: a caller waits for it on the line.
const TIMEOUT_DEFAULT: Duration = Duration::from_secs(5);

/// Where a wallet is and how to speak with it.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address below which the API stands: `https://api.example.com/mm/v1.2`.
    pub base_url: String,
    /// Sent as `X-API-Key`.
    pub api_key: Option<Private>,
    /// Where access tokens are had, for a wallet that wants one with each request.
    pub oauth: Option<OAuth>,
    /// Our certificate with its private key, both in PEM, for a wallet that wants to know who connects (mutual TLS).
    pub identity: Option<Private>,
    /// Certificates in PEM of those who vouch for the wallet's own; none for those whom the system trusts.
    pub authority: Option<String>,
    /// How long a request may take in all; half of it may go into the connection.
    pub timeout: Duration,
    /// Sent as `X-Callback-URL` with every change, where the wallet can reach us.
    pub callback_url: Option<String>,
}

/// Why a client cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct ConfigError {
    /// The field of [`Config`].
    pub key: &'static str,
    /// What to write instead.
    pub reason: &'static str,
}

impl Config {
    /// A wallet at an address, without a key, with the usual time-out.
    #[must_use]
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            api_key: None,
            oauth: None,
            identity: None,
            authority: None,
            timeout: TIMEOUT_DEFAULT,
            callback_url: None,
        }
    }

    pub(super) fn parse_base_url(&self) -> Result<Url, ConfigError> {
        parse_url("base_url", &self.base_url)
    }

    pub(super) fn check_callback_url(&self) -> Result<(), ConfigError> {
        self.callback_url.as_deref().map_or(Ok(()), |url| parse_url("callback_url", url).map(|_| ()))
    }
}

pub(super) fn parse_url(key: &'static str, text: &str) -> Result<Url, ConfigError> {
    let wrong = |reason| ConfigError { key, reason };
    let url = Url::parse(text).map_err(|_| wrong("write http://HOST/PATH or https://HOST/PATH"))?;
    if !["http", "https"].contains(&url.scheme()) || url.cannot_be_a_base() {
        return Err(wrong("write http://HOST/PATH or https://HOST/PATH"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("a user or a password has no place in it: write the key into api_key"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("nothing may follow its path"));
    }
    Ok(url)
}
