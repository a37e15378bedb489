//! What was found, or what to do when nothing was.

use super::article;
use crate::web::State;
use crate::web::error::Problem;
use crate::web::site::layout::{self, Place};
use crate::web::site::parts::{self, Tone};
use crate::web::site::visitor::Visitor;
use crate::web::site::words;
use axum::extract::{Query, State as Shared};
use axum::http::Uri;
use axum::response::{IntoResponse as _, Response};
use maud::html;
use serde::Deserialize;

/// Results on the page: whoever did not find it among these asks in other words.
const RESULTS: usize = 10;

/// As long as the field takes.
pub(in crate::web) const QUESTION_CHARS_MAX: usize = 200;

#[derive(Default, Deserialize)]
pub(in crate::web::site) struct Asked {
    #[serde(default)]
    q: String,
}

/// `GET /help/search?q=`.
pub(in crate::web::site) async fn show(Shared(state): Shared<State>, visitor: Visitor, uri: Uri) -> Response {
    let words = words::of(visitor.language);
    let w = &words.search;
    // A page is shown whatever stands in its query.
    let asked = Query::<Asked>::try_from_uri(&uri).map(|query| query.0).unwrap_or_default();
    let question: String = asked.q.trim().chars().take(QUESTION_CHARS_MAX).collect();
    let found = state.library.find(&visitor.wallet.id, visitor.language, question.clone(), RESULTS).await;
    let (shelf, places) = match found {
        Ok(found) => found,
        Err(error) => return Problem::from(error).into_response(),
    };
    let number = layout::official_number(&state, &visitor.wallet.id).unwrap_or_default();
    let filling = article::filling(&state, &visitor, words, &number);
    let main = html! {
        (parts::crumbs(&words.shared, w.title))
        h1 { (w.title) }
        (parts::search(&words.shared, &question))
        div.section data-results {
            @if question.is_empty() {
                p.muted { (w.ask) }
            } @else if places.is_empty() {
                (parts::notice(Tone::Info, &html! { p { strong { (w.nothing) } } p { (w.nothing_text) } }))
            } @else {
                p.muted role="status" { (w.found(places.len())) }
                (article::links(&filling, shelf.at(&places)))
            }
        }
        (article::still_open(&state, &visitor, words))
    };
    visitor.answer(layout::page(&state, &visitor, Place::Elsewhere, w.title, &main))
}
