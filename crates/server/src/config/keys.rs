//! `[keys]`: where the master key comes from. It is read at the start only to say at once when it is none; the key itself is not
//! kept here, and no message repeats it.

use super::document::Section;
use super::{ConfigError, Data};
use crate::keyring::{KEY_BYTES, read_key};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The keys' sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The master key: 32 bytes as 64 hexadecimal digits.
    pub master: Option<KeySource>,
    /// The master key before the last change, while the directory's key rolls over.
    pub previous: Option<KeySource>,
}

/// Where a key is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file of its own.
    File(PathBuf),
    /// An environment variable, by name.
    Variable(String),
}

impl Keys {
    pub(super) fn read(mut section: Section, data: &Data, demo: bool) -> Result<Self, ConfigError> {
        let (master, previous) = (section.text("master")?, section.text("previous")?);
        let key = |name, text: Option<String>| text.map(|text| source(&section, name, &text, data, demo)).transpose();
        let (master, previous) = (key("master", master)?, key("previous", previous)?);
        if previous.is_some() && master.is_none() {
            return Err(section.error("previous", "is the key before keys.master, which is missing"));
        }
        section.finish()?;
        Ok(Self { master, previous })
    }
}

impl KeySource {
    /// The key as it stands there now.
    ///
    /// # Errors
    /// What is wrong with the source, without a digit of what was read.
    pub(crate) fn key(&self) -> Result<Zeroizing<[u8; KEY_BYTES]>, String> {
        let text = match self {
            Self::File(path) => std::fs::read_to_string(path).map_err(|e| format!("`{}` cannot be read: {e}", path.display()))?,
            Self::Variable(name) => std::env::var(name).map_err(|_| format!("the variable {name} is not set"))?,
        };
        read_key(&Zeroizing::new(text)).ok_or_else(|| {
            "must lead to 64 hexadecimal digits (32 random bytes): make one with `openssl rand -hex 32`".to_owned()
        })
    }
}

fn source(section: &Section, name: &'static str, text: &str, data: &Data, demo: bool) -> Result<KeySource, ConfigError> {
    let source = match text.split_once(':') {
        Some(("file", path)) if !path.is_empty() => {
            if !demo && is_inside(Path::new(path), &data.dir) {
                let what =
                    format!("must not lie inside data.dir ({}): a copy of the data would hold its key", data.dir.display());
                return Err(section.error(name, what));
            }
            KeySource::File(PathBuf::from(path))
        }
        Some(("env", name)) if !name.is_empty() => KeySource::Variable(name.to_owned()),
        _ => return Err(section.error(name, "must be file:PATH or env:VARIABLE, never the key itself")),
    };
    match source.key() {
        Ok(_) => Ok(source),
        Err(what) => Err(section.error(name, what)),
    }
}

/// Whether a file lies in a folder, links resolved as far as both exist.
fn is_inside(file: &Path, dir: &Path) -> bool {
    let absolute = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned());
    absolute(file).starts_with(absolute(dir))
}
