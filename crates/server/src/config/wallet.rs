//! `[[wallet]]`: the brands the hotline serves.

use super::document::Section;
use super::messages::Messages;
use super::network::NetworkApi;
use super::wechat_pay::WechatPay;
use super::{ConfigError, keeping, names, secrets};
use crate::connector::number::Form;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use walletline_core::cases::Keep;
use walletline_core::kernel::{language::Language, pii::Pii};

/// A wallet brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wallet {
    /// Its id: small letters, digits, hyphens.
    pub id: String,
    /// Its name in each language.
    pub name: BTreeMap<&'static str, String>,
    /// Where its GSMA Mobile Money API is; none while the hotline cannot ask it.
    pub gsma: Option<WalletApi>,
    /// Where our extension of that API is; none where the wallet has not built it.
    pub extension: Option<WalletApi>,
    /// Where its mobile networks say whether a number has another SIM of late.
    pub sim_swap: Option<NetworkApi>,
    /// Where they say whether it is in another device of late.
    pub device_swap: Option<NetworkApi>,
    /// Through whom its refunds go; none where the wallet's own API takes them.
    pub wechat_pay: Option<WechatPay>,
    /// What its app's server signs questions with, the newest first; none while its app asks nothing.
    pub app_keys: Vec<Pii<String>>,
    /// The zone in which its customers are told times.
    pub zone: TimeZone,
    /// Forms of its customers' phone numbers.
    pub numbers: Vec<Form>,
    /// How long its cases keep recordings once they are closed.
    pub keep_recordings: Keep,
    /// The regimes whose clocks its cases have, by id.
    pub regimes: Vec<String>,
    /// How its messages leave.
    pub messages: Messages,
}

/// A wallet's API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalletApi {
    /// The address below which it stands.
    pub url: String,
    /// Its key, read from a file or a variable.
    pub api_key: Option<Pii<String>>,
    /// Where access tokens are had, for a wallet that wants them.
    pub oauth: Option<OAuth>,
    /// Our certificate and its private key in PEM, for a wallet that wants to know who connects.
    pub identity: Option<Pii<String>>,
    /// Certificates in PEM of those who vouch for the wallet's; none for those whom the system trusts.
    pub authority: Option<String>,
}

impl WalletApi {
    /// One that asks nobody who they are.
    #[must_use]
    pub const fn at(url: String) -> Self {
        Self { url, api_key: None, oauth: None, identity: None, authority: None }
    }
}

/// OAuth 2.0 client credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth {
    /// The token endpoint.
    pub token_url: String,
    /// Who we are.
    pub client_id: String,
    /// What proves it.
    pub client_secret: Pii<String>,
    /// What the tokens are for, where the wallet wants it named.
    pub scope: Option<String>,
}

impl Wallet {
    /// Its name in one language.
    #[must_use]
    pub fn name_in(&self, language: Language) -> &str {
        self.name.get(language.tag()).map_or(self.id.as_str(), String::as_str)
    }

    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let id = names::id(&mut section)?;
        let name = names::in_each_language(&mut section)?.into_iter().map(|(language, name)| (language.tag(), name)).collect();
        let gsma = api(&mut section, "gsma")?;
        let extension = api(&mut section, "extension")?;
        if extension.is_some() && gsma.is_none() {
            return Err(section.error("extension", "stands beside `gsma`: write that too"));
        }
        let sim_swap = NetworkApi::read(&mut section, "sim_swap", "sim-swap:check")?;
        let device_swap = NetworkApi::read(&mut section, "device_swap", "device-swap:check")?;
        if gsma.is_none() && (sim_swap.is_some() || device_swap.is_some()) {
            return Err(section.error("sim_swap", "is asked about registered numbers: write `gsma` too"));
        }
        let wechat_pay = section.table("wechat_pay")?.map(WechatPay::read).transpose()?;
        if wechat_pay.is_some() && gsma.is_none() {
            return Err(section.error("wechat_pay", "needs `gsma` beside it: what was paid is read there"));
        }
        let app_keys = app_keys(&mut section)?;
        let zone = section.text("time_zone")?.unwrap_or_else(|| "UTC".to_owned());
        let zone = TimeZone::get(&zone)
            .map_err(|_| section.error("time_zone", format!("`{zone}` is no IANA time zone: write Asia/Shanghai")))?;
        let mut numbers = Vec::new();
        for text in section.texts("numbers")?.unwrap_or_default() {
            numbers.push(text.parse().map_err(|error| section.error("numbers", format!("`{text}`: {error}")))?);
        }
        let keep_recordings = keeping::of_wallet(&mut section)?;
        let regimes = section.texts("regimes")?.unwrap_or_default();
        let messages = section.table("messages")?.map(Messages::read).transpose()?.unwrap_or_default();
        section.finish()?;
        Ok(Self {
            id,
            name,
            gsma,
            extension,
            sim_swap,
            device_swap,
            wechat_pay,
            app_keys,
            zone,
            numbers,
            keep_recordings,
            regimes,
            messages,
        })
    }
}

