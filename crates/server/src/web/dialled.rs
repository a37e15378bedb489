//! A call that a browser dials: signalled over its connection and spoken through WebRTC. A connection that is lost ends no call: the
//! page comes back over another one. Who may dial what, and what the browser says first, is the route's business.

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

/// For so long a call waits for its page to come back over another connection.
const RETURN_MAX: Duration = Duration::from_secs(20);

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
    /// Here I am again, over another connection: the ticket of the call.
    Returns(String),
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

/// Leads one call from what the page says first to its end, and tells the page how it ended; or gives the connection to the call that
/// the page comes back to. `read` tells what a message says.
pub(crate) async fn lead<M, F>(state: &State, socket: WebSocket, read: F)
where
    M: DeserializeOwned + Send,
    F: Fn(M) -> Said + Send + Sync,
{
    let mut page = Page(Some(socket));
    let Ok(Heard::Message(first)) = timeout(DIAL_MAX, page.heard()).await else { return };
    let cause = match read(first) {
        Said::Dials(dialling) => serve(state, &mut page, dialling, &read).await,
        Said::Refused(cause) => cause,
        Said::Returns(ticket) => {
            let Some(socket) = page.0.take() else { return };
            let Some(socket) = state.kept.come_back(&ticket, socket) else { return };
            page.0 = Some(socket);
            DialEnd::Failed
        }
        Said::Restarts(_) | Said::HangsUp => DialEnd::Failed,
    };
    page.send(&ToCaller::Ended { cause }).await;
}

/// Gives back how the call ended.
async fn serve<M, F>(state: &State, page: &mut Page, dialling: Dialling, read: &F) -> DialEnd
where
    M: DeserializeOwned + Send,
    F: Fn(M) -> Said + Send + Sync,
{
    let Some(mut kept) = state.kept.keep() else { return DialEnd::Failed };
    let dialled = state.engine.dial_in(dialling);
    tokio::pin!(dialled);
    let mut gone = false;
    let call = loop {
        tokio::select! {
            call = &mut dialled => break call,
            // Whoever hangs up while it is being set up waits for the leg, so that it can be ended.
            heard = page.heard(), if !gone => gone = match heard {
                Heard::Message(message) => matches!(read(message), Said::HangsUp),
                Heard::Leave | Heard::Nothing => true,
            },
        }
    };
    let DialedCall { leg, answer, mut ended } = match call {
        Ok(call) => call,
        Err(refused) => return cause(&refused),
    };
    let ticket = Some(kept.ticket().to_owned());
    gone = gone || !page.send(&ToCaller::Answer { sdp: answer, ticket }).await;
    let mut restarts = 0;
    while !gone {
        if page.0.is_none() {
            let back = async {
                tokio::select! {
                    end = &mut ended => Err(how(&end)),
                    socket = kept.returned() => Ok(socket),
                }
            };
            match timeout(RETURN_MAX, back).await {
                Ok(Ok(socket)) => page.take(socket).await,
                Ok(Err(end)) => return end,
                Err(_) => gone = true,
            }
            continue;
        }
        tokio::select! {
            end = &mut ended => return how(&end),
            // The connection that is here may be dead without a word.
            socket = kept.returned() => page.take(socket).await,
            heard = page.heard() => match heard {
                Heard::Nothing => page.0 = None,
                Heard::Leave => gone = true,
                Heard::Message(message) => match read(message) {
                    Said::HangsUp => gone = true,
                    Said::Restarts(sdp) if restarts < RESTARTS_MAX => {
                        restarts += 1;
                        // A leg that is over is told of by its end.
                        if let Ok(sdp) = state.engine.restart(leg, sdp).await
                            && !page.send(&ToCaller::Answer { sdp, ticket: None }).await
                        {
                            page.0 = None;
                        }
                    }
                    Said::Dials(_) | Said::Refused(_) | Said::Restarts(_) | Said::Returns(_) => {}
                },
            },
        }
    }
    state.engine.hang_up(leg).await;
    DialEnd::HungUp
}

/// The page's connection; none while it is lost.
struct Page(Option<WebSocket>);

/// What comes from a page.
enum Heard<M> {
    /// It says this.
    Message(M),
    /// It leaves, or says what it must not.
    Leave,
    /// The connection is lost without a word.
    Nothing,
}

impl Page {
    /// Speaks over another connection from now on.
    async fn take(&mut self, socket: WebSocket) {
        self.0 = Some(socket);
        if !self.send(&ToCaller::Returned {}).await {
            self.0 = None;
        }
    }

    async fn heard<M: DeserializeOwned>(&mut self) -> Heard<M> {
        let Some(socket) = &mut self.0 else { return Heard::Nothing };
        loop {
            match socket.recv().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).map_or(Heard::Leave, Heard::Message),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Binary(_) | Message::Close(_))) => return Heard::Leave,
                Some(Err(_)) | None => return Heard::Nothing,
            }
        }
    }

    /// Says something; false when the page is not there.
    async fn send(&mut self, message: &ToCaller) -> bool {
        match &mut self.0 {
            Some(socket) => send(socket, message).await,
            None => false,
        }
    }
}

/// Says something; false when the page is gone.
pub(crate) async fn send(socket: &mut WebSocket, message: &ToCaller) -> bool {
    let Ok(text) = serde_json::to_string(message) else { return false };
    matches!(timeout(SEND_MAX, socket.send(Message::Text(text.into()))).await, Ok(Ok(())))
}

const fn how<E>(end: &Result<CallEnd, E>) -> DialEnd {
    match end {
        Ok(CallEnd::HungUp) => DialEnd::HungUp,
        Ok(CallEnd::Failed) | Err(_) => DialEnd::Failed,
    }
}

const fn cause(refused: &DialRefused) -> DialEnd {
    match refused {
        DialRefused::UnknownLine => DialEnd::UnknownLine,
        DialRefused::Busy => DialEnd::Busy,
        DialRefused::Overloaded => DialEnd::Overloaded,
        DialRefused::Failed(_) => DialEnd::Failed,
    }
}
