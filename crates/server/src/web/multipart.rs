//! Fields of forms as browsers send them: read piece by piece, each bounded. Nothing of them is repeated in a log.

use super::error::Problem;
use axum::extract::multipart::Field;
use axum::http::StatusCode;

/// Bytes of one field of text: the longest text at four bytes a character, with room to say that it is too long.
const FIELD_BYTES_MAX: usize = 20 * 1_024;

/// A field of text.
pub(super) async fn text(field: Field<'_>) -> Result<String, Problem> {
    String::from_utf8(bytes(field, FIELD_BYTES_MAX).await?).map_err(|_| unreadable())
}

/// The bytes of a field, so many at most.
pub(super) async fn bytes(mut field: Field<'_>, bytes_max: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(error.status()))? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Browsers send line breaks of forms as two characters; the visitor counted one.
pub(super) fn line_breaks(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// A form that breaks off.
pub(super) fn broken(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { unreadable() }
}

/// More than this address takes.
pub(super) fn too_large() -> Problem {
    Problem::too_large("the texts or the file are too large: see /api/openapi.json")
}

/// Not the form of this address.
pub(super) fn unreadable() -> Problem {
    Problem::invalid_input("this is not the form that this address takes: see /api/openapi.json")
}
