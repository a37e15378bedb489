//! Where one transaction stands: what the wallet says of it, the usual time with what that rests on, and to be told when it moves.

use super::door::{Cookie, Guest, PATH};
use super::{ended, leave_form, menu, otherwise, told_first, typed, zone};
use crate::help::written;
use crate::visits::Visiting;
use crate::web::site::pages::tracking;
use crate::web::site::words::account::AccountWords;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use walletline_core::help::{Came, NotAsked, Wish};
use walletline_core::ivr::dialogue::TransactionStanding;
use walletline_core::switchboard::help::Found;

/// Which transaction.
#[derive(Deserialize)]
pub(in crate::web::site) struct Named {
    #[serde(default)]
    transaction: String,
}

/// `POST /help/account/transaction`.
pub(in crate::web::site) async fn find(guest: Guest, form: Result<Form<Named>, FormRejection>) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let Some(mut visiting) = guest.visiting().await else { return ended(&guest) };
    let id = form.ok().and_then(|Form(Named { transaction })| typed(&transaction)).unwrap_or_default();
    let wrong = |words| guest.page(w.menu_title, &menu(w, Some(words)), StatusCode::UNPROCESSABLE_ENTITY, Cookie::Keep);
    match visiting.ask(Wish::Find(id)).await {
        Ok(Came::Found) => guest.go("/help/account/transaction", Cookie::Keep),
        Ok(Came::NotFound) => wrong(w.not_found),
        Ok(Came::Several) => wrong(w.several),
        Err(NotAsked::NotATransaction) => wrong(w.not_a_transaction),
        came => otherwise(&guest, &came),
    }
}

/// `GET /help/account/transaction`.
pub(in crate::web::site) async fn show(guest: Guest) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let Some(visiting) = guest.visiting().await else { return ended(&guest) };
    let Some(found) = visiting.visit().found() else { return guest.go(PATH, Cookie::Keep) };
    guest.page(w.transaction, &stands(&guest, &visiting, found), StatusCode::OK, Cookie::Keep)
}

/// `POST /help/account/transaction/watch`.
pub(in crate::web::site) async fn watch(guest: Guest) -> Response {
    let Some(mut visiting) = guest.visiting().await else { return ended(&guest) };
    match visiting.ask(Wish::Watch).await {
        Ok(Came::Watched) => guest.go("/help/account/transaction", Cookie::Keep),
        came => otherwise(&guest, &came),
    }
}

fn stands(guest: &Guest, visiting: &Visiting, found: &Found) -> Markup {
    let language = guest.visitor.language;
    let (w, zone) = (AccountWords::of(language), zone(guest, visiting));
    let (said, view) = (&found.said, &found.view);
    let (headline, by) = w.standing(&said.standing);
    html! {
        nav.crumbs aria-label=(w.way_back) { a href=(PATH) { (w.menu_title) } span aria-hidden="true" { "›" } span aria-current="page" { (w.transaction) } }
        h1 { (w.transaction) " " span.number { (grouped(&view.id)) } }
        section.card.strong data-verdict=(view.verdict) {
            p.lead { (headline) }
            dl.facts {
                dt { (w.kind) } dd { (w.kind_of(&view.kind)) }
                dt { (w.status) } dd { (w.status_of(&view.status)) }
                @if let Some((label, at)) = by { dt { (label) } dd { (written(at, matches!(said.standing, TransactionStanding::RefundDue { .. }))) } }
                @if let Some(reference) = &said.reference { dt { (w.reference) } dd.number { (reference) } }
            }
            @match view.basis.get(&language) {
                Some(basis) => p.muted { (w.basis) " " (basis) },
                None if matches!(said.standing, TransactionStanding::Unknown) => p.muted { (w.no_basis) },
                None => {}
            }
        }
        @if said.reference.is_some() { (told_first(Some(w.followed))) }
        section.section aria-labelledby="history" {
            h2 #history { (w.history) }
            @if view.events.is_empty() { p.muted { (w.no_history) } }
            ol.steps {
                @for event in &view.events {
                    li { strong { (w.event(&event.what)) } " " span.muted { (tracking::written(event.at, &zone)) } }
                }
            }
        }
        @if matches!(view.status.as_str(), "pending" | "unknown") {
            section.section aria-labelledby="watch" {
                h2 #watch { (w.watch) }
                @if visiting.visit().is_watched() {
                    p role="status" data-watched { (w.watching) }
                } @else {
                    p { (w.watch_lead) }
                    form method="post" action={ (PATH) "/transaction/watch" } { button.button.quiet type="submit" { (w.watch_button) } }
                }
            }
        }
        section.section aria-labelledby="refund" {
            h2 #refund { (w.refund.title) }
            p { (w.refund.lead) }
            form method="post" action={ (PATH) "/refund" } { button.button.quiet type="submit" { (w.refund.look) } }
        }
        p { a.alone href=(PATH) { (w.another_transaction) } }
        (leave_form(w.leave))
    }
}

/// A number in groups of four, as it is read.
fn grouped(id: &str) -> String {
    let digits: Vec<char> = id.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
