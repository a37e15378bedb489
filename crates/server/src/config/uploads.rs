//! `[uploads]`: files that customers send as evidence, and who says whether they are harmless.

use super::ConfigError;
use super::document::Section;
use crate::uploads::Scanner;
use std::path::Path;
use std::time::Duration;

/// Room for all files together, megabytes.
const TOTAL_MB_DEFAULT: u32 = 10_240;

/// Seconds after which a scanner has said nothing.
const SCAN_WITHIN_S_DEFAULT: u32 = 60;

/// Files that customers send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploads {
    /// Who says whether one is harmless; none where nobody does.
    pub scanner: Option<Scanner>,
    /// Bytes of all of them together.
    pub total_max: u64,
}

impl Uploads {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let command = section.texts("scan")?;
        let within_s = section.number("scan_within_s", 1..=600)?.unwrap_or(SCAN_WITHIN_S_DEFAULT);
        let total_mb = section.number("total_mb", 1..=10_000_000)?.unwrap_or(TOTAL_MB_DEFAULT);
        if let Some(program) = command.as_ref().and_then(|command| command.first())
            && !Path::new(program).is_absolute()
        {
            return Err(section.error("scan", "must begin with the whole path of a program: it is run without a shell"));
        }
        if command.as_ref().is_some_and(Vec::is_empty) {
            return Err(section.error("scan", "names no program: leave it out where there is no scanner"));
        }
        section.finish()?;
        let within = Duration::from_secs(u64::from(within_s));
        let scanner = command.map(|command| Scanner { command, within });
        Ok(Self { scanner, total_max: u64::from(total_mb) * 1_024 * 1_024 })
    }
}
