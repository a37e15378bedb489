//! The demo phone's call: it names the line and the number it claims to have.

use crate::demo::wire::FromPhone;
use crate::engine::Dialling;
use crate::web::auth::SameOrigin;
use crate::web::dialled::Said;
use crate::web::wire::DialEnd;
use crate::web::{State, dialled};
use axum::extract::State as Shared;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::Response;
use walletline_core::kernel::pii::Pii;

/// E.164: a plus sign and at most 15 digits.
const MSISDN_CHARS_MAX: usize = 16;

/// Opens the connection of a call.
#[utoipa::path(get, path = "/demo/api/call", operation_id = "connectDemoCall", tag = "demo", security(()),
    description = "A WebSocket. The phone sends `FromPhone` messages, `dial` or `return` first; the server sends `ToCaller` messages.",
    responses(
    (status = 101, description = "Connected."),
    (status = 400, description = "No WebSocket was asked for."),
    (status = 403, body = crate::web::wire::Problem, description = "Opened by a page of another address."),
))]
pub(crate) async fn connect(Shared(state): Shared<State>, _: SameOrigin, upgrade: WebSocketUpgrade) -> Response {
    dialled::sized(upgrade).on_upgrade(move |socket| async move { dialled::lead(&state, socket, said).await })
}

fn said(message: FromPhone) -> Said {
    match message {
        FromPhone::Dial { line, msisdn, sdp, pass } if is_msisdn(&msisdn) => {
            let pass = pass.and_then(dialled::carried);
            Said::Dials(Dialling { line, caller: Pii::new(msisdn), language: None, pass, sdp })
        }
        FromPhone::Dial { .. } => Said::Refused(DialEnd::Failed),
        FromPhone::Restart { sdp } => Said::Restarts(sdp),
        FromPhone::Return { ticket } => Said::Returns(ticket),
        FromPhone::Hangup {} => Said::HangsUp,
    }
}

/// A number as the network would show it, or none.
fn is_msisdn(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    text.is_empty() || (text.len() <= MSISDN_CHARS_MAX && digits.len() >= 7 && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::is_msisdn;

    #[test]
    fn a_number_is_e164_or_withheld() {
        for (text, good) in [
            ("+8619000000001", true),
            ("+447700900003", true),
            ("", true),
            ("8000", false),
            ("+", false),
            ("+1234567890123456", false),
            ("+86190000000a1", false),
            ("+86 190", false),
        ] {
            assert_eq!(is_msisdn(text), good, "{text}");
        }
    }
}
