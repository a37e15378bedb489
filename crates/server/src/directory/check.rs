//! A stranger's question and a stranger's report. A question leaves nothing behind; a report leaves what was reported and nothing of
//! who did.

use super::numbers::phones;
use super::publish::Directory;
use std::collections::BTreeSet;
use walletline_core::directory::{Finding, Mark, Phone, READ_CHARS_MAX, Reading, Seen, Sighting, Suspect, SuspectState, lookup};
use walletline_core::kernel::ids::SuspectId;
use walletline_store::{CommitError, ReadError};

/// Reports that wait for a person at once: more than a team looks at in a year. Beyond it only what is known already is counted.
const OPEN_MAX: i64 = 10_000;

/// A report is ruled on again this often when others reported the same at that moment.
const RULINGS_MAX: usize = 3;

/// What was asked, and what was found.
pub(crate) struct Checked {
    /// The text as it was read.
    pub(crate) reading: Reading,
    /// What was found.
    pub(crate) finding: Finding,
}

/// Why a question or a report was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    /// Nothing was asked about.
    #[error("say which number, address or name it is about, in at most {READ_CHARS_MAX} characters")]
    Nothing,
    /// The report could not be kept.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The report could not be kept.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl Directory {
    /// Whether something is official.
    ///
    /// # Errors
    /// When nothing was asked about. A store that cannot be read is an answer: the directory is stale.
    pub(crate) async fn check(&self, text: &str) -> Result<Checked, CheckError> {
        let (reading, phones) = self.read(text)?;
        let now = self.0.clock.wall();
        let edition = self.edition();
        let condemned = match self.is_condemned(&reading.marks(&phones)).await {
            Ok(condemned) => Some(condemned),
            Err(error) => {
                tracing::warn!(%error, "the reported fakes cannot be read: no number is vouched for");
                None
            }
        };
        let edition = edition.as_deref().filter(|_| condemned.is_some());
        let finding = lookup(edition, &reading, &phones, condemned.unwrap_or(false), &self.0.codes, now);
        metrics::counter!("walletline_number_checks_total", "answer" => finding.answer.name()).increment(1);
        Ok(Checked { reading, finding })
    }

    /// Takes a report. `fresh`: an identifier for it, should it be the first.
    ///
    /// # Errors
    /// When nothing was reported, or the store fails.
    pub(crate) async fn report(&self, fresh: SuspectId, text: &str, seen: Seen, detail: &str) -> Result<(), CheckError> {
        let (reading, phones) = self.read(text)?;
        let marks = reading.marks(&phones);
        let store = &self.0.store;
        for _ in 0..RULINGS_MAX {
            let sighting = Sighting::new(self.0.clock.wall(), seen, detail);
            let commit = match self.known(&marks).await? {
                Some((version, suspect)) => suspect.reported_again(version, sighting),
                None if store.suspects_count(SuspectState::Open).await? >= OPEN_MAX => {
                    metrics::counter!("walletline_number_reports_dropped_total").increment(1);
                    return Ok(());
                }
                None => {
                    let Some(mark) = marks.first() else { return Err(CheckError::Nothing) };
                    Suspect::reported(fresh, mark.clone(), sighting).1
                }
            };
            match store.commit(commit).await {
                Ok(()) => {
                    metrics::counter!("walletline_number_reports_total").increment(1);
                    return Ok(());
                }
                Err(CommitError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // Others report the same at this very moment: it is not missed.
        Ok(())
    }

    /// Whether the directory, as it will be published next, lists what stands under this mark.
    pub(crate) async fn lists(&self, mark: &Mark) -> Result<bool, ReadError> {
        Ok(self.0.store.listed().await?.iter().any(|listed| Mark::of(&listed.entry.address) == *mark))
    }

    fn read(&self, text: &str) -> Result<(Reading, Vec<Phone>), CheckError> {
        let reading = Reading::of(text);
        if reading.text().is_empty() || reading.is_cut() {
            return Err(CheckError::Nothing);
        }
        let edition = self.last();
        let regions: BTreeSet<&str> =
            edition.iter().flat_map(|edition| &edition.listed).map(|listed| listed.entry.region.as_str()).collect();
        let phones = phones(&reading, regions);
        Ok((reading, phones))
    }

    /// Whether a person confirmed one of the marks as a fake.
    pub(crate) async fn is_condemned(&self, marks: &[Mark]) -> Result<bool, ReadError> {
        for mark in marks {
            let suspect = self.0.store.suspect_of(mark).await?;
            if suspect.is_some_and(|(_, suspect)| suspect.state == SuspectState::Fraud) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn known(&self, marks: &[Mark]) -> Result<Option<(i64, Suspect)>, ReadError> {
        for mark in marks {
            if let Some(known) = self.0.store.suspect_of(mark).await? {
                return Ok(Some(known));
            }
        }
        Ok(None)
    }
}
