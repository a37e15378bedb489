//! Structured logs on stderr. `WALLETLINE_LOG` sets levels as `tracing` understands them; `WALLETLINE_LOG_FORMAT=json` writes
//! one JSON object a line.

use std::io::IsTerminal as _;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

/// Ours at `info`, everybody else's at `warn`.
const DEFAULT: &str = "warn,walletline=info,walletline_core=info,walletline_voice=info,walletline_store=info";

/// Libraries that write statements, messages or addresses at their chattier levels, beside those of the voice engine. No setting
/// can turn those on.
const GUARDED: [&str; 5] = ["sqlx", "hyper", "lettre", "reqwest", "rusmpp"];

/// Starts logging.
///
/// # Errors
/// A line that says what is wrong with `WALLETLINE_LOG`.
pub fn start() -> Result<(), String> {
    let wanted = std::env::var("WALLETLINE_LOG").unwrap_or_else(|_| DEFAULT.to_owned());
    let levels = EnvFilter::try_new(&wanted).map_err(|error| format!("WALLETLINE_LOG: `{wanted}` is no log filter: {error}"))?;
    let filter = levels.and(filter_fn(harmless));
    let json = std::env::var("WALLETLINE_LOG_FORMAT").is_ok_and(|format| format == "json");
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let layer = if json { lines.json().boxed() } else { lines.boxed() };
    tracing_subscriber::registry().with(layer.with_filter(filter)).try_init().map_err(|error| format!("log: {error}"))
}

/// Whether a line can only hold what we put there, or what a library writes at `warn` and above.
fn harmless(line: &Metadata<'_>) -> bool {
    let mut guarded = walletline_voice::GUARDED_TARGETS.iter().chain(&GUARDED);
    let guarded = guarded.any(|library| line.target().starts_with(library));
    !guarded || *line.level() <= Level::WARN
}
