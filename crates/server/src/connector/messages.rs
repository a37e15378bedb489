//! Messages to customers: what they say, and how they leave. The words are templates per language in `messages/`, or a wallet's own; a code
//! stands in the message that carries it and nowhere else. Each wallet has its routes, tried in their order by whoever sends; a route is
//! given a message once and decides nothing.

mod http;
mod mail;
pub(crate) mod phrase;
pub(crate) mod receipts;
mod route;
pub(crate) mod signature;
mod smpp;
mod template;
mod trust;

pub use route::Sent;
pub use template::BadTemplates;

use crate::config::{HttpReceipts, Messages, SmsGateway, SmsRoute, Wallet};
use http::HttpRoute;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use mail::MailSender;
use receipts::{About, Receipt, Receipts};
use route::{Parcel, Route, Way};
use smpp::SmppRoute;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use template::Templates;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use walletline_core::kernel::{ids::ErrandId, language::Language, pii::Pii, time::Wall};
use walletline_core::outbox::{Caps, Channel, Message};

/// Messages that the demo's phones keep; the oldest goes first.
const KEPT_MAX: usize = 500;

/// The name of the route to the demo's phones.
const DEMO_ROUTE: &str = "demo";

/// How messages leave.
#[derive(Clone)]
pub struct Messenger {
    wallets: Arc<BTreeMap<String, Sender>>,
    phones: Option<DemoPhones>,
}

/// How the messages of one wallet leave.
struct Sender {
    templates: Templates,
    /// The wallet's name in each language.
    names: BTreeMap<Language, String>,
    zone: TimeZone,
    sms: Vec<Route>,
    mail: Vec<Route>,
    caps: Option<Caps>,
    receipts: BTreeMap<String, HttpReceipts>,
}

/// A message that is to be given to a route.
pub struct Outgoing<'a> {
    /// The errand that carries it: the key a gateway knows it by.
    pub key: ErrandId,
    /// For which wallet.
    pub wallet: &'a str,
    /// By which kind of way.
    pub channel: Channel,
    /// The number or address.
    pub to: &'a Pii<String>,
    /// What it says.
    pub message: &'a Message,
    /// In which language.
    pub language: Language,
    /// Where the case it tells of can be followed.
    pub link: Option<&'a str>,
}

/// The messages cannot leave as the configuration says.
#[derive(Debug, thiserror::Error)]
pub enum BadMessages {
    /// What they say cannot be used.
    #[error(transparent)]
    Templates(#[from] BadTemplates),
    /// A route cannot be set up.
    #[error("wallet `{wallet}`, messages, route `{route}`: {what}")]
    Route {
        /// Of which wallet.
        wallet: String,
        /// Which.
        route: String,
        /// Why.
        what: String,
    },
}

impl Messenger {
    /// The ways of these wallets. Those without a way of their own reach the demo's phones, where there are any, and nobody elsewhere.
    ///
    /// # Errors
    /// [`BadMessages`] when templates cannot be used, or a route cannot be set up.
    pub fn new(wallets: &[Wallet], demo: Option<DemoPhones>) -> Result<Self, BadMessages> {
        let shipped = Templates::shipped()?;
        let mut senders = BTreeMap::new();
        for wallet in wallets {
            senders.insert(wallet.id.clone(), sender(wallet, &shipped, demo.as_ref())?);
        }
        Ok(Self { wallets: Arc::new(senders), phones: demo })
    }

    /// Keeps the connections of routes that have one, until told to stop.
    pub(crate) fn start(&self, tasks: &mut JoinSet<()>, receipts: &Receipts, stop: &CancellationToken) {
        for sender in self.wallets.values() {
            for route in &sender.sms {
                if let Way::Smpp(smpp) = &route.way
                    && let Some(link) = smpp.link()
                {
                    tasks.spawn(link.run(receipts.clone(), stop.clone()));
                }
            }
        }
    }

    /// Text messages can reach this wallet's customers: without them a code cannot be sent.
    #[must_use]
    pub fn reaches_customers(&self, wallet: &str) -> bool {
        self.wallets.get(wallet).is_some_and(|sender| !sender.sms.is_empty())
    }

    /// The routes a message may take, in the order in which they are tried, each with what it costs there.
    #[must_use]
    pub fn routes(&self, wallet: &str, channel: Channel) -> Vec<(String, u64)> {
        self.ways(wallet, channel).iter().map(|route| (route.name.clone(), route.cost)).collect()
    }

    /// What the text messages of this wallet may come to; none where nothing is paid for them.
    #[must_use]
    pub fn caps(&self, wallet: &str) -> Option<&Caps> {
        self.wallets.get(wallet)?.caps.as_ref()
    }

    /// The day it is at this wallet, by whose days its messages are counted.
    #[must_use]
    pub fn day(&self, wallet: &str, now: Wall) -> String {
        let zone = self.wallets.get(wallet).map_or(TimeZone::UTC, |sender| sender.zone.clone());
        Timestamp::from_microsecond(now.0).map_or_else(|_| String::new(), |at| at.to_zoned(zone).date().to_string())
    }

    fn ways(&self, wallet: &str, channel: Channel) -> &[Route] {
        self.wallets.get(wallet).map_or(&[], |sender| match channel {
            Channel::Sms => &sender.sms,
            Channel::Mail => &sender.mail,
        })
    }

