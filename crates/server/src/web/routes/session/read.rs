//! Says who is logged in.

use crate::web::auth::Signed;
use crate::web::wire::{self, Me};
use axum::Json;

/// Who is logged in.
#[utoipa::path(get, path = "/api/v1/session", operation_id = "readSession", tag = "session", responses(
    (status = 200, body = Me),
    (status = 401, body = wire::Problem, description = "Nobody."),
))]
pub(crate) async fn read(signed: Signed) -> Json<Me> {
    Json(Me::from(&signed.staff))
}
