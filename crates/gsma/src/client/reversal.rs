//! Reversals: asked for under a key, and found again by it. Whatever a wallet answers that is not plainly an end is none.

use super::transport::Answer;
use super::{Client, Error, Unclear, check_correlation_id, check_segment};
use crate::wire::{RequestState, RequestStatus, Reversal, ReversalRequest, Transaction, TransactionStatus};
use reqwest::{Method, StatusCode};

/// How a reversal stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum ReversalState {
    /// The wallet has processed no request with this key: nothing was done, and the same key may be sent again.
    NotReceived,
    /// It is carried out; what the wallet calls it, where it says so.
    Completed(Option<String>),
    /// It is accepted and not carried out yet.
    Pending,
    /// It will not be carried out.
    Failed,
    /// The wallet describes it in a word that is not known: it says nothing, least of all that it failed.
    Unfamiliar,
}

impl Client {
    /// Asks for a reversal of a transaction. `correlation_id` is a UUID, stored by the caller before this call; sent again it has no second
    /// effect: a wallet's `duplicateRequest` is followed to what became of the first request. `callback_url` is where the wallet may tell
    /// its end.
    ///
    /// # Errors
    /// See [`Error`]; after [`Error::Unclear`] ask [`Client::reversal`] with the same id.
    pub async fn reverse(
        &self,
        transaction: &str,
        request: &ReversalRequest,
        correlation_id: &str,
        callback_url: Option<&str>,
    ) -> Result<ReversalState, Error> {
        check_correlation_id(correlation_id)?;
        check_segment(transaction)?;
        let path = ["transactions", transaction, "reversals"];
        match self.transport.call_back(Method::POST, &path, request, correlation_id, callback_url).await {
            Ok(answer) => created(&answer),
            Err(Error::Refused(refused)) if refused.is_duplicate() => match self.reversal(correlation_id).await {
                // The wallet says of one request that it has it and that it does not know it.
                Ok(ReversalState::NotReceived) | Err(Error::Refused(_)) => Err(Error::Unclear(Unclear::Contradiction)),
                Err(Error::NotSent(_)) => Err(Error::Unclear(Unclear::Broken)),
                found => found,
            },
            Err(error) => Err(error),
        }
    }

    /// What became of a reversal, by its key.
    ///
    /// # Errors
    /// When the wallet cannot be asked; what became of it is as unclear as before.
    pub async fn reversal(&self, correlation_id: &str) -> Result<ReversalState, Error> {
        let link = match self.response(correlation_id).await {
            Ok(link) => link,
            Err(Error::Refused(error)) if error.is_not_found() => return Ok(ReversalState::NotReceived),
            Err(error) => return Err(error),
        };
        if let Some(id) = link.request_state() {
            return Ok(of_state(self.request_state(id).await?));
        }
        let reference =
            link.transaction().ok_or(Error::Unclear(Unclear::Garbage("a link to neither a request nor a transaction")))?;
        let Transaction { transaction_status, transaction_reference, .. } = self.transaction(reference).await?;
        Ok(of_status(&transaction_status, transaction_reference.expose()))
    }
}

fn created(answer: &Answer) -> Result<ReversalState, Error> {
    match answer.status {
        StatusCode::CREATED => {
            let reversal: Reversal = answer.json()?;
            Ok(of_status(&reversal.transaction_status, reversal.transaction_reference.expose()))
        }
        StatusCode::ACCEPTED => Ok(of_state(answer.json()?)),
        _ => Err(Error::Unclear(Unclear::Garbage("a reversal is answered 201 or 202"))),
    }
}

fn of_status(status: &TransactionStatus, reference: &str) -> ReversalState {
    match status {
        TransactionStatus::Completed => ReversalState::Completed(Some(reference.to_owned())),
        TransactionStatus::Pending => ReversalState::Pending,
        TransactionStatus::Failed => ReversalState::Failed,
        TransactionStatus::Reversed | TransactionStatus::Unknown(_) => ReversalState::Unfamiliar,
    }
}

fn of_state(state: RequestState) -> ReversalState {
    match state.status {
        RequestStatus::Completed => ReversalState::Completed(state.object_reference.map(|found| found.expose().to_owned())),
        RequestStatus::Pending => ReversalState::Pending,
        RequestStatus::Failed => ReversalState::Failed,
        RequestStatus::Unknown(_) => ReversalState::Unfamiliar,
    }
}
