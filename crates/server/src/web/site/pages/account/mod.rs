//! What customers do by themselves once they have shown who they are: the number, the code, and what that opens. The pages for a number that
//! is registered and for one that is not are the same.

pub(in crate::web::site) mod act;
mod door;
pub(in crate::web::site) mod refund;
pub(in crate::web::site) mod transaction;

pub(in crate::web::site) use door::Guest;

use crate::visits::{NotOpened, Visiting};
use crate::web::site::layout;
use crate::web::site::parts::{self, Tone};
use crate::web::site::words;
use crate::web::site::words::account::AccountWords;
use act::Act;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::Response;
use door::{Cookie, PATH};
use maud::{Markup, html};
use serde::Deserialize;
use walletline_core::help::{Came, NotAsked, Wish};
use walletline_core::kernel::pii::Pii;

/// Longer than any number or code that somebody writes with spaces.
const FIELD_CHARS_MAX: usize = 40;

/// The first form.
#[derive(Deserialize)]
pub(in crate::web::site) struct Number {
    #[serde(default)]
    wallet: String,
    #[serde(default)]
    number: String,
}

/// A code, of whichever kind.
#[derive(Deserialize)]
pub(in crate::web::site) struct Code {
    #[serde(default)]
    code: String,
}

/// `GET /help/account`, and what stands in the browser's line after a form that was refused.
pub(in crate::web::site) async fn show(guest: Guest) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    match guest.visiting().await {
        Some(visiting) if visiting.visit().is_verified() => {
            guest.page(w.menu_title, &menu(w, None), StatusCode::OK, Cookie::Keep)
        }
        Some(_) => guest.page(w.code_title, &code_form(&guest, w, None), StatusCode::OK, Cookie::Keep),
        None if guest.shows_one() => number_page(&guest, StatusCode::OK, Some(w.ended), Cookie::Clear),
        None => number_page(&guest, StatusCode::OK, None, Cookie::Keep),
    }
}

/// `POST /help/account`.
pub(in crate::web::site) async fn open(mut guest: Guest, form: Result<Form<Number>, FormRejection>) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let wrong = |guest: &Guest| number_page(guest, StatusCode::UNPROCESSABLE_ENTITY, Some(w.wrong_number), Cookie::Keep);
    let Ok(Form(Number { wallet, number })) = form else { return wrong(&guest) };
    let known = guest.state.config.wallets.iter().find(|known| known.id == wallet);
    let wallet = known.map_or(&guest.visitor.wallet.id, |known| &known.id).clone();
    let Some(number) = typed(&number) else { return wrong(&guest) };
    match guest.open(wallet, Pii::new(number)).await {
        Ok(()) => guest.go(PATH, Cookie::Keep),
        Err(NotOpened::NotANumber) => wrong(&guest),
        Err(error @ (NotOpened::NoRoom | NotOpened::Unavailable)) => {
            tracing::warn!(%error, "nobody is let in on the help pages");
            guest.page(w.title, &to_a_person(&guest, w.unavailable), StatusCode::SERVICE_UNAVAILABLE, Cookie::Keep)
        }
    }
}

/// `POST /help/account/code`.
pub(in crate::web::site) async fn code(mut guest: Guest, form: Result<Form<Code>, FormRejection>) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let Some(mut visiting) = guest.visiting().await else { return ended(&guest) };
    if visiting.visit().is_verified() {
        return guest.go(PATH, Cookie::Keep);
    }
    let code = form.ok().and_then(|Form(Code { code })| typed(&code)).unwrap_or_default();
    match visiting.ask(Wish::CheckCode(Pii::new(code))).await {
        Ok(Came::Right) if guest.renew(&mut visiting) => guest.go(PATH, Cookie::Keep),
        Ok(Came::Wrong) => {
            let main = code_form(&guest, w, Some(w.wrong_code));
            guest.page(w.code_title, &main, StatusCode::UNPROCESSABLE_ENTITY, Cookie::Keep)
        }
        came => otherwise(&guest, &came),
    }
}

