//! A case as a row, what may happen to it, and how long the recordings of its contacts stay for its sake.

use super::reference::Reference;
use crate::commit::{Change, Commit, Entry, Version};
use crate::kernel::{
    actor::{Actor, Role},
    ids::{CaseId, ContactId},
    subject::Subject,
    time::{Span, Wall},
};
use serde::{Deserialize, Serialize};

/// How long a closed case is kept (domain: tied to a dispute, close and three years).
const KEPT: Span = Span::from_s(3 * 365 * 24 * 3_600);

/// How long the file of a closed complaint is kept (domain: close and five years).
const COMPLAINT_KEPT: Span = Span::from_s(5 * 365 * 24 * 3_600);

/// Something that stays open for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its identifier.
    pub id: CaseId,
    /// What the customer calls it by.
    pub reference: Reference,
    /// What it is about.
    pub kind: CaseKind,
    /// The wallet.
    pub wallet: String,
    /// The customer.
    pub subject: Subject,
    /// The transaction it is about; of a dispute, as its customer named it.
    pub transaction: Option<String>,
    /// When that transaction was made, as the wallet says; none where it was not asked.
    pub transacted_at: Option<Wall>,
    /// What went wrong, of a disputed payment.
    pub grounds: Option<Grounds>,
    /// Contacts in which it came up, oldest first.
    pub contacts: Vec<ContactId>,
    /// How it stands.
    pub state: CaseState,
    /// When it was opened.
    pub opened_at: Wall,
    /// When it was closed.
    pub closed_at: Option<Wall>,
    /// How long the recordings of its contacts stay once it is closed. Decided when it is opened and when it comes up again, and never
    /// shortened.
    pub keep: Span,
    /// When it must be gone.
    pub expires_at: Wall,
}

/// Until when a case keeps the recordings of its contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// It keeps none: they go when any recording goes.
    Nothing,
    /// As long as it is open, and for a time that begins when it is closed.
    WhileOpen,
    /// Until then.
    Until(Wall),
}

/// How long recordings stay for the sake of a case once it is closed, by what the case is about. The operator's to decide, wallet by
/// wallet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// For an emergency freeze.
    pub freeze: Span,
    /// For a transaction that missed its window.
    pub overdue: Span,
    /// For money that is due back.
    pub refund: Span,
    /// For a complaint.
    pub complaint: Span,
    /// For a payment that its customer did not make, or disputes.
    pub dispute: Span,
}

impl Keep {
    /// For a case of this kind. A request to be called back keeps nothing: what it is about becomes a case of its own.
    #[must_use]
    pub const fn of(&self, kind: CaseKind) -> Span {
        match kind {
            CaseKind::Freeze | CaseKind::Account => self.freeze,
            CaseKind::TransactionOverdue => self.overdue,
            CaseKind::RefundDue | CaseKind::Refund => self.refund,
            CaseKind::Complaint => self.complaint,
            CaseKind::Unauthorised | CaseKind::Dispute => self.dispute,
            CaseKind::Callback => Span::from_s(0),
        }
    }
}

impl Default for Keep {
    /// Domain: a recording tied to a refund, a dispute or a complaint is kept for three years from the close.
    fn default() -> Self {
        Self { freeze: KEPT, overdue: KEPT, refund: KEPT, complaint: KEPT, dispute: KEPT }
    }
}

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// An emergency freeze.
    Freeze,
    /// A transaction that missed its window.
    TransactionOverdue,
    /// A failed transaction whose money is due back.
    RefundDue,
    /// A request to be called back.
    Callback,
    /// A complaint, about the wallet or this hotline.
    Complaint,
    /// A refund that was asked for.
    Refund,
    /// Access to an account, what protects it, or its closing.
    Account,
    /// A payment that its customer says they did not make.
    Unauthorised,
    /// A payment that went wrong, its customer says: twice, to somebody else, of another amount, or that never arrived.
    Dispute,
}

