//! Plays a contact's recording, and shows what is known of it.

use super::readable;
use crate::recordings::{Kept, OpenError, Wav};
use crate::web::auth::{Signed, lock};
use crate::web::error::Problem;
use crate::web::extract::Id;
use crate::web::state::State;
use crate::web::wire::{self, RecordingManifest};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use std::ops::Range;
use walletline_core::agent::{Reach, Staff};
use walletline_core::call::{Listening, Recording, RecordingState, hear_recording, read_contact};
use walletline_core::kernel::ids::ContactId;
use walletline_store::ContactRecord;

/// Listenings shown with a recording, the newest of them.
const LISTENINGS_SHOWN: u32 = 50;

/// The recording of a contact: the customer on the first channel, what they heard on the second. Parts of it are asked for with
/// `Range`. That somebody listens is on record with the part they were given, once in ten minutes for what they were given already.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/recording", operation_id = "playRecording", tag = "contacts",
    params(("id" = String, Path, description = "The contact"), ("Range" = Option<String>, Header, description = "One range of bytes"),
        ("If-Range" = Option<String>, Header, description = "The ETag that the range is of")), responses(
    (status = 200, description = "WAV, two channels of 16-bit samples.", content((Vec<u8> = "audio/wav"))),
    (status = 206, description = "The part that was asked for.", content((Vec<u8> = "audio/wav"))),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact, no recording of it, or none this person may hear."),
    (status = 416, body = wire::Problem, description = "The recording has no such part."),
    (status = 429, body = wire::Problem),
    (status = 503, body = wire::Problem, description = "The listening cannot be put on record, so nothing is heard."),
))]
pub(crate) async fn play(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ContactId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let audible = audible(&state, &signed.staff, id).await?;
    let recording = &audible.kept.recording;
    let wav = state.recordings.as_ref().ok_or_else(Problem::not_found)?.audio(recording)?;
    let etag = etag(recording);
    let length = wav.length();
    let current = |value: &HeaderValue| value.as_bytes() == etag.as_bytes();
    let range = headers.get(header::RANGE).filter(|_| headers.get(header::IF_RANGE).is_none_or(current));
    let asked = range.and_then(|value| value.to_str().ok()).and_then(|text| part(text, length));
    let (status, span) = match asked {
        None => (StatusCode::OK, 0..length),
        Some(Some(span)) => (StatusCode::PARTIAL_CONTENT, span),
        Some(None) => return Ok(unsatisfiable(length)),
    };
    put_on_record(&state, &signed.staff, &audible, wav.sounds(&span)).await?;
    let mut response = (status, body(wav, span.clone())).into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("audio/wav"));
    answer.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    answer.insert(header::CONTENT_LENGTH, HeaderValue::from(span.end - span.start));
    answer.insert(header::CONTENT_DISPOSITION, text(&format!("inline; filename=\"{}.wav\"", recording.id)));
    answer.insert(header::ETAG, text(&etag));
    if status == StatusCode::PARTIAL_CONTENT {
        answer.insert(header::CONTENT_RANGE, text(&format!("bytes {}-{}/{length}", span.start, span.end - 1)));
    }
    Ok(response)
}

/// What is known of a recording: of whose call, when, after which notice, what of it is silence, its hash, its waveform.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/recording/manifest", operation_id = "readRecordingManifest", tag = "contacts",
    params(("id" = String, Path, description = "The contact")), responses(
    (status = 200, body = RecordingManifest),
    (status = 401, body = wire::Problem),
    (status = 404, body = wire::Problem, description = "No such contact, no recording of it, or none this person may hear."),
    (status = 429, body = wire::Problem),
    (status = 503, body = wire::Problem, description = "The reading cannot be put on record, so nothing is shown."),
))]
pub(crate) async fn manifest(
    Shared(state): Shared<State>,
    signed: Signed,
    Id(id): Id<ContactId>,
) -> Result<Json<RecordingManifest>, Problem> {
    let audible = audible(&state, &signed.staff, id).await?;
    let who = (signed.staff.id, audible.kept.recording.id);
    let now = state.clock.now();
    if !state.limits.listened.has_read(who, now.mono) {
        let contact = &audible.record.contact;
        state.store.commit(read_contact(contact, signed.staff.id, signed.staff.role, "recording.read", now.wall)).await?;
        state.limits.listened.reads(who, now.mono);
    }
    audible.manifest(&state).await
}

/// A recording that this person may hear.
pub(super) struct Audible {
    record: ContactRecord,
    kept: Kept,
    /// Its reader may know who else heard it.
    checks: bool,
}

impl Audible {
    /// What is known of it.
    pub(super) async fn manifest(&self, state: &State) -> Result<Json<RecordingManifest>, Problem> {
        let heard =
            if self.checks { state.store.listenings(self.kept.recording.id, LISTENINGS_SHOWN).await? } else { Vec::new() };
        let lines = state.store.timeline(self.record.contact.id).await?;
        let manifest = RecordingManifest::new(&self.record.contact, &self.kept, &heard, &lines, state.numbers().await?);
        manifest.map(Json).ok_or_else(Problem::not_found)
    }
}

