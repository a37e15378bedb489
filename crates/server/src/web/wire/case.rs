//! A case on the wire. It names no customer: a reference opens what is to be done, not whose it is.

use super::{CaseClock, CaseKind, CaseState, OperationState, Time};
use serde::Serialize;
use utoipa::ToSchema;
use walletline_core::{cases, wallet};

/// Something that stays open for a customer.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Case {
    /// What the customer calls it by.
    #[schema(example = "R123456782")]
    reference: String,
    /// What it is about.
    kind: CaseKind,
    /// The wallet, by id.
    wallet: String,
    /// How it stands.
    state: CaseState,
    /// The transaction it is about.
    #[schema(required = true)]
    transaction: Option<String>,
    /// Contacts in which it came up, oldest first.
    contacts: Vec<String>,
    /// When it was opened.
    opened_at: Time,
    /// When it was closed.
    #[schema(required = true)]
    closed_at: Option<Time>,
    /// The last act on the wallet that it follows.
    operations: Vec<CaseOperation>,
    /// What runs for it, and until when.
    clocks: Vec<CaseClock>,
}

/// An act on a wallet that a case follows.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CaseOperation {
    /// Identifier.
    id: String,
    /// `freeze`.
    act: String,
    /// How far it is.
    state: OperationState,
    /// The key under which the wallet knows it.
    correlation_id: String,
}

impl Case {
    /// A case, the act it follows, and its clocks.
    pub(crate) fn new(case: &cases::Case, operation: Option<&wallet::Operation>, clocks: Vec<CaseClock>) -> Self {
        let shown = |operation: &wallet::Operation| CaseOperation {
            id: operation.id.to_string(),
            act: operation.act.clone(),
            state: operation.state.into(),
            correlation_id: operation.key.clone(),
        };
        Self {
            reference: case.reference.to_string(),
            kind: case.kind.into(),
            wallet: case.wallet.clone(),
            state: case.state.into(),
            transaction: case.transaction.clone(),
            contacts: case.contacts.iter().map(ToString::to_string).collect(),
            opened_at: case.opened_at.into(),
            closed_at: case.closed_at.map(Into::into),
            operations: operation.map(shown).into_iter().collect(),
            clocks,
        }
    }
}
