//! What engineers see of the running program: logs without personal data, and metrics.

mod internal;
mod log;
mod scrape;
mod trunks;

pub use internal::router;
pub use log::start as start_log;
pub use scrape::Scrape;
