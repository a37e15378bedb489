//! Evidence of a case at the desk: files are taken for it, and given to whoever may read it.

use super::seen_by;
use crate::uploads::{IntakeError, KeepError};
use crate::web::auth::Signed;
use crate::web::case_form::{File, Sent};
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, CaseUpload};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use std::io::Read;
use tokio::sync::mpsc;
use walletline_core::cases::{Case, CaseKind, Reference, Upload, UploadRefusal};
use walletline_core::kernel::ids::UploadId;
use walletline_core::kernel::{actor::Actor, actor::Role, purpose::Purpose};

/// Bytes of a file that are opened at a time, and how many such pieces wait for whoever reads them.
const PIECE_BYTES: usize = 64 * 1_024;
const PIECES_MAX: usize = 4;

/// Take a file as evidence of a case: a form with one file, `evidence`. PNG, JPEG and PDF, told by what they hold.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/uploads", operation_id = "takeUpload", tag = "cases",
    params(("reference" = String, Path, description = "The case's reference")),
    request_body(content = Vec<u8>, content_type = "multipart/form-data"), responses(
    (status = 201, body = CaseUpload),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem),
    (status = 409, body = wire::Problem, description = "The case is closed, has as many files as it may have, or has this one."),
    (status = 413, body = wire::Problem),
    (status = 422, body = wire::Problem, description = "No file, or none that is taken."),
))]
pub(crate) async fn take(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(reference): Id<Reference>,
    sent: Sent,
) -> Result<(StatusCode, Json<CaseUpload>), Problem> {
    let (case, _) = seen_by(&state, &signed.staff, &reference).await?;
    let cases = state.cases.as_ref().ok_or_else(Problem::unavailable)?;
    let staged = match sent.file {
        File::Staged(staged) => staged,
        File::None => return Err(Problem::invalid_input("there is no file in the form")),
        File::Refused(why) => return Err(why.into()),
    };
    let upload = cases.uploads.keep(staged, &case, Actor::Staff { id: signed.staff.id }).await?;
    Ok((StatusCode::CREATED, Json(CaseUpload::new(&upload, &state.numbers().await?))))
}

/// A file that was sent as evidence, to keep and never to be shown by a browser. One that waits for the scanner, is infected or erased is given
/// to nobody. That it is read is on record first.
#[utoipa::path(get, path = "/api/v1/cases/{reference}/uploads/{id}", operation_id = "readUpload", tag = "cases",
    params(
        ("reference" = String, Path, description = "The case's reference"),
        ("id" = String, Path, description = "The file"),
    ), responses(
    (status = 200, description = "The file.", content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "application/pdf"))),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such case or file, or not open to this person."),
    (status = 409, body = wire::Problem, description = "It waits for the scanner, or is gone."),
    (status = 503, body = wire::Problem, description = "The reading cannot be put on record, so nothing is given."),
))]
pub(crate) async fn read(
    Shared(state): Shared<State>,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let reference: Reference = reference.parse().map_err(|_| Problem::not_found())?;
    let id: UploadId = id.parse().map_err(|_| Problem::not_found())?;
    let (case, _) = seen_by(&state, &signed.staff, &reference).await?;
    let found = state.store.upload(id).await?.map(|(_, upload)| upload).filter(|upload| upload.case == case.id);
    let upload = found.ok_or_else(Problem::not_found)?;
    if upload.state.readable().is_none() {
        return Err(Problem::refused(
            "upload-not-readable",
            "Not to be read",
            "it waits for the scanner, is infected, or is gone".to_owned(),
        ));
    }
    let cases = state.cases.as_ref().ok_or_else(Problem::unavailable)?;
    let file = cases.uploads.open(&upload).map_err(|error| {
        tracing::error!(%id, %error, "a file that was sent cannot be opened");
        Problem::unavailable()
    })?;
    // Given only once the reading is on record.
    state.store.commit(upload.read(signed.staff.id, purpose_of(signed.staff.role, &case), state.clock.wall())).await?;
    Ok(given(&upload, file))
}

/// What somebody of this role reads of a case for.
pub(super) const fn purpose_of(role: Role, case: &Case) -> Purpose {
    match role {
        Role::Handler if matches!(case.kind, CaseKind::Complaint) => Purpose::Complaint,
        Role::Agent | Role::Checker | Role::Handler => Purpose::Service,
        Role::Supervisor | Role::Admin => Purpose::Supervision,
        Role::Auditor | Role::Compliance => Purpose::Audit,
    }
}

/// A file as an answer, opened piece by piece as it is taken.
fn given(upload: &Upload, mut file: impl Read + Send + 'static) -> Response {
    let (pieces, coming) = mpsc::channel::<std::io::Result<Vec<u8>>>(PIECES_MAX);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut piece = Vec::with_capacity(PIECE_BYTES);
            let read = file.by_ref().take(PIECE_BYTES as u64).read_to_end(&mut piece);
            let is_last = piece.is_empty() || read.is_err();
            let piece = read.map(|_| piece);
            if matches!(&piece, Ok(piece) if piece.is_empty()) || pieces.blocking_send(piece).is_err() || is_last {
                return;
            }
        }
    });
    let body =
        Body::from_stream(stream::unfold(coming, |mut coming| async move { coming.recv().await.map(|piece| (piece, coming)) }));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(upload.kind.media_type()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(upload.size));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_DISPOSITION, attachment(upload.name.expose()));
    response
}

/// To be kept under this name (RFC 6266, RFC 8187): the name was cleaned when the file came.
fn attachment(name: &str) -> HeaderValue {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let coded: String =
        name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    let ascii: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{coded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

impl From<IntakeError> for Problem {
    fn from(why: IntakeError) -> Self {
        match why {
            IntakeError::TooLarge => Self::too_large(&why.to_string()),
            IntakeError::UnknownKind => Self::invalid_input(why.to_string()),
            IntakeError::NoRoom | IntakeError::Unavailable => Self::unavailable(),
        }
    }
}

impl From<KeepError> for Problem {
    fn from(error: KeepError) -> Self {
        match error {
            KeepError::Refused(why) => {
                let detail = why.to_string();
                match why {
                    UploadRefusal::TooMany | UploadRefusal::TooLargeTogether => {
                        Self::refused("uploads-full", "No more files", detail)
                    }
                    UploadRefusal::AlreadyThere => Self::refused("upload-there", "There already", detail),
                    UploadRefusal::Closed => Self::refused("case-closed", "The case is closed", detail),
                }
            }
            KeepError::Unavailable => Self::unavailable(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_name_cannot_leave_its_header() {
        for (name, header) in [
            ("a.png", "attachment; filename=\"a.png\"; filename*=UTF-8''a.png"),
            ("截 1.pdf", "attachment; filename=\"__1.pdf\"; filename*=UTF-8''%E6%88%AA%201.pdf"),
            ("a\";x=\"b.png", "attachment; filename=\"a__x__b.png\"; filename*=UTF-8''a%22%3Bx%3D%22b.png"),
        ] {
            assert_eq!(attachment(name).to_str().unwrap(), header);
        }
    }
}
