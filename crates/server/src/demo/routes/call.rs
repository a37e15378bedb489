//! The demo phone's call: one connection, one call, signalled here and spoken through WebRTC.

use crate::demo::wire::{DialEnd, FromPhone, ToPhone};
use crate::engine::{CallEnd, DialRefused, DialedCall};
use crate::web::State;
use crate::web::auth::SameOrigin;
use axum::extract::State as Shared;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use std::time::Duration;
use tokio::time::timeout;
use walletline_core::kernel::pii::Pii;

/// A browser's SDP with all its candidates has a few thousand bytes.
const MESSAGE_BYTES_MAX: usize = 64 * 1_024;

/// A phone that connects dials at once; one that does not is gone.
const DIAL_MAX: Duration = Duration::from_secs(15);

/// A phone that does not take a message within this long is gone.
const SEND_MAX: Duration = Duration::from_secs(5);

/// E.164: a plus sign and at most 15 digits.
const MSISDN_CHARS_MAX: usize = 16;

/// Digits of a call pass.
const PASS_DIGITS: usize = 6;

/// Opens the connection of a call.
#[utoipa::path(get, path = "/demo/api/call", operation_id = "connectDemoCall", tag = "demo", security(()),
    description = "A WebSocket. The phone sends `FromPhone` messages, `dial` first; the server sends `ToPhone` messages.",
    responses(
    (status = 101, description = "Connected."),
    (status = 403, body = crate::web::wire::Problem, description = "Opened by a page of another address."),
))]
pub(crate) async fn connect(Shared(state): Shared<State>, _: SameOrigin, upgrade: WebSocketUpgrade) -> Response {
    let sized = upgrade.max_message_size(MESSAGE_BYTES_MAX).max_frame_size(MESSAGE_BYTES_MAX);
    sized.on_upgrade(move |mut socket| async move {
        if let Some(cause) = serve(&state, &mut socket).await {
            send(&mut socket, &ToPhone::Ended { cause }).await;
        }
    })
}

/// Leads one call. Gives back how it ended, unless the phone is gone and nobody wants to know.
async fn serve(state: &State, socket: &mut WebSocket) -> Option<DialEnd> {
    let FromPhone::Dial { line, msisdn, sdp, pass } = timeout(DIAL_MAX, heard(socket)).await.ok()?? else {
        return Some(DialEnd::Failed);
    };
    if !is_msisdn(&msisdn) {
        return Some(DialEnd::Failed);
    }
    let dialled = state.engine.dial_in(line, msisdn, sdp, pass.and_then(carried));
    tokio::pin!(dialled);
    let mut hung_up = false;
    let call = loop {
        tokio::select! {
            call = &mut dialled => break call,
            // Whoever hangs up while it is being set up waits for the leg, so that it can be ended.
            message = heard(socket), if !hung_up => hung_up = !matches!(message, Some(FromPhone::Dial { .. })),
        }
    };
    let DialedCall { leg, answer, mut ended } = match call {
        Ok(call) => call,
        Err(refused) => return Some(cause(&refused)),
    };
    let mut gone = hung_up || !send(socket, &ToPhone::Answer { sdp: answer }).await;
    loop {
        if gone {
            state.engine.hang_up(leg).await;
            return Some(DialEnd::HungUp);
        }
        tokio::select! {
            end = &mut ended => return Some(match end {
                Ok(CallEnd::HungUp) => DialEnd::HungUp,
                Ok(CallEnd::Failed) | Err(_) => DialEnd::Failed,
            }),
            message = heard(socket) => gone = !matches!(message, Some(FromPhone::Dial { .. })),
        }
    }
}

/// The phone's next message; none when it is gone or says what it must not.
async fn heard(socket: &mut WebSocket) -> Option<FromPhone> {
    loop {
        match socket.recv().await? {
            Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            Ok(Message::Binary(_) | Message::Close(_)) | Err(_) => return None,
        }
    }
}

async fn send(socket: &mut WebSocket, message: &ToPhone) -> bool {
    let Ok(text) = serde_json::to_string(message) else { return false };
    matches!(timeout(SEND_MAX, socket.send(Message::Text(text.into()))).await, Ok(Ok(())))
}

/// A number as the network would show it, or none.
fn is_msisdn(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    text.is_empty() || (text.len() <= MSISDN_CHARS_MAX && digits.len() >= 7 && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// A code as it can be given out; anything else is as if the call brought none.
fn carried(code: String) -> Option<Pii<String>> {
    (code.len() == PASS_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())).then(|| Pii::new(code))
}

const fn cause(refused: &DialRefused) -> DialEnd {
    match refused {
        DialRefused::UnknownLine => DialEnd::UnknownLine,
        DialRefused::Busy => DialEnd::Busy,
        DialRefused::Overloaded => DialEnd::Overloaded,
        DialRefused::Failed(_) => DialEnd::Failed,
    }
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
