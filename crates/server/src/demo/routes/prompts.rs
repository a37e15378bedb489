//! Plays a prompt to whoever compares what was heard with what was published.

use super::demo;
use crate::web::State;
use crate::web::error::Problem;
use axum::extract::{Path, State as Shared};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use walletline_core::kernel::language::Language;

/// The audio of a prompt, 8 kHz WAV; of a prompt with values in it, the fixed parts.
#[utoipa::path(get, path = "/demo/api/prompts/{id}/{file}", operation_id = "playDemoPrompt", tag = "demo", security(()),
    params(("id" = String, Path, description = "The prompt"), ("file" = String, Path, description = "`zh-CN.wav`, `en.wav`")),
    responses(
    (status = 200, content_type = "audio/wav", body = [u8]),
    (status = 404, body = crate::web::wire::Problem, description = "No such prompt or language."),
))]
pub(crate) async fn play(
    Shared(state): Shared<State>,
    Path((id, file)): Path<(String, String)>,
) -> Result<impl IntoResponse, Problem> {
    demo(&state)?;
    let tag = file.strip_suffix(".wav").ok_or_else(Problem::not_found)?;
    let language = Language::ALL.into_iter().find(|language| language.tag() == tag).ok_or_else(Problem::not_found)?;
    let wav = state.prompts.wav(&id, language).ok_or_else(Problem::not_found)?;
    Ok(([(CONTENT_TYPE, "audio/wav")], wav.into_owned()))
}
