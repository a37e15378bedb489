//! How long recordings are kept: on their own, line by line, and for the sake of cases, wallet by wallet.

use super::ConfigError;
use super::document::Section;
use walletline_core::call::RECORDING_KEPT;
use walletline_core::cases::Keep;
use walletline_core::kernel::time::Span;

/// Thirty years: longer is for ever, and nobody may be recorded for ever.
const DAYS_MAX: u32 = 10_950;

/// A key that is a number of days; the default where it was not written.
fn days(section: &mut Section, key: &'static str, otherwise: Span) -> Result<Span, ConfigError> {
    let days = section.number(key, 1..=DAYS_MAX)?;
    Ok(days.map_or(otherwise, |days| Span::from_s(u64::from(days) * 24 * 3_600)))
}

/// A line's `keep_recordings_days`: how long a recording of its calls stays that nothing else keeps.
pub(super) fn of_line(section: &mut Section) -> Result<Span, ConfigError> {
    days(section, "keep_recordings_days", RECORDING_KEPT)
}

/// A wallet's `keep_recordings`: how long after its close a case keeps the recordings of its contacts, by what it is about.
pub(super) fn of_wallet(section: &mut Section) -> Result<Keep, ConfigError> {
    let otherwise = Keep::default();
    let Some(mut kinds) = section.table("keep_recordings")? else { return Ok(otherwise) };
    let keep = Keep {
        freeze: days(&mut kinds, "freeze_days", otherwise.freeze)?,
        overdue: days(&mut kinds, "overdue_days", otherwise.overdue)?,
        refund: days(&mut kinds, "refund_days", otherwise.refund)?,
        complaint: days(&mut kinds, "complaint_days", otherwise.complaint)?,
        dispute: days(&mut kinds, "dispute_days", otherwise.dispute)?,
    };
    kinds.finish()?;
    Ok(keep)
}
