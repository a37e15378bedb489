//! A call from a page of the public site. It shows no number, so nothing is known of who calls (A0).

use crate::engine::Dialling;
use crate::web::auth::SameOrigin;
use crate::web::dialled::Said;
use crate::web::extract::{Asked, Source};
use crate::web::wire::{DialEnd, FromVisitor, Language, ToCaller};
use crate::web::{State, dialled};
use axum::extract::State as Shared;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use serde::Deserialize;
use walletline_core::kernel::pii::Pii;

/// What the page knows of the call.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The number to dial.
    line: String,
    /// The language the visitor reads; the line does not ask for it again.
    lang: Option<Language>,
    /// The code of a call pass to bring; whatever is no code is as if none was brought.
    pass: Option<String>,
}

/// Opens the connection of a call.
#[utoipa::path(get, path = "/api/public/call", operation_id = "connectCall", tag = "public", security(()), params(Wanted),
    description = "A WebSocket. The page sends `FromVisitor` messages, `dial` or `return` first; the server sends `ToCaller` messages.",
    responses(
    (status = 101, description = "Connected."),
    (status = 400, description = "No WebSocket was asked for."),
    (status = 403, body = crate::web::wire::Problem, description = "Opened by a page of another address."),
    (status = 429, body = crate::web::wire::Problem, description = "Asked too often; `Retry-After` says when to try again."),
))]
pub(crate) async fn connect(
    Shared(state): Shared<State>,
    _: SameOrigin,
    source: Source,
    Asked(wanted): Asked<Wanted>,
    upgrade: WebSocketUpgrade,
) -> Response {
    dialled::sized(upgrade).on_upgrade(move |mut socket| async move {
        // Refused on the connection rather than before it: a page cannot see why a connection was not made.
        let Some(_place) = state.limits.call(source.0, state.clock.now().mono) else {
            dialled::send(&mut socket, &ToCaller::Ended { cause: DialEnd::TooMany }).await;
            return;
        };
        let read = |message| match message {
            FromVisitor::Dial { sdp } => {
                let (line, language) = (wanted.line.clone(), wanted.lang.map(Into::into));
                let pass = wanted.pass.clone().and_then(dialled::carried);
                Said::Dials(Dialling { line, caller: Pii::new(String::new()), language, pass, sdp })
            }
            FromVisitor::Restart { sdp } => Said::Restarts(sdp),
            FromVisitor::Return { ticket } => Said::Returns(ticket),
            FromVisitor::Hangup {} => Said::HangsUp,
        };
        dialled::lead(&state, socket, read).await;
    })
}
