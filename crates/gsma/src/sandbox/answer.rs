//! How requests are answered, and how they are answered badly when that was ordered.

use super::House;
use super::clock::rfc3339;
use super::fault::{Fault, Operation};
use crate::Private;
use crate::wire::{ErrorCategory, ErrorCode, ErrorObject, Fields, RequestState};
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::future::Future;
use std::io;
use std::time::Duration;

/// How long a request without an answer holds its connection.
const HOLD: Duration = Duration::from_secs(30);

/// How long a slow answer takes.
const SLOW: Duration = Duration::from_secs(3);

/// What a wallet must never say: it is neither JSON nor HTML.
const NONSENSE: &str = "{\"accountStatus\": avail";

/// A good answer.
pub(super) struct Answer {
    status: StatusCode,
    body: Vec<u8>,
    counts: Option<(usize, usize)>,
}

/// A bad one: the error object and its HTTP status.
pub(super) struct Refusal {
    status: StatusCode,
    category: ErrorCategory,
    code: ErrorCode,
    description: &'static str,
}

impl Answer {
    pub(super) fn empty() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Vec::new(), counts: None }
    }

    pub(super) fn json<T: Serialize>(value: &T) -> Result<Self, Refusal> {
        let body = serde_json::to_vec(value).map_err(|_| Refusal::internal())?;
        Ok(Self { status: StatusCode::OK, body, counts: None })
    }

    /// An answer that was given before, or is kept to be given again.
    pub(super) const fn kept(status: StatusCode, body: Vec<u8>) -> Self {
        Self { status, body, counts: None }
    }

    pub(super) fn accepted(state: &RequestState) -> Result<Self, Refusal> {
        Ok(Self { status: StatusCode::ACCEPTED, ..Self::json(state)? })
    }

    /// With how many records there are, and how many of them these are.
    pub(super) fn with_counts(self, available: usize, returned: usize) -> Self {
        Self { counts: Some((available, returned)), ..self }
    }

    fn twice(mut self) -> Self {
        self.body.extend_from_within(..);
        self
    }
}

impl Refusal {
    fn new(status: StatusCode, category: ErrorCategory, code: ErrorCode, description: &'static str) -> Self {
        Self { status, category, code, description }
    }

    pub(super) fn not_found(description: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, ErrorCategory::Identification, ErrorCode::IdentifierError, description)
    }

    pub(super) fn invalid(description: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCategory::Validation, ErrorCode::FormatError, description)
    }

    pub(super) fn missing(description: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCategory::Validation, ErrorCode::MandatoryValueNotSupplied, description)
    }

    pub(super) fn incorrect_state(description: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCategory::BusinessRule, ErrorCode::IncorrectState, description)
    }

    pub(super) fn duplicate() -> Self {
        let said = "a request with this correlation id was processed; ask for its response";
        Self::new(StatusCode::BAD_REQUEST, ErrorCategory::BusinessRule, ErrorCode::DuplicateRequest, said)
    }

    fn ordered() -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCategory::BusinessRule, ErrorCode::GenericError, "refused, as it was ordered")
    }

    fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, ErrorCategory::Internal, ErrorCode::GenericError, "the wallet failed")
    }

    fn unavailable() -> Self {
        let said = "the wallet is not available";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCategory::ServiceUnavailable, ErrorCode::GenericError, said)
    }

    pub(super) fn respond(self, now_us: i64) -> Response {
        let object = ErrorObject {
            error_category: self.category,
            error_code: self.code,
            error_description: Some(Private::new(self.description)),
            error_date_time: Some(rfc3339(now_us)),
            error_parameters: Fields::default(),
        };
        let body = serde_json::to_vec(&object).unwrap_or_default();
        (self.status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        tracing::warn!(error = %error, "the sandbox's file does not answer");
        Self::unavailable()
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        let headers = response.headers_mut();
        if self.status != StatusCode::NO_CONTENT {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some((available, returned)) = self.counts {
            headers.insert(HeaderName::from_static("x-records-available-count"), HeaderValue::from(available));
            headers.insert(HeaderName::from_static("x-records-returned-count"), HeaderValue::from(returned));
        }
        response
    }
}

impl House {
    /// Answers a request, well or as it was ordered. `act` does what the request asks for; it is told what was ordered, because a
    /// change is late or called back twice by itself.
    pub(super) async fn answer<F>(&self, operation: Operation, act: impl FnOnce(Option<Fault>) -> F) -> Response
    where
        F: Future<Output = Result<Answer, Refusal>>,
    {
        let fault = match self.take_fault(operation).await {
            Ok(fault) => fault,
            Err(error) => return Refusal::from(error).respond(self.clock.now()),
        };
        let acted = match fault {
            Some(Fault::Fail) => Err(Refusal::internal()),
            Some(Fault::Reject) => Err(Refusal::ordered()),
            Some(Fault::Down) => return broken(),
            Some(Fault::TimeoutBefore) => return self.hold().await,
            Some(Fault::FailAfter | Fault::TimeoutAfter | Fault::Late | Fault::Slow | Fault::Garbage | Fault::Twice) | None => {
                match self.settle().await {
                    Ok(()) => act(fault).await,
                    Err(error) => Err(error.into()),
                }
            }
        };
        let answered = match fault {
            Some(Fault::FailAfter) => Err(Refusal::internal()),
            Some(Fault::TimeoutAfter) => return self.hold().await,
            Some(Fault::Garbage) => return ([(header::CONTENT_TYPE, "application/json")], NONSENSE).into_response(),
            Some(Fault::Slow) => {
                tokio::select! {
                    () = self.closing.cancelled() => {}
                    () = tokio::time::sleep(SLOW) => {}
                }
                acted
            }
            Some(Fault::Twice) => acted.map(|answer| match operation {
                Operation::Freeze | Operation::Reversal => answer,
                Operation::Account
                | Operation::Status
                | Operation::Identities
                | Operation::Transactions
                | Operation::Transaction
                | Operation::Heartbeat
                | Operation::SecondFactor
                | Operation::Extension
                | Operation::Any => answer.twice(),
            }),
            Some(Fault::Fail | Fault::Reject | Fault::Down | Fault::TimeoutBefore | Fault::Late) | None => acted,
        };
        answered.map_or_else(|refusal| refusal.respond(self.clock.now()), IntoResponse::into_response)
    }

    /// No answer. A sandbox that closes waits for none of these.
    async fn hold(&self) -> Response {
        tokio::select! {
            () = self.closing.cancelled() => {}
            () = tokio::time::sleep(HOLD) => {}
        }
        broken()
    }
}

/// An answer that breaks off before its first byte, which makes the server close the connection.
fn broken() -> Response {
    let nothing = io::Error::from(io::ErrorKind::ConnectionAborted);
    Response::new(Body::from_stream(futures_util::stream::once(std::future::ready(Err::<Bytes, _>(nothing)))))
}
