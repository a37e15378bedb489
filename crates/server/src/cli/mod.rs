//! The command line. A command ends with 0, or with one line on stderr: 1 when it could not be done, 2 when it was not understood.

mod articles;
mod audit;
mod backup;
mod directory;
mod export;
mod flow;
mod migrate;
mod openapi;
mod sandbox;
mod serve;
mod staff;

use crate::config::Config;
use clap::{Args, Parser, Subcommand};
use std::fmt::Display;
use std::path::PathBuf;
use std::process::ExitCode;
use walletline_store::Store;

/// The hotline of a wallet, as one program.
#[derive(Parser)]
#[command(name = "walletline", version, about, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve calls, desks and pages until SIGTERM.
    Serve(serve::Serve),
    /// Run the wallet simulator alone.
    Sandbox(sandbox::Run),
    /// Print the OpenAPI document of the web API.
    Openapi,
    /// Flows: what callers hear and what keys do.
    #[command(subcommand)]
    Flow(flow::Flow),
    /// Bring the database to the shape this version writes. `serve` does it too.
    Migrate(Place),
    /// Staff: who takes calls and who leads.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// The help centre's articles.
    #[command(subcommand)]
    Articles(articles::Articles),
    /// The audit log: whether it is what it was.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// The official directory: whether a published one is what its operator signed.
    #[command(subcommand)]
    Directory(directory::Directory),
    /// Copy everything into one encrypted file, while `serve` runs; or verify or unpack such a file.
    Backup(backup::Backup),
    /// Write records out.
    #[command(subcommand)]
    Export(export::Export),
}

/// Where the configuration is.
#[derive(Args)]
struct Place {
    /// The configuration file; environment variables win over it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Why a command was not done: one line.
struct Failure(String);

impl<E: Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl Place {
    fn load(&self) -> Result<Config, Failure> {
        Ok(Config::load(self.config.as_deref(), false, std::env::vars())?)
    }

    /// The store, in the shape this version writes.
    async fn store(&self) -> Result<(Config, Store), Failure> {
        let config = self.load()?;
        let store = Store::open(config.store.url.expose()).await?;
        store.migrate().await?;
        Ok((config, store))
    }
}

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(asked) if !asked.use_stderr() => {
            print!("{asked}");
            return ExitCode::SUCCESS;
        }
        Err(wrong) => {
            eprint!("{wrong}");
            return ExitCode::from(2);
        }
    };
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(line)) => {
            eprintln!("walletline: {}", line.split_whitespace().collect::<Vec<_>>().join(" "));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Openapi => openapi::run(),
        Command::Flow(command) => flow::run(&command),
        Command::Sandbox(command) => runtime()?.block_on(sandbox::run(&command)),
        Command::Serve(command) => runtime()?.block_on(serve::run(&command)),
        Command::Migrate(place) => runtime()?.block_on(migrate::run(&place)),
        Command::Staff(command) => runtime()?.block_on(staff::run(&command)),
        Command::Articles(command) => runtime()?.block_on(articles::run(&command)),
        Command::Audit(command) => runtime()?.block_on(audit::run(&command)),
        Command::Directory(command) => runtime()?.block_on(directory::run(&command)),
        Command::Backup(command) => runtime()?.block_on(backup::run(&command)),
        Command::Export(command) => runtime()?.block_on(export::run(&command)),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
