//! What is left without a network: the numbers to call. A browser keeps this page after its first visit.

use crate::web::State;
use crate::web::site::layout::{self, Place};
use crate::web::site::parts;
use crate::web::site::visitor::Visitor;
use crate::web::site::words;
use axum::extract::State as Shared;
use axum::response::Response;
use maud::html;

/// `GET /help/offline`.
pub(in crate::web::site) async fn show(Shared(state): Shared<State>, visitor: Visitor) -> Response {
    let words = words::of(visitor.language);
    let w = &words.offline;
    let numbers = state
        .config
        .wallets
        .iter()
        .filter_map(|wallet| Some((wallet.name_in(visitor.language), layout::official_number(&state, &wallet.id)?)));
    let main = html! {
        h1 { (w.title) }
        p.lead { (w.text) }
        div.grid.section {
            @for (wallet, number) in numbers {
                section.card.strong { h2 { (wallet) } (parts::number(&words.shared, &number)) }
            }
        }
        section { p { (w.freeze) } p { a.button.quiet href="/help" { (w.retry) } } }
    };
    visitor.answer(layout::page(&state, &visitor, Place::Elsewhere, w.title, &main))
}
