//! A case on the wire. It names no customer: a reference opens what is to be done, not whose it is.

use super::{CaseClock, CaseCredit, CaseKind, CaseState, CaseUpload, Grounds, Language, OperationState, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::help::Reported;
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
    /// What went wrong, of a disputed payment.
    #[schema(required = true)]
    grounds: Option<Grounds>,
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
    /// What was credited before it is known who is right.
    #[schema(required = true)]
    credit: Option<CaseCredit>,
    /// What was written in the form that it came from: claimed, and proved by nothing.
    #[schema(required = true)]
    statement: Option<CaseStatement>,
    /// What was sent as evidence.
    uploads: Vec<CaseUpload>,
}

/// What a customer wrote in a form.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CaseStatement {
    /// When.
    sent_at: Time,
    /// In which language.
    language: Language,
    /// The phone number they say is theirs, masked.
    #[schema(required = true, example = "+86 *** 0001")]
    number: Option<String>,
    /// The transaction they name.
    #[schema(required = true)]
    transaction: Option<String>,
    /// What happened, without its secrets.
    text: String,
    /// It is about this hotline.
    hotline: bool,
    /// The agent it is about.
    #[schema(required = true)]
    agent: Option<String>,
}

impl From<&cases::Statement> for CaseStatement {
    fn from(statement: &cases::Statement) -> Self {
        let told = &statement.told;
        Self {
            sent_at: statement.sent_at.into(),
            language: told.language.into(),
            number: told.number.as_ref().map(|number| number.mask_number()),
            transaction: told.transaction.clone(),
            text: told.text.expose().clone(),
            hotline: told.hotline,
            agent: told.agent.clone(),
        }
    }
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
    /// A case, the act it follows, its clocks, its credit, what was written of it, and what was sent.
    pub(crate) fn new(
        case: &cases::Case,
        operation: Option<&wallet::Operation>,
        clocks: Vec<CaseClock>,
        credit: Option<CaseCredit>,
        statement: Option<&cases::Statement>,
        uploads: Vec<CaseUpload>,
    ) -> Self {
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
            grounds: case.grounds.map(Into::into),
            contacts: case.contacts.iter().map(ToString::to_string).collect(),
            opened_at: case.opened_at.into(),
            closed_at: case.closed_at.map(Into::into),
            operations: operation.map(shown).into_iter().collect(),
            clocks,
            credit,
            statement: statement.map(Into::into),
            uploads,
        }
    }
}

/// What a customer tells that becomes a case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseReport {
    /// What.
    about: ReportAbout,
    /// The payment's whole number, where they name one.
    transaction: Option<String>,
}

/// What can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReportAbout {
    /// Something to complain of.
    Complaint,
    /// A payment that the customer did not make.
    Unauthorised,
    /// A payment that went to somebody else.
    WrongPayee,
    /// A payment of another amount.
    WrongAmount,
    /// A payment that was made twice.
    Duplicate,
    /// A payment that never arrived.
    NotReceived,
}

impl CaseReport {
    /// What is told, and of which payment: digits as people group them are taken.
    pub(crate) fn read(self) -> (Reported, Option<String>) {
        let what = match self.about {
            ReportAbout::Complaint => Reported::Complaint,
            ReportAbout::Unauthorised => Reported::Unauthorised,
            ReportAbout::WrongPayee => Reported::Dispute(cases::Grounds::WrongPayee),
            ReportAbout::WrongAmount => Reported::Dispute(cases::Grounds::WrongAmount),
            ReportAbout::Duplicate => Reported::Dispute(cases::Grounds::Duplicate),
            ReportAbout::NotReceived => Reported::Dispute(cases::Grounds::NotReceived),
        };
        let digits = |text: String| text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
        (what, self.transaction.map(digits).filter(|number| !number.is_empty()))
    }
}
