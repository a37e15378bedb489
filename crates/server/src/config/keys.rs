//! `[keys]`: where the master key comes from. The key itself is not kept here, and no message repeats it.

use super::document::Section;
use super::{ConfigError, Data};
use std::path::{Path, PathBuf};

/// The keys' sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The master key: 32 bytes as 64 hexadecimal digits.
    pub master: Option<KeySource>,
}

/// Where a key is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file of its own.
    File(PathBuf),
    /// An environment variable, by name.
    Variable(String),
}

const MASTER_HEX_DIGITS: usize = 64;

impl Keys {
    pub(super) fn read(mut section: Section, data: &Data, demo: bool) -> Result<Self, ConfigError> {
        let master = match section.text("master")? {
            None => None,
            Some(text) => Some(source(&section, &text, data, demo)?),
        };
        section.finish()?;
        Ok(Self { master })
    }
}

fn source(section: &Section, text: &str, data: &Data, demo: bool) -> Result<KeySource, ConfigError> {
    let (source, key) = match text.split_once(':') {
        Some(("file", path)) if !path.is_empty() => {
            if !demo && is_inside(Path::new(path), &data.dir) {
                let what =
                    format!("must not lie inside data.dir ({}): a copy of the data would hold its key", data.dir.display());
                return Err(section.error("master", what));
            }
            let key =
                std::fs::read_to_string(path).map_err(|e| section.error("master", format!("`{path}` cannot be read: {e}")))?;
            (KeySource::File(PathBuf::from(path)), key)
        }
        Some(("env", name)) if !name.is_empty() => {
            let key = std::env::var(name).map_err(|_| section.error("master", format!("the variable {name} is not set")))?;
            (KeySource::Variable(name.to_owned()), key)
        }
        _ => return Err(section.error("master", "must be file:PATH or env:VARIABLE, never the key itself")),
    };
    let key = key.trim();
    if key.len() != MASTER_HEX_DIGITS || !key.bytes().all(|b| b.is_ascii_hexdigit()) {
        let what = "must lead to 64 hexadecimal digits (32 random bytes): make one with `openssl rand -hex 32`";
        return Err(section.error("master", what));
    }
    Ok(source)
}

/// Whether a file lies in a folder, links resolved as far as both exist.
fn is_inside(file: &Path, dir: &Path) -> bool {
    let absolute = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned());
    absolute(file).starts_with(absolute(dir))
}
