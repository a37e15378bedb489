//! The help centre's first page: the official number first.

use crate::web::State;
use crate::web::site::layout;
use crate::web::site::visitor::Visitor;
use crate::web::site::words;
use axum::extract::State as Shared;
use axum::response::Response;
use maud::html;

/// `GET /help`.
pub(in crate::web::site) async fn show(Shared(state): Shared<State>, visitor: Visitor) -> Response {
    let w = &words::of(visitor.language).home;
    let line = state.config.lines.iter().find(|line| line.wallet == visitor.wallet.id);
    let main = html! {
        h1 { (w.title) }
        @if let Some(line) = line {
            section.card.official {
                h2 { (w.call_us) }
                p.number { a href={ "tel:" (line.number) } { (line.number) } }
            }
        }
    };
    visitor.answer(layout::page(&state, &visitor, w.title, &main))
}