/// `POST /help/account/code/again`.
pub(in crate::web::site) async fn another_code(guest: Guest) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let Some(mut visiting) = guest.visiting().await else { return ended(&guest) };
    if visiting.visit().is_verified() {
        return guest.go(PATH, Cookie::Keep);
    }
    match visiting.ask(Wish::AnotherCode).await {
        Ok(Came::Named) => guest.page(w.code_title, &code_form(&guest, w, Some(w.code_again)), StatusCode::OK, Cookie::Keep),
        came => otherwise(&guest, &came),
    }
}

/// `POST /help/account/leave`.
pub(in crate::web::site) async fn leave(guest: Guest) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    if let Some(mut visiting) = guest.visiting().await {
        visiting.leave();
    }
    number_page(&guest, StatusCode::OK, Some(w.left), Cookie::Clear)
}

/// What any of the pages says to what it cannot go on with.
fn otherwise(guest: &Guest, came: &Result<Came, NotAsked>) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let person = |words, cookie| guest.page(w.title, &to_a_person(guest, words), StatusCode::OK, cookie);
    match came {
        Ok(Came::WrongAndOver) => person(w.over, Cookie::Clear),
        Err(NotAsked::Over) => ended(guest),
        Err(NotAsked::TooMany) | Ok(Came::Person) => person(w.person, Cookie::Keep),
        Err(NotAsked::NothingToAskAbout | NotAsked::NotPermitted(_) | NotAsked::NotATransaction) => guest.go(PATH, Cookie::Keep),
        Ok(
            Came::Named
            | Came::NotANumber
            | Came::Right
            | Came::Wrong
            | Came::Found
            | Came::NotFound
            | Came::Several
            | Came::Watched
            | Came::Offered
            | Came::NotRefundable(_)
            | Came::RefundTaken
            | Came::ActTaken
            | Came::Unavailable,
        ) => unavailable(guest),
    }
}

fn unavailable(guest: &Guest) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    guest.page(w.title, &to_a_person(guest, w.unavailable), StatusCode::SERVICE_UNAVAILABLE, Cookie::Keep)
}

/// Nobody is there any more.
fn ended(guest: &Guest) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    number_page(guest, StatusCode::UNAUTHORIZED, Some(w.ended), Cookie::Clear)
}

fn number_page(guest: &Guest, status: StatusCode, told: Option<&str>, cookie: Cookie) -> Response {
    let w = AccountWords::of(guest.visitor.language);
    let can = guest.state.visits.as_ref().is_some_and(|visits| visits.can_verify(&guest.visitor.wallet.id));
    if !can {
        return guest.page(w.title, &to_a_person(guest, w.no_codes), StatusCode::OK, cookie);
    }
    let invalid = (status == StatusCode::UNPROCESSABLE_ENTITY).then_some("true");
    let wallets = &guest.state.config.wallets;
    let main = html! {
        (head(guest, w, w.title))
        (told_first(told))
        p.lead { (w.lead) }
        form method="post" action=(PATH) {
            @if wallets.len() > 1 {
                div.field {
                    label for="wallet" { (w.wallet) }
                    select #wallet name="wallet" {
                        @for wallet in wallets {
                            option value=(wallet.id) selected[wallet.id == guest.visitor.wallet.id] {
                                (wallet.name_in(guest.visitor.language))
                            }
                        }
                    }
                }
            }
            div.field {
                label for="number" { (w.number) }
                input #number type="tel" name="number" required maxlength=(FIELD_CHARS_MAX) autocomplete="tel" inputmode="tel"
                    aria-describedby="number-hint" aria-invalid=[invalid];
                p.muted.small #number-hint { (w.number_hint) }
            }
            button.button.wide type="submit" { (w.send) }
        }
        p.muted { (w.kept) }
        p { a.alone href="/help/call" { (w.rather_call) } }
    };
    guest.page(w.title, &main, status, cookie)
}

fn code_form(guest: &Guest, w: &AccountWords, told: Option<&str>) -> Markup {
    html! {
        (head(guest, w, w.code_title))
        (told_first(told))
        p.lead { (w.code_lead) }
        form method="post" action={ (PATH) "/code" } {
            (code_field("code", w.code, w.code_hint, true))
            button.button.wide type="submit" { (w.check) }
        }
        form method="post" action={ (PATH) "/code/again" } {
            p.muted { (w.another_lead) }
            button.button.quiet type="submit" { (w.another) }
        }
        // A number is enough to stop everything: who it is for is told of it.
        p { a.alone href={ (PATH) "/acts/" (Act::Freeze.name()) } { (w.acts.of(Act::Freeze).name) } }
        (leave_form(w.another_number))
    }
}

