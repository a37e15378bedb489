//! The public site: the help centre and the official numbers. Every page is made here and is whole without JavaScript; a small
//! script makes some of it nicer. Pages show public facts alone, whoever asks;
//! only those of `pages/account` know a visitor, by a session of their own.

mod layout;
mod pages;
mod parts;
mod visitor;
mod words;

pub(super) use pages::search::QUESTION_CHARS_MAX;
pub(in crate::web) use visitor::Visitor;

use super::auth::own_origin;
use super::{State, assets, case_form, prepared};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;

/// Pages that anybody may open.
pub(super) fn router() -> Router<State> {
    let form = DefaultBodyLimit::max(prepared::FORM_BYTES_MAX);
    let case = DefaultBodyLimit::max(case_form::FORM_BYTES_MAX);
    Router::new()
        .route("/help", get(pages::home::show))
        .route("/help/articles/{slug}", get(pages::article::show))
        .route("/help/call", get(pages::call::show))
        .route("/help/check", get(pages::check::show))
        .route("/help/check/report", post(pages::check::report))
        .route("/help/hours", get(pages::hours::show))
        .route("/help/offline", get(pages::offline::show))
        .route("/help/search", get(pages::search::show))
        .route("/help/wait", get(pages::wait::show))
        .route("/help/refunds/{id}/{until}/{token}", get(pages::refund::show))
        .route("/official-numbers", get(pages::official_numbers::show))
        .route("/n/{number}", get(pages::number::show))
        // Pages are made for their visitor and cannot be compressed ahead. Nothing secret is in them, so their size tells nothing.
        .layer(CompressionLayer::new())
        .route("/help/complain", get(pages::case_form::complain).post(pages::case_form::file_complaint).layer(case))
        .route("/help/cases/{reference}/{until}/{token}", get(pages::case::show).post(pages::case::add).layer(case))
        .route("/help/dispute", get(pages::case_form::dispute).post(pages::case_form::file_dispute).layer(case))
        .route("/help/prepare", get(pages::prepare::show).post(pages::prepare::make).layer(form))
        .route("/help/worker.js", get(assets::worker))
        .merge(account())
}

/// What a customer does once they have shown who they are. Not compressed: these pages differ by who asks.
fn account() -> Router<State> {
    use pages::account::{self, act, refund, transaction};
    Router::new()
        .route("/help/account", get(account::show).post(account::open))
        // What was refused stands under the address it was sent to, and may be asked for there in another language.
        .route("/help/account/code", get(account::show).post(account::code))
        .route("/help/account/code/again", get(account::show).post(account::another_code))
        .route("/help/account/leave", get(account::show).post(account::leave))
        .route("/help/account/transaction", get(transaction::show).post(transaction::find))
        .route("/help/account/transaction/watch", get(transaction::show).post(transaction::watch))
        .route("/help/account/refund", get(refund::show).post(refund::look))
        .route("/help/account/refund/request", get(refund::show).post(refund::request))
        .route("/help/account/acts/{act}", get(act::show).post(act::ask))
        .route("/help/account/done", get(act::done))
        .layer(from_fn(own_origin))
}
