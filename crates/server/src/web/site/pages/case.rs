//! How a case stands, by the link of a message or of the page on which it was opened: in plain words, with the next day that matters, what is
//! missing and what was sent, and nothing of an account. A file can be added while the case is open; none is ever given back here.

use super::case_form;
use super::tracking::{self, written};
use crate::cases::{Followed, Stage};
use crate::tracking::Tracked;
use crate::web::State;
use crate::web::case_form::{EVIDENCE, File, Sent};
use crate::web::error::Problem;
use crate::web::site::parts::{self, Tone};
use crate::web::site::visitor::Visitor;
use crate::web::site::words::cases::CaseWords;
use crate::web::site::words::tracking::TrackingWords;
use axum::extract::{FromRequest as _, Path, Request, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use walletline_store::ReadError;

/// The parts of a link.
type Link = (String, String, String);

/// `GET /help/cases/{reference}/{until}/{token}`.
pub(in crate::web::site) async fn show(Shared(state): Shared<State>, visitor: Visitor, Path(link): Path<Link>) -> Response {
    let found = tracked(&state, &link).await;
    answer(&state, &visitor, found, &link, None)
}

/// `POST /help/cases/{reference}/{until}/{token}`: a file. The link is looked at before any of it is read.
pub(in crate::web::site) async fn add(
    Shared(state): Shared<State>,
    visitor: Visitor,
    Path(link): Path<Link>,
    request: Request,
) -> Response {
    let found = tracked(&state, &link).await;
    let Ok(Tracked::Stands(_)) = found else { return answer(&state, &visitor, found, &link, None) };
    let w = &CaseWords::of(visitor.language).evidence;
    let Some(cases) = &state.cases else { return Problem::unavailable().into_response() };
    let outcome = match Sent::from_request(request, &state).await {
        Err(_) | Ok(Sent { file: File::None }) => Err(w.none),
        Ok(Sent { file: File::Refused(why) }) => Err(w.refused(why)),
        Ok(Sent { file: File::Staged(staged) }) => match cases.add(&link.0, staged).await {
            Ok(()) => Ok(w.taken),
            Err(error) => Err(w.not_kept(&error)),
        },
    };
    let found = tracked(&state, &link).await;
    answer(&state, &visitor, found, &link, Some(outcome))
}

async fn tracked(state: &State, (reference, until, token): &Link) -> Result<Tracked<Followed>, ReadError> {
    match &state.cases {
        Some(cases) => cases.tracked(reference, until, token).await,
        None => Ok(Tracked::NotOurs),
    }
}

/// What came of a file: taken, or why not.
type Outcome = Result<&'static str, &'static str>;

fn answer(
    state: &State,
    visitor: &Visitor,
    found: Result<Tracked<Followed>, ReadError>,
    link: &Link,
    outcome: Option<Outcome>,
) -> Response {
    let title = CaseWords::of(visitor.language).title;
    let mut response =
        tracking::answer(state, visitor, title, found, |followed| stands(state, visitor, &followed, link, outcome));
    if matches!(outcome, Some(Err(_))) && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

fn stands(state: &State, visitor: &Visitor, followed: &Followed, link: &Link, outcome: Option<Outcome>) -> Markup {
    let (w, t) = (CaseWords::of(visitor.language), TrackingWords::of(visitor.language));
    let zone = tracking::zone(state, &followed.wallet);
    html! {
        @match outcome {
            None => {}
            Some(Ok(words)) => { div role="status" { (parts::notice(Tone::Info, &html! { p { (words) } })) } }
            Some(Err(words)) => {
                div role="alert" { (parts::notice(Tone::Warning, &html! { p { a href={ "#" (EVIDENCE) } { (words) } } })) }
            }
        }
        h1 { (w.title) }
        section.card.strong {
            p.lead data-stage=(stage_name(followed.stage)) { (w.stage(followed.stage)) }
            dl.facts {
                dt { (t.reference) } dd.number { (followed.reference) }
                dt { (w.kind) } dd { (w.kind_of(followed.kind)) }
                dt { (w.opened) } dd { (written(followed.opened_at, &zone)) }
                @if let Some(due) = followed.due { dt { (w.due) } dd { (written(due, &zone)) } }
                @if let Some(at) = followed.closed_at { dt { (t.ended) } dd { (written(at, &zone)) } }
            }
        }
        (evidence(visitor, followed, link, matches!(outcome, Some(Err(_)))))
        p.muted { (w.shows) }
        (tracking::call(state, visitor))
    }
}

fn evidence(visitor: &Visitor, followed: &Followed, (reference, until, token): &Link, is_invalid: bool) -> Markup {
    let w = CaseWords::of(visitor.language);
    html! {
        section.section {
            h2 { (w.evidence.heading) }
            @if followed.evidence.is_empty() { p { (w.evidence.nothing) } }
            @else {
                ul.plain-list {
                    @for (name, bytes, state) in &followed.evidence {
                        li data-upload=(state) { (name.expose()) " · " (size(*bytes)) " · " (w.evidence.state(state)) }
                    }
                }
            }
            @if followed.stage != Stage::Closed {
                form method="post" action={ "/help/cases/" (reference) "/" (until) "/" (token) } enctype="multipart/form-data" {
                    (case_form::evidence(w, is_invalid))
                    button.button type="submit" { (w.evidence.send) }
                }
            }
        }
    }
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{} kB", bytes.div_ceil(1_000))
    } else {
        format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
    }
}

const fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Working => "working",
        Stage::WaitsForCustomer => "waits_for_customer",
        Stage::Closed => "closed",
    }
}
