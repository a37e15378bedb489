//! `[[queue]]`: where callers wait. A flow names a queue within its wallet; the queue's id is `<wallet>-<name>`.

use super::document::Section;
use super::{ConfigError, names};
use walletline_core::queue::Strategy;

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its id: `<wallet>-<name>`.
    pub id: String,
    /// The wallet it belongs to.
    pub wallet: String,
    /// Skills an agent needs to take its callers, beyond the caller's language.
    pub skills: Vec<String>,
    /// Whom it picks: `longest-idle-agent`, also written `leastrecent`.
    pub strategy: Strategy,
}

impl Queue {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let id = names::id(&mut section)?;
        let wallet = section.required("wallet", "the id of a [[wallet]]")?;
        let skills = section.texts("skills")?.unwrap_or_default();
        let strategy = match section.text("strategy")?.as_deref() {
            None | Some("longest-idle-agent" | "leastrecent") => Strategy::LongestIdle,
            Some(other) => {
                let what = format!("`{other}` is not available: use longest-idle-agent (also written leastrecent)");
                return Err(section.error("strategy", what));
            }
        };
        section.finish()?;
        Ok(Self { id, wallet, skills, strategy })
    }
}
