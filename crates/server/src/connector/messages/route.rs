//! One way of messages out of the house, and what came of giving it one. A route gives once, within bounded time; whether it is tried
//! again, and by which route, is decided elsewhere.

use super::DemoPhones;
use super::http::HttpRoute;
use super::mail::MailSender;
use super::smpp::SmppRoute;
use walletline_core::kernel::{ids::ErrandId, pii::Pii, time::Wall};
use walletline_core::outbox::Channel;

/// What came of giving a message to a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// It has the message.
    Taken {
        /// What it calls it.
        reference: Option<String>,
        /// Nothing more will be told of it: it has arrived.
        arrived: bool,
    },
    /// It will never take this one. Why, by name.
    Refused(String),
    /// It did not take it, and may later. Why, by name.
    Busy(String),
    /// Nobody knows whether it has the message: only the same route may be asked again, under the same key. Why, by name.
    Unknown(String),
}

/// A message as a gateway gets it.
pub(super) struct Parcel<'a> {
    /// The key under which a gateway knows it again.
    pub(super) key: ErrandId,
    pub(super) channel: Channel,
    pub(super) to: &'a Pii<String>,
    /// The words.
    pub(super) text: Pii<String>,
    pub(super) letter: Option<super::template::Letter>,
    pub(super) language: walletline_core::kernel::language::Language,
    pub(super) at: Wall,
}

/// A way out.
#[derive(Debug)]
pub(super) enum Way {
    Http(HttpRoute),
    Smpp(SmppRoute),
    Mail(MailSender),
    Demo(DemoPhones),
}

/// A way with its name and price.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) name: String,
    /// In millionths of the wallet's currency.
    pub(super) cost: u64,
    pub(super) way: Way,
}

impl Route {
    pub(super) async fn give(&self, parcel: &Parcel<'_>) -> Sent {
        match &self.way {
            Way::Http(http) => http.give(parcel).await,
            Way::Smpp(smpp) => smpp.give(parcel).await,
            Way::Mail(mail) => mail.give(parcel).await,
            Way::Demo(phones) => {
                phones.receive(parcel);
                Sent::Taken { reference: None, arrived: true }
            }
        }
    }
}
