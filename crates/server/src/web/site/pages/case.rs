//! How a case stands, by the link of a message or of the page on which it was opened: in plain words, with the next day that matters and what
//! is missing, and nothing of an account.

use super::tracking::{self, written};
use crate::cases::{Followed, Stage};
use crate::tracking::Tracked;
use crate::web::State;
use crate::web::site::visitor::Visitor;
use crate::web::site::words::cases::CaseWords;
use crate::web::site::words::tracking::TrackingWords;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use maud::{Markup, html};

/// `GET /help/cases/{reference}/{until}/{token}`.
pub(in crate::web::site) async fn show(
    Shared(state): Shared<State>,
    visitor: Visitor,
    Path((reference, until, token)): Path<(String, String, String)>,
) -> Response {
    let found = match &state.cases {
        Some(cases) => cases.tracked(&reference, &until, &token).await,
        None => Ok(Tracked::NotOurs),
    };
    let title = CaseWords::of(visitor.language).title;
    tracking::answer(&state, &visitor, title, found, |followed| stands(&state, &visitor, &followed))
}

fn stands(state: &State, visitor: &Visitor, followed: &Followed) -> Markup {
    let (w, t) = (CaseWords::of(visitor.language), TrackingWords::of(visitor.language));
    let zone = tracking::zone(state, &followed.wallet);
    html! {
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
        p.muted { (w.shows) }
        (tracking::call(state, visitor))
    }
}

const fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Working => "working",
        Stage::WaitsForCustomer => "waits_for_customer",
        Stage::Closed => "closed",
    }
}
