//! An article: the answer first, then the rest, what to read next, and when somebody last checked that it is true.

use crate::knowledge::{self, Figures, Filling, Published};
use crate::web::State;
use crate::web::error::Problem;
use crate::web::site::layout::{self, Place};
use crate::web::site::parts::{self, Icon, Tone};
use crate::web::site::visitor::Visitor;
use crate::web::site::words::{self, Article, Words};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};
use serde_json::json;
use walletline_core::kernel::time::Wall;

/// `GET /help/articles/{slug}`.
pub(in crate::web::site) async fn show(Shared(state): Shared<State>, visitor: Visitor, Path(slug): Path<String>) -> Response {
    let words = words::of(visitor.language);
    let shelf = match state.library.shelf(&visitor.wallet.id, visitor.language).await {
        Ok(shelf) => shelf,
        Err(error) => return Problem::from(error).into_response(),
    };
    let Some(article) = shelf.article(&slug) else {
        let mut response = visitor.answer(missing(&state, &visitor, words));
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let number = layout::official_number(&state, &visitor.wallet.id).unwrap_or_default();
    let filling = filling(&state, &visitor, words, &number);
    let related = article.text.related.iter().filter_map(|slug| shelf.article(slug));
    let title = filling.plain(&article.text.title);
    let main = html! {
        (parts::crumbs(&words.shared, &title))
        article {
            h1 { (title) }
            p.lead.short-answer { (filling.plain(&article.text.summary)) }
            @if let Some(key) = &article.text.key { (keys(&words.article, key, &number)) }
            div.prose.section { (PreEscaped(knowledge::html(&article.text.body, &filling))) }
            (checked(&words.article, article, day_of(&visitor, state.clock.wall())))
        }
        (next(&words.article, &filling, related))
        (still_open(&state, &visitor, words))
        (for_search_engines(&filling, article))
    };
    visitor.answer(layout::page(&state, &visitor, Place::Elsewhere, &title, &main))
}

/// What stands for the placeholders of this visitor's articles.
pub(super) fn filling<'a>(state: &'a State, visitor: &'a Visitor, words: &Words, line: &'a str) -> Filling<'a> {
    let figures = Figures { times: &state.times, wallet: &visitor.wallet.id, language: visitor.language };
    Filling { wallet: visitor.wallet_name(), line, official_numbers: words.article.official_numbers, figures }
}

/// The keys that lead to this matter on the phone, one after the other.
fn keys(w: &Article, key: &str, number: &str) -> Markup {
    html! {
        p.keys {
            (parts::icon(Icon::Phone))
            span {
                (w.on_the_phone) " "
                a.number href={ "tel:" (number) } { (number) }
                @if key != "9" { " › " (w.language_first) }
                @for part in key.split('-') { " › " kbd { (part) } }
            }
        }
    }
}

fn checked(w: &Article, article: &Published, today: Date) -> Markup {
    let text = &article.text;
    html! {
        @if text.review_by < today { (parts::notice(Tone::Warning, &html! { p { (w.review_due) } })) }
        p.muted.small.section {
            (w.checked_on) " " time datetime=(text.reviewed) { (text.reviewed) } " · " (w.version) " " (article.version)
        }
    }
}

fn next<'a>(w: &Article, filling: &Filling<'_>, related: impl Iterator<Item = &'a Published>) -> Markup {
    let related: Vec<&Published> = related.collect();
    html! {
        @if !related.is_empty() {
            section aria-labelledby="related" {
                h2 #related { (w.related) }
                (links(filling, related.into_iter()))
            }
        }
    }
}

/// A list of articles with their answers.
pub(super) fn links<'a>(filling: &Filling<'_>, articles: impl Iterator<Item = &'a Published>) -> Markup {
    html! {
        ul.links.card {
            @for article in articles {
                li {
                    a href={ "/help/articles/" (article.slug) } {
                        strong { (filling.plain(&article.text.title)) }
                        span.muted { (filling.plain(&article.text.summary)) }
                    }
                }
            }
        }
    }
}

/// What to do when reading did not help.
pub(super) fn still_open(state: &State, visitor: &Visitor, words: &Words) -> Markup {
    html! {
        @if let Some(number) = layout::official_number(state, &visitor.wallet.id) {
            section.card.strong {
                h2 { (words.article.still_open) }
                p { (words.article.still_open_text) }
                (parts::number(&words.shared, &number))
                p { a.alone href="/help/call" { (words.shared.call) } }
            }
        }
    }
}

fn missing(state: &State, visitor: &Visitor, words: &Words) -> Markup {
    let w = &words.article;
    let main = html! {
        (parts::crumbs(&words.shared, w.missing))
        h1 { (w.missing) }
        p.lead { (w.missing_text) }
        div.section { (parts::search(&words.shared, "")) }
        (still_open(state, visitor, words))
    };
    layout::page(state, visitor, Place::Elsewhere, w.missing, &main)
}

/// The question and its answer in schema.org's words. Data, not a script: nothing runs, so the policy has nothing to refuse.
fn for_search_engines(filling: &Filling<'_>, article: &Published) -> Markup {
    let answer = json!({
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [{
            "@type": "Question",
            "name": filling.plain(&article.text.title),
            "acceptedAnswer": { "@type": "Answer", "text": filling.plain(&article.text.summary) },
        }],
    });
    // Nothing in it may end the element it stands in.
    let text = answer.to_string().replace('<', "\\u003c");
    html! { script type="application/ld+json" { (PreEscaped(text)) } }
}

/// The day in the wallet's zone.
fn day_of(visitor: &Visitor, at: Wall) -> Date {
    let instant = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    instant.to_zoned(visitor.wallet.zone.clone()).date()
}