/// A field for a code of six digits.
fn code_field(id: &str, label: &str, hint: &str, required: bool) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input.number id=(id) type="text" name="code" required[required] maxlength=(FIELD_CHARS_MAX) inputmode="numeric"
                autocomplete="one-time-code" aria-describedby={ (id) "-hint" };
            p.muted.small id={ (id) "-hint" } { (hint) }
        }
    }
}

/// What a verified visitor may ask for.
fn menu(w: &AccountWords, told: Option<&str>) -> Markup {
    html! {
        h1 { (w.menu_title) }
        (told_first(told))
        p.lead { (w.menu_lead) }
        section.card.strong aria-labelledby="find" {
            h2 #find { (w.find) }
            form method="post" action={ (PATH) "/transaction" } {
                div.field {
                    label for="transaction" { (w.transaction) }
                    input.number #transaction type="text" name="transaction" required maxlength=(FIELD_CHARS_MAX) inputmode="numeric"
                        autocomplete="off" aria-describedby="transaction-hint" aria-invalid=[told.map(|_| "true")];
                    p.muted.small #transaction-hint { (w.transaction_hint) }
                }
                button.button.wide type="submit" { (w.find_button) }
            }
        }
        section.section aria-labelledby="acts" {
            h2 #acts { (w.acts.title) }
            p { (w.acts.lead) }
            ul.links { @for act in Act::ALL { li { a.alone href={ (PATH) "/acts/" (act.name()) } { (w.acts.of(act).name) } } } }
        }
        (leave_form(w.leave))
    }
}

fn leave_form(words: &str) -> Markup {
    html! { form method="post" action={ (PATH) "/leave" } { button.button.quiet type="submit" { (words) } } }
}

fn head(guest: &Guest, w: &AccountWords, title: &str) -> Markup {
    html! {
        (parts::crumbs(&words::of(guest.visitor.language).shared, w.title))
        h1 { (title) }
    }
}

fn told_first(told: Option<&str>) -> Markup {
    html! { @if let Some(told) = told { div role="alert" { (parts::notice(Tone::Warning, &html! { p { (told) } })) } } }
}

/// Words, and the ways to a person.
fn to_a_person(guest: &Guest, (title, text): (&str, &str)) -> Markup {
    let visitor = &guest.visitor;
    let (shared, w) = (&words::of(visitor.language).shared, AccountWords::of(visitor.language));
    html! {
        (head(guest, w, title))
        p.lead role="status" { (text) }
        @if let Some(number) = layout::official_number(&guest.state, &visitor.wallet.id) { (parts::number(shared, &number)) }
        p { a.button href="/help/call" { (shared.call) } }
        p { a.alone href=(PATH) { (w.again) } }
    }
}

/// The zone in which the customers of the visit's wallet are told times.
fn zone(guest: &Guest, visiting: &Visiting) -> jiff::tz::TimeZone {
    let wallet = guest.state.config.wallets.iter().find(|wallet| wallet.id == visiting.visit().contact().wallet);
    wallet.map_or(jiff::tz::TimeZone::UTC, |wallet| wallet.zone.clone())
}

/// What somebody typed, without what they set it apart with; none where nothing is left, or too much.
fn typed(text: &str) -> Option<String> {
    let apart = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '(' | ')' | '.' | '/');
    let bare: String = text.chars().filter(apart).map(narrow).collect();
    (!bare.is_empty() && text.chars().count() <= FIELD_CHARS_MAX).then_some(bare)
}

/// Keyboards for Chinese write digits in full width.
const fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '＋' => match char::from_u32(c as u32 - 0xfee0) {
            Some(narrow) => narrow,
            None => c,
        },
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, bare) in [
            ("190 0000 0001", Some("19000000001")),
            ("+86 (190) 0000-0001", Some("+8619000000001")),
            ("１９０００００００１", Some("1900000001")),
            ("  ", None),
            ("", None),
        ] {
            assert_eq!(typed(text).as_deref(), bare, "{text}");
        }
        assert_eq!(typed(&"1".repeat(FIELD_CHARS_MAX + 1)), None);
    }
}
