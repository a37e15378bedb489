//! Says who is logged in, and what is still missing before they may act.

use crate::web::auth::Arriving;
use crate::web::wire::{self, Me};
use axum::Json;

/// Who is logged in.
#[utoipa::path(get, path = "/api/v1/session", operation_id = "readSession", tag = "session", responses(
    (status = 200, body = Me),
    (status = 401, body = wire::Problem, description = "Nobody."),
))]
pub(crate) async fn read(arriving: Arriving) -> Json<Me> {
    Json(Me::from(&arriving))
}
