//! `[audit]`: who else keeps the heads of the audit log.

use super::document::Section;
use super::{ConfigError, Data};
use std::path::PathBuf;

/// The audit log's heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// A file that every head is added to, best on a disk that others keep.
    pub witness: Option<PathBuf>,
}

/// The demo keeps its heads beside its data, where a real witness would prove nothing.
const DEMO_WITNESS: &str = "audit-heads.jsonl";

impl Audit {
    pub(super) fn read(mut section: Section, data: &Data, demo: bool) -> Result<Self, ConfigError> {
        let witness = section.text("witness")?.map(PathBuf::from);
        section.finish()?;
        Ok(Self { witness: witness.or_else(|| demo.then(|| data.dir.join(DEMO_WITNESS))) })
    }
}
