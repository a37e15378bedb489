//! How a refund stands, by the link of a message: in plain words, with the next day that matters, and nothing of an account. A link that is
//! not ours, or has run out, is told so.

use crate::refunds::{Standing, Tracked};
use crate::web::State;
use crate::web::site::layout::{self, Place};
use crate::web::site::parts;
use crate::web::site::visitor::Visitor;
use crate::web::site::words;
use crate::web::site::words::refund::RefundWords;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use walletline_core::kernel::time::Wall;

/// `GET /help/refunds/{id}/{until}/{token}`.
pub(in crate::web::site) async fn show(
    Shared(state): Shared<State>,
    visitor: Visitor,
    Path((id, until, token)): Path<(String, String, String)>,
) -> Response {
    let w = RefundWords::of(visitor.language);
    let found = match &state.refunds {
        Some(refunds) => refunds.tracked(&id, &until, &token).await,
        None => Ok(Tracked::NotOurs),
    };
    let (status, title, main) = match found {
        Ok(Tracked::Stands(standing)) => (StatusCode::OK, w.title, stands(&state, &visitor, &standing)),
        Ok(Tracked::Over) => (StatusCode::GONE, w.over.0, told(&state, &visitor, w.over.0, w.over.1)),
        Ok(Tracked::NotOurs) => (StatusCode::NOT_FOUND, w.not_ours.0, told(&state, &visitor, w.not_ours.0, w.not_ours.1)),
        Err(error) => {
            tracing::warn!(%error, "how a refund stands cannot be told");
            (StatusCode::SERVICE_UNAVAILABLE, w.title, told(&state, &visitor, w.title, w.away))
        }
    };
    let page = layout::plain_page(&state, &visitor, Place::Elsewhere, title, &html! {}, &main);
    let mut response = visitor.answer(page);
    *response.status_mut() = status;
    // Whoever holds the address may see the page: nobody else is to keep or find it.
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}

fn stands(state: &State, visitor: &Visitor, standing: &Standing) -> Markup {
    let w = RefundWords::of(visitor.language);
    let wallet = state.config.wallets.iter().find(|wallet| wallet.id == standing.wallet);
    let zone = wallet.map_or(TimeZone::UTC, |wallet| wallet.zone.clone());
    html! {
        h1 { (w.title) }
        section.card.strong {
            p.lead data-state=(standing.state.name()) { (w.state(standing.state, standing.needs_factor)) }
            dl.facts {
                dt { (w.reference) } dd.number { (standing.reference) }
                @if let Some(next) = standing.next { dt { (w.next) } dd { (written(next, &zone)) } }
                @if let Some(at) = standing.settled_at { dt { (w.ended) } dd { (written(at, &zone)) } }
            }
        }
        p.muted { (w.shows) }
        (call(state, visitor))
    }
}

fn told(state: &State, visitor: &Visitor, title: &str, text: &str) -> Markup {
    html! { h1 { (title) } p.lead { (text) } (call(state, visitor)) }
}

/// The official number of the visitor's wallet.
fn call(state: &State, visitor: &Visitor) -> Markup {
    let w = words::of(visitor.language);
    html! {
        @if let Some(number) = layout::official_number(state, &visitor.wallet.id) {
            section { h2 { (w.shared.official_number) } (parts::number(&w.shared, &number)) }
        }
    }
}

fn written(at: Wall, zone: &TimeZone) -> String {
    let zoned = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
    zoned.strftime("%Y-%m-%d %H:%M (UTC%:z)").to_string()
}
