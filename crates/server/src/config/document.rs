//! The configuration as a document: a TOML file with environment variables laid over it, read key by key so that every error
//! names the key and no key is passed over in silence.

use super::ConfigError;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use toml::{Table, Value};

/// Sections that are one table and whose keys may come from the environment as `WALLETLINE_<SECTION>_<KEY>`.
const SECTIONS: [&str; 13] =
    ["http", "sip", "stir", "media", "ice", "store", "data", "keys", "staff", "audit", "ladder", "refunds", "uploads"];
/// Sections that are a list of tables.
const LISTS: [&str; 5] = ["wallet", "line", "queue", "trunk", "transfer"];

/// The whole document.
pub(super) struct Document {
    sections: BTreeMap<&'static str, Table>,
    lists: BTreeMap<&'static str, Vec<Table>>,
    variables: BTreeMap<(&'static str, String), String>,
}

impl Document {
    /// A document without a key: every default.
    pub(super) const fn empty() -> Self {
        Self { sections: BTreeMap::new(), lists: BTreeMap::new(), variables: BTreeMap::new() }
    }

    /// Lays a TOML text over the document: a key replaces the key of the same name, a list of tables replaces the whole list.
    pub(super) fn lay(&mut self, text: &str) -> Result<(), ConfigError> {
        let table = text.parse::<Table>().map_err(|e| {
            let line = e.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            ConfigError::new(format!("line {line} of the file"), format!("not valid TOML: {}", e.message()))
        })?;
        for (name, value) in table {
            if let Some(section) = SECTIONS.into_iter().find(|known| *known == name) {
                let Value::Table(keys) = value else {
                    return Err(ConfigError::new(section, format!("must be a table: write [{section}] above its keys")));
                };
                self.sections.entry(section).or_default().extend(keys);
            } else if let Some(list) = LISTS.into_iter().find(|known| *known == name) {
                self.lists.insert(list, tables(list, value)?);
            } else {
                let known = SECTIONS.map(|s| format!("[{s}]")).into_iter().chain(LISTS.map(|l| format!("[[{l}]]")));
                let known = known.collect::<Vec<_>>().join(", ");
                return Err(ConfigError::new(name, format!("unknown key: the file may hold {known}")));
            }
        }
        Ok(())
    }

    /// Lays environment variables over the document. Variables of other names are somebody else's and left alone.
    pub(super) fn lay_environment(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        for (name, value) in variables {
            let Some(rest) = name.strip_prefix("WALLETLINE_") else { continue };
            let section = SECTIONS.into_iter().find_map(|section| {
                let key = rest.strip_prefix(section.to_ascii_uppercase().as_str())?.strip_prefix('_')?;
                Some((section, key.to_ascii_lowercase()))
            });
            let Some((section, key)) = section else { continue };
            self.sections.entry(section).or_default().insert(key.clone(), Value::String(value));
            self.variables.insert((section, key), name);
        }
    }

    /// Takes a section out, empty when it was not written.
    pub(super) fn section(&mut self, name: &'static str) -> Section {
        let values = self.sections.remove(name).unwrap_or_default();
        let variables = std::mem::take(&mut self.variables);
        let (own, others) = variables.into_iter().partition::<BTreeMap<_, _>, _>(|((section, _), _)| *section == name);
        self.variables = others;
        let variables = own.into_iter().map(|((_, key), variable)| (key, variable)).collect();
        Section { name: name.to_owned(), values, variables, known: Vec::new() }
    }

    /// Takes a list out, each entry as a section named `list[0]`, `list[1]`, ….
    pub(super) fn list(&mut self, name: &'static str) -> Vec<Section> {
        let section =
            |(place, values)| Section { name: format!("{name}[{place}]"), values, variables: BTreeMap::new(), known: Vec::new() };
        self.lists.remove(name).unwrap_or_default().into_iter().enumerate().map(section).collect()
    }
}

fn tables(list: &str, value: Value) -> Result<Vec<Table>, ConfigError> {
    let wrong = || ConfigError::new(list, format!("must be a list of tables: write [[{list}]] above each entry"));
    let Value::Array(entries) = value else { return Err(wrong()) };
    entries.into_iter().map(|entry| if let Value::Table(keys) = entry { Ok(keys) } else { Err(wrong()) }).collect()
}

/// One table of the document. Each key is taken out once; what is left at [`Section::finish`] is unknown.
pub(super) struct Section {
    name: String,
    values: Table,
    variables: BTreeMap<String, String>,
    known: Vec<&'static str>,
}

impl Section {
    /// An error about one of this section's keys, named by the variable when the environment set it.
    pub(super) fn error(&self, key: &str, what: impl Display) -> ConfigError {
        match self.variables.get(key) {
            Some(variable) => ConfigError::new(format!("{variable} ({}.{key})", self.name), what),
            None => ConfigError::new(format!("{}.{key}", self.name), what),
        }
    }

