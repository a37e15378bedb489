//! What agents write into a contact's record, on the wire.

use super::{Disposition, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::call;

/// The text of a note, to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteText {
    /// At most 4,000 characters.
    #[schema(max_length = 4000)]
    pub(crate) text: String,
}

/// An agent's own note of a contact.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Note {
    /// Its text; empty when nothing was written.
    pub(crate) text: String,
    /// When it was last saved.
    #[schema(required = true)]
    pub(crate) at: Option<Time>,
}

impl From<&call::Note> for Note {
    fn from(note: &call::Note) -> Self {
        Self { text: note.text.expose().clone(), at: Some(note.at.into()) }
    }
}

/// How an agent closes a contact.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrapUpAct {
    /// The code; not one of those the hotline sets itself.
    pub(crate) code: Disposition,
    /// A closing remark, at most 4,000 characters.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub(crate) note: Option<String>,
}

/// How a contact was closed.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct WrapUp {
    /// The code.
    pub(crate) code: Disposition,
    /// The closing remark.
    pub(crate) note: String,
    /// When.
    pub(crate) at: Time,
}

impl From<&call::WrapUp> for WrapUp {
    fn from(wrap_up: &call::WrapUp) -> Self {
        Self { code: wrap_up.code.into(), note: wrap_up.note.expose().clone(), at: wrap_up.at.into() }
    }
}
