//! What may become of a call pass: it is made, keyed in a call, and forgotten. Rulings over its row, and over the tallies on which
//! guesses are counted. Whether a code was never given out or is a day old, the same rows are written and the caller hears the same.

use super::{ImageKind, Pass, PassHash, Told, Topic};
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    ids::{ContactId, PassId, StaffId},
    language::Language,
    pii::Pii,
    purpose::Purpose,
    redaction::{Secret, screen},
    subject::Subject,
    tally::{Counted, TALLY_KEPT, Tally},
    time::{Span, Wall},
    transaction,
};

/// How long a pass is good for, and kept.
pub const LIFETIME: Span = Span::from_s(24 * 3_600);

/// Longest description, in characters.
pub const DESCRIPTION_CHARS_MAX: usize = 1_000;

/// Longest text of a screen, in characters.
pub const ERROR_TEXT_CHARS_MAX: usize = 2_000;

/// Longest entry that is looked at as the number of a transaction: twelve digits with spaces between.
const TRANSACTION_CHARS_MAX: usize = 40;

/// Bounds on passes and on guessing them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassLimits {
    /// Live passes of one wallet: of 600,000 codes one in a hundred opens something, and a contact has three tries.
    pub live_max: u64,
    /// Wrong codes from one calling number within a day; then its codes open nothing.
    pub caller_daily_max: usize,
    /// Wrong codes through one trunk within a day, for callers whose number is withheld or made up.
    pub trunk_daily_max: usize,
}

impl Default for PassLimits {
    fn default() -> Self {
        Self { live_max: 6_000, caller_daily_max: 10, trunk_daily_max: 500 }
    }
}

/// What a visitor sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The wallet.
    pub wallet: String,
    /// The language of the page.
    pub language: Language,
    /// What the call is about.
    pub topic: Topic,
    /// The transaction, as it was typed; empty when there is none.
    pub transaction: Pii<String>,
    /// In their own words.
    pub description: Pii<String>,
    /// What a screen said.
    pub error_text: Pii<String>,
    /// The screenshot that came with it.
    pub screenshot: Option<ImageKind>,
}

/// The names of a new pass, made at the edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPass {
    /// Its identifier.
    pub id: PassId,
    /// The hash of its code.
    pub code: PassHash,
}

/// A pass that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The pass.
    pub pass: Pass,
    /// What was taken out of the texts; the visitor is told.
    pub secrets: Vec<Secret>,
    /// What makes it durable. A conflict means that the code is taken: another one is drawn.
    pub commit: Commit,
}

/// Why no pass was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotMade {
    /// Too long.
    #[error("the description has more than {DESCRIPTION_CHARS_MAX} characters: shorten it")]
    DescriptionTooLong,
    /// Too long.
    #[error("the error text has more than {ERROR_TEXT_CHARS_MAX} characters: keep the part with the message")]
    ErrorTextTooLong,
    /// Neither twelve digits with the right check digit nor six.
    #[error("this is no transaction number: give its twelve digits, or the last six")]
    NotATransaction,
    /// Too many passes are live.
    #[error("no more call passes can be made just now: call without one, or try again later")]
    TooMany,
}

/// Makes a pass of what a visitor sends; `live` passes of the wallet are there already.
///
/// # Errors
/// [`NotMade`] says what to change.
pub fn make(asked: Asked, new: NewPass, live: u64, limits: &PassLimits, now: Wall) -> Result<Made, NotMade> {
    let Asked { wallet, language, topic, transaction, description, error_text, screenshot } = asked;
    if live >= limits.live_max {
        return Err(NotMade::TooMany);
    }
    let transaction = transaction_of(transaction.expose())?;
    let (description, mut secrets) = text(&description, DESCRIPTION_CHARS_MAX, NotMade::DescriptionTooLong)?;
    let (error_text, more) = text(&error_text, ERROR_TEXT_CHARS_MAX, NotMade::ErrorTextTooLong)?;
    secrets.extend(more);
    secrets.sort_unstable();
    secrets.dedup();
    let pass = Pass {
        id: new.id,
        wallet,
        code: new.code,
        topic,
        language,
        told: Told { transaction, description, error_text },
        screenshot,
        made_at: now,
        expires_at: now + LIFETIME,
        contact: None,
    };
    let entry = Entry::new(now, Actor::Visitor, "pass.made", pass.id);
    let commit = Commit::new(entry, vec![Change::Pass(0, Box::new(pass.clone()))]);
    Ok(Made { pass, secrets, commit })
}

