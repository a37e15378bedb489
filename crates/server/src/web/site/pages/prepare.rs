//! Preparing a call: the topic, what to have at hand, what to write down, and the call pass that comes of it. Whole without a script.
//! The code is shown in the answer alone and stands in no address but that of the call itself.

use crate::passes::{BadPicture, Shown};
use crate::web::State;
use crate::web::error::Problem;
use crate::web::prepared::{Prepared, Refused};
use crate::web::site::layout::{self, Place};
use crate::web::site::parts::{self, Icon, Tone};
use crate::web::site::visitor::Visitor;
use crate::web::site::words::prepare::{Errors, Prepare};
use crate::web::site::words::{self, Shared as SharedWords};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use walletline_core::call::Service;
use walletline_core::kernel::time::Wall;
use walletline_core::pass::{DESCRIPTION_CHARS_MAX, ERROR_TEXT_CHARS_MAX, NotMade, Topic};

/// Services in the order of the hotline's keys.
const SERVICES: [Service; 5] = [Service::Account, Service::Transactions, Service::Security, Service::Refunds, Service::Features];

/// The topic stands in the address, so that a page can lead to its form.
#[derive(Default, Deserialize)]
pub(in crate::web::site) struct Asked {
    topic: Option<String>,
}

/// What is wrong with what was sent: the field, and the words.
struct Wrong {
    field: &'static str,
    words: &'static str,
    status: StatusCode,
}

/// `GET /help/prepare`.
pub(in crate::web::site) async fn show(
    Shared(state): Shared<State>,
    visitor: Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let words = words::of(visitor.language);
    let topic = asked.ok().and_then(|Query(asked)| Topic::named(&asked.topic?));
    let main = match topic {
        Some(topic) => about(&visitor, topic, &Prepared::default(), None),
        None => choice(&words.shared, &words.prepare),
    };
    visitor.answer(layout::page(&state, &visitor, Place::Elsewhere, words.prepare.title, &main))
}

/// `POST /help/prepare`.
pub(in crate::web::site) async fn make(
    Shared(state): Shared<State>,
    visitor: Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
    prepared: Result<Prepared, Problem>,
) -> Response {
    let words = words::of(visitor.language);
    let p = &words.prepare;
    let in_address = asked.ok().and_then(|Query(asked)| Topic::named(&asked.topic?));
    let (prepared, wrong) = match prepared {
        Ok(mut prepared) => {
            prepared.wallet.get_or_insert_with(|| visitor.wallet.id.clone());
            prepared.language.get_or_insert(visitor.language);
            match prepared.make(&state).await {
                Ok(shown) => {
                    let main = done(&state, &visitor, &words.shared, p, &shown);
                    return visitor.answer(layout::page(&state, &visitor, Place::Elsewhere, p.done.title, &main));
                }
                Err(refused) => (prepared, wrong(&refused, &p.errors)),
            }
        }
        Err(problem) => {
            let too_large = problem.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let words = if too_large { p.errors.picture_too_large } else { p.errors.unreadable };
            let field = if too_large { "screenshot" } else { "description" };
            (Prepared::default(), Wrong { field, words, status: problem.status() })
        }
    };
    let status = wrong.status;
    let main = match prepared.topic.or(in_address) {
        Some(topic) => about(&visitor, topic, &prepared, Some(&wrong)),
        None => choice(&words.shared, p),
    };
    let mut response = visitor.answer(layout::page(&state, &visitor, Place::Elsewhere, p.title, &main));
    *response.status_mut() = status;
    response
}

