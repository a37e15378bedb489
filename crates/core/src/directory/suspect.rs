//! A suspect: something that people report as a fake of the wallet, and what a person found about it. Of who reported it nothing is
//! kept; what they wrote is kept as long as somebody has to look at it.

use super::listing::Clerk;
use super::reading::Mark;
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::Actor,
    ids::{StaffId, SuspectId},
    pii::Pii,
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};

/// Sightings kept of one suspect, the newest ones: enough to see a pattern, and no more than a page.
pub const SIGHTINGS_MAX: usize = 20;
/// Longest description of where it was seen, in characters.
pub const WHERE_CHARS_MAX: usize = 300;

/// Digits in a row that may be a number, a code or an account: the last four of a card are told apart from it.
const MASKED_FROM: usize = 5;

/// How long a report waits to be looked at before it is dropped.
const OPEN_KEPT: Span = Span::from_s(180 * 24 * 3_600);
/// How long a dismissed one is remembered, so that the same mistake need not be looked at again.
const DISMISSED_KEPT: Span = Span::from_s(90 * 24 * 3_600);
/// How long a confirmed fake is warned of after it was last seen: numbers are given to others after that.
const FRAUD_KEPT: Span = Span::from_s(2 * 365 * 24 * 3_600);

/// A suspect as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    /// Its identifier.
    pub id: SuspectId,
    /// What is reported. It may be a person's number.
    pub mark: Pii<Mark>,
    /// How it stands.
    pub state: SuspectState,
    /// How often it was reported.
    pub reports: u32,
    /// Where it was seen, newest last; emptied when a person decided.
    pub sightings: Vec<Sighting>,
    /// When it was first reported.
    pub first_at: Wall,
    /// When it was last reported.
    pub last_at: Wall,
    /// Who decided.
    pub decided_by: Option<StaffId>,
    /// When the row must be gone.
    pub expires_at: Wall,
}

/// One report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// When.
    pub at: Wall,
    /// Where it was met.
    pub seen: Seen,
    /// What was written about it, numbers and mail addresses masked.
    pub detail: Option<Pii<String>>,
}

impl Sighting {
    /// A report as it may be kept: cut, without control characters, and with numbers and mail addresses masked, which may be the
    /// reporter's own.
    #[must_use]
    pub fn new(at: Wall, seen: Seen, detail: &str) -> Self {
        let reading: String = detail.chars().take(WHERE_CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let words: Vec<String> = reading.split_whitespace().map(masked).collect();
        Self { at, seen, detail: (!words.is_empty()).then(|| Pii::new(words.join(" "))) }
    }
}

/// A word of a report without what may be somebody's number, code or mail address.
fn masked(word: &str) -> String {
    if let Some((_, host)) = word.split_once('@').filter(|(name, _)| !name.contains('/')) {
        return format!("***@{host}");
    }
    let mut text = String::new();
    let mut run = String::new();
    for c in word.chars().chain(['\0']) {
        if c.is_numeric() {
            run.push(c);
            continue;
        }
        let long = run.chars().count() >= MASKED_FROM;
        text.push_str(if long { "***" } else { &run });
        run.clear();
        text.extend((c != '\0').then_some(c));
    }
    text
}

/// Where a fake was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// It called.
    Call,
    /// In a text message.
    Sms,
    /// On a web page or in a search.
    Web,
    /// In a mail.
    Mail,
    /// On a social platform, in a chat or a forum.
    Social,
    /// On paper, on a wall, on a machine.
    Print,
    /// Elsewhere.
    Other,
}

impl Seen {
    /// Every one, in the order forms show them.
    pub const ALL: [Self; 7] = [Self::Call, Self::Sms, Self::Web, Self::Mail, Self::Social, Self::Print, Self::Other];

    /// The word for it on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Sms => "sms",
            Self::Web => "web",
            Self::Mail => "mail",
            Self::Social => "social",
            Self::Print => "print",
            Self::Other => "other",
        }
    }
}

