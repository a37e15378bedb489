//! A failure on the wire.

use serde::Serialize;
use utoipa::ToSchema;

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Names the problem; never changes.
    #[serde(rename = "type")]
    #[schema(example = "https://walletline.dev/problems/not-logged-in")]
    pub(crate) type_: String,
    /// The problem in a few words, the same each time.
    pub(crate) title: String,
    /// The HTTP status.
    pub(crate) status: u16,
    /// What to do about this one.
    pub(crate) detail: String,
}
