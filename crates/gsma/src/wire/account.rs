//! Accounts, who holds them, and the state they are in.

use super::{AccountStatus, Fields, SubStatus};
use crate::{Amount, Private};
use serde::{Deserialize, Serialize};

/// `responseAccount`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// What the account is known by: `accountid`, `msisdn`.
    pub account_identifiers: Fields,
    /// Who holds it.
    pub identity: Vec<Identity>,
    /// The provider's own word for its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_type: Option<String>,
    /// Whether it can be used.
    pub account_status: AccountStatus,
    /// Why it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_sub_status: Option<SubStatus>,
    /// What it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_balance: Option<Amount>,
    /// What of it can be spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available_balance: Option<Amount>,
    /// ISO 4217.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// When it was opened, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_date: Option<String>,
    /// When it was last changed, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modification_date: Option<String>,
    /// What the provider adds. `simChangedAt`: when the SIM of the registered number was last changed, RFC 3339.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub custom_data: Fields,
}

/// `responseAccountStatus`. Here the sub-status is called `subStatus`, in an account `accountSubStatus`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountStatusAnswer {
    /// Whether the account can be used.
    pub account_status: AccountStatus,
    /// Why it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_status: Option<SubStatus>,
}

/// `identityResponse`: somebody who stands in a relationship to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The provider's id of the person.
    pub identity_id: Private,
    /// `individual`.
    pub identity_type: String,
    /// The provider's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_status: Option<String>,
    /// Name and addresses.
    pub identity_kyc: Kyc,
    /// `accountholder`.
    pub account_relationship: String,
    /// `verified`, `unverified`, `rejected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc_verification_status: Option<String>,
    /// What the provider adds. `nativeFamilyName`: the surname in the customer's own script.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub custom_data: Fields,
}

/// `kyc`: what is known about a person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kyc {
    /// The phone number to reach them, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_phone: Option<Private>,
    /// The mail address to reach them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_address: Option<Private>,
    /// `m`, `f`, `u`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<SubjectName>,
}

/// `subjectName`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectName {
    /// The form of address: `Ms`, `Mr`, `Dr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Private>,
    /// The given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Private>,
    /// The surname.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Private>,
    /// The whole name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<Private>,
    /// The whole name in the customer's own script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub native_name: Option<Private>,
}