    /// Gives a message to one route, once.
    pub async fn give(&self, route: &str, outgoing: &Outgoing<'_>, at: Wall) -> Sent {
        let Outgoing { key, wallet, channel, to, message, language, link } = *outgoing;
        let Some(sender) = self.wallets.get(wallet) else { return Sent::Refused("no_route".to_owned()) };
        let Some(way) = self.ways(wallet, channel).iter().find(|known| known.name == route) else {
            return Sent::Refused("no_route".to_owned());
        };
        let name = sender.names.get(&language).map_or(wallet, String::as_str);
        let text = Pii::new(sender.templates.text(message, language, name, link));
        let letter = (channel == Channel::Mail).then(|| sender.templates.letter(message, language, name, link));
        let parcel = Parcel { key, channel, to, text, letter, language, at };
        let sent = way.give(&parcel).await;
        // Whoever tries a real route in the demo world sees on its phones what it carried.
        if let (Sent::Taken { .. }, Some(phones)) = (&sent, self.phones.as_ref().filter(|_| !matches!(way.way, Way::Demo(_)))) {
            phones.receive(&parcel);
        }
        sent
    }

    /// Where this route's receipts are read, and what they are signed with; none for a route that sends none.
    #[must_use]
    pub(crate) fn http_receipts(&self, wallet: &str, route: &str) -> Option<&HttpReceipts> {
        self.wallets.get(wallet)?.receipts.get(route)
    }
}

/// A receipt as a gateway's document tells it; none when it names no message.
#[must_use]
pub(crate) fn receipt_in(document: &serde_json::Value, places: &HttpReceipts) -> Option<Receipt> {
    let name = http::name_in(document, &places.reference)?;
    let state = http::name_in(document, &places.state)?;
    let about = name.parse().map_or(About::Reference(name), About::Key);
    let report = receipts::report_of(&state);
    let reason = http::name_in(document, "/reason").filter(|reason| is_word(reason));
    Some(Receipt { about, report, reason })
}

/// A reason is another company's word: only what cannot carry a sentence, a number or a name is kept.
fn is_word(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn sender(wallet: &Wallet, shipped: &Templates, demo: Option<&DemoPhones>) -> Result<Sender, BadMessages> {
    let Messages { templates, sms, caps, mail } = &wallet.messages;
    let templates = match templates {
        Some(folder) => shipped.clone().with(folder)?,
        None => shipped.clone(),
    };
    let wrong = |route: &str, what| BadMessages::Route { wallet: wallet.id.clone(), route: route.to_owned(), what };
    let to_demo = || demo.map(|phones| Route { name: DEMO_ROUTE.to_owned(), cost: 0, way: Way::Demo(phones.clone()) });
    let mut texts = Vec::new();
    for route in sms {
        texts.push(sms_route(&wallet.id, route).map_err(|what| wrong(&route.name, what))?);
    }
    let mut mails = Vec::new();
    if let Some(route) = mail {
        let sender = MailSender::new(route.clone()).map_err(|what| wrong(&route.name, what))?;
        mails.push(Route { name: route.name.clone(), cost: 0, way: Way::Mail(sender) });
    }
    texts.extend(to_demo().filter(|_| sms.is_empty()));
    mails.extend(to_demo().filter(|_| mail.is_none()));
    let receipts = sms.iter().filter_map(|route| match &route.by {
        SmsGateway::Http(gateway) => Some((route.name.clone(), gateway.receipts.clone()?)),
        SmsGateway::Smpp(_) => None,
    });
    Ok(Sender {
        templates,
        names: Language::ALL.into_iter().map(|language| (language, wallet.name_in(language).to_owned())).collect(),
        zone: wallet.zone.clone(),
        sms: texts,
        mail: mails,
        caps: caps.clone(),
        receipts: receipts.collect(),
    })
}

fn sms_route(wallet: &str, route: &SmsRoute) -> Result<Route, String> {
    let way = match &route.by {
        SmsGateway::Http(gateway) => Way::Http(HttpRoute::new(gateway.clone(), route.sender.clone())?),
        SmsGateway::Smpp(gateway) => Way::Smpp(SmppRoute::new(wallet, &route.name, gateway.clone(), route.sender.clone())?),
    };
    Ok(Route { name: route.name.clone(), cost: route.cost, way })
}

/// What the demo's phones received, newest last.
#[derive(Clone, Default, Debug)]
pub struct DemoPhones(Arc<Mutex<VecDeque<Received>>>);

/// A message that arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// How.
    pub channel: Channel,
    /// At which number or address.
    pub to: Pii<String>,
    /// What it says.
    pub text: Pii<String>,
    /// When.
    pub at: Wall,
}

impl DemoPhones {
    fn receive(&self, parcel: &Parcel<'_>) {
        let message = Received { channel: parcel.channel, to: parcel.to.clone(), text: parcel.text.clone(), at: parcel.at };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back(message);
    }

    /// What arrived at any of these addresses, newest first.
    #[must_use]
    pub fn received(&self, addresses: &[&str]) -> Vec<Received> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().rev().filter(|message| addresses.contains(&message.to.expose().as_str())).cloned().collect()
    }

    /// Everything is deleted.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
