//! Where a line's flow comes from: one shipped inside the program, or the operator's own file.

use super::ConfigError;
use rust_embed::RustEmbed;
use std::path::PathBuf;
use walletline_core::ivr::flow::Flow;

/// The flows of `flows/`, inside the program.
#[derive(RustEmbed)]
#[folder = "../../flows"]
struct Shipped;

/// A flow by its source. `hotline` is a shipped one, `own/menu.toml` a file: a name with a slash or a dot is a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FlowSource {
    /// Shipped, by its id.
    Shipped(String),
    /// A file.
    File(PathBuf),
}

impl From<String> for FlowSource {
    fn from(name: String) -> Self {
        if name.contains(['/', '\\', '.']) { Self::File(PathBuf::from(name)) } else { Self::Shipped(name) }
    }
}

/// A larger flow is no menu a caller can follow.
const FLOW_BYTES_MAX: usize = 1 << 20;

impl FlowSource {
    /// Reads the flow. `key` names whoever asked for it in an error.
    ///
    /// # Errors
    /// [`ConfigError`] when there is no such flow or it cannot be parsed.
    pub fn load(&self, key: &str) -> Result<Flow, ConfigError> {
        let (name, text) = match self {
            Self::Shipped(id) => {
                let file = Shipped::get(&format!("{id}.toml")).ok_or_else(|| {
                    let shipped = Shipped::iter().map(|name| name.trim_end_matches(".toml").to_owned()).collect::<Vec<_>>();
                    let what =
                        format!("there is no flow `{id}`: shipped are {}; the path of a file ends in .toml", shipped.join(", "));
                    ConfigError::new(key, what)
                })?;
                (id.clone(), String::from_utf8_lossy(&file.data).into_owned())
            }
            Self::File(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|e| ConfigError::new(key, format!("`{}` cannot be read: {e}", path.display())))?;
                (path.display().to_string(), text)
            }
        };
        if text.len() > FLOW_BYTES_MAX {
            return Err(ConfigError::new(key, format!("`{name}` is larger than {FLOW_BYTES_MAX} bytes")));
        }
        toml::from_str(&text).map_err(|e| {
            let line = e.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            ConfigError::new(key, format!("`{name}` line {line}: {}", e.message()))
        })
    }
}
