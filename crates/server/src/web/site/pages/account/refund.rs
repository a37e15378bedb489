//! Money back for the transaction that was found: what can go back, the request with the second factor or without, and how it stands. The
//! request is named by the offer that it takes, so that a form sent twice is one request.

use super::door::{Cookie, Guest, PATH};
use super::{code_field, ended, leave_form, otherwise, to_a_person, told_first, typed};
use crate::visits::Visiting;
use crate::web::site::words::account::AccountWords;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use walletline_core::help::{Came, Wish};
use walletline_core::ivr::dialogue::{RefundOffer, RefundOutcome, RefundTaken};
use walletline_core::kernel::assurance::Level;
use walletline_core::kernel::money::{Currency, Money};
use walletline_core::kernel::pii::Pii;

const HERE: &str = "/help/account/refund";

/// The request.
#[derive(Deserialize)]
pub(in crate::web::site) struct Request {
    /// Which offer it takes.
    #[serde(default)]
    offer: u64,
    /// What the authenticator shows; empty where it is asked for without.
    #[serde(default)]
    code: String,
}

/// `POST /help/account/refund`: what can go back.
pub(in crate::web::site) async fn look(guest: Guest) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let Some(mut visiting) = guest.visiting().await else { return ended(&guest) };
    match visiting.ask(Wish::Refundable).await {
        Ok(Came::Offered) => guest.go(HERE, Cookie::Keep),
        Ok(Came::NotRefundable(hurdle)) => {
            let (text, reference) = w.refund.hurdle(&hurdle);
            let main = html! {
                (to_a_person(&guest, (w.refund.title, text)))
                @if let Some(reference) = reference { dl.facts { dt { (w.reference) } dd.number { (reference) } } }
                p { a.alone href="/help/account/transaction" { (w.back_to_transaction) } }
            };
            guest.page(w.refund.title, &main, StatusCode::OK, Cookie::Keep)
        }
        came => otherwise(&guest, &came),
    }
}

/// `GET /help/account/refund`: what was offered, or what was asked for.
pub(in crate::web::site) async fn show(guest: Guest) -> Response {
    let Some(visiting) = guest.visiting().await else { return ended(&guest) };
    stands(&guest, &visiting, None)
}

/// `POST /help/account/refund/request`.
pub(in crate::web::site) async fn request(mut guest: Guest, form: Result<Form<Request>, FormRejection>) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let Some(mut visiting) = guest.visiting().await else { return ended(&guest) };
    let Ok(Form(Request { offer, code })) = form else { return guest.go(HERE, Cookie::Keep) };
    // Asked for before, or another one is offered by now: the page says what is the case.
    let is_offered = visiting.visit().offer().is_some_and(|(number, _)| *number == offer);
    if !is_offered || visiting.visit().refund().is_some_and(|(number, _)| *number == offer) {
        return guest.go(HERE, Cookie::Keep);
    }
    let shows = typed(&code);
    if let Some(code) = shows.filter(|_| visiting.visit().level() < Level::A3) {
        match visiting.ask(Wish::CheckSecond(Pii::new(code))).await {
            Ok(Came::Right) if guest.renew(&mut visiting) => {}
            Ok(Came::Wrong) => return stands(&guest, &visiting, Some(w.wrong_code)),
            came => return otherwise(&guest, &came),
        }
    }
    let waits = visiting.visit().offer().is_some_and(|(_, offer)| offer.waiting.is_some());
    if waits && visiting.visit().level() < Level::A3 {
        return stands(&guest, &visiting, Some(w.refund.code_missing));
    }
    match visiting.ask(Wish::Refund).await {
        Ok(Came::RefundTaken) => guest.go(HERE, Cookie::Keep),
        came => otherwise(&guest, &came),
    }
}

fn stands(guest: &Guest, visiting: &Visiting, wrong: Option<&str>) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let visit = visiting.visit();
    let main = match (visit.refund(), visit.offer()) {
        (Some((_, taken)), _) => asked_for(w, taken),
        (None, Some((number, offer))) => offered(w, *number, offer, visit.level(), wrong),
        (None, None) => return guest.go(PATH, Cookie::Keep),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    guest.page(w.refund.title, &main, status, Cookie::Keep)
}

fn offered(w: &AccountWords, number: u64, offer: &RefundOffer, level: Level, wrong: Option<&str>) -> Markup {
    let r = &w.refund;
    html! {
        (crumbs(w))
        h1 { (r.title) }
        (told_first(wrong))
        section.card.strong {
            dl.facts {
                dt { (w.transaction) } dd.number { "…" (offer.tail) }
                dt { (r.amount) } dd.number data-amount { (amount(offer)) }
                @if let Some(reference) = &offer.waiting { dt { (w.reference) } dd.number { (reference) } }
            }
            p { @if offer.waiting.is_some() { (r.waiting) } @else { (r.offer) } }
            form method="post" action={ (PATH) "/refund/request" } {
                input type="hidden" name="offer" value=(number);
                @if level < Level::A3 {
                    (code_field("second", r.code, r.code_hint, offer.waiting.is_some()))
                }
                button.button.wide type="submit" { (r.ask) }
            }
        }
        (leave_form(w.leave))
    }
}

fn asked_for(w: &AccountWords, taken: &RefundTaken) -> Markup {
    let r = &w.refund;
    let next = match taken.outcome {
        RefundOutcome::Approved => r.approved,
        RefundOutcome::Waits => r.waits,
        RefundOutcome::NeedsFactor => r.needs_factor,
    };
    html! {
        (crumbs(w))
        h1 { (r.taken) }
        section.card.strong data-outcome {
            dl.facts { dt { (w.reference) } dd.number { (taken.reference) } }
            p.lead { (next) }
            @if matches!(taken.outcome, RefundOutcome::Waits | RefundOutcome::NeedsFactor) { p { (r.within(taken.within_s)) } }
            p { a.button href=(taken.link.expose()) { (r.follow) } }
            p.muted { (r.link_good_for) }
        }
        p { a.alone href="/help/account/transaction" { (w.back_to_transaction) } }
        p { a.alone href=(PATH) { (w.another_transaction) } }
        (leave_form(w.leave))
    }
}

fn crumbs(w: &AccountWords) -> Markup {
    html! {
        nav.crumbs aria-label=(w.way_back) {
            a href=(PATH) { (w.menu_title) } span aria-hidden="true" { "›" }
            a href="/help/account/transaction" { (w.transaction) } span aria-hidden="true" { "›" }
            span aria-current="page" { (w.refund.title) }
        }
    }
}

fn amount(offer: &RefundOffer) -> String {
    match offer.currency.parse::<Currency>() {
        Ok(currency) => Money::new(offer.minor, currency).to_string(),
        Err(_) => format!("{} {}", offer.minor, offer.currency),
    }
}
