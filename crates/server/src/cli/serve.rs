//! `walletline serve`.

use super::Failure;
use crate::app;
use crate::config::Config;
use std::path::PathBuf;

/// Serve calls, desks and pages until SIGTERM.
#[derive(clap::Args)]
pub(super) struct Serve {
    /// The configuration file; environment variables win over it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Serve the demo world: invented wallets, customers and staff, on this machine alone.
    #[arg(long)]
    demo: bool,
}

pub(super) async fn run(command: &Serve) -> Result<(), Failure> {
    let config = Config::load(command.config.as_deref(), command.demo, std::env::vars())?;
    Ok(app::serve(config).await?)
}
