//! Is this number official? A form that works without a script, an answer with what to do, and a way to report a fake.

use crate::directory::{CheckError, Checked, advice, near_words};
use crate::web::State;
use crate::web::error::Problem;
use crate::web::site::layout::{self, Place};
use crate::web::site::visitor::Visitor;
use crate::web::site::words::directory::{self, DirectoryWords};
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use serde::Deserialize;
use walletline_core::directory::{Answer, READ_CHARS_MAX, Seen, WHERE_CHARS_MAX};
use walletline_core::kernel::language::Language;

/// What is asked about.
#[derive(Deserialize)]
pub(in crate::web::site) struct Asked {
    number: Option<String>,
}

/// What is reported.
#[derive(Deserialize)]
pub(in crate::web::site) struct Report {
    number: String,
    seen_at: String,
    #[serde(default)]
    details: String,
}

/// `GET /help/check`, with `?number=` the answer.
pub(in crate::web::site) async fn show(
    Shared(state): Shared<State>,
    visitor: Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let w = DirectoryWords::of(visitor.language);
    // A page is shown whatever stands in its query.
    let number = asked.ok().and_then(|Query(asked)| asked.number);
    let checked = match &number {
        None => None,
        Some(number) => Some(state.directory.check(number).await),
    };
    let result = match &checked {
        None => html! {},
        Some(Err(_)) => html! { p.card.warn role="alert" { (w.nothing) } },
        Some(Ok(checked)) => html! {
            (answer(&state, &visitor, checked))
            @if checked.finding.answer != Answer::Official { (report_form(&visitor, checked.reading.text())) }
        },
    };
    answered(&state, &visitor, number.as_deref().unwrap_or_default(), &result)
}

/// `POST /help/check/report`.
pub(in crate::web::site) async fn report(
    Shared(state): Shared<State>,
    visitor: Visitor,
    form: Result<Form<Report>, FormRejection>,
) -> Result<Response, Problem> {
    let w = DirectoryWords::of(visitor.language);
    let outcome = match form {
        Err(_) => Err(CheckError::Nothing),
        Ok(Form(Report { number, seen_at, details })) => {
            let seen = Seen::ALL.into_iter().find(|seen| seen.name() == seen_at).unwrap_or(Seen::Other);
            state.directory.report(state.fresh_id()?, &number, seen, &details).await
        }
    };
    let (status, result) = match outcome {
        Ok(()) => (StatusCode::OK, html! { p.card role="status" { (w.report_taken) } }),
        Err(CheckError::Nothing) => (StatusCode::UNPROCESSABLE_ENTITY, html! { p.card.warn role="alert" { (w.nothing) } }),
        Err(CheckError::Read(_) | CheckError::Commit(_)) => {
            (StatusCode::SERVICE_UNAVAILABLE, html! { p.card.warn role="alert" { (w.report_not_taken) } })
        }
    };
    let mut response = answered(&state, &visitor, "", &result).into_response();
    *response.status_mut() = status;
    Ok(response)
}

fn answered(state: &State, visitor: &Visitor, number: &str, result: &Markup) -> Response {
    let w = DirectoryWords::of(visitor.language);
    let main = html! {
        h1 { (w.check_title) }
        p #check-intro { (w.check_intro) }
        form.check method="get" action="/help/check" {
            label for="number" { (w.check_field) }
            input #number name="number" value=(number) required maxlength=(READ_CHARS_MAX) autocomplete="off" autocapitalize="off"
                spellcheck="false" aria-describedby="number-hint";
            p.hint #number-hint { (w.check_hint) }
            button type="submit" { (w.check) }
        }
        (result)
        p { a.alone href="/official-numbers" { (w.title) } }
    };
    visitor.answer(layout::page(state, visitor, Place::Check, w.check_title, &main))
}

fn answer(state: &State, visitor: &Visitor, checked: &Checked) -> Markup {
    let (w, language, finding) = (DirectoryWords::of(visitor.language), visitor.language, &checked.finding);
    // A sign beside the colour, for whoever cannot tell the colours apart. Never a tick: see the advice.
    let (look, sign) = match finding.answer {
        Answer::Official => ("ok", "i"),
        Answer::NotListed | Answer::DirectoryStale => ("warn", "?"),
        Answer::ReportedFraud => ("bad", "!"),
    };
    html! {
        section.card.answer data-look=(look) role="status" aria-labelledby="answer" {
            p { (w.you_asked) " " strong { bdi { (checked.reading.text()) } } }
            h2 #answer { span.sign aria-hidden="true" { (sign) } " " (directory::answer(finding.answer, language)) }
            p { (advice(&state.directory, finding, &visitor.wallet.id, language)) }
            @if finding.near.len() > 1 {
                ul { @for near in &finding.near[1..] { li { (near_words(near, language)) } } }
            }
            @if let Some(listed) = finding.official.as_ref().filter(|listed| listed.entry.address.kind().is_dialled()) {
                p { a.alone href={ "/n/" (listed.entry.address.value()) } { (w.share) } }
            }
        }
    }
}

fn report_form(visitor: &Visitor, number: &str) -> Markup {
    let (w, language): (_, Language) = (DirectoryWords::of(visitor.language), visitor.language);
    html! {
        section.card {
            h2 { (w.report_title) }
            p { (w.report_intro) }
            form.check method="post" action="/help/check/report" {
                input type="hidden" name="number" value=(number);
                label for="seen_at" { (w.seen_at) }
                select #seen_at name="seen_at" {
                    @for seen in Seen::ALL { option value=(seen.name()) { (directory::seen(seen, language)) } }
                }
                label for="details" { (w.details) }
                textarea #details name="details" rows="3" maxlength=(WHERE_CHARS_MAX) aria-describedby="details-hint" {}
                p.hint #details-hint { (w.details_hint) }
                button type="submit" { (w.report) }
            }
        }
    }
}
