//! A form of the help pages is made a case, once: sent twice, it is the same one.

use super::{Cases, first_due};
use crate::help::account_key;
use crate::uploads::{KeepError, Staged};
use walletline_core::cases::{BadStatement, Case, Demanded, Told, Typed, UploadRefusal};
use walletline_core::help::{Filing, FormSent, Reported, file_form};
use walletline_core::kernel::{
    actor::Actor, ids::ContactId, language::Language, pii::Pii, redaction::Secret, subject::Subject, time::Wall,
};
use walletline_store::CommitError;

/// A ruling is made again this often when its rows had changed meanwhile.
const RULINGS_MAX: u32 = 4;

/// A form as it was filled in.
#[derive(Clone)]
pub struct Form {
    /// The wallet.
    pub wallet: String,
    /// Its line.
    pub line: String,
    /// The language of the page.
    pub language: Language,
    /// What it is about.
    pub what: Reported,
    /// What the page's key was.
    pub key: String,
    /// The phone number as it was typed.
    pub number: String,
    /// Everything else.
    pub typed: Typed,
}

/// A form that is a case now.
#[derive(Debug)]
pub struct Filed {
    /// What its customer calls it by.
    pub reference: String,
    /// Where it can be followed, as a path.
    pub path: String,
    /// Until when an answer is due; none where no rule says so.
    pub due: Option<Wall>,
    /// What was taken out of the text.
    pub secrets: Vec<Secret>,
    /// Why the file that came with it is not kept.
    pub not_kept: Option<KeepError>,
}

/// Why a form is no case.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A field cannot stand.
    #[error(transparent)]
    Bad(#[from] BadStatement),
    /// Too many forms name this number.
    #[error("too many forms name this number today")]
    TooMany,
    /// The store or the system's randomness does not answer.
    #[error("this cannot be done just now: try again in a moment")]
    Unavailable,
}

impl Cases {
    /// Makes a case of a form. Whether the number is a customer's is not asked: the work and the answer are the same.
    ///
    /// # Errors
    /// [`FileError`] says what to change, or that it can be tried again.
    pub async fn file(&self, form: Form, file: Option<Staged>) -> Result<Filed, FileError> {
        let (case, secrets) = self.case_of(form).await?;
        let not_kept = match file {
            Some(file) => self.uploads.keep(file, &case, Actor::Visitor).await.err(),
            None => None,
        };
        // Sent twice, the file is there already.
        let not_kept = not_kept.filter(|error| !matches!(error, KeepError::Refused(UploadRefusal::AlreadyThere)));
        let due = first_due(&self.clocks(&case).await.map_err(|error| failed(&error))?);
        let reference = case.reference.to_string();
        let path = self.path(&reference, self.clock.wall());
        Ok(Filed { reference, path, due, secrets, not_kept })
    }

    async fn case_of(&self, form: Form) -> Result<(Case, Vec<Secret>), FileError> {
        let Form { wallet, line, language, what, key, number, mut typed } = form;
        if !number.trim().is_empty() {
            typed.number = self.wallets.number(&wallet, &number);
            typed.bad_number = typed.number.is_none();
        }
        let is_complaint = what == Reported::Complaint;
        let (told, secrets) = Told::read(&typed, language, Demanded { number: !is_complaint, text: is_complaint })?;
        let form = self.names.form(&[
            &key,
            &format!("{what:?}"),
            told.number.as_ref().map_or("", |number| number.expose()),
            told.transaction.as_deref().unwrap_or_default(),
            told.text.expose(),
            &format!("{:?}", (told.hotline, &told.agent)),
        ]);
        let claimed = told.number.as_ref().map(|number| self.names.subject(&wallet, number));
        let sent = FormSent { wallet, line, what, told, form, claimed };
        for _ in 0..RULINGS_MAX {
            if let Some(case) = self.store.case_of_form(&sent.form).await.map_err(|error| failed(&error))? {
                let (_, case) = self.store.case(case).await.map_err(|error| failed(&error))?.ok_or(FileError::Unavailable)?;
                return Ok((case, secrets));
            }
            let count = match &sent.claimed {
                Some(claimed) => Some(self.store.tally(&account_key(claimed)).await.map_err(|error| failed(&error))?),
                None => None,
            };
            let now = self.clock.wall();
            let (case, commit) =
                file_form(sent.clone(), count, self.filing(&sent.wallet, now)?, now).map_err(|_| FileError::TooMany)?;
            match self.store.commit(commit).await {
                Ok(()) => {
                    metrics::counter!("walletline_forms_filed_total").increment(1);
                    return Ok((case, secrets));
                }
                Err(CommitError::Conflict(_)) => {}
                Err(error @ (CommitError::Unavailable(_) | CommitError::InDoubt(_))) => return Err(failed(&error)),
            }
        }
        Err(FileError::Unavailable)
    }

    fn filing(&self, wallet: &str, now: Wall) -> Result<Filing, FileError> {
        let keep = self.kept(wallet).map(|kept| kept.keep).unwrap_or_default();
        let contact: ContactId = self.names.id(now);
        Ok(Filing {
            case: self.names.case(keep, now).map_err(|error| failed(&error))?,
            contact,
            subject: self.nobody_else(wallet, contact),
            receipt: self.names.id(now),
            retention: self.retention,
        })
    }

    /// Whoever proves nothing is known by their contact alone.
    fn nobody_else(&self, wallet: &str, contact: ContactId) -> Subject {
        self.names.subject(wallet, &Pii::new(contact.to_string()))
    }
}

fn failed(error: &dyn std::error::Error) -> FileError {
    tracing::warn!(%error, "a form could not be made a case");
    FileError::Unavailable
}
