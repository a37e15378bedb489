//! Why a refund is not asked for, decided or shown. Rules and faults, never mixed.

use crate::connector::wallet::Unavailable;
use crate::engine::PermitError;
use walletline_core::agent::NotFresh;
use walletline_core::identity::NotPermitted;
use walletline_core::kernel::money::BadMoney;
use walletline_core::money::RefundRefusal;
use walletline_store::{CommitError, ReadError};

/// A refund's failure.
#[derive(Debug, thiserror::Error)]
pub enum RefundError {
    /// A rule said no.
    #[error(transparent)]
    Refused(#[from] RefundRefusal),
    /// The contact is not on this person's line, or has shown too little.
    #[error(transparent)]
    Permit(#[from] PermitError),
    /// The permit was not used in time.
    #[error(transparent)]
    Expired(#[from] NotPermitted),
    /// Whoever decides has not shown lately who they are.
    #[error(transparent)]
    NotFresh(#[from] NotFresh),
    /// The amount cannot be read.
    #[error(transparent)]
    Amount(#[from] BadMoney),
    /// There is no such refund.
    #[error("there is no such refund")]
    NotFound,
    /// The customer has no such transaction.
    #[error("the customer has no such transaction")]
    NoTransaction,
    /// Several of the customer's transactions end the same.
    #[error("several of the customer's transactions end the same: give the whole number")]
    SeveralTransactions,
    /// The key was used for another request.
    #[error("this Idempotency-Key was used for another request: take a fresh one")]
    KeyReused,
    /// Nobody can be asked: the wallet is not connected.
    #[error("this wallet is not connected: refund at the wallet itself")]
    NotConnected,
    /// The wallet does not answer.
    #[error("the wallet does not answer")]
    WalletSilent,
    /// Others wrote at the same time, again and again.
    #[error("somebody else changed this at the same time")]
    Conflict,
    /// The program cannot do it just now.
    #[error("this cannot be done just now: {0}")]
    Unavailable(String),
}

impl From<Unavailable> for RefundError {
    fn from(_: Unavailable) -> Self {
        Self::WalletSilent
    }
}

impl From<ReadError> for RefundError {
    fn from(error: ReadError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<CommitError> for RefundError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(_) => Self::Conflict,
            CommitError::Unavailable(_) | CommitError::InDoubt(_) => Self::Unavailable(error.to_string()),
        }
    }
}