fn api(section: &mut Section, key: &'static str) -> Result<Option<WalletApi>, ConfigError> {
    let Some(mut api) = section.table(key)? else { return Ok(None) };
    let url = address(&mut api, "url")?;
    let api_key = secret(&mut api, "api_key")?;
    let oauth = api.table("oauth")?.map(oauth).transpose()?;
    let identity = secret(&mut api, "identity")?;
    let authority = secret(&mut api, "authority")?.map(|pem| pem.expose().clone());
    api.finish()?;
    Ok(Some(WalletApi { url, api_key, oauth, identity, authority }))
}

fn oauth(mut section: Section) -> Result<OAuth, ConfigError> {
    let token_url = address(&mut section, "token_url")?;
    let client_id = section.required("client_id", "the name under which the wallet knows us")?;
    let Some(client_secret) = secret(&mut section, "client_secret")? else {
        return Err(section.error("client_secret", "is missing: give file:PATH or env:VARIABLE"));
    };
    let scope = section.text("scope")?;
    section.finish()?;
    Ok(OAuth { token_url, client_id, client_secret, scope })
}

/// An address of the wallet's, in clear on this machine alone.
fn address(section: &mut Section, key: &'static str) -> Result<String, ConfigError> {
    let url = section.required(key, "\"https://api.example/mm\"")?;
    if url.starts_with("https://") || url.starts_with("http://") && is_loopback(&url) {
        Ok(url)
    } else {
        Err(section.error(key, "must be https:// off this machine: numbers and keys must not travel in clear"))
    }
}

/// Keys of an app's server at once: the present one, and the one before while it rolls over.
const APP_KEYS_MAX: usize = 2;
/// Characters of such a key: what `openssl rand -hex 16` gives.
const APP_KEY_CHARS_MIN: usize = 32;

fn app_keys(section: &mut Section) -> Result<Vec<Pii<String>>, ConfigError> {
    let sources = section.texts("app_keys")?.unwrap_or_default();
    if sources.len() > APP_KEYS_MAX {
        return Err(section.error("app_keys", "two at most: the present one, and the one before it while it rolls over"));
    }
    let read = |source: &String| match secrets::read(source) {
        Ok(key) if key.chars().count() < APP_KEY_CHARS_MIN => {
            Err(section.error("app_keys", format!("a key needs {APP_KEY_CHARS_MIN} characters: openssl rand -hex 32")))
        }
        Ok(key) => Ok(Pii::new(key)),
        Err(what) => Err(section.error("app_keys", what)),
    };
    sources.iter().map(read).collect()
}

/// Whether an address stands on this machine.
pub(super) fn is_loopback(url: &str) -> bool {
    let authority = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host).trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What is kept in a file or a variable, never written here; none where nothing is named.
fn secret(section: &mut Section, key: &'static str) -> Result<Option<Pii<String>>, ConfigError> {
    let Some(source) = section.text(key)? else { return Ok(None) };
    secrets::read(&source).map(Pii::new).map(Some).map_err(|what| section.error(key, what))
}
