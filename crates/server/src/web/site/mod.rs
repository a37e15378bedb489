//! The public site: the help centre and the official numbers. Every page is made here and is whole without JavaScript; a small
//! script makes some of it nicer. Pages show public facts alone, whoever asks.

mod layout;
mod pages;
mod visitor;
mod words;

use super::State;
use axum::Router;
use axum::routing::get;

/// Pages that anybody may open.
pub(super) fn router() -> Router<State> {
    Router::new().route("/help", get(pages::home::show))
}
