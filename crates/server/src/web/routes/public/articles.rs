//! Articles that fit a question, for results while somebody types.

use crate::knowledge::{Figures, Filling};
use crate::web::State;
use crate::web::error::Problem;
use crate::web::extract::Asked;
use crate::web::site::QUESTION_CHARS_MAX;
use crate::web::wire::{ArticleFound, Language};
use axum::Json;
use axum::extract::State as Shared;
use serde::Deserialize;

/// Results at once: as many as fit under the field on a phone.
const RESULTS: usize = 5;

/// What is asked, and by whom.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Question {
    /// As somebody typed it; at most 200 characters of it are read.
    q: String,
    /// The wallet, by id.
    wallet: String,
    /// The language of the articles.
    lang: Language,
}

/// Finds articles.
#[utoipa::path(get, path = "/api/public/articles", operation_id = "findArticles", tag = "public", security(()), params(Question), responses(
    (status = 200, body = Vec<ArticleFound>, description = "The best first; none when nothing fits."),
    (status = 422, body = crate::web::wire::Problem, description = "Something is missing or unknown."),
    (status = 429, body = crate::web::wire::Problem, description = "Asked too often; `Retry-After` says when to try again."),
))]
pub(crate) async fn find(
    Shared(state): Shared<State>,
    Asked(asked): Asked<Question>,
) -> Result<Json<Vec<ArticleFound>>, Problem> {
    let language = asked.lang.into();
    let Some(wallet) = state.config.wallets.iter().find(|wallet| wallet.id == asked.wallet) else {
        return Ok(Json(Vec::new()));
    };
    let number = state.config.lines.iter().find(|line| line.wallet == wallet.id).map_or("", |line| line.number.as_str());
    let figures = Figures { times: &state.times, wallet: &wallet.id, language };
    let filling = Filling { wallet: wallet.name_in(language), line: number, official_numbers: "", figures };
    let question = asked.q.chars().take(QUESTION_CHARS_MAX).collect();
    let (shelf, places) = state.library.find(&wallet.id, language, question, RESULTS).await?;
    let found = shelf.at(&places).map(|article| ArticleFound {
        slug: article.slug.clone(),
        title: filling.plain(&article.text.title),
        summary: filling.plain(&article.text.summary),
    });
    Ok(Json(found.collect()))
}
