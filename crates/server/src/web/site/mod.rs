//! The public site: the help centre and the official numbers. Every page is made here and is whole without JavaScript; a small
//! script makes some of it nicer. Pages show public facts alone, whoever asks.

mod layout;
mod pages;
mod parts;
mod visitor;
mod words;

use super::State;
use super::prepared::FORM_BYTES_MAX;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

/// Pages that anybody may open.
pub(super) fn router() -> Router<State> {
    let form = DefaultBodyLimit::max(FORM_BYTES_MAX);
    Router::new()
        .route("/help", get(pages::home::show)).route("/help/call", get(pages::call::show))
        .route("/help/prepare", get(pages::prepare::show).post(pages::prepare::make).layer(form))
}
