//! What a visitor sends to open a case, as a browser sends it: read field by field, each bounded. It repeats nothing of it in a log.

use super::State;
use super::error::Problem;
use super::multipart::{broken, line_breaks, text, unreadable};
use axum::extract::{FromRequest, Multipart, Request};
use walletline_core::cases::{Grounds, Typed};
use walletline_core::help::Reported;

/// A whole form: the longest text at four bytes a character, and what stands around it.
pub(super) const FORM_BYTES_MAX: usize = 64 * 1_024;

/// Fields of a form. Ours have seven at most.
const FIELDS_MAX: usize = 16;

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
