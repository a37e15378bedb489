//! One request to a carrier and its final answer, within a time.

use super::super::stack::{Client, status_of};
use crate::sip::flow::gone;
use rsipstack::sip::{Response, SipMessage};
use std::time::Duration;
use tokio::time::timeout;

/// The final answer; none when there is none in time, or the connection is gone.
pub(super) async fn ask(client: Client, patience: Duration) -> Option<Response> {
    let Client { mut transaction, lost, .. } = client;
    let drive = async {
        transaction.send().await.ok()?;
        while let Some(message) = transaction.receive().await {
            if let SipMessage::Response(response) = message
                && status_of(&response) >= 200
            {
                return Some(response);
            }
        }
        None
    };
    let answered = tokio::select! {
        answered = timeout(patience, drive) => answered.ok().flatten(),
        () = gone(lost) => None,
    };
    // The transaction layer's own word for silence.
    answered.filter(|response| status_of(response) != 408)
}