/// The recording of a contact, for whoever may hear it: who took part, who leads them, who checks them. To others there is none.
async fn audible(state: &State, staff: &Staff, id: ContactId) -> Result<Audible, Problem> {
    let now = state.clock.now().mono;
    let wait = lock(&state.limits.recordings).take(&staff.id, now);
    wait.map_err(|wait| Problem::too_many_requests(wait.as_s() + 1))?;
    found(state, staff, id).await
}

/// The same, whatever was asked for before.
pub(super) async fn found(state: &State, staff: &Staff, id: ContactId) -> Result<Audible, Problem> {
    let recordings = state.recordings.as_ref().ok_or_else(Problem::not_found)?;
    let record = readable(state, staff, id).await?;
    if !state.may_read(staff, &record.contact.agents).await? {
        return Err(Problem::not_found());
    }
    let kept = recordings.of(id).await?;
    Ok(Audible { record, kept, checks: staff.reach() != Reach::Own })
}

/// That this person listens, and to which part, is durable first. A player asks for part after part: what was put on record in the last
/// ten minutes is not put there again.
async fn put_on_record(state: &State, staff: &Staff, audible: &Audible, part: Range<u64>) -> Result<(), Problem> {
    let recording = audible.kept.recording.id;
    let (who, now) = ((staff.id, recording), state.clock.now());
    if part.is_empty() || state.limits.listened.has_heard(who, &part, now.mono) {
        return Ok(());
    }
    let heard = Listening { recording, staff: staff.id, at: now.wall, from_ms: part.start, to_ms: part.end };
    state.store.commit(hear_recording(&audible.record.contact, staff.role, heard)).await?;
    state.limits.listened.hears(who, &part, now.mono);
    Ok(())
}

/// The same bytes have the same hash, and a recording that can be heard never changes.
fn etag(recording: &Recording) -> String {
    match &recording.state {
        RecordingState::Kept { audio, .. } => format!("\"{}\"", audio.sha256),
        RecordingState::Open { .. } | RecordingState::Erased { .. } => format!("\"{}\"", recording.id),
    }
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The part that a `Range` header asks for: none when it asks for nothing we understand, which is answered with the whole (RFC 9110
/// section 14.2); none within when the recording has no such part.
#[expect(clippy::option_option, reason = "asked for nothing, and asked for what is not there, are answered differently")]
fn part(range: &str, length: u64) -> Option<Option<Range<u64>>> {
    let (first, last) = range.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().unwrap_or(u64::MAX));
    let span = match (first, last) {
        ("", "") => return None,
        ("", suffix) => length.saturating_sub(number(suffix)?)..length,
        (first, "") => number(first)?..length,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            first..last.saturating_add(1).min(length)
        }
    };
    Some((span.start < span.end).then_some(span))
}

fn unsatisfiable(length: u64) -> Response {
    let mut response = Problem::no_such_part().into_response();
    response.headers_mut().insert(header::CONTENT_RANGE, text(&format!("bytes */{length}")));
    response
}

/// Second after second, each read when it is wanted. A second that does not open ends the answer short of its length.
fn body(wav: Wav, span: Range<u64>) -> Body {
    Body::from_stream(stream::unfold((Some(wav), span), |(wav, span)| async move {
        let mut wav = wav.filter(|_| !span.is_empty())?;
        let wanted = span.clone();
        let read = tokio::task::spawn_blocking(move || (wav.read(&wanted), wav)).await;
        match read {
            Ok((Ok(bytes), wav)) if !bytes.is_empty() => {
                let rest = span.start + bytes.len() as u64..span.end;
                Some((Ok(Bytes::from(bytes)), (Some(wav), rest)))
            }
            Ok((Ok(_), _)) => None,
            Ok((Err(error), _)) => {
                tracing::error!(%error, "a recording stops in the middle");
                Some((Err(std::io::Error::other(error)), (None, span)))
            }
            Err(error) => Some((Err(std::io::Error::other(error)), (None, span))),
        }
    }))
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::None => Self::not_found(),
            OpenError::Store(error) => error.into(),
            OpenError::File(..) => {
                tracing::error!(%error, "a recording cannot be played");
                Self::unavailable()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_rfc_9110_has_it() {
        for (range, expected) in [
            ("bytes=0-", Some(Some(0..100))),
            ("bytes=0-0", Some(Some(0..1))),
            ("bytes=10-19", Some(Some(10..20))),
            ("bytes=90-1000", Some(Some(90..100))),
            ("bytes=-10", Some(Some(90..100))),
            ("bytes=-1000", Some(Some(0..100))),
            ("bytes=100-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=18446744073709551616-", Some(None)),
            ("bytes=5-3", None),
            ("bytes=-", None),
            ("bytes=0-1,5-6", None),
            ("seconds=0-1", None),
            ("bytes=+1-2", None),
        ] {
            assert_eq!(part(range, 100), expected, "{range}");
        }
    }
}
