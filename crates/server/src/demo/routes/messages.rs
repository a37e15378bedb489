//! Lists what a customer's phone received.

use super::{demo, sandbox};
use crate::connector::messages::Received;
use crate::demo::wire::{DemoChannel, DemoMessage};
use crate::web::State;
use crate::web::error::Problem;
use crate::web::extract::Id;
use axum::Json;
use axum::extract::State as Shared;
use walletline_core::outbox::Channel;

/// What a customer's phone received, newest first: text messages to its number and mails to the customer's address.
#[utoipa::path(get, path = "/demo/api/phones/{msisdn}/messages", operation_id = "listDemoMessages", tag = "demo", security(()),
    params(("msisdn" = String, Path, description = "The phone number, E.164")), responses(
    (status = 200, body = Vec<DemoMessage>),
    (status = 404, body = crate::web::wire::Problem, description = "No customer has this phone."),
))]
pub(crate) async fn list(Shared(state): Shared<State>, Id(msisdn): Id<String>) -> Result<Json<Vec<DemoMessage>>, Problem> {
    let demo = demo(&state)?;
    let customers = demo.customers().await.map_err(sandbox)?;
    let customer = customers.into_iter().find(|customer| customer.msisdn == msisdn).ok_or_else(Problem::not_found)?;
    let received = demo.phones.received(&[&customer.msisdn, &customer.mail]);
    Ok(Json(received.into_iter().map(Into::into).collect()))
}

impl From<Received> for DemoMessage {
    fn from(message: Received) -> Self {
        let channel = match message.channel {
            Channel::Sms => DemoChannel::Sms,
            Channel::Mail => DemoChannel::Mail,
        };
        let (to, text) = (message.to.expose().clone(), message.text.expose().clone());
        Self { channel, to, text, at: message.at.into() }
    }
}
