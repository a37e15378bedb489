//! What is sent to open a case, or to add to one, as a browser sends it: read field by field, each bounded, and a file sealed while it arrives.
//! It repeats nothing of it in a log.

use super::State;
use super::error::Problem;
use super::multipart::{broken, line_breaks, text, unreadable};
use crate::uploads::{IntakeError, Staged};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use walletline_core::cases::{Grounds, Typed};
use walletline_core::help::Reported;

/// A whole form: the largest file of ten megabytes, the longest text at four bytes a character, and what stands around them.
pub(super) const FORM_BYTES_MAX: usize = 11 * 1_024 * 1_024;

/// Fields of a form. Ours have eight at most.
const FIELDS_MAX: usize = 16;

/// The field that holds a file. It stands last in our forms, so that everything else is read before it is refused.
pub(super) const EVIDENCE: &str = "evidence";

/// Characters of a page's key.
const KEY_CHARS_MAX: usize = 64;

/// What a visitor sends.
#[derive(Default)]
pub(super) struct CaseForm {
    /// What went wrong, of a payment; none where nothing was chosen.
    pub(super) what: Option<Reported>,
    /// The key of the page the form stood on.
    pub(super) key: String,
    pub(super) wallet: String,
    pub(super) number: String,
    pub(super) typed: Typed,
    pub(super) file: File,
}

/// The file of a form.
#[derive(Default)]
pub(super) enum File {
    /// None was chosen.
    #[default]
    None,
    /// Whole, and sealed.
    Staged(Staged),
    /// It is not taken.
    Refused(IntakeError),
}

/// A form that holds a file alone.
pub(super) struct Sent {
    pub(super) file: File,
}

impl FromRequest<State> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &State) -> Result<Self, Problem> {
        let mut form = Multipart::from_request(request, state).await.map_err(|_| unreadable())?;
        let field = form.next_field().await.map_err(|error| broken(error.status()))?.ok_or_else(unreadable)?;
        if field.name() != Some(EVIDENCE) {
            return Err(unreadable());
        }
        Ok(Self { file: file(field, state).await? })
    }
}

/// Takes a file as it arrives. One that is refused is read no further.
async fn file(mut field: Field<'_>, state: &State) -> Result<File, Problem> {
    let cases = state.cases.as_ref().ok_or_else(Problem::unavailable)?;
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut incoming = match cases.uploads.begin(name).await {
        Ok(incoming) => incoming,
        Err(why) => return Ok(File::Refused(why)),
    };
    loop {
        let piece = match field.chunk().await {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return Ok(File::Refused(IntakeError::TooLarge)),
            Err(_) => return Err(unreadable()),
        };
        if let Err(why) = incoming.push(&piece).await {
            return Ok(File::Refused(why));
        }
    }
    // A form without a file sends an empty one.
    if incoming.is_empty() {
        return Ok(File::None);
    }
    Ok(incoming.finish().await.map_or_else(File::Refused, File::Staged))
}

/// What can be chosen for a payment, in the order of the page, by name.
pub(super) const DISPUTES: [(&str, Reported); 5] = [
    ("unauthorised", Reported::Unauthorised),
    ("wrong_payee", Reported::Dispute(Grounds::WrongPayee)),
    ("wrong_amount", Reported::Dispute(Grounds::WrongAmount)),
    ("duplicate", Reported::Dispute(Grounds::Duplicate)),
    ("not_received", Reported::Dispute(Grounds::NotReceived)),
];

impl FromRequest<State> for CaseForm {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &State) -> Result<Self, Problem> {
        let mut form = Multipart::from_request(request, state).await.map_err(|_| unreadable())?;
        let mut sent = Self::default();
        for _ in 0..FIELDS_MAX {
            let Some(field) = form.next_field().await.map_err(|error| broken(error.status()))? else { return sent.whole() };
            match field.name().unwrap_or_default().to_owned().as_str() {
                "what" => {
                    let chosen = text(field).await?;
                    sent.what = DISPUTES.into_iter().find(|(name, _)| *name == chosen).map(|(_, what)| what);
                }
                "key" => sent.key = text(field).await?,
                "wallet" => sent.wallet = text(field).await?,
                "number" => sent.number = text(field).await?,
                "transaction" => sent.typed.transaction = text(field).await?,
                "about" => sent.typed.hotline = text(field).await? == "hotline",
                "agent" => sent.typed.agent = text(field).await?,
                "text" => sent.typed.text = line_breaks(&text(field).await?),
                EVIDENCE => {
                    sent.file = file(field, state).await?;
                    if matches!(sent.file, File::Refused(_)) {
                        return sent.whole();
                    }
                }
                _ => return Err(unreadable()),
            }
        }
        Err(unreadable())
    }
}

impl CaseForm {
    fn whole(self) -> Result<Self, Problem> {
        let is_key = (1..=KEY_CHARS_MAX).contains(&self.key.len());
        if is_key { Ok(self) } else { Err(unreadable()) }
    }
}
