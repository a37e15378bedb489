//! How a request can end badly, told apart by the one thing that matters afterwards: did the wallet act?

use crate::wire::ErrorObject;

/// Why a request brought no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The wallet answered no. Definite: it did nothing, and the same request will be refused again.
    #[error("the wallet refused: {0}")]
    Refused(Box<ErrorObject>),
    /// The request did not leave. Definite: nothing reached the wallet, and it may be tried again.
    #[error("nothing was sent: {0}")]
    NotSent(NotSent),
    /// The request left, and no usable answer came. The wallet may have acted: reconcile by the same correlation id.
    #[error("what the wallet did is unclear: {0}")]
    Unclear(Unclear),
}

/// Why nothing left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// No connection could be made.
    #[error("no connection could be made")]
    Connection,
    /// No access token could be had, or the wallet's answer to that was none.
    #[error("no access token could be had")]
    Token,
    /// An identifier cannot stand in a path: it is empty, too long, or holds what no identifier holds.
    #[error("an identifier of this form cannot be sent")]
    Identifier,
    /// The correlation id is no UUID.
    #[error("the correlation id is no UUID")]
    CorrelationId,
    /// The request could not be put together.
    #[error("the request could not be put together")]
    Request,
}

/// Why an answer cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// It did not come in time.
    #[error("no answer in time")]
    TimedOut,
    /// The connection ended before it was complete.
    #[error("the connection ended before the answer was complete")]
    Broken,
    /// The wallet, or something on the way to it, failed with this HTTP status.
    #[error("HTTP status {0}")]
    Status(u16),
    /// It is not what the specification says; what is wrong with it.
    #[error("an answer beside the specification: {0}")]
    Garbage(&'static str),
    /// It is larger than any answer should be.
    #[error("an answer larger than the bound")]
    TooLarge,
    /// The wallet says of one request that it processed it and that it does not know it.
    #[error("the wallet contradicts itself about a repeated request")]
    Contradiction,
}
