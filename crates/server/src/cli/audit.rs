//! `walletline audit verify`: whether the audit log is what it was.

use super::Failure;
use crate::audit::{Report, Signer, verify};
use crate::config::Config;
use crate::keyring::Keyring;
use clap::Subcommand;
use std::path::{Path, PathBuf};
use walletline_store::Store;

/// The audit log.
#[derive(Subcommand)]
pub(super) enum Audit {
    /// Check every entry against the signed heads and the witness; exit 1 when anything was changed, removed or added.
    Verify(Verify),
}

/// Where everything is.
#[derive(clap::Args)]
pub(super) struct Verify {
    /// The configuration file; environment variables win over it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Check the demo world's log, with its own key and witness.
    #[arg(long)]
    demo: bool,
    /// A copy of the witness file; `audit.witness` of the configuration when not given.
    #[arg(long, value_name = "FILE")]
    witness: Option<PathBuf>,
}

pub(super) async fn run(command: &Audit) -> Result<(), Failure> {
    let Audit::Verify(wanted) = command;
    let config = Config::load(wanted.config.as_deref(), wanted.demo, std::env::vars())?;
    let url = config.store.url.expose();
    check_there(url)?;
    let key = Keyring::load(&config)?.map(|keyring| Signer::new(&keyring).public_key());
    let witness = wanted.witness.as_deref().or(config.audit.witness.as_deref());
    let store = Store::open(url).await?;
    store.migrate().await?;
    let verified = verify(&store, key, witness).await;
    store.close().await;
    println!("{}", sentence(&verified?, key.is_some()));
    Ok(())
}

/// A database that was made by looking for it would be whole, and prove nothing.
fn check_there(url: &str) -> Result<(), Failure> {
    let Some(path) = url.strip_prefix("sqlite:") else { return Ok(()) };
    let path = path.strip_prefix("//").unwrap_or(path);
    if Path::new(path).exists() {
        return Ok(());
    }
    Err(Failure(format!("store.url: there is no database at `{path}`: run this where `serve` runs, or give --config")))
}

fn sentence(report: &Report, own_key: bool) -> String {
    let Report { entries, signed, heads, witnessed } = report;
    let unsigned = entries - signed;
    let witness = witnessed.map(|lines| format!("; {lines} lines of the witness agree")).unwrap_or_default();
    let key = match own_key {
        true => "",
        false => "; keys.master is not at hand, so signatures were checked with the key each head names",
    };
    format!("The audit log is whole: {entries} entries, {signed} signed, {unsigned} not yet signed, {heads} heads{witness}{key}.")
}
