//! A call that a browser dials: one connection, one call, signalled there and spoken through WebRTC. Who may dial what, and what the
//! browser says first, is the route's business.

use super::State;
use super::wire::{DialEnd, ToCaller};
use crate::engine::{CallEnd, DialRefused, DialedCall, Dialling};
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::time::timeout;
use walletline_core::kernel::pii::Pii;

/// A browser's SDP with all its candidates has a few thousand bytes.
const MESSAGE_BYTES_MAX: usize = 64 * 1_024;

/// A page that connects dials at once; one that does not is gone.
const DIAL_MAX: Duration = Duration::from_secs(15);

/// Digits of the code of a call pass.
const PASS_DIGITS: usize = 6;

/// A browser that does not take a message within this long is gone.
const SEND_MAX: Duration = Duration::from_secs(5);

/// Offers over another network in one call. A page that makes more of them has no network at all.
const RESTARTS_MAX: u32 = 100;

/// What a page says.
pub(crate) enum Said {
    /// Dial this.
    Dials(Dialling),
    /// Dial what may not be dialled.
    Refused(DialEnd),
    /// The way to us is lost: a new offer.
    Restarts(String),
    /// Hang up.
    HangsUp,
}

/// The connection, with its messages bounded.
pub(crate) fn sized(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.max_message_size(MESSAGE_BYTES_MAX).max_frame_size(MESSAGE_BYTES_MAX)
}

/// The code of a call pass as it can be given out; anything else is as if the call brought none.
pub(crate) fn carried(code: String) -> Option<Pii<String>> {
    (code.len() == PASS_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())).then(|| Pii::new(code))
}

/// Leads one call from what the page says first to its end, and tells the page how it ended. `read` tells what a message says.
pub(crate) async fn lead<M, F>(state: &State, socket: &mut WebSocket, read: F)
where
    M: DeserializeOwned + Send,
    F: Fn(M) -> Said + Send + Sync,
{
    if let Some(cause) = serve(state, socket, &read).await {
        send(socket, &ToCaller::Ended { cause }).await;
    }
}

/// Gives back how the call ended, unless the page is gone and nobody wants to know.
async fn serve<M, F>(state: &State, socket: &mut WebSocket, read: &F) -> Option<DialEnd>
where
    M: DeserializeOwned + Send,
    F: Fn(M) -> Said + Send + Sync,
{
    // A page that dials twice is still there; one that is gone has hung up.
    let read_next = |message: Option<M>| message.map_or(Said::HangsUp, read);
    let dialling = match read(timeout(DIAL_MAX, heard(socket)).await.ok()??) {
        Said::Dials(dialling) => dialling,
        Said::Refused(cause) => return Some(cause),
        Said::Restarts(_) | Said::HangsUp => return Some(DialEnd::Failed),
    };
    let dialled = state.engine.dial_in(dialling);
    tokio::pin!(dialled);
    let mut hung_up = false;
    let call = loop {
        tokio::select! {
            call = &mut dialled => break call,
            // Whoever hangs up while it is being set up waits for the leg, so that it can be ended.
            message = heard(socket), if !hung_up => hung_up = matches!(read_next(message), Said::HangsUp),
        }
    };
    let DialedCall { leg, answer, mut ended } = match call {
        Ok(call) => call,
        Err(refused) => return Some(cause(&refused)),
    };
    let mut restarts = 0;
    let mut gone = hung_up || !send(socket, &ToCaller::Answer { sdp: answer }).await;
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
            message = heard(socket) => match read_next(message) {
                Said::HangsUp => gone = true,
                Said::Restarts(sdp) if restarts < RESTARTS_MAX => {
                    restarts += 1;
                    // A leg that is over is told of by its end.
                    if let Ok(answer) = state.engine.restart(leg, sdp).await {
                        gone = !send(socket, &ToCaller::Answer { sdp: answer }).await;
                    }
                }
                Said::Dials(_) | Said::Refused(_) | Said::Restarts(_) => {}
            },
        }
    }
}

/// The page's next message; none when it is gone or says what it must not.
async fn heard<M: DeserializeOwned>(socket: &mut WebSocket) -> Option<M> {
    loop {
        match socket.recv().await? {
            Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            Ok(Message::Binary(_) | Message::Close(_)) | Err(_) => return None,
        }
    }
}

/// Says something; false when the page is gone.
pub(crate) async fn send(socket: &mut WebSocket, message: &ToCaller) -> bool {
    let Ok(text) = serde_json::to_string(message) else { return false };
    matches!(timeout(SEND_MAX, socket.send(Message::Text(text.into()))).await, Ok(Ok(())))
}

const fn cause(refused: &DialRefused) -> DialEnd {
    match refused {
        DialRefused::UnknownLine => DialEnd::UnknownLine,
        DialRefused::Busy => DialEnd::Busy,
        DialRefused::Overloaded => DialEnd::Overloaded,
        DialRefused::Failed(_) => DialEnd::Failed,
    }
}
