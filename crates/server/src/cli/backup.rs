//! `walletline backup FILE`: everything in one encrypted file, while `serve` runs; `--verify` reads one to its end, `--unpack` gives back
//! what is in it.

use super::{Failure, Place};
use crate::backup::{self, BackupError, Contents};
use crate::config::Config;
use crate::engine::Clock;
use crate::keyring::Keyring;
use clap::Args;
use std::path::PathBuf;
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_store::Store;

/// A backup.
#[derive(Args)]
pub(super) struct Backup {
    /// The file to write. It must not be there yet.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Read FILE to its end instead, and say whether it is what was written.
    #[arg(long)]
    verify: bool,
    /// Unpack FILE into this folder instead. It must not be there yet.
    #[arg(long, value_name = "FOLDER", conflicts_with = "verify")]
    unpack: Option<PathBuf>,
    /// Of the demo world, whose master key lies in its data folder.
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(command: &Backup) -> Result<(), Failure> {
    let config = Config::load(command.place.config.as_deref(), command.demo, std::env::vars())?;
    let keyring = Keyring::load(&config)?.ok_or(BackupError::NoKey)?;
    if command.verify {
        let contents = backup::verify(&keyring, &command.file)?;
        println!("{} is what was written: {}.", command.file.display(), told(contents));
        return Ok(());
    }
    if let Some(folder) = &command.unpack {
        let contents = backup::unpack(&keyring, &command.file, folder)?;
        println!("Unpacked into {}: {}.", folder.display(), told(contents));
        println!("To run it: docs/how-to/back-up-and-restore.md.");
        return Ok(());
    }
    let store = Store::open(config.store.url.expose()).await?;
    let made = make(command, &config, &store, &keyring).await;
    store.close().await;
    let contents = made?;
    println!("{} holds {}.", command.file.display(), told(contents));
    if !contents.database {
        println!("The database is PostgreSQL's to copy. At the same time run:");
        println!("    pg_dump --format=custom --file={}.pgdump \"$WALLETLINE_STORE_URL\"", command.file.display());
    }
    Ok(())
}

/// The copy, and the line in the log that says that it was taken.
async fn make(command: &Backup, config: &Config, store: &Store, keyring: &Keyring) -> Result<Contents, Failure> {
    store.migrate().await?;
    let entry = Entry::new(Clock::start().wall(), Actor::Operator, "backup.made", "backup");
    store.commit(Commit::new(entry, Vec::new())).await?;
    Ok(backup::make(config, store, keyring, &command.file).await?)
}

fn told(contents: Contents) -> String {
    let database = if contents.database { "the database and " } else { "" };
    let files = contents.files - u64::from(contents.database);
    format!("{database}{files} files, {} bytes", contents.bytes)
}
