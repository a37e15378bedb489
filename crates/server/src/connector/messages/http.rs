//! A gateway over HTTP: one signed request for a message, under a key that the gateway knows again. Bounded in time and size; follows no
//! redirect, and tells no log what was sent or answered.

use super::route::{Parcel, Sent};
use super::signature::{self, HEADER};
use super::template::fill;
use crate::config::HttpGateway;
use crate::engine::Clock;
use reqwest::{Client, Response, StatusCode, redirect};
use serde_json::Value;
use std::time::Duration;

/// How long one request may take. Shorter than the lease of an errand, with room for three routes.
const REQUEST_MAX: Duration = Duration::from_secs(10);
const CONNECT_MAX: Duration = Duration::from_secs(3);

/// Bytes of an answer that are read. Gateways answer in a few hundred.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct HttpRoute {
    gateway: HttpGateway,
    sender: String,
    client: Client,
}

impl HttpRoute {
    pub(super) fn new(gateway: HttpGateway, sender: String) -> Result<Self, String> {
        let builder = Client::builder().no_proxy().redirect(redirect::Policy::none());
        let client = builder.connect_timeout(CONNECT_MAX).timeout(REQUEST_MAX).build().map_err(|error| error.to_string())?;
        Ok(Self { gateway, sender, client })
    }

    pub(super) async fn give(&self, parcel: &Parcel<'_>) -> Sent {
        let key = parcel.key.to_string();
        let body = self.body(&key, parcel);
        // By the machine's own clock: the demo's may have been put forward, and the gateway's was not.
        let signature = signature::sign(&self.gateway.key, Clock::unmoved(), &[key.as_bytes(), body.as_bytes()]);
        let request = self.client.post(&self.gateway.url).header(reqwest::header::CONTENT_TYPE, "application/json");
        let request = request.header("Idempotency-Key", &key).header(HEADER, signature).body(body);
        match request.send().await {
            Ok(response) => self.judge(response).await,
            Err(error) if error.is_connect() => Sent::Busy("unreachable".to_owned()),
            Err(_) => Sent::Unknown("no_answer".to_owned()),
        }
    }

    /// The body with its values, each as it stands within a JSON string.
    fn body(&self, key: &str, parcel: &Parcel<'_>) -> String {
        let quoted = |text: &str| {
            // The document that holds a text is that text between two quotation marks.
            let json = Value::from(text).to_string();
            json[1..json.len() - 1].to_owned()
        };
        let (to, text) = (quoted(parcel.to.expose()), quoted(parcel.text.expose()));
        let values = [("key", key), ("to", &to), ("sender", &quoted(&self.sender)), ("text", &text)];
        fill(&self.gateway.body, &values)
    }

    /// What an answer means. Only what the gateway surely did not take may go another way.
    async fn judge(&self, response: Response) -> Sent {
        let status = response.status();
        let why = format!("http_{}", status.as_u16());
        match status {
            status if status.is_success() => Sent::Taken { reference: self.reference(response).await, arrived: false },
            // It knows the key: an earlier request was taken, and its answer lost.
            StatusCode::CONFLICT => Sent::Taken { reference: self.reference(response).await, arrived: false },
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_EARLY => Sent::Busy(why),
            status if status.is_server_error() => Sent::Unknown(why),
            _ => Sent::Refused(why),
        }
    }

    /// What the gateway calls the message; none when its answer does not say, is too long, or breaks off.
    async fn reference(&self, mut response: Response) -> Option<String> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
                return None;
            }
            bytes.extend_from_slice(&chunk);
        }
        name_in(&serde_json::from_slice(&bytes).ok()?, &self.gateway.reference)
    }
}

/// A text or a number at this place of a document.
pub(super) fn name_in(document: &Value, pointer: &str) -> Option<String> {
    match document.pointer(pointer)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
