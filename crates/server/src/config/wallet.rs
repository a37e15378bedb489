//! `[[wallet]]`: the brands the hotline serves.

use super::document::Section;
use super::messages::Messages;
use super::{ConfigError, keeping, names, secrets};
use crate::connector::number::Form;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use toml::Value;
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
        Ok(Self { id, name, gsma, extension, app_keys, zone, numbers, keep_recordings, regimes, messages })
    }
}

const API: &str = "must be { url = \"https://…\", api_key = \"file:PATH\" }: the key may be left out, or come from env:VARIABLE";

fn api(section: &mut Section, key: &'static str) -> Result<Option<WalletApi>, ConfigError> {
    match section.value(key) {
        None => Ok(None),
        Some(Value::Table(table)) => api_in(section, key, table).map(Some),
        Some(_) => Err(section.error(key, API)),
    }
}

fn api_in(section: &Section, key: &'static str, mut table: toml::Table) -> Result<WalletApi, ConfigError> {
    let url = match table.remove("url") {
        Some(Value::String(url)) if url.starts_with("http://") && !is_loopback(&url) => {
            return Err(section.error(key, "a wallet off this machine needs https://: numbers and keys must not travel in clear"));
        }
        Some(Value::String(url)) if url.starts_with("http://") || url.starts_with("https://") => url,
        _ => return Err(section.error(key, API)),
    };
    let api_key = match table.remove("api_key") {
        None => None,
        Some(Value::String(source)) => Some(secret(section, key, &source)?),
        Some(_) => return Err(section.error(key, API)),
    };
    match table.keys().next() {
        None => Ok(WalletApi { url, api_key }),
        Some(unknown) => Err(section.error(key, format!("`{unknown}` is no key of it: it {API}"))),
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

/// A secret from where it is kept; never the secret itself.
fn secret(section: &Section, key: &'static str, source: &str) -> Result<Pii<String>, ConfigError> {
    secrets::read(source).map(Pii::new).map_err(|what| section.error(key, format!("api_key: {what}")))
}
