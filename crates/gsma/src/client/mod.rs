//! The client: one method per question or change, each bounded in time and size, each error saying whether the wallet acted.
//!
//! It repeats nothing by itself: what was [`Error::Unclear`] is reconciled by whoever owns the correlation id.

mod config;
mod error;
mod reference;
mod reversal;
mod token;
mod transport;

pub use config::{Config, ConfigError};
pub use error::{Error, NotSent, Unclear};
pub use reference::AccountRef;
pub(crate) use reference::{check_correlation_id, check_segment, is_uuid};
pub use reversal::ReversalState;
pub use token::OAuth;

pub(crate) use transport::{Transport, read_bounded};

use crate::wire::{
    Account, AccountStatus, AccountStatusAnswer, Heartbeat, Identity, PatchItem, RequestState, RequestStatus, ResponseLink,
    SubStatus, Transaction,
};
use reqwest::{Method, StatusCode};
use transport::Answer;

/// Records on one page at most: a page stays below the bound of an answer's size.
const PAGE_RECORDS_MAX: u32 = 200;

/// A wallet that speaks the GSMA Mobile Money API. A clone shares the connections.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Transport,
}

/// What became of a change the wallet took.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Accepted {
    /// It is carried out.
    Done,
    /// It is accepted and not carried out yet: ask [`Client::request_state`] with this server correlation id.
    Pending(String),
}

/// What a wallet knows about a correlation id.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Reconciled {
    /// The wallet has processed no request with this id: nothing was done, and the same id may be sent again.
    NotReceived,
    /// It is carried out.
    Done,
    /// It is accepted and not carried out yet; the server correlation id.
    Pending(String),
    /// It was accepted, and will not be carried out.
    Failed(Box<crate::wire::ErrorObject>),
}

/// The state of an account in the agreed words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountState {
    /// Whether it can be used.
    pub status: AccountStatus,
    /// Why it cannot. `Unknown("")` where an account is not available and the wallet does not say why.
    pub sub_status: SubStatus,
}

/// Which records of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many at most, 1 to 200.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u32,
}

impl Default for Page {
    fn default() -> Self {
        Self { limit: 50, offset: 0 }
    }
}

/// A page of transactions, as the wallet orders them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionPage {
    /// The records.
    pub transactions: Vec<Transaction>,
    /// How many there are in all, where the wallet says so.
    pub available: Option<u64>,
}