impl CaseKind {
    /// Whether somebody of this role may look a case of this kind up. A complaint may be about any agent, and never reaches that agent or
    /// their supervisor (domain, complaints): whoever may be either looks none up.
    #[must_use]
    pub const fn is_open_to(self, role: Role) -> bool {
        match (self, role) {
            (
                Self::Freeze
                | Self::TransactionOverdue
                | Self::RefundDue
                | Self::Callback
                | Self::Refund
                | Self::Account
                | Self::Unauthorised
                | Self::Dispute,
                _,
            )
            | (Self::Complaint, Role::Handler | Role::Auditor | Role::Compliance) => true,
            (Self::Complaint, Role::Agent | Role::Checker | Role::Supervisor | Role::Admin) => false,
        }
    }

    /// How long a case of this kind is kept at least, once nothing more happens to it.
    const fn file(self) -> Span {
        match self {
            Self::Freeze
            | Self::TransactionOverdue
            | Self::RefundDue
            | Self::Callback
            | Self::Refund
            | Self::Account
            | Self::Unauthorised
            | Self::Dispute => KEPT,
            Self::Complaint => COMPLAINT_KEPT,
        }
    }
}

/// What went wrong with a payment, as its customer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grounds {
    /// It went to somebody else.
    WrongPayee,
    /// It was of another amount.
    WrongAmount,
    /// It was made twice.
    Duplicate,
    /// It never arrived.
    NotReceived,
}

/// How a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Somebody has to do something.
    Open,
    /// Nothing is left to do.
    Closed,
}

/// The names of a new case, made at the edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCase {
    /// Its identifier.
    pub id: CaseId,
    /// Its reference.
    pub reference: Reference,
    /// How long recordings stay for the sake of the wallet's cases.
    pub keep: Keep,
}

impl Case {
    /// A new case.
    #[must_use]
    pub fn open(
        new: NewCase,
        kind: CaseKind,
        wallet: String,
        subject: Subject,
        transaction: Option<String>,
        contact: ContactId,
        now: Wall,
    ) -> Self {
        Self {
            id: new.id,
            reference: new.reference,
            kind,
            wallet,
            subject,
            transaction,
            transacted_at: None,
            grounds: None,
            contacts: vec![contact],
            state: CaseState::Open,
            opened_at: now,
            closed_at: None,
            keep: new.keep.of(kind),
            expires_at: now + kind.file().max(new.keep.of(kind)),
        }
    }

    /// The same case, of a transaction that was made then. What was known before stays.
    #[must_use]
    pub fn transacted(mut self, at: Option<Wall>) -> Self {
        self.transacted_at = self.transacted_at.or(at);
        self
    }

    /// It came up in a contact, and is open from now on.
    #[must_use]
    pub fn raised_again(mut self, contact: ContactId, keep: &Keep, now: Wall) -> Self {
        self.keep = self.keep.max(keep.of(self.kind));
        if self.contacts.last() != Some(&contact) {
            self.contacts.push(contact);
        }
        (self.state, self.closed_at, self.expires_at) = (CaseState::Open, None, now + self.kind.file().max(self.keep));
        self
    }

    /// Nothing is left to do.
    #[must_use]
    pub fn closed(mut self, now: Wall) -> Self {
        (self.state, self.closed_at, self.expires_at) = (CaseState::Closed, Some(now), now + self.kind.file().max(self.keep));
        self
    }

    /// Until when it keeps the recordings of its contacts.
    #[must_use]
    pub fn keeps(&self) -> Keeps {
        match self.closed_at {
            _ if self.keep == Span::from_s(0) => Keeps::Nothing,
            Some(closed_at) => Keeps::Until(closed_at + self.keep),
            None => Keeps::WhileOpen,
        }
    }

    /// The transaction that writes it, named by what happened to it.
    #[must_use]
    pub fn written(&self, version: Version, actor: Actor, verb: &str, now: Wall) -> Commit {
        let entry = Entry::new(now, actor, &format!("case.{verb}"), self.id);
        Commit::new(entry, vec![Change::Case(version, Box::new(self.clone()))])
    }
}
