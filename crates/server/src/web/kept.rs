//! Calls whose page may come back: a connection breaks with the network it runs over, and the call goes on while its audio does. Each
//! call has a ticket that its page alone knows; whoever shows it takes the place of the connection that was there before.

use super::auth::{Token, lock};
use axum::extract::ws::WebSocket;
use std::collections::HashMap;
use std::sync::Mutex;
use tokio::sync::mpsc;

/// Connections that wait to be taken over by one call. A page opens one after the other.
const RETURNS_MAX: usize = 2;

/// All calls that pages lead, by the hash of their ticket.
#[derive(Default)]
pub(crate) struct KeptCalls(Mutex<HashMap<String, mpsc::Sender<WebSocket>>>);

/// One of them. Nobody comes back to it once it is dropped.
pub(crate) struct KeptCall<'a> {
    calls: &'a KeptCalls,
    ticket: Token,
    returns: mpsc::Receiver<WebSocket>,
}

impl KeptCalls {
    /// A call that its page can come back to; none when the system gives no randomness.
    pub(crate) fn keep(&self) -> Option<KeptCall<'_>> {
        let ticket = Token::random().inspect_err(|error| tracing::error!(%error, "the system gives no randomness")).ok()?;
        let (sender, returns) = mpsc::channel(RETURNS_MAX);
        lock(&self.0).insert(ticket.hash(), sender);
        Some(KeptCall { calls: self, ticket, returns })
    }

    /// Gives a connection to the call that its page shows a ticket of. Gives it back when there is no such call.
    pub(crate) fn come_back(&self, ticket: &str, socket: WebSocket) -> Option<WebSocket> {
        let call = Token::shown(ticket).and_then(|ticket| lock(&self.0).get(&ticket.hash()).cloned());
        let Some(call) = call else { return Some(socket) };
        call.try_send(socket).err().map(mpsc::error::TrySendError::into_inner)
    }
}

impl KeptCall<'_> {
    /// What the page shows when it comes back.
    pub(crate) fn ticket(&self) -> &str {
        self.ticket.expose()
    }

    /// The page's next connection. Never over by itself.
    pub(crate) async fn returned(&mut self) -> WebSocket {
        match self.returns.recv().await {
            Some(socket) => socket,
            // The sender lives as long as this.
            None => std::future::pending().await,
        }
    }
}

impl Drop for KeptCall<'_> {
    fn drop(&mut self) {
        lock(&self.calls.0).remove(&self.ticket.hash());
    }
}
