//! Transactions, and what was observed about them on their way.

use super::{Fields, words};
use crate::{Amount, Private};
use serde::{Deserialize, Serialize};

words! {
    /// `transactionStatus`: free text in the specification.
    TransactionStatus {
        /// The payee has it.
        Completed = "completed",
        /// On its way.
        Pending = "pending",
        /// It did not come about.
        Failed = "failed",
        /// It was undone after it had completed.
        Reversed = "reversed",
    }
}

words! {
    /// `type`: what kind of transaction.
    TransactionType {
        /// From one wallet to another.
        Transfer = "transfer",
        /// Across a border.
        InternationalTransfer = "inttransfer",
        /// To a merchant.
        MerchantPayment = "merchantpay",
        /// To a biller.
        BillPayment = "billpay",
        /// Cash in.
        Deposit = "deposit",
        /// Cash out.
        Withdrawal = "withdrawal",
        /// From an organisation to a person.
        Disbursement = "disbursement",
        /// A correction.
        Adjustment = "adjustment",
        /// Another transaction undone.
        Reversal = "reversal",
    }
}

/// `responseTransaction`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// The provider's reference.
    pub transaction_reference: Private,
    /// Who is paid.
    pub credit_party: Fields,
    /// Who pays.
    pub debit_party: Fields,
    /// What kind.
    #[serde(rename = "type")]
    pub transaction_type: TransactionType,
    /// How far it is.
    pub transaction_status: TransactionStatus,
    /// How much.
    pub amount: Amount,
    /// ISO 4217.
    pub currency: String,
    /// Words of the payer or the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_text: Option<Private>,
    /// From where to where, for one that crosses a border.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub international_transfer_information: Option<InternationalTransfer>,
    /// When it was made, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_date: Option<String>,
    /// When it last changed, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modification_date: Option<String>,
    /// The older name of `creationDate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_created: Option<String>,
    /// The older name of `modificationDate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_modified: Option<String>,
    /// What the provider adds: `rail` (`swift_gpi`), `uetr`, `reason` (an ISO 20022 code), `refundDueAt` (RFC 3339),
    /// `refundable` (`true`), `event.1`, `event.2` … (see [`ObservedEvent`]).
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub custom_data: Fields,
    /// What the provider adds about the record itself.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub metadata: Fields,
}

/// `internationalTransferInformation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InternationalTransfer {
    /// ISO 3166-1 alpha-2.
    pub origin_country: String,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiving_country: Option<String>,
}

/// Something observed on a transaction's way. It travels as JSON in the `customData` key `event.N`, N counting from 1: a list as
/// a whole would not fit, because the specification allows a value 256 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedEvent {
    /// Who observed it: `wallet`, `bank`, `swift_gpi`.
    pub source: String,
    /// An ISO 20022 status: `RCVD`, `ACSP`, `ACSC`, `ACCC`, `RJCT`.
    pub status: String,
    /// An ISO 20022 reason, where there is one: `AC04`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it happened, RFC 3339.
    pub at: String,
    /// When the wallet learned of it, RFC 3339.
    pub observed_at: String,
}

/// Events read from one transaction at most: the specification allows 20 entries of `customData`.
const EVENTS_MAX: usize = 20;

impl Transaction {
    /// When it was made, under either name of the field.
    #[must_use]
    pub fn created_at(&self) -> Option<&str> {
        self.creation_date.as_deref().or(self.date_created.as_deref())
    }

    /// When it last changed, under either name of the field.
    #[must_use]
    pub fn modified_at(&self) -> Option<&str> {
        self.modification_date.as_deref().or(self.date_modified.as_deref())
    }

    /// What was observed on its way, in order. Ends where a number is missing; what cannot be read is passed over.
    #[must_use]
    pub fn events(&self) -> Vec<ObservedEvent> {
        let texts = (1..=EVENTS_MAX).map_while(|number| self.custom_data.get(&event_key(number)));
        texts.filter_map(|text| serde_json::from_str(text).ok()).collect()
    }
}

/// `event.N`, N counting from 1.
pub(crate) fn event_key(number: usize) -> String {
    format!("event.{number}")
}