impl Client {
    /// A client of the wallet that `config` names. Opens no connection yet.
    ///
    /// # Errors
    /// When the configuration is unusable; the message names the key.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        Ok(Self { transport: Transport::new(config)? })
    }

    /// The account behind an identifier.
    ///
    /// # Errors
    /// See [`Error`]; an unknown account is [`Error::Refused`] with `is_not_found()`.
    pub async fn account(&self, account: &AccountRef) -> Result<Account, Error> {
        self.transport.get(&account_path(account, None)?, &[]).await?.json()
    }

    /// Who holds an account, with the addresses to notify. The specification has no question of its own for it: they stand in
    /// the account.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn identities(&self, account: &AccountRef) -> Result<Vec<Identity>, Error> {
        Ok(self.account(account).await?.identity)
    }

    /// The state of an account.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn status(&self, account: &AccountRef) -> Result<AccountState, Error> {
        let answer: AccountStatusAnswer = self.transport.get(&account_path(account, Some("status"))?, &[]).await?.json()?;
        Ok(AccountState::new(answer.account_status, answer.sub_status))
    }

    /// Sets status and sub-status of an account. `correlation_id` is a UUID, stored by the caller before this call; sent again it
    /// has no second effect: a wallet's `duplicateRequest` is followed to the answer of the first request.
    ///
    /// # Errors
    /// See [`Error`]; after [`Error::Unclear`] ask [`Client::reconcile`] with the same id.
    pub async fn set_status(
        &self,
        account: &AccountRef,
        status: AccountStatus,
        sub_status: SubStatus,
        correlation_id: &str,
    ) -> Result<Accepted, Error> {
        check_correlation_id(correlation_id)?;
        let changes =
            [PatchItem::replace("/accountStatus", status.as_str()), PatchItem::replace("/accountSubStatus", sub_status.as_str())];
        let sent = self.transport.patch(&account_path(account, None)?, &changes, correlation_id).await;
        match sent {
            Ok(answer) => accepted(&answer),
            Err(Error::Refused(refused)) if refused.is_duplicate() => self.first_answer(correlation_id).await,
            Err(error) => Err(error),
        }
    }

    /// What became of the request that a duplicate repeats. The wallet has it: that it does not find it, or cannot be asked, says
    /// nothing about what it did.
    async fn first_answer(&self, correlation_id: &str) -> Result<Accepted, Error> {
        match self.reconcile(correlation_id).await {
            Ok(Reconciled::Done) => Ok(Accepted::Done),
            Ok(Reconciled::Pending(id)) => Ok(Accepted::Pending(id)),
            Ok(Reconciled::Failed(error)) => Err(Error::Refused(error)),
            Ok(Reconciled::NotReceived) => Err(Error::Unclear(Unclear::Contradiction)),
            Err(Error::Unclear(unclear)) => Err(Error::Unclear(unclear)),
            Err(Error::NotSent(_)) => Err(Error::Unclear(Unclear::Broken)),
            Err(Error::Refused(_)) => Err(Error::Unclear(Unclear::Contradiction)),
        }
    }

    /// Asks what became of a request whose answer was not usable.
    ///
    /// # Errors
    /// When the wallet cannot be asked; what became of the request is as unclear as before.
    pub async fn reconcile(&self, correlation_id: &str) -> Result<Reconciled, Error> {
        let link = match self.response(correlation_id).await {
            Ok(link) => link,
            Err(Error::Refused(error)) if error.is_not_found() => return Ok(Reconciled::NotReceived),
            Err(error) => return Err(error),
        };
        let Some(id) = link.request_state() else { return Ok(Reconciled::Done) };
        let state = self.request_state(id).await?;
        match state.status {
            RequestStatus::Completed => Ok(Reconciled::Done),
            RequestStatus::Pending => Ok(Reconciled::Pending(state.server_correlation_id)),
            RequestStatus::Failed => state
                .error
                .map(|error| Reconciled::Failed(Box::new(error)))
                .ok_or(Error::Unclear(Unclear::Garbage("a failed request state without its error"))),
            RequestStatus::Unknown(_) => Err(Error::Unclear(Unclear::Garbage("a request state in an unknown status"))),
        }
    }

    /// Transactions of an account, one page.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn transactions(&self, account: &AccountRef, page: Page) -> Result<TransactionPage, Error> {
        let limit = page.limit.clamp(1, PAGE_RECORDS_MAX);
        let query = [("limit", limit.to_string()), ("offset", page.offset.to_string())];
        let answer = self.transport.get(&account_path(account, Some("transactions"))?, &query).await?;
        Ok(TransactionPage { available: answer.count("X-Records-Available-Count"), transactions: answer.json()? })
    }

    /// A transaction by its reference.
    ///
    /// # Errors
    /// See [`Error`]; an unknown one is [`Error::Refused`] with `is_not_found()`.
    pub async fn transaction(&self, reference: &str) -> Result<Transaction, Error> {
        check_segment(reference)?;
        self.transport.get(&["transactions", reference], &[]).await?.json()
    }

    /// How far an accepted request is.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn request_state(&self, server_correlation_id: &str) -> Result<RequestState, Error> {
        check_segment(server_correlation_id)?;
        self.transport.get(&["requeststates", server_correlation_id], &[]).await?.json()
    }

    /// Where the answer to an earlier request stands.
    ///
    /// # Errors
    /// See [`Error`]; `is_not_found()` when the wallet processed no request with this id.
    pub async fn response(&self, correlation_id: &str) -> Result<ResponseLink, Error> {
        check_correlation_id(correlation_id)?;
        self.transport.get(&["responses", correlation_id], &[]).await?.json()
    }

    /// Whether the wallet works.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn heartbeat(&self) -> Result<Heartbeat, Error> {
        self.transport.get(&["heartbeat"], &[]).await?.json()
    }
}

impl AccountState {
    pub(crate) fn new(status: AccountStatus, sub_status: Option<SubStatus>) -> Self {
        let said = sub_status.filter(|word| !word.as_str().is_empty());
        let unsaid = if status == AccountStatus::Available { SubStatus::None } else { SubStatus::Unknown(String::new()) };
        Self { sub_status: said.unwrap_or(unsaid), status }
    }
}

impl Account {
    /// Its state in the agreed words.
    #[must_use]
    pub fn state(&self) -> AccountState {
        AccountState::new(self.account_status.clone(), self.account_sub_status.clone())
    }
}

fn account_path<'a>(account: &'a AccountRef, below: Option<&'static str>) -> Result<Vec<&'a str>, Error> {
    let (identifier_type, identifier) = account.path();
    check_segment(identifier)?;
    Ok(["accounts", identifier_type, identifier].into_iter().chain(below).collect())
}

/// Reads the answer to a change.
fn accepted(answer: &Answer) -> Result<Accepted, Error> {
    match answer.status {
        StatusCode::NO_CONTENT => Ok(Accepted::Done),
        StatusCode::ACCEPTED => {
            let state: RequestState = answer.json()?;
            match state.status {
                RequestStatus::Completed => Ok(Accepted::Done),
                RequestStatus::Pending => Ok(Accepted::Pending(state.server_correlation_id)),
                RequestStatus::Failed => match state.error {
                    Some(error) => Err(Error::Refused(Box::new(error))),
                    None => Err(Error::Unclear(Unclear::Garbage("a failed request state without its error"))),
                },
                RequestStatus::Unknown(_) => Err(Error::Unclear(Unclear::Garbage("a request state in an unknown status"))),
            }
        }
        _ => Err(Error::Unclear(Unclear::Garbage("a change is answered 204 or 202"))),
    }
}

/// The methods this client uses.
const GET: Method = Method::GET;
const PATCH: Method = Method::PATCH;
