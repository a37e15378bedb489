//! `walletline export contacts`: records for other programs. Callers' numbers are masked unless the operator asks for them in
//! clear; either way the audit log says that it was done.

use super::{Failure, Place};
use crate::engine::Clock;
use crate::web::wire::{Contact, spelling};
use clap::{Subcommand, ValueEnum};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::collections::HashMap;
use std::io::{BufWriter, Write};
use walletline_core::commit::{Commit, Entry};
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::purpose::Purpose;
use walletline_core::kernel::time::Wall;
use walletline_store::{ContactRecord, Store};

/// Records.
#[derive(Subcommand)]
pub(super) enum Export {
    /// Contacts, oldest first.
    Contacts(Contacts),
}

/// Which contacts, and how.
#[derive(clap::Args)]
pub(super) struct Contacts {
    /// From this time on: `2026-11-22` (UTC) or `2026-11-22T08:00:00+08:00`.
    #[arg(long, value_parser = time)]
    from: Option<Wall>,
    /// Up to, and without, this time.
    #[arg(long, value_parser = time)]
    to: Option<Wall>,
    /// One line per contact, or one JSON array.
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// Write callers' numbers in clear. They are personal data: the file must be kept as such.
    #[arg(long)]
    unmasked: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Json,
}

/// Contacts read at once.
const PAGE: u32 = 500;

pub(super) async fn run(command: &Export) -> Result<(), Failure> {
    let Export::Contacts(wanted) = command;
    let (_, store) = wanted.place.store().await?;
    let written = write(&store, wanted, &mut BufWriter::new(std::io::stdout().lock())).await;
    store.close().await;
    written
}

async fn write(store: &Store, wanted: &Contacts, out: &mut impl Write) -> Result<(), Failure> {
    let action = if wanted.unmasked { "contacts.exported_in_clear" } else { "contacts.exported" };
    let at = Clock::start().wall();
    store
        .commit(Commit::new(Entry::new(at, Actor::Operator, action, "contacts").for_purpose(Purpose::Export), Vec::new()))
        .await?;
    let numbers: HashMap<StaffId, String> = store.staff().await?.into_iter().map(|(_, s)| (s.id, s.number)).collect();
    let number_of = |id: StaffId| numbers.get(&id).cloned().unwrap_or_default();
    let (from, to) = (wanted.from.unwrap_or(Wall(i64::MIN)), wanted.to.unwrap_or(Wall(i64::MAX)));

    write!(out, "{}", if wanted.format == Format::Csv { CSV_HEAD } else { "[" })?;
    let mut last: Option<ContactRecord> = None;
    loop {
        let page = store.contacts_between(from, to, last.as_ref().map(|record| &record.contact), PAGE).await?;
        if page.is_empty() {
            break;
        }
        for record in &page {
            let mut contact = Contact::new(record, number_of);
            if wanted.unmasked {
                contact.caller.clone_from(record.contact.caller.expose());
            }
            match wanted.format {
                Format::Csv => writeln!(out, "{}", csv_line(&contact))?,
                Format::Json => {
                    let separator = if last.is_none() && std::ptr::eq(record, &raw const page[0]) { "\n" } else { ",\n" };
                    write!(out, "{separator}{}", serde_json::to_string(&contact)?)?;
                }
            }
        }
        last = page.into_iter().next_back();
    }
    if wanted.format == Format::Json {
        writeln!(out, "\n]")?;
    }
    Ok(out.flush()?)
}

const CSV_HEAD: &str = "id,line,wallet,channel,caller,language,service,level,opened_at,answered_at,queued_at,connected_at,\
    ended_at,agents,disposition\n";

/// One contact as a line of CSV (RFC 4180). Agents stand in one field, their numbers separated by spaces.
fn csv_line(contact: &Contact) -> String {
    let time = |at: Option<crate::web::wire::Time>| at.map(|at| at.to_string()).unwrap_or_default();
    let agents = contact.agents.iter().map(|agent| agent.number.as_str()).collect::<Vec<_>>().join(" ");
    let fields = [
        contact.id.clone(),
        contact.line.clone(),
        contact.wallet.clone(),
        spelling(contact.channel),
        contact.caller.clone(),
        contact.language.map(spelling).unwrap_or_default(),
        contact.service.map(spelling).unwrap_or_default(),
        spelling(contact.level),
        time(Some(contact.opened_at)),
        time(contact.answered_at),
        time(contact.queued_at),
        time(contact.connected_at),
        time(contact.ended_at),
        agents,
        contact.disposition.map(spelling).unwrap_or_default(),
    ];
    fields.map(|field| csv_field(&field)).join(",")
}

/// A field, quoted where it must be. What a calling party put into its number must not run as a formula in a spreadsheet.
fn csv_field(text: &str) -> String {
    let text = if text.starts_with(['=', '@', '-', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// A time with its offset, or a date in UTC.
fn time(text: &str) -> Result<Wall, String> {
    // A time without an offset could be read as a date; it is refused, because nobody can tell which hour is meant.
    let date = || text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    let midnight = || date()?.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    let at = text.parse::<Timestamp>().ok().or_else(midnight);
    at.map(|at| Wall(at.as_microsecond())).ok_or_else(|| "write 2026-11-22 or 2026-11-22T08:00:00+08:00".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be_and_run_nothing() {
        for (text, field) in [
            ("8000", "8000"),
            ("+86 190****0001", "+86 190****0001"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("-1", "'-1"),
            ("", ""),
        ] {
            assert_eq!(csv_field(text), field);
        }
    }

    #[test]
    fn times_are_read_with_their_offset() {
        let day = 1_795_305_600_000_000;
        assert_eq!(time("2026-11-22"), Ok(Wall(day)));
        assert_eq!(time("2026-11-22T08:00:00+08:00"), Ok(Wall(day)));
        for text in ["", "yesterday", "2026-11-22T08:00:00", "2026-13-01"] {
            assert!(time(text).is_err(), "{text}");
        }
    }
}
