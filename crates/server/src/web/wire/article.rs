//! Articles as a search finds them.

use serde::Serialize;
use utoipa::ToSchema;

/// An article that fits a question.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArticleFound {
    /// Its page is `/help/articles/{slug}`.
    #[schema(example = "unlock-account")]
    pub(crate) slug: String,
    /// The question or the matter.
    pub(crate) title: String,
    /// The answer in one sentence.
    pub(crate) summary: String,
}
