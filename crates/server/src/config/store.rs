//! `[store]`: which database.

use super::ConfigError;
use super::document::Section;
use walletline_core::agent::Secret;

/// The database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// `sqlite:FILE` or `postgres://…`. Secret because it may hold a password.
    pub url: Secret,
}

impl Store {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let url = section.text("url")?.unwrap_or_else(|| "sqlite:data/walletline.db".to_owned());
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())) {
            let what = "must be sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE, for example sqlite:data/walletline.db";
            return Err(section.error("url", what));
        }
        section.finish()?;
        Ok(Self { url: Secret::new(url) })
    }
}
