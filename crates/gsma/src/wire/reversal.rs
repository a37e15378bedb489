//! Reversals: another transaction undone, whole or in part. Money goes back where it came from, so no party is named.

use super::{TransactionStatus, words};
use crate::{Amount, Private};
use serde::{Deserialize, Serialize};

words! {
    /// `type` of a reversal.
    ReversalType {
        /// The whole or a part of it goes back.
        Reversal = "reversal",
        /// A correction.
        Adjustment = "adjustment",
    }
}

/// `requestReversal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReversalRequest {
    /// What kind.
    #[serde(rename = "type")]
    pub reversal_type: ReversalType,
    /// How much; the whole where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// ISO 4217.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What the client calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requesting_organisation_transaction_reference: Option<String>,
}

impl ReversalRequest {
    /// So much of a transaction goes back.
    #[must_use]
    pub const fn of(amount: Amount, currency: String) -> Self {
        Self {
            reversal_type: ReversalType::Reversal,
            amount: Some(amount),
            currency: Some(currency),
            requesting_organisation_transaction_reference: None,
        }
    }
}

/// `responseReversal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reversal {
    /// What kind.
    #[serde(rename = "type")]
    pub reversal_type: ReversalType,
    /// Of which transaction.
    pub original_transaction_reference: Private,
    /// Its own reference.
    pub transaction_reference: Private,
    /// How far it is.
    pub transaction_status: TransactionStatus,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// ISO 4217.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// When it was made, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_date: Option<String>,
}
