//! Ids, and lists of things that must differ.

use super::ConfigError;
use super::document::Section;
use std::collections::BTreeMap;
use toml::Value;
use walletline_core::kernel::language::Language;

/// Longer ids do not fit the columns and screens that show them.
const ID_CHARS_MAX: usize = 64;

/// E.164 has at most 15 digits; a plus sign goes before them.
const NUMBER_CHARS_MAX: usize = 16;

/// The `id` of a list entry.
pub(super) fn id(section: &mut Section) -> Result<String, ConfigError> {
    named(section, "id")
}

/// A name that stands in addresses and records, under this key.
pub(super) fn named(section: &mut Section, key: &'static str) -> Result<String, ConfigError> {
    let id = section.required(key, "small letters, digits and hyphens")?;
    if id.len() > ID_CHARS_MAX || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        let what = format!("`{id}` is no id: use small letters, digits and hyphens, at most {ID_CHARS_MAX}");
        return Err(section.error(key, what));
    }
    Ok(id)
}

const NAME: &str = "is missing or no name: give a text, or one per language: { \"zh-CN\" = \"…\", en = \"…\" }";

/// The `name` of a list entry: one text for all languages, or one for each.
pub(super) fn in_each_language(section: &mut Section) -> Result<BTreeMap<Language, String>, ConfigError> {
    let said = |text: &Value| text.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned);
    let value = section.value("name");
    let name = |language: Language| match &value {
        Some(Value::Table(names)) if names.len() == Language::ALL.len() => Some((language, said(names.get(language.tag())?)?)),
        Some(Value::Table(_)) | None => None,
        Some(text) => Some((language, said(text)?)),
    };
    Language::ALL.into_iter().map(name).collect::<Option<_>>().ok_or_else(|| section.error("name", NAME))
}

/// A list of languages, in order of preference.
pub(super) fn languages(section: &mut Section, key: &'static str) -> Result<Option<Vec<Language>>, ConfigError> {
    let Some(tags) = section.texts(key)? else { return Ok(None) };
    let mut languages = Vec::new();
    for tag in tags {
        let known = Language::ALL.into_iter().find(|language| language.tag() == tag);
        let language =
            known.ok_or_else(|| section.error(key, format!("`{tag}` is not spoken here: use \"zh-CN\" and \"en\"")))?;
        if languages.contains(&language) {
            return Err(section.error(key, format!("`{tag}` is there twice")));
        }
        languages.push(language);
    }
    if languages.is_empty() {
        return Err(section.error(key, "must name at least one of \"zh-CN\" and \"en\""));
    }
    Ok(Some(languages))
}

/// Refuses the second entry of the same name.
pub(super) fn unique<'a>(list: &str, key: &str, names: impl Iterator<Item = &'a str>) -> Result<(), ConfigError> {
    let mut seen = std::collections::BTreeSet::new();
    for (place, name) in names.enumerate() {
        if !seen.insert(name) {
            return Err(ConfigError::new(format!("{list}[{place}].{key}"), format!("`{name}` is there twice: each must differ")));
        }
    }
    Ok(())
}

/// Refuses what is no telephone number.
pub(super) fn check_number(section: &Section, key: &str, number: &str) -> Result<(), ConfigError> {
    let digits = number.strip_prefix('+').unwrap_or(number);
    if digits.is_empty() || number.len() > NUMBER_CHARS_MAX || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let what = format!("`{number}` is no number: use up to 15 digits, with or without a + before them");
        return Err(section.error(key, what));
    }
    Ok(())
}
