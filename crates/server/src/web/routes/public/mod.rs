//! What anybody may ask without a log-in: public facts, and what strangers leave with us. Held back by `web/limits.rs`.

pub(crate) mod number_check;
pub(crate) mod number_reports;
pub(crate) mod official_contacts;

pub(in crate::web) use number_check::number_check;
pub(in crate::web) use number_reports::number_reports;
pub(in crate::web) use official_contacts::official_contacts;
