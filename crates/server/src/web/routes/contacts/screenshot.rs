//! Shows the screenshot that a caller sent before the call.

use crate::web::auth::Signed;
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire;
use axum::extract::State as Shared;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use walletline_core::kernel::ids::ContactId;
use walletline_core::pass::ImageKind;

/// The screenshot of a contact's call pass, for the agent who is on the line with the customer, and for nobody else.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/screenshot", operation_id = "readScreenshot", tag = "contacts",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, description = "A PNG, JPEG or WebP picture.", content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"),
        (Vec<u8> = "image/webp"))),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "Not on this person's line, or there is no screenshot any more."),
    (status = 503, body = wire::Problem, description = "The reading cannot be put on record, so nothing is shown."),
))]
pub(crate) async fn screenshot(Shared(state): Shared<State>, signed: Signed, Id(id): Id<ContactId>) -> Result<Response, Problem> {
    let (live, _) = state.engine.subscribe().await.ok_or_else(Problem::unavailable)?;
    let view = live.contacts.get(&(id, signed.staff.id)).filter(|view| view.ended_at.is_none());
    let pass = view.and_then(|view| view.pass.as_ref()).ok_or_else(Problem::not_found)?.id;
    let passes = state.passes.as_ref().ok_or_else(Problem::not_found)?;
    let picture = passes.screenshot(pass, id, signed.staff.id).await?.ok_or_else(Problem::not_found)?;
    let (kind, name) = match picture.kind {
        ImageKind::Png => ("image/png", "attachment; filename=\"screenshot.png\""),
        ImageKind::Jpeg => ("image/jpeg", "attachment; filename=\"screenshot.jpg\""),
        ImageKind::Webp => ("image/webp", "attachment; filename=\"screenshot.webp\""),
    };
    let mut response = picture.bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    Ok(response)
}
