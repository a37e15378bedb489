//! The help centre's first page: look for it, call, or take one of the ways that most people came for.

use super::article;
use super::hours::{Page, line_of_wallet};
use crate::knowledge::{Filling, Shelf};
use crate::web::State;
use crate::web::error::Problem;
use crate::web::site::layout::{self, Place};
use crate::web::site::parts::{self, Icon, Tile};
use crate::web::site::visitor::Visitor;
use crate::web::site::words::{self, Home, TASKS, Words};
use axum::extract::State as Shared;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use walletline_core::knowledge::Topic;
use walletline_core::queue::hours::Standing;

/// Signs of the tasks, in their order.
const SIGNS: [Icon; TASKS.len()] = [
    Icon::Search,
    Icon::Lock,
    Icon::Money,
    Icon::Clock,
    Icon::Snow,
    Icon::Flag,
    Icon::Refund,
    Icon::Speech,
    Icon::Warning,
    Icon::Shield,
    Icon::List,
    Icon::Headset,
];

/// `GET /help`.
pub(in crate::web::site) async fn show(Shared(state): Shared<State>, visitor: Visitor) -> Response {
    let words = words::of(visitor.language);
    let (w, h) = (&words.shared, &words.home);
    let shelf = match state.library.shelf(&visitor.wallet.id, visitor.language).await {
        Ok(shelf) => shelf,
        Err(error) => return Problem::from(error).into_response(),
    };
    let number = layout::official_number(&state, &visitor.wallet.id);
    let filling = article::filling(&state, &visitor, words, number.as_deref().unwrap_or_default());
    let main = html! {
        div.hero {
            h1 { (h.title) }
            (parts::search(w, ""))
            @let (before, after) = words.search.found;
            p.muted.small role="status" data-found-before=(before) data-found-after=(after) data-nothing=(words.search.nothing) {}
            div data-results {}
        }
        @if let Some(number) = &number { (official(&state, &visitor, words, number)) }
        section aria-labelledby="tasks" {
            h2 #tasks { (h.tasks_heading) }
            (tasks(h))
        }
        section aria-labelledby="articles" {
            h2 #articles { (h.articles_heading) }
            div.grid { @for topic in Topic::ALL { (about(words, &filling, &shelf, topic)) } }
        }
    };
    visitor.answer(layout::page(&state, &visitor, Place::Home, h.title, &main))
}

/// The number, and what it is like to call it now.
fn official(state: &State, visitor: &Visitor, words: &Words, number: &str) -> Markup {
    let (w, h) = (&words.shared, &words.home);
    html! {
        section.card.strong.official aria-labelledby="official" {
            div {
                h2 #official { (h.call_us) }
                (parts::number(w, number))
                p.muted.small { (h.save_it) " " a href="/official-numbers" { (w.all_numbers) } }
                (now(state, visitor, words))
            }
            div.ways {
                a.button.ok href={ "tel:" (number) } { (parts::icon(Icon::Phone)) span { (h.dial) } }
                a.button.quiet href="/help/call" { (parts::icon(Icon::Headset)) span { (w.call) } }
                p.small { kbd { "9" } " " (h.freeze_any_time) }
            }
        }
    }
}

/// Whether people answer now, and how long that takes.
fn now(state: &State, visitor: &Visitor, words: &Words) -> Markup {
    let now = state.clock.wall();
    let page = Page { w: &words.hours, language: visitor.language, zone: &visitor.wallet.zone, now };
    html! {
        @if let (Some(line), Some(outlook)) = (layout::line(state, visitor), line_of_wallet(state, &visitor.wallet.id)) {
            @let standing = outlook.standing(None, now);
            div.now {
                (page.standing(&standing))
                @if matches!(standing, Standing::Open { .. }) { (page.wait(outlook.wait, Some(&line.number))) }
                p.small.row { a href="/help/hours" { (words.hours.see_hours) } a href="/help/wait" { (words.hours.see_wait) } }
            }
        }
    }
}

fn tasks(h: &Home) -> Markup {
    let entries = TASKS.iter().zip(SIGNS).zip(h.tasks);
    let tiles: Vec<Tile<'_>> = entries.map(|((href, sign), (title, text))| Tile { href, sign, title, text }).collect();
    parts::tiles(&tiles)
}

/// A service with its articles; nothing while it has none.
fn about(words: &Words, filling: &Filling<'_>, shelf: &Shelf, topic: Topic) -> Markup {
    let mut articles: Vec<_> = shelf.about(topic).collect();
    // As the keys of the hotline are: who knows the one finds their way in the other.
    articles.sort_by_key(|article| article.text.key.clone());
    html! {
        @if !articles.is_empty() {
            section.card.topic {
                h3 { (words.home.topics[topic as usize]) }
                ul.links { @for article in articles { li { a href={ "/help/articles/" (article.slug) } { span.title { (filling.plain(&article.text.title)) } } } } }
            }
        }
    }
}
