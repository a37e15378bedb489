//! The customer of a contact as an agent's screen may show them, on the wire.

use super::{Factor, OperationState, Time};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use walletline_core::switchboard::live;
use walletline_core::wallet::Decline;

/// The customer as far as the contact's level allows: masking happens here, never on the screen.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CustomerView {
    /// The number the caller named, masked; empty when none was named.
    #[schema(example = "+86 190****0001")]
    number: String,
    /// What was shown of who is calling.
    #[serde(skip_serializing_if = "Option::is_none")]
    factor: Option<Factor>,
    /// When the customer was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_at: Option<Time>,
    /// How the customer is called; from A2 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Signals against the caller's claim: `sim_swap`, `call_forwarding`, `young_device`, `recent_recovery`, `network_unknown`, `velocity`,
    /// `pressure`, `caller_id_failed`, `caller_id_gateway`.
    risk: Vec<String>,
    /// The transaction asked about last; from A2 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction: Option<TransactionView>,
    /// Acts on the wallet in this contact, oldest first.
    operations: Vec<OperationView>,
    /// What protects the account, once it was looked at in this contact; from A2 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<AccountView>,
    /// The reference of the case that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<String>,
}

/// What protects an account.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AccountView {
    /// The wallet can be asked about it.
    is_offered: bool,
    /// Open sessions of the app and the web.
    sessions: usize,
    /// Bound devices, the newest first.
    devices: Vec<DeviceView>,
    /// `active`, `invited`, `blocked`, or `none`.
    second_factor: String,
    /// When it was looked at.
    at: Time,
}

/// A bound device.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct DeviceView {
    /// What the customer calls it.
    name: String,
    /// Since when; null where the wallet does not say.
    #[schema(required = true)]
    bound_at: Option<Time>,
}

/// A transaction as far as A2 shows it: its status and expected time.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TransactionView {
    /// Its number.
    #[schema(example = "261101000014")]
    id: String,
    /// `wallet_to_wallet`, `cross_border`, `merchant_payment`, `bank_transfer`, `refund`, `other`.
    #[serde(rename = "type")]
    kind: String,
    /// As the wallet has it: `pending`, `completed`, `failed`, `unknown`.
    status: String,
    /// Against the usual time: `on_time`, `late`, `overdue`, `refund_due`, `unknown`.
    verdict: String,
    /// The date that matters for it: expected, due back, arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Time>,
    /// What the expectation rests on, by language; empty when nothing is expected.
    basis: BTreeMap<&'static str, String>,
    /// What was observed of it, oldest first.
    events: Vec<TransactionEvent>,
}

/// Something observed of a transaction.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TransactionEvent {
    /// When.
    at: Time,
    /// A plain word: `received`, `in_progress`, `settled`, `credited`, `rejected`, `under_review`, `wrong_account`, …
    what: String,
}

/// An act on a wallet.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct OperationView {
    /// Identifier.
    id: String,
    /// `freeze`, `unlock`, `reset_password`, `revoke_sessions`, `secure_account`, …
    act: String,
    /// How far it is.
    state: OperationState,
    /// What the customer calls it by.
    reference: String,
    /// Why the wallet said no, where it did and gave a reason: `not_supported`, `needs_more`, `obstacles`.
    #[serde(skip_serializing_if = "Option::is_none")]
    declined: Option<String>,
}

impl From<&live::CustomerView> for CustomerView {
    fn from(view: &live::CustomerView) -> Self {
        Self {
            number: view.number.clone(),
            factor: view.factor.map(Into::into),
            verified_at: view.verified_at.map(Into::into),
            name: view.name.clone(),
            risk: view.risk.clone(),
            transaction: view.transaction.as_ref().map(Into::into),
            operations: view.operations.iter().map(Into::into).collect(),
            account: view.account.as_ref().map(Into::into),
            case: view.case.clone(),
        }
    }
}

impl From<&live::AccountView> for AccountView {
    fn from(view: &live::AccountView) -> Self {
        let device = |device: &live::DeviceView| DeviceView {
            name: device.name.expose().clone(),
            bound_at: device.bound_at.map(Into::into),
        };
        Self {
            is_offered: view.is_offered,
            sessions: view.sessions,
            devices: view.devices.iter().map(device).collect(),
            second_factor: view.second_factor.clone(),
            at: view.at.into(),
        }
    }
}

impl From<&live::TransactionView> for TransactionView {
    fn from(view: &live::TransactionView) -> Self {
        Self {
            id: view.id.clone(),
            kind: view.kind.clone(),
            status: view.status.clone(),
            verdict: view.verdict.clone(),
            by: view.by.map(Into::into),
            basis: view.basis.iter().map(|(language, text)| (language.tag(), text.clone())).collect(),
            events: view.events.iter().map(|event| TransactionEvent { at: event.at.into(), what: event.what.clone() }).collect(),
        }
    }
}

impl From<&live::OperationView> for OperationView {
    fn from(view: &live::OperationView) -> Self {
        let (id, act, reference) = (view.id.to_string(), view.act.clone(), view.reference.clone());
        let declined = view.declined.filter(|why| *why != Decline::ByRule).map(|why| why.name().to_owned());
        Self { id, act, state: view.state.into(), reference, declined }
    }
}
