//! `walletline articles import`: the help centre's articles from files.

use super::{Failure, Place};
use crate::engine::Clock;
use crate::knowledge::{import, read_folder};
use clap::Subcommand;
use std::path::PathBuf;
use walletline_core::kernel::actor::Actor;

/// The help centre's articles.
#[derive(Subcommand)]
pub(super) enum Articles {
    /// Make the articles what the files of a folder say: changed ones become new versions, missing ones are taken down.
    Import(Import),
}

/// Where they come from, and for whom.
#[derive(clap::Args)]
pub(super) struct Import {
    /// The folder, with files `<slug>/<language>.md`.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Only for this wallet; for all of the configuration when not given.
    #[arg(long, value_name = "ID")]
    wallet: Option<String>,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(command: &Articles) -> Result<(), Failure> {
    let Articles::Import(wanted) = command;
    let texts = read_folder(&wanted.folder)?;
    let (config, store) = wanted.place.store().await?;
    let mut wallets: Vec<String> = config.wallets.iter().map(|wallet| wallet.id.clone()).collect();
    if let Some(only) = &wanted.wallet {
        if !wallets.contains(only) {
            let known = wallets.join(", ");
            return Err(Failure(format!("there is no wallet `{only}` in the configuration: use one of {known}")));
        }
        wallets = vec![only.clone()];
    }
    let imported = import(&store, &wallets, &texts, Actor::Operator, Clock::start().wall()).await;
    store.close().await;
    let done = imported?;
    println!("{} published, {} unchanged, {} withdrawn", done.published, done.unchanged, done.withdrawn);
    Ok(())
}