/// How a suspect stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspectState {
    /// Nobody has looked at it.
    Open,
    /// A person confirmed that it is a fake.
    Fraud,
    /// A person found nothing.
    Dismissed,
}

/// Why nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SuspectRefusal {
    /// Not this role's work.
    #[error("only an admin or a checker decides about reports")]
    NotYourWork,
    /// It is decided so already.
    #[error("it is decided so already: somebody may have been faster")]
    Decided,
    /// It is listed.
    #[error("this address is listed as official: withdraw it first, or dismiss the report")]
    Listed,
}

impl Suspect {
    /// Something that is reported for the first time.
    #[must_use]
    pub fn reported(id: SuspectId, mark: Mark, sighting: Sighting) -> (Self, Commit) {
        let at = sighting.at;
        let suspect = Self {
            id,
            mark: Pii::new(mark),
            state: SuspectState::Open,
            reports: 1,
            sightings: vec![sighting],
            first_at: at,
            last_at: at,
            decided_by: None,
            expires_at: at + OPEN_KEPT,
        };
        let commit = suspect.written(0, Actor::Caller, "suspect.reported", at);
        (suspect, commit)
    }

    /// It is reported again. What a person decided stays; what was dismissed and comes back often is looked at again.
    #[must_use]
    pub fn reported_again(&self, version: Version, sighting: Sighting) -> Commit {
        let at = sighting.at;
        let mut next = Self { reports: self.reports.saturating_add(1), last_at: at, ..self.clone() };
        match self.state {
            SuspectState::Open => {
                if next.sightings.len() >= SIGHTINGS_MAX {
                    next.sightings.remove(0);
                }
                next.sightings.push(sighting);
                next.expires_at = at + OPEN_KEPT;
            }
            // What it was warned of is still about.
            SuspectState::Fraud => next.expires_at = at + FRAUD_KEPT,
            SuspectState::Dismissed => {}
        }
        next.written(version, Actor::Caller, "suspect.reported", at)
    }

    /// A person says that it is a fake: from now on everybody who asks is warned. `listed`: the directory lists it as official.
    ///
    /// # Errors
    /// [`SuspectRefusal`] when this person may not, it is confirmed already, or it is listed.
    pub fn confirm(&self, version: Version, by: Clerk, listed: bool, now: Wall) -> Result<(Self, Commit), SuspectRefusal> {
        if listed {
            return Err(SuspectRefusal::Listed);
        }
        self.decided(version, SuspectState::Fraud, FRAUD_KEPT, "suspect.confirmed", by, now)
    }

    /// A person found nothing wrong, or clears what was confirmed.
    ///
    /// # Errors
    /// [`SuspectRefusal`] when this person may not, or it is dismissed already.
    pub fn dismiss(&self, version: Version, by: Clerk, now: Wall) -> Result<(Self, Commit), SuspectRefusal> {
        self.decided(version, SuspectState::Dismissed, DISMISSED_KEPT, "suspect.dismissed", by, now)
    }

    fn decided(
        &self,
        version: Version,
        state: SuspectState,
        kept: Span,
        verb: &str,
        by: Clerk,
        now: Wall,
    ) -> Result<(Self, Commit), SuspectRefusal> {
        if !by.decides() {
            return Err(SuspectRefusal::NotYourWork);
        }
        if self.state == state {
            return Err(SuspectRefusal::Decided);
        }
        let next = Self { state, sightings: Vec::new(), decided_by: Some(by.id), expires_at: now + kept, ..self.clone() };
        let commit = next.written(version, Actor::Staff { id: by.id }, verb, now);
        Ok((next, commit))
    }

    fn written(&self, version: Version, actor: Actor, verb: &str, now: Wall) -> Commit {
        Commit::new(Entry::new(now, actor, verb, self.id), vec![Change::Suspect(version, Box::new(self.clone()))])
    }
}
