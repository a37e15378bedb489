//! Entries of the audit log on the wire.

use super::{Purpose, Time};
use serde::Serialize;
use utoipa::ToSchema;
use walletline_core::kernel::actor;
use walletline_core::kernel::ids::StaffId;
use walletline_store::AuditLine;

/// Who did what to what, and what for.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// Its number; `after` takes the last one of a page.
    pub(crate) seq: i64,
    /// Its place in the hashed log, from 0; null for up to a minute, until it was hashed.
    #[schema(required = true)]
    pub(crate) leaf: Option<u64>,
    /// When it was decided.
    pub(crate) at: Time,
    /// Who.
    pub(crate) actor: Actor,
    /// What, as `noun.verb_in_past`.
    #[schema(example = "contact.read")]
    pub(crate) action: String,
    /// What it was done to: an identifier.
    #[schema(example = "ct_01KQ3V0000000000000000000A")]
    pub(crate) subject: String,
    /// What personal data was read for; null where none was read.
    #[schema(required = true)]
    pub(crate) purpose: Option<Purpose>,
}

/// Whoever caused an entry.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Actor {
    /// The customer on the line.
    Caller,
    /// Somebody on the public pages.
    Visitor,
    /// A member of staff.
    Staff {
        /// Identifier.
        id: String,
        /// The number customers are told.
        number: String,
    },
    /// The hotline itself.
    System,
    /// Whoever may run commands on the machine.
    Operator,
}

impl AuditEntry {
    /// An entry, its staff named by their numbers.
    pub(crate) fn new(line: &AuditLine, number_of: impl Fn(StaffId) -> String) -> Self {
        let entry = &line.entry;
        let actor = match entry.actor {
            actor::Actor::Caller => Actor::Caller,
            actor::Actor::Staff { id } => Actor::Staff { id: id.to_string(), number: number_of(id) },
            actor::Actor::Visitor => Actor::Visitor,
            actor::Actor::System => Actor::System,
            actor::Actor::Operator => Actor::Operator,
        };
        Self {
            seq: line.seq,
            leaf: line.leaf,
            at: entry.at.into(),
            actor,
            action: entry.action.clone(),
            subject: entry.subject.clone(),
            purpose: entry.purpose.map(Into::into),
        }
    }
}
