//! A file that was sent as evidence, on the wire: what it is called, what it is, how it stands.

use super::Time;
use serde::Serialize;
use utoipa::ToSchema;
use walletline_core::cases::Upload;
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::ids::StaffId;

/// A file of a case.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CaseUpload {
    /// Identifier.
    id: String,
    /// What it is called.
    #[schema(example = "screenshot.png")]
    name: String,
    /// What it is: `image/png`, `image/jpeg`, `application/pdf`.
    media_type: String,
    /// Bytes.
    size: u64,
    /// `waiting` for the scanner, `not_scanned`, `clean`, `infected`, `erased`. The second and third can be read.
    state: String,
    /// When it was sent.
    sent_at: Time,
    /// The number of the agent who took it; none where the customer sent it.
    #[schema(required = true)]
    agent: Option<String>,
}

impl CaseUpload {
    /// A file; `number_of` is the number of each member of staff.
    pub(crate) fn new(upload: &Upload, number_of: impl Fn(StaffId) -> String) -> Self {
        let agent = match upload.by {
            Actor::Staff { id } => Some(number_of(id)),
            Actor::Caller | Actor::Visitor | Actor::System | Actor::Operator => None,
        };
        Self {
            id: upload.id.to_string(),
            name: upload.name.expose().clone(),
            media_type: upload.kind.media_type().to_owned(),
            size: upload.size,
            state: upload.state.name().to_owned(),
            sent_at: upload.at.into(),
            agent,
        }
    }
}
