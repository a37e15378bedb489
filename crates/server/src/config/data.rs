//! `[data]`: what is kept beside the database, and for how long contacts are kept in it.

use super::ConfigError;
use super::document::Section;
use std::path::PathBuf;
use walletline_core::kernel::time::Span;

/// Files and keeping times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The folder of files that belong to the program; made at the start.
    pub dir: PathBuf,
    /// Days after its end for which a contact's personal data is kept.
    pub keep_contacts_days: u32,
}

/// Our own default, as for routine recordings: a contact's record holds what was said and keyed.
const KEEP_CONTACTS_DAYS_DEFAULT: u32 = 180;

impl Data {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let dir = PathBuf::from(section.text("dir")?.unwrap_or_else(|| "data".to_owned()));
        let keep_contacts_days = section.number("keep_contacts_days", 1..=3_650)?.unwrap_or(KEEP_CONTACTS_DAYS_DEFAULT);
        section.finish()?;
        Ok(Self { dir, keep_contacts_days })
    }

    /// How long a contact's personal data is kept.
    #[must_use]
    pub fn retention(&self) -> Span {
        Span::from_s(u64::from(self.keep_contacts_days) * 24 * 3_600)
    }
}