/// The digits of a transaction's number as people type it: spaces and dashes are taken, full-width digits too.
fn transaction_of(typed: &str) -> Result<Option<Pii<String>>, NotMade> {
    if typed.chars().nth(TRANSACTION_CHARS_MAX).is_some() {
        return Err(NotMade::NotATransaction);
    }
    let plain = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(plain).collect();
    match digits.as_str() {
        "" => Ok(None),
        digits if transaction::is_number(digits) => Ok(Some(Pii::new(digits.to_owned()))),
        _ => Err(NotMade::NotATransaction),
    }
}

fn text(written: &Pii<String>, chars_max: usize, too_long: NotMade) -> Result<(Pii<String>, Vec<Secret>), NotMade> {
    let written = written.expose().trim();
    if written.chars().nth(chars_max).is_some() {
        return Err(too_long);
    }
    // Control characters other than line breaks mean nothing in a text, and could mean something to whatever shows it.
    let written: String = written.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let screened = screen(&written);
    Ok((Pii::new(screened.text), screened.secrets))
}

/// The rows on which guesses are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallies {
    /// Of the calling number; none when it was withheld, so that strangers do not use up each other's tries.
    pub caller: Option<(Version, Tally)>,
    /// Of the trunk.
    pub trunk: (Version, Tally),
}

impl Tallies {
    fn are_used_up(&self, limits: &PassLimits, now: Wall) -> bool {
        let full = |tally: &Tally, max| tally.count(Counted::PassWrong, now, TALLY_KEPT) >= max;
        let caller = self.caller.as_ref().is_some_and(|(_, tally)| full(tally, limits.caller_daily_max));
        caller || full(&self.trunk.1, limits.trunk_daily_max)
    }
}

/// Decides what a keyed code opens, and counts it when it opens nothing. A pass can be keyed again until it expires, because whoever
/// is cut off calls again; it belongs to the contact it was keyed in last.
#[must_use]
pub fn take(
    found: Option<(Version, Pass)>,
    tallies: Tallies,
    contact: ContactId,
    limits: &PassLimits,
    now: Wall,
) -> (Option<Pass>, Commit) {
    let entry = |action: &str| Entry::new(now, Actor::Caller, action, contact);
    if tallies.are_used_up(limits, now) {
        return (None, Commit::new(entry("pass.refused"), Vec::new()));
    }
    if let Some((version, pass)) = found.filter(|(_, pass)| now < pass.expires_at) {
        let pass = Pass { contact: Some(contact), ..pass };
        let entry = Entry::new(now, Actor::Caller, "pass.taken", pass.id).for_purpose(Purpose::Service);
        let commit = Commit::new(entry, vec![Change::Pass(version, Box::new(pass.clone()))]);
        return (Some(pass), commit);
    }
    let Tallies { caller, trunk } = tallies;
    let counted = [caller, Some(trunk)].into_iter().flatten().map(|(version, mut tally)| {
        // Nobody's pass was tried: only how often counts.
        tally.note(Counted::PassWrong, now, &Subject::new(String::new()));
        Change::Tally(version, tally)
    });
    (None, Commit::new(entry("pass.wrong"), counted.collect()))
}

/// Whether an agent may see the screenshot of a pass in this contact, and the commit by which that goes on record.
#[must_use]
pub fn read_screenshot(pass: &Pass, contact: ContactId, reader: StaffId, now: Wall) -> Option<(ImageKind, Commit)> {
    let kind = pass.screenshot.filter(|_| pass.contact == Some(contact) && now < pass.expires_at)?;
    let entry = Entry::new(now, Actor::Staff { id: reader }, "pass.screenshot_read", pass.id).for_purpose(Purpose::Service);
    Some((kind, Commit::new(entry, Vec::new())))
}

/// Forgets the passes whose day is over.
#[must_use]
pub fn forget(now: Wall) -> Commit {
    Commit::new(Entry::new(now, Actor::System, "passes.forgotten", "passes"), vec![Change::PassesForgotten(now)])
}

#[cfg(test)]
mod tests;
