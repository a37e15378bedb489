//! What is published of an address: what it is for, when it answers, in which languages, where.

use super::address::Address;
use crate::kernel::language::Language;
use serde::{Deserialize, Serialize};

/// Longest label or text of hours, in characters: one line on a phone's screen, and three.
const LABEL_CHARS_MAX: usize = 60;
const HOURS_CHARS_MAX: usize = 200;

/// A text in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In Chinese.
    #[serde(rename = "zh-CN")]
    pub zh_cn: String,
    /// In English.
    pub en: String,
}

impl Words {
    /// The text in a language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.zh_cn,
            Language::En => &self.en,
        }
    }

    fn fits(&self, chars_max: usize) -> bool {
        Language::ALL.into_iter().all(|language| {
            let text = self.get(language);
            !text.trim().is_empty() && text.chars().count() <= chars_max && !text.chars().any(char::is_control)
        })
    }
}

/// An entry of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The address.
    #[serde(flatten)]
    pub address: Address,
    /// What it is for.
    pub label: Words,
    /// When somebody answers, in words; none where that says nothing, as for a sender of messages.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hours: Option<Words>,
    /// Languages spoken there; at least one.
    pub languages: Vec<Language>,
    /// The country it is for, in two capital letters (ISO 3166-1).
    pub region: String,
    /// It only takes calls and messages: what comes from it is a fake.
    pub inbound_only: bool,
}

/// The entry says something that cannot be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadEntry {
    /// No label, or a long one.
    #[error("say in both languages what it is for, in at most {LABEL_CHARS_MAX} characters")]
    Label,
    /// Long hours.
    #[error("say in both languages when somebody answers, in at most {HOURS_CHARS_MAX} characters, or leave the hours out")]
    Hours,
    /// No language, or one twice.
    #[error("name each language that is spoken there once, and at least one")]
    Languages,
    /// No country.
    #[error("a region is a country in two capital letters, such as CN or GB")]
    Region,
    /// A sender that does not send.
    #[error("a sender of text messages cannot be for incoming messages alone")]
    InboundOnly,
}

impl Entry {
    /// Whether it can be published.
    ///
    /// # Errors
    /// [`BadEntry`]: the first thing that cannot.
    pub fn check(&self) -> Result<(), BadEntry> {
        if !self.label.fits(LABEL_CHARS_MAX) {
            return Err(BadEntry::Label);
        }
        if self.hours.as_ref().is_some_and(|hours| !hours.fits(HOURS_CHARS_MAX)) {
            return Err(BadEntry::Hours);
        }
        let mut languages = self.languages.clone();
        languages.sort_unstable();
        languages.dedup();
        if languages.is_empty() || languages.len() != self.languages.len() {
            return Err(BadEntry::Languages);
        }
        if self.region.len() != 2 || !self.region.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(BadEntry::Region);
        }
        if self.inbound_only && matches!(self.address, Address::SmsSender(_)) {
            return Err(BadEntry::InboundOnly);
        }
        Ok(())
    }
}
