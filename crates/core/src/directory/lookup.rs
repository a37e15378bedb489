//! What is answered to somebody who asks whether a number, a site or a name is the wallet's own.

use super::address::Address;
use super::edition::{Edition, Listed};
use super::likeness::Likeness;
use super::reading::{Phone, Reading};
use super::short_code::{ShortCodes, Use};
use crate::kernel::time::Wall;

/// Resemblances told at most: the closest ones.
const NEAR_MAX: usize = 3;

/// The four answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Listed, for the customer to call or to open. It says nothing of a call that shows it.
    Official,
    /// Not listed.
    NotListed,
    /// Reported as a fake, and confirmed by a person.
    ReportedFraud,
    /// The directory cannot be trusted just now: it is too old, or cannot be read.
    DirectoryStale,
}

impl Answer {
    /// The word for it on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::NotListed => "not_listed",
            Self::ReportedFraud => "reported_fraud",
            Self::DirectoryStale => "directory_stale",
        }
    }
}

/// A listed address that what was asked resembles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// The listed address.
    pub listed: Listed,
    /// How it is resembled.
    pub likeness: Likeness,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The answer.
    pub answer: Answer,
    /// The listed entry that it is; only with [`Answer::Official`].
    pub official: Option<Listed>,
    /// What it resembles, closest first; empty with [`Answer::Official`] and [`Answer::DirectoryStale`].
    pub near: Vec<Near>,
    /// What it is for where it is a short code that is known and not listed.
    pub known: Option<Use>,
}

impl Finding {
    const fn plain(answer: Answer) -> Self {
        Self { answer, official: None, near: Vec::new(), known: None }
    }
}

/// Looks up what was pasted. `phones` are the numbers it may mean by the countries' rules of dialling; `condemned`: a person confirmed
/// one of its marks as a fake. `edition` is what was last signed; none when nothing was, or it cannot be read.
#[must_use]
pub fn lookup(
    edition: Option<&Edition>,
    reading: &Reading,
    phones: &[Phone],
    condemned: bool,
    codes: &ShortCodes,
    now: Wall,
) -> Finding {
    // A confirmed fake is one whatever the directory says, and however old it is.
    let fresh = edition.filter(|edition| edition.is_valid(now));
    let near = fresh.map(|edition| resemblances(edition, reading)).unwrap_or_default();
    if condemned {
        return Finding { near, ..Finding::plain(Answer::ReportedFraud) };
    }
    let Some(edition) = fresh else { return Finding::plain(Answer::DirectoryStale) };
    if let Some(listed) = edition.listed.iter().find(|listed| is(reading, phones, &listed.entry.address)) {
        return Finding { official: Some(listed.clone()), ..Finding::plain(Answer::Official) };
    }
    let known = reading.dialled().filter(|dialled| !dialled.plus && !dialled.is_spelled).and_then(|d| codes.in_use(&d.digits));
    Finding { near, known, ..Finding::plain(Answer::NotListed) }
}

/// Whether what was read is exactly this address.
fn is(reading: &Reading, phones: &[Phone], listed: &Address) -> bool {
    if reading.is_reordered() || reading.is_cut() {
        return false;
    }
    match listed {
        Address::Phone(number) => {
            let dialled = reading.dialled();
            dialled.is_some_and(|dialled| phones.iter().any(|phone| phone.number == *number && dialled.means(phone)))
        }
        Address::ShortCode(code) => reading.dialled().is_some_and(|d| !d.plus && !d.is_spelled && d.digits == *code),
        Address::SmsSender(sender) => {
            let digits = reading.dialled().is_some_and(|d| !d.plus && !d.is_spelled && d.digits == *sender);
            digits || reading.name().is_some_and(|name| name.is_ascii() && name.to_uppercase() == *sender)
        }
        Address::App(app) => reading.text() == app,
        Address::Web(host) => reading.host().is_some_and(|found| found.is_plain && found.name == *host),
        Address::Mail(mail) => reading.mail().is_some_and(|found| found == *mail),
        Address::Social { handle, .. } => reading.name().is_some_and(|name| name == *handle),
    }
}

fn resemblances(edition: &Edition, reading: &Reading) -> Vec<Near> {
    let near = edition.listed.iter().filter_map(|listed| {
        let likeness = Likeness::between(reading, &listed.entry.address)?;
        Some(Near { listed: listed.clone(), likeness })
    });
    let mut near: Vec<Near> = near.collect();
    near.sort_by_key(|near| near.likeness);
    near.truncate(NEAR_MAX);
    near
}
