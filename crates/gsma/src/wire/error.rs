//! The error object: a wallet's "no", or its word that it cannot say.

use super::{Fields, words};
use crate::Private;
use serde::{Deserialize, Serialize};
use std::fmt;

words! {
    /// `errorCategory`.
    ErrorCategory {
        /// A rule of the wallet forbids it.
        BusinessRule = "businessRule",
        /// The request is not well formed.
        Validation = "validation",
        /// Whoever asks may not.
        Authorisation = "authorisation",
        /// What was named is not there.
        Identification = "identification",
        /// The wallet failed.
        Internal = "internal",
        /// The wallet is not available.
        ServiceUnavailable = "serviceUnavailable",
    }
}

words! {
    /// `errorCode`: those that are told apart here.
    ErrorCode {
        /// No more is said.
        GenericError = "genericError",
        /// A request with this correlation id was processed before: ask for its answer.
        DuplicateRequest = "duplicateRequest",
        /// There is no such account, transaction or request.
        IdentifierError = "identifierError",
        /// The state of the thing does not allow it.
        IncorrectState = "incorrectState",
        /// A value is not of its form.
        FormatError = "formatError",
        /// A value is too long or too short.
        LengthError = "lengthError",
        /// A value is missing.
        MandatoryValueNotSupplied = "mandatoryValueNotSupplied",
        /// A page before the first record or behind the last.
        InvalidOffset = "invalidOffset",
        /// Too many requests.
        RateLimitError = "rateLimitError",
        /// The key or token of the client is not accepted.
        ClientAuthorisationError = "clientAuthorisationError",
        /// The request is declined.
        RequestDeclined = "requestDeclined",
    }
}

/// `errorObject`. Its description may name a person, so it does not print itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "Received")]
pub struct ErrorObject {
    /// What kind of error.
    pub error_category: ErrorCategory,
    /// Which error.
    pub error_code: ErrorCode,
    /// In words. Written `errordescription` as in the official file, read in both spellings.
    #[serde(rename = "errordescription", skip_serializing_if = "Option::is_none")]
    pub error_description: Option<Private>,
    /// When, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_date_time: Option<String>,
    /// Details.
    #[serde(skip_serializing_if = "Fields::is_empty")]
    pub error_parameters: Fields,
}

/// The error object as wallets send it: some spell the description with a capital letter, some send both.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Received {
    error_category: ErrorCategory,
    error_code: ErrorCode,
    #[serde(default, rename = "errordescription")]
    lower: Option<Private>,
    #[serde(default, rename = "errorDescription")]
    camel: Option<Private>,
    #[serde(default)]
    error_date_time: Option<String>,
    #[serde(default)]
    error_parameters: Fields,
}

impl From<Received> for ErrorObject {
    fn from(received: Received) -> Self {
        Self {
            error_category: received.error_category,
            error_code: received.error_code,
            error_description: received.lower.or(received.camel),
            error_date_time: received.error_date_time,
            error_parameters: received.error_parameters,
        }
    }
}

impl ErrorObject {
    /// Whether the wallet says that a request with this correlation id was processed before.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        self.error_code == ErrorCode::DuplicateRequest
    }

    /// Whether the wallet says that it failed itself: what it did before is not said.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        matches!(self.error_category, ErrorCategory::Internal | ErrorCategory::ServiceUnavailable)
    }

    /// Whether the wallet says that what was named is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.error_category == ErrorCategory::Identification && self.error_code == ErrorCode::IdentifierError
    }
}

impl fmt::Display for ErrorObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}/{:?}", self.error_category, self.error_code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_the_description_are_read() {
        for text in [
            r#"{"errorCategory":"businessRule","errorCode":"duplicateRequest","errordescription":"again"}"#,
            r#"{"errorCategory":"BusinessRule","errorCode":"DuplicateRequest","errorDescription":"again"}"#,
            r#"{"errorCategory":"businessRule","errorCode":"duplicateRequest","errordescription":"again","errorDescription":"x"}"#,
        ] {
            let error: ErrorObject = serde_json::from_str(text).unwrap();
            assert!(error.is_duplicate() && !error.is_not_found());
            assert_eq!(error.error_description.unwrap().expose(), "again");
        }
    }

    #[test]
    fn what_is_printed_names_nobody() {
        let text = r#"{"errorCategory":"identification","errorCode":"identifierError","errordescription":"+8619000000001?"}"#;
        let error: ErrorObject = serde_json::from_str(text).unwrap();
        assert_eq!(error.to_string(), "identification/identifierError");
        assert!(!format!("{error:?}").contains("8619"));
    }
}
