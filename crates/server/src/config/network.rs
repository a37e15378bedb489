//! `wallet.sim_swap` and `wallet.device_swap`: where a wallet's mobile networks say whether a number has another SIM or is in another
//! device of late.

use super::document::Section;
use super::wallet::is_loopback;
use super::{ConfigError, secrets};
use walletline_core::kernel::pii::Pii;

/// An API of CAMARA's, with what opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkApi {
    /// The address below which `/check` stands.
    pub url: String,
    /// Where tokens are given (OAuth 2, client credentials).
    pub token_url: String,
    /// Who we are there.
    pub client_id: String,
    /// What proves it.
    pub client_secret: Pii<String>,
    /// What the token is asked for.
    pub scope: String,
}

impl NetworkApi {
    /// The API of this name, where it is written; `scope` is what it is usually asked for.
    pub(super) fn read(section: &mut Section, key: &'static str, scope: &str) -> Result<Option<Self>, ConfigError> {
        section.table(key)?.map(|table| Self::within(table, scope)).transpose()
    }

    fn within(mut section: Section, scope: &str) -> Result<Self, ConfigError> {
        let url = address(&mut section, "url")?;
        let token_url = address(&mut section, "token_url")?;
        let missing = |section: &Section, key| section.error(key, "is missing");
        let client_id = section.text("client_id")?.ok_or_else(|| missing(&section, "client_id"))?;
        let source = section.text("client_secret")?.ok_or_else(|| missing(&section, "client_secret"))?;
        let client_secret = secrets::read(&source).map(Pii::new).map_err(|what| section.error("client_secret", what))?;
        let scope = section.text("scope")?.unwrap_or_else(|| scope.to_owned());
        section.finish()?;
        Ok(Self { url, token_url, client_id, client_secret, scope })
    }
}

fn address(section: &mut Section, key: &'static str) -> Result<String, ConfigError> {
    let url = section.text(key)?.ok_or_else(|| section.error(key, "is missing: write \"https://…\""))?;
    if url.starts_with("https://") || url.starts_with("http://") && is_loopback(&url) {
        Ok(url)
    } else {
        Err(section.error(key, "a network off this machine needs https://: numbers and secrets must not travel in clear"))
    }
}
