//! `walletline directory verify`: whether a published directory is what its operator signed, as a partner checks it.

use super::Failure;
use crate::directory::{Pins, Trust, Verified, verify};
use crate::engine::Clock;
use clap::Subcommand;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The official directory.
#[derive(Subcommand)]
pub(super) enum Directory {
    /// Check a published directory: signature, expiry, and that it was never taken back; exit 1 with a line for each fault.
    Verify(Verify),
}

/// Where the directory is.
#[derive(clap::Args)]
pub(super) struct Verify {
    /// Its address (https, or http on this machine), or a file of it. Of a host alone, `/.well-known/official-contacts.json`.
    #[arg(value_name = "URL|FILE")]
    place: String,
    /// What was seen before is kept here: made at the first time, which is trusted.
    #[arg(long, value_name = "FILE")]
    witness: Option<PathBuf>,
}

/// How long fetching may take.
const FETCH_MAX: Duration = Duration::from_secs(15);
/// A directory of a thousand entries has half of this.
const BYTES_MAX: usize = 1024 * 1024;
/// Where a directory stands on its host (RFC 8615).
const WELL_KNOWN: &str = "/.well-known/official-contacts.json";

pub(super) async fn run(command: &Directory) -> Result<(), Failure> {
    let Directory::Verify(wanted) = command;
    let pins = wanted.witness.as_deref().map(read_witness).transpose()?.flatten();
    let text = match wanted.place.split_once("://") {
        Some(_) => fetch(&wanted.place).await?,
        None => std::fs::read(&wanted.place).map_err(|error| format!("`{}` cannot be read: {error}", wanted.place))?,
    };
    let verified = match verify(&text, pins.as_ref(), Clock::start().wall()) {
        Ok(verified) => verified,
        Err(faults) => return Err(told(faults)),
    };
    if let Some(path) = &wanted.witness {
        write_witness(path, &verified.pins).map_err(|error| format!("--witness: `{}`: {error}", path.display()))?;
    }
    println!("{}", sentence(&verified, wanted.witness.is_some()));
    Ok(())
}

/// All faults but the last are told here, the last one by whoever ends the program.
fn told(mut faults: Vec<String>) -> Failure {
    let last = faults.pop().unwrap_or_default();
    for fault in faults {
        eprintln!("walletline: {fault}");
    }
    Failure(last)
}

async fn fetch(place: &str) -> Result<Vec<u8>, Failure> {
    let mut url = reqwest::Url::parse(place).map_err(|error| format!("`{place}` is no address: {error}"))?;
    if !may_be_asked(&url) {
        return Err(Failure(format!("`{place}`: only https is trusted to fetch a directory, or http on this machine")));
    }
    if url.path() == "/" {
        url.set_path(WELL_KNOWN);
    }
    let client = reqwest::Client::builder().timeout(FETCH_MAX).redirect(reqwest::redirect::Policy::none());
    let mut answer = client.build()?.get(url.clone()).send().await.map_err(|error| format!("{url}: {}", root_cause(&error)))?;
    if !answer.status().is_success() {
        return Err(Failure(format!("{url} answers {}", answer.status())));
    }
    let mut text = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| format!("{url}: {}", root_cause(&error)))? {
        text.extend_from_slice(&part);
        if text.len() > BYTES_MAX {
            return Err(Failure(format!("{url} sends more than {BYTES_MAX} bytes: no directory is that long")));
        }
    }
    Ok(text)
}

/// The words that say what went wrong; those above it only say that something did.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn may_be_asked(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

fn read_witness(path: &Path) -> Result<Option<Pins>, Failure> {
    match std::fs::read(path) {
        Ok(text) => {
            let pins = serde_json::from_slice(&text);
            pins.map(Some)
                .map_err(|_| Failure(format!("--witness: `{}` was not written by this command: name another", path.display())))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure(format!("--witness: `{}` cannot be read: {error}", path.display()))),
    }
}

/// The file appears whole or not at all: a torn one would have to be trusted anew.
fn write_witness(path: &Path, pins: &Pins) -> std::io::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".new");
    let mut file = std::fs::File::create(&unfinished)?;
    writeln!(file, "{}", serde_json::to_string_pretty(pins)?)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)
}

fn sentence(verified: &Verified, is_kept: bool) -> String {
    let Verified { pins, entries, expires, kid, trust, unlinked } = verified;
    let trust = match (trust, is_kept) {
        (Trust::Pinned, _) => "which was pinned before",
        (Trust::Endorsed, _) => "which the key pinned before vouches for; it is pinned from now on",
        (Trust::FirstUse, true) => {
            "which was seen for the first time and is pinned from now on: compare its id with the operator's own word"
        }
        (Trust::FirstUse, false) => "which the directory itself names: give --witness FILE to pin it",
    };
    let gap = if *unlinked { "; too many versions lie between this and the one seen before to follow them" } else { "" };
    format!(
        "The directory is sound: version {} of {}, {entries} entries, good until {expires}, signed with key {kid}, {trust}{gap}.",
        pins.version, pins.issuer
    )
}
