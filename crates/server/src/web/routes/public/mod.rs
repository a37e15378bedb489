//! What anybody may ask, without a log-in: public facts, the call from a page, what prepares one. Held back by address, never by who asks.

pub(crate) mod articles;
pub(crate) mod call;
pub(crate) mod call_passes;
pub(crate) mod call_settings;
pub(crate) mod hours;
pub(crate) mod number_check;
pub(crate) mod number_reports;
pub(crate) mod official_contacts;
pub(crate) mod wait;
pub(crate) mod wallet_callback;

pub(in crate::web) use call_settings::call_settings;
pub(in crate::web) use hours::hours;
pub(in crate::web) use number_check::number_check;
pub(in crate::web) use number_reports::number_reports;
pub(in crate::web) use official_contacts::official_contacts;
pub(in crate::web) use wait::wait;
pub(in crate::web) use wallet_callback::{wallet_callback, wallet_notice};

use crate::web::error::Problem;
use std::sync::Arc;
use walletline_core::switchboard::{LineOutlook, Outlook};

/// The line asked about; the first one when none is named.
pub(in crate::web) fn line_of(outlook: &Arc<Outlook>, number: Option<&str>) -> Result<(String, LineOutlook), Problem> {
    let found = match number {
        Some(number) => outlook.lines.get_key_value(number),
        None => outlook.lines.iter().next(),
    };
    found.map(|(number, line)| (number.clone(), line.clone())).ok_or_else(Problem::not_found)
}