fn wrong(refused: &Refused, errors: &Errors) -> Wrong {
    let (field, words, status) = match refused {
        Refused::NoTopic | Refused::NoWallet => ("description", errors.unreadable, StatusCode::UNPROCESSABLE_ENTITY),
        Refused::Picture(bad) => {
            let words = match bad {
                BadPicture::TooLarge => errors.picture_too_large,
                BadPicture::UnknownKind => errors.picture_unknown,
                BadPicture::Damaged => errors.picture_damaged,
            };
            ("screenshot", words, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Refused::Pass(NotMade::DescriptionTooLong) => {
            ("description", errors.description_too_long, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Refused::Pass(NotMade::ErrorTextTooLong) => ("error_text", errors.error_text_too_long, StatusCode::UNPROCESSABLE_ENTITY),
        Refused::Pass(NotMade::NotATransaction) => ("transaction", errors.not_a_transaction, StatusCode::UNPROCESSABLE_ENTITY),
        Refused::NoRoom => ("screenshot", errors.no_room, StatusCode::SERVICE_UNAVAILABLE),
        Refused::Pass(NotMade::TooMany) | Refused::Unavailable => {
            ("description", errors.unavailable, StatusCode::SERVICE_UNAVAILABLE)
        }
    };
    Wrong { field, words, status }
}

/// Every topic, by service.
fn choice(w: &SharedWords, p: &Prepare) -> Markup {
    html! {
        (parts::crumbs(w, p.title))
        h1 { (p.title) }
        p.lead { (p.lead) }
        h2 { (p.choose) }
        div.grid {
            @for (service, name) in SERVICES.into_iter().zip(p.services) {
                section.card {
                    h3 { (name) }
                    ul.links {
                        @for topic in Topic::ALL.into_iter().filter(|topic| topic.service() == service) {
                            li { a href={ "/help/prepare?topic=" (topic.name()) } { (p.topics[topic as usize].name) } }
                        }
                    }
                }
            }
        }
    }
}

/// What to have at hand for a topic, and the form.
fn about(visitor: &Visitor, topic: Topic, sent: &Prepared, wrong: Option<&Wrong>) -> Markup {
    let words = words::of(visitor.language);
    let (w, p) = (&words.shared, &words.prepare);
    let topic_words = &p.topics[topic as usize];
    html! {
        (parts::crumbs(w, p.title))
        @if let Some(wrong) = wrong {
            div role="alert" {
                (parts::notice(Tone::Warning, &html! { p { strong { (p.wrong) } " " a href={ "#" (wrong.field) } { (wrong.words) } } }))
            }
        }
        h1 { (topic_words.name) }
        p { a.alone href="/help/prepare" { (p.another) } }
        div.grid {
            section.card {
                h2 { (p.have_ready) }
                ul.plain-list { @for thing in topic_words.have { li { (thing) } } }
            }
            section.card {
                h2 { (p.never) }
                ul.plain-list { @for secret in p.never_tell { li { (secret) } } }
            }
        }
        section.section {
            h2 { (p.form) }
            p { (p.form_lead) }
            (form(visitor, p, topic, sent, wrong))
        }
    }
}

fn form(visitor: &Visitor, p: &Prepare, topic: Topic, sent: &Prepared, wrong: Option<&Wrong>) -> Markup {
    let invalid = |field: &str| wrong.is_some_and(|wrong| wrong.field == field).then_some("true");
    html! {
        form method="post" action={ "/help/prepare?topic=" (topic.name()) } enctype="multipart/form-data" {
            input type="hidden" name="topic" value=(topic.name());
            input type="hidden" name="wallet" value=(visitor.wallet.id);
            input type="hidden" name="language" value=(visitor.language.tag());
            @if topic.is_about_a_transaction() {
                div.field {
                    (label(p, "transaction", p.transaction))
                    input #transaction type="text" name="transaction" value=(sent.transaction) inputmode="numeric" maxlength="40"
                        autocomplete="off" aria-describedby="transaction-hint" aria-invalid=[invalid("transaction")];
                    (hint("transaction", p.transaction_hint))
                }
            }
            div.field {
                (label(p, "description", p.description))
                textarea #description name="description" rows="5" maxlength=(DESCRIPTION_CHARS_MAX) aria-describedby="description-hint"
                    aria-invalid=[invalid("description")] { (sent.description) }
                (hint("description", p.description_hint))
            }
            div.field {
                (label(p, "error_text", p.error_text))
                textarea #error_text name="error_text" rows="3" maxlength=(ERROR_TEXT_CHARS_MAX) aria-describedby="error_text-hint"
                    aria-invalid=[invalid("error_text")] { (sent.error_text) }
                (hint("error_text", p.error_text_hint))
            }
            div.field {
                (label(p, "screenshot", p.screenshot))
                input #screenshot type="file" name="screenshot" accept="image/png,image/jpeg,image/webp"
                    aria-describedby="screenshot-hint" aria-invalid=[invalid("screenshot")];
                (hint("screenshot", p.screenshot_hint))
            }
            p.muted { (p.kept) }
            button.button.wide type="submit" { (p.make) }
        }
    }
}

fn label(p: &Prepare, field: &str, name: &str) -> Markup {
    html! { label for=(field) { (name) " " span.muted.small { "(" (p.optional) ")" } } }
}

fn hint(field: &str, words: &str) -> Markup {
    html! { p.muted.small id={ (field) "-hint" } { (words) } }
}

/// The code, once.
fn done(state: &State, visitor: &Visitor, w: &SharedWords, p: &Prepare, shown: &Shown) -> Markup {
    let d = &p.done;
    let code = shown.code.expose();
    let (first, second) = code.split_at_checked(3).unwrap_or((code, ""));
    html! {
        (parts::crumbs(w, p.title))
        h1 { (d.title) }
        section.card.strong {
            p.muted { (d.code) }
            div.row {
                strong.number.large { (first) " " (second) }
                (parts::copy(w, code))
            }
            p { (d.valid) " " strong { (time(visitor, shown.expires_at, d.time)) } }
        }
        @if !shown.secrets.is_empty() {
            (parts::notice(Tone::Warning, &html! {
                p { (d.removed) }
                ul { @for secret in &shown.secrets { li { (d.secrets[*secret as usize]) } } }
            }))
        }
        section.section {
            h2 { (d.how) }
            ol.steps { @for step in d.steps { li { (step) } } }
            @if let Some(number) = layout::official_number(state, &visitor.wallet.id) { (parts::number(w, &number)) }
            p { a.button.ok href={ "/help/call?pass=" (code) } { (parts::icon(Icon::Phone)) span { (d.call) } } }
            p.muted { (d.proves_nothing) }
        }
    }
}

/// A time in the wallet's zone.
fn time(visitor: &Visitor, at: Wall, format: &str) -> String {
    let zone = visitor.wallet.zone.clone();
    let named = zone.iana_name().map(|name| format!(" ({name})")).unwrap_or_default();
    let at = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone);
    format!("{}{named}", at.strftime(format))
}
