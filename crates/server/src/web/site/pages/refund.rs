//! How a refund stands, by the link of a message: in plain words, with the next day that matters, and nothing of an account.

use super::tracking::{self, written};
use crate::refunds::Standing;
use crate::tracking::Tracked;
use crate::web::State;
use crate::web::site::visitor::Visitor;
use crate::web::site::words::refund::RefundWords;
use crate::web::site::words::tracking::TrackingWords;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use maud::{Markup, html};

/// `GET /help/refunds/{id}/{until}/{token}`.
pub(in crate::web::site) async fn show(
    Shared(state): Shared<State>,
    visitor: Visitor,
    Path((id, until, token)): Path<(String, String, String)>,
) -> Response {
    let found = match &state.refunds {
        Some(refunds) => refunds.tracked(&id, &until, &token).await,
        None => Ok(Tracked::NotOurs),
    };
    let title = RefundWords::of(visitor.language).title;
    tracking::answer(&state, &visitor, title, found, |standing| stands(&state, &visitor, &standing))
}

fn stands(state: &State, visitor: &Visitor, standing: &Standing) -> Markup {
    let (w, t) = (RefundWords::of(visitor.language), TrackingWords::of(visitor.language));
    let zone = tracking::zone(state, &standing.wallet);
    html! {
        h1 { (w.title) }
        section.card.strong {
            p.lead data-state=(standing.state.name()) { (w.state(standing.state, standing.needs_factor)) }
            dl.facts {
                dt { (t.reference) } dd.number { (standing.reference) }
                @if let Some(next) = standing.next { dt { (t.next) } dd { (written(next, &zone)) } }
                @if let Some(at) = standing.settled_at { dt { (t.ended) } dd { (written(at, &zone)) } }
            }
        }
        p.muted { (w.shows) }
        (tracking::call(state, visitor))
    }
}
