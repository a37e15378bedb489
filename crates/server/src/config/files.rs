//! Files the configuration names: they must be there at the start, not at the first call.

use super::ConfigError;
use super::document::Section;
use std::path::PathBuf;

/// A file that exists and can be opened.
pub(super) fn existing(section: &Section, key: &str, path: String) -> Result<PathBuf, ConfigError> {
    match std::fs::File::open(&path).and_then(|file| file.metadata()) {
        Ok(metadata) if metadata.is_file() => Ok(PathBuf::from(path)),
        Ok(_) => Err(section.error(key, format!("`{path}` is not a file"))),
        Err(e) => Err(section.error(key, format!("`{path}` cannot be read: {e}"))),
    }
}

/// A folder that exists.
pub(super) fn folder(section: &Section, key: &str, path: String) -> Result<PathBuf, ConfigError> {
    match std::fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => Ok(PathBuf::from(path)),
        Ok(_) => Err(section.error(key, format!("`{path}` is not a folder"))),
        Err(e) => Err(section.error(key, format!("`{path}` cannot be read: {e}"))),
    }
}