    /// The value of a key as it was written.
    pub(super) fn value(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.values.remove(key)
    }

    /// A text; an empty one is refused.
    pub(super) fn text(&mut self, key: &'static str) -> Result<Option<String>, ConfigError> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
            Some(_) => Err(self.error(key, "must be a text in quotes, and not an empty one")),
        }
    }

    /// A table within this one, read like a section.
    pub(super) fn table(&mut self, key: &'static str) -> Result<Option<Section>, ConfigError> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Table(values)) => Ok(Some(self.part(key, values))),
            Some(_) => Err(self.error(key, "must be a table: write { key = \"value\", … }")),
        }
    }

    /// A list of tables within this one.
    pub(super) fn tables(&mut self, key: &'static str) -> Result<Vec<Section>, ConfigError> {
        let Some(value) = self.value(key) else { return Ok(Vec::new()) };
        let wrong = || self.error(key, "must be a list of tables: write [{ key = \"value\", … }]");
        let Value::Array(entries) = value else { return Err(wrong()) };
        let part = |(place, entry)| match entry {
            Value::Table(values) => Ok(self.part(&format!("{key}[{place}]"), values)),
            _ => Err(wrong()),
        };
        entries.into_iter().enumerate().map(part).collect()
    }

    fn part(&self, key: &str, values: Table) -> Section {
        Section { name: format!("{}.{key}", self.name), values, variables: BTreeMap::new(), known: Vec::new() }
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, key: &'static str, expected: &str) -> Result<String, ConfigError> {
        self.text(key)?.ok_or_else(|| self.error(key, format!("is missing: give {expected}")))
    }

    /// A text that is read as `T`; `expected` says how to write it.
    pub(super) fn parse<T: FromStr>(&mut self, key: &'static str, expected: &str) -> Result<Option<T>, ConfigError> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.error(key, format!("`{text}` cannot be read: give {expected}")))
    }

    /// A whole number within a range.
    pub(super) fn number(&mut self, key: &'static str, range: RangeInclusive<u32>) -> Result<Option<u32>, ConfigError> {
        let number = match self.value(key) {
            None => return Ok(None),
            Some(Value::Integer(number)) => u32::try_from(number).ok(),
            Some(Value::String(text)) if self.variables.contains_key(key) => text.parse().ok(),
            Some(_) => None,
        };
        let wrong = || self.error(key, format!("must be a whole number from {} to {}", range.start(), range.end()));
        number.filter(|n| range.contains(n)).map(Some).ok_or_else(wrong)
    }

    /// True or false; false when it was not written.
    pub(super) fn flag(&mut self, key: &'static str) -> Result<bool, ConfigError> {
        self.switch(key, false)
    }

    /// True or false, and what it is where nothing is written.
    pub(super) fn switch(&mut self, key: &'static str, otherwise: bool) -> Result<bool, ConfigError> {
        match self.value(key) {
            None => Ok(otherwise),
            Some(Value::Boolean(flag)) => Ok(flag),
            Some(Value::String(text)) if self.variables.contains_key(key) && text == "true" => Ok(true),
            Some(Value::String(text)) if self.variables.contains_key(key) && text == "false" => Ok(false),
            Some(_) => Err(self.error(key, "must be true or false")),
        }
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, key: &'static str) -> Result<Option<Vec<String>>, ConfigError> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let texts = value.as_array().and_then(|list| {
            list.iter().map(|text| text.as_str().filter(|t| !t.is_empty()).map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        texts.map(Some).ok_or_else(|| self.error(key, "must be a list of texts, for example [\"a\", \"b\"]"))
    }

    /// Refuses whatever was not taken.
    pub(super) fn finish(self) -> Result<(), ConfigError> {
        match self.values.keys().next() {
            None => Ok(()),
            Some(key) => Err(self.error(key, format!("unknown key: known here are {}", self.known.join(", ")))),
        }
    }
}
