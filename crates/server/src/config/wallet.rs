//! `[[wallet]]`: the brands the hotline serves.

use super::document::Section;
use super::{ConfigError, names};
use std::collections::BTreeMap;
use toml::Value;
use walletline_core::kernel::language::Language;

/// A wallet brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wallet {
    /// Its id: small letters, digits, hyphens.
    pub id: String,
    /// Its name in each language.
    pub name: BTreeMap<&'static str, String>,
}

impl Wallet {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let id = names::id(&mut section)?;
        let name = match section.value("name") {
            Some(Value::String(name)) if !name.trim().is_empty() => {
                Language::ALL.into_iter().map(|language| (language.tag(), name.clone())).collect()
            }
            Some(Value::Table(names)) => by_language(&section, &names)?,
            _ => return Err(section.error("name", NAME)),
        };
        section.finish()?;
        Ok(Self { id, name })
    }
}

const NAME: &str = "is missing or no name: give a text, or one per language: { \"zh-CN\" = \"…\", en = \"…\" }";

fn by_language(section: &Section, names: &toml::Table) -> Result<BTreeMap<&'static str, String>, ConfigError> {
    let all = Language::ALL.map(Language::tag);
    if names.len() != all.len() {
        return Err(section.error("name", NAME));
    }
    let name =
        |tag: &'static str| names.get(tag).and_then(Value::as_str).filter(|n| !n.trim().is_empty()).map(|n| (tag, n.to_owned()));
    all.into_iter().map(name).collect::<Option<_>>().ok_or_else(|| section.error("name", NAME))
}
