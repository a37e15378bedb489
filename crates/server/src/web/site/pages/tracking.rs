//! The frame of pages that tell by a link how something stands: what the link leads to, or why it leads to nothing.

use crate::tracking::Tracked;
use crate::web::State;
use crate::web::site::layout::{self, Place};
use crate::web::site::parts;
use crate::web::site::visitor::Visitor;
use crate::web::site::words;
use crate::web::site::words::tracking::TrackingWords;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use std::fmt::Display;
use walletline_core::kernel::time::Wall;

/// The page behind a link: `stands` makes it, where the link leads somewhere.
pub(super) fn answer<T, E: Display>(
    state: &State,
    visitor: &Visitor,
    title: &str,
    found: Result<Tracked<T>, E>,
    stands: impl FnOnce(T) -> Markup,
) -> Response {
    let w = TrackingWords::of(visitor.language);
    let (status, title, main) = match found {
        Ok(Tracked::Stands(of)) => (StatusCode::OK, title, stands(of)),
        Ok(Tracked::Over) => (StatusCode::GONE, w.over.0, told(state, visitor, w.over.0, w.over.1)),
        Ok(Tracked::NotOurs) => (StatusCode::NOT_FOUND, w.not_ours.0, told(state, visitor, w.not_ours.0, w.not_ours.1)),
        Err(error) => {
            tracing::warn!(%error, "how something stands cannot be told");
            (StatusCode::SERVICE_UNAVAILABLE, title, told(state, visitor, title, w.away))
        }
    };
    let page = layout::plain_page(state, visitor, Place::Elsewhere, title, &html! {}, &main);
    kept_private(visitor.answer(page), status)
}

/// Whoever holds the address may see the page: nobody else is to keep or find it.
pub(super) fn kept_private(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}

fn told(state: &State, visitor: &Visitor, title: &str, text: &str) -> Markup {
    html! { h1 { (title) } p.lead { (text) } (call(state, visitor)) }
}

/// The official number of the visitor's wallet.
pub(super) fn call(state: &State, visitor: &Visitor) -> Markup {
    let w = words::of(visitor.language);
    html! {
        @if let Some(number) = layout::official_number(state, &visitor.wallet.id) {
            section { h2 { (w.shared.official_number) } (parts::number(&w.shared, &number)) }
        }
    }
}

/// The zone in which a wallet's customers are told times.
pub(super) fn zone(state: &State, wallet: &str) -> TimeZone {
    let wallet = state.config.wallets.iter().find(|known| known.id == wallet);
    wallet.map_or(TimeZone::UTC, |wallet| wallet.zone.clone())
}

/// A time, with its zone.
pub(super) fn written(at: Wall, zone: &TimeZone) -> String {
    let zoned = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
    zoned.strftime("%Y-%m-%d %H:%M (UTC%:z)").to_string()
}
