//! `[wallet.messages]`: how a wallet's messages leave, in which order routes are tried, where they may go, and what they may come to.

use super::document::Section;
use super::wallet::is_loopback;
use super::{ConfigError, files, names, secrets};
use std::path::PathBuf;
use walletline_core::kernel::pii::Pii;
use walletline_core::outbox::Caps;

/// Messages of a day where nothing else is said.
const DAILY: u32 = 10_000;

/// Messages of a day to one range of ten thousand numbers where nothing else is said.
const RANGE_DAILY: u32 = 50;

/// Digits behind the point of an amount: millionths.
const AMOUNT_PLACES: usize = 6;

/// How a wallet's messages leave. Without a route none do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Messages {
    /// The folder with words of its own, `<language>.toml`.
    pub templates: Option<PathBuf>,
    /// Ways of text messages, the first that takes one is the one that sends it.
    pub sms: Vec<SmsRoute>,
    /// What text messages may come to; none without a way of theirs.
    pub caps: Option<Caps>,
    /// The way of mails.
    pub mail: Option<MailRoute>,
}

/// One way of text messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsRoute {
    /// Its name, in records and addresses.
    pub name: String,
    /// What a message costs, in millionths of the wallet's currency.
    pub cost: u64,
    /// Who the message is from, as the gateway is told.
    pub sender: String,
    /// To what it leads.
    pub by: SmsGateway,
}

/// What a way of text messages leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmsGateway {
    /// An interface over HTTP.
    Http(HttpGateway),
    /// A message centre that speaks SMPP 3.4.
    Smpp(SmppGateway),
}

/// A gateway over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpGateway {
    /// Where requests go.
    pub url: String,
    /// What they are signed with.
    pub key: Pii<String>,
    /// The body, with `{key}`, `{to}`, `{sender}` and `{text}` in JSON strings.
    pub body: String,
    /// Where its answer names the message, as a JSON pointer.
    pub reference: String,
    /// Its receipts, where it sends any.
    pub receipts: Option<HttpReceipts>,
}

/// Receipts that a gateway sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpReceipts {
    /// What they are signed with.
    pub key: Pii<String>,
    /// Where a receipt names the message, as a JSON pointer.
    pub reference: String,
    /// Where it says what became of it.
    pub state: String,
}

/// A message centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmppGateway {
    /// `host:port`.
    pub address: String,
    /// TLS, and whom it trusts.
    pub tls: Option<Trust>,
    /// Who we are.
    pub system_id: String,
    /// What proves it.
    pub password: Pii<String>,
    /// What we are, where the centre asks.
    pub system_type: String,
}

/// Whom TLS trusts: those the system trusts, or the authorities in this file alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust(pub Option<PathBuf>);

/// The way of mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRoute {
    /// Its name.
    pub name: String,
    /// The server's name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: MailEncryption,
    /// Who we are, and what proves it.
    pub login: Option<(String, Pii<String>)>,
    /// From whom mails are, as `Name <address>`.
    pub from: String,
}

/// How a connection to a mail server is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailEncryption {
    /// From the first byte on.
    Tls(Trust),
    /// From STARTTLS on; a server without it is given nothing.
    StartTls(Trust),
    /// Not at all: a server on this machine.
    None,
}

impl Messages {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let templates = section.text("templates")?;
        let templates = templates.map(|path| files::folder(&section, "templates", path)).transpose()?;
        let mut sms: Vec<SmsRoute> = Vec::new();
        for route in section.tables("sms")? {
            let route = sms_route(route)?;
            if sms.iter().any(|known| known.name == route.name) {
                return Err(section.error("sms", format!("two routes are called `{}`: give each a name of its own", route.name)));
            }
            sms.push(route);
        }
        let caps = caps(&mut section, !sms.is_empty())?;
        let mail = section.table("mail")?.map(mail_route).transpose()?;
        if let Some(mail) = mail.as_ref().filter(|mail| sms.iter().any(|route| route.name == mail.name)) {
            return Err(section.error("mail", format!("a route for text messages is called `{}` too", mail.name)));
        }
        section.finish()?;
        Ok(Self { templates, sms, caps, mail })
    }

    /// Text messages can reach its customers.
    #[must_use]
    pub const fn has_sms(&self) -> bool {
        !self.sms.is_empty()
    }
}

fn caps(section: &mut Section, sends: bool) -> Result<Option<Caps>, ConfigError> {
    let prefixes = section.texts("prefixes")?.unwrap_or_default();
    let is_prefix =
        |text: &String| text.strip_prefix('+').is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
    if let Some(wrong) = prefixes.iter().find(|prefix| !is_prefix(prefix)) {
        return Err(
            section.error("prefixes", format!("`{wrong}` is no prefix: write \"+86\", or \"+4477\" for a part of a country"))
        );
    }
    if sends && prefixes.is_empty() {
        let what = "is missing: name the prefixes messages may go to, for example [\"+86\"]; nobody else is sent any";
        return Err(section.error("prefixes", what));
    }
    let daily_max = section.number("per_day", 1..=10_000_000)?.unwrap_or(DAILY);
    let prefix_daily_max = section.number("prefix_per_day", 1..=10_000_000)?.unwrap_or(daily_max);
    let range_daily_max = section.number("range_per_day", 1..=10_000)?.unwrap_or(RANGE_DAILY);
    let cost_daily_max = section.text("cost_per_day")?.map(|text| amount(section, "cost_per_day", &text)).transpose()?;
    Ok(sends.then_some(Caps { prefixes, daily_max, prefix_daily_max, range_daily_max, cost_daily_max }))
}

fn sms_route(mut section: Section) -> Result<SmsRoute, ConfigError> {
    let name = names::named(&mut section, "name")?;
    let cost = section.text("cost")?.map(|text| amount(&section, "cost", &text)).transpose()?.unwrap_or(0);
    let sender = section.required("sender", "who messages are from: a number, or up to 11 letters")?;
    let by = match (section.text("http")?, section.text("smpp")?) {
        (Some(url), None) => SmsGateway::Http(http(&mut section, url)?),
        (None, Some(address)) => SmsGateway::Smpp(smpp(&mut section, address)?),
        _ => return Err(section.error("http", "either http = \"https://…\" or smpp = \"host:port\" says where it leads")),
    };
    section.finish()?;
    Ok(SmsRoute { name, cost, sender, by })
}

/// What a gateway is told where nothing else is written.
const BODY: &str = r#"{"key":"{key}","to":"{to}","from":"{sender}","text":"{text}"}"#;

fn http(section: &mut Section, url: String) -> Result<HttpGateway, ConfigError> {
    if !(url.starts_with("https://") || url.starts_with("http://") && is_loopback(&url)) {
        return Err(section.error("http", "a gateway off this machine needs https://: codes must not travel in clear"));
    }
    let key = secret(section, "key")?;
    let body = section.text("body")?.unwrap_or_else(|| BODY.to_owned());
    for name in ["{to}", "{text}"] {
        if !body.contains(name) {
            return Err(section.error("body", format!("does not hold {name}: it is filled in for each message")));
        }
    }
    if serde_json::from_str::<serde_json::Value>(&body).is_err() {
        return Err(section.error("body", "is no JSON: write '{\"to\":\"{to}\",\"text\":\"{text}\"}'"));
    }
    let reference = pointer(section, "reference", "/id")?;
    let receipts = section.table("receipts")?.map(receipts).transpose()?;
    Ok(HttpGateway { url, key, body, reference, receipts })
}

fn receipts(mut section: Section) -> Result<HttpReceipts, ConfigError> {
    let key = secret(&mut section, "key")?;
    let (reference, state) = (pointer(&mut section, "reference", "/id")?, pointer(&mut section, "state", "/state")?);
    section.finish()?;
    Ok(HttpReceipts { key, reference, state })
}

fn pointer(section: &mut Section, key: &'static str, usual: &str) -> Result<String, ConfigError> {
    let pointer = section.text(key)?.unwrap_or_else(|| usual.to_owned());
    if pointer.starts_with('/') {
        Ok(pointer)
    } else {
        Err(section.error(key, "is no JSON pointer: write \"/id\" or \"/messages/0/id\""))
    }
}

fn smpp(section: &mut Section, address: String) -> Result<SmppGateway, ConfigError> {
    if address.rsplit_once(':').is_none_or(|(host, port)| host.is_empty() || port.parse::<u16>().is_err()) {
        return Err(section.error("smpp", format!("`{address}` is no address: write \"smsc.example.net:2775\"")));
    }
    let authority = section.text("authority")?;
    let authority = authority.map(|path| files::existing(section, "authority", path)).transpose()?;
    let tls = section.flag("tls")?;
    let private_link = section.flag("private_link")?;
    if !tls && authority.is_some() {
        return Err(section.error("authority", "has no meaning without tls = true"));
    }
    if !tls && !private_link && !is_loopback(&address) {
        let what =
            "must be true off this machine: codes must not travel in clear. Over a tunnel of your own write private_link = true";
        return Err(section.error("tls", what));
    }
    let system_id = section.required("system_id", "the name the message centre knows you by")?;
    let password = secret(section, "password")?;
    let system_type = section.text("system_type")?.unwrap_or_default();
    // The protocol's own bounds (SMPP 3.4, 5.2.1 to 5.2.3), the closing zero left out.
    for (key, text, max) in [("system_id", &system_id, 15), ("system_type", &system_type, 12), ("password", password.expose(), 8)]
    {
        if text.len() > max || !text.is_ascii() {
            return Err(section.error(key, format!("is longer than SMPP allows, or not ASCII: at most {max} characters")));
        }
    }
    Ok(SmppGateway { address, tls: tls.then_some(Trust(authority)), system_id, password, system_type })
}

fn mail_route(mut section: Section) -> Result<MailRoute, ConfigError> {
    let name = names::named(&mut section, "name")?;
    let server = section.required("server", "host:port, for example \"smtp.example.net:587\"")?;
    let parts = server.rsplit_once(':').and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?)));
    let Some((host, port)) = parts.filter(|(host, _): &(String, u16)| !host.is_empty()) else {
        return Err(section.error("server", format!("`{server}` is no address: write \"smtp.example.net:587\"")));
    };
    let authority = section.text("authority")?;
    let trust = Trust(authority.map(|path| files::existing(&section, "authority", path)).transpose()?);
    let encryption = match section.text("encryption")?.as_deref() {
        Some("tls") => MailEncryption::Tls(trust),
        None | Some("starttls") => MailEncryption::StartTls(trust),
        Some("none") if is_loopback(&server) => MailEncryption::None,
        Some(_) => {
            let what = "must be \"starttls\" or \"tls\"; \"none\" is for a server on this machine alone";
            return Err(section.error("encryption", what));
        }
    };
    let login = match section.text("user")? {
        Some(user) => Some((user, secret(&mut section, "password")?)),
        None => None,
    };
    let from = section.required("from", "from whom mails are, for example \"Harbor Pay <care@harbor.example>\"")?;
    if from.parse::<lettre::message::Mailbox>().is_err() {
        return Err(section.error("from", format!("`{from}` is no address: write \"Harbor Pay <care@harbor.example>\"")));
    }
    section.finish()?;
    Ok(MailRoute { name, host, port, encryption, login, from })
}

fn secret(section: &mut Section, key: &'static str) -> Result<Pii<String>, ConfigError> {
    let source = section.required(key, "file:PATH or env:VARIABLE")?;
    match secrets::read(&source) {
        Ok(secret) if !secret.is_empty() => Ok(Pii::new(secret)),
        Ok(_) => Err(section.error(key, "what it leads to is empty")),
        Err(what) => Err(section.error(key, what)),
    }
}

/// An amount as it is written, `0.045`, in millionths.
fn amount(section: &Section, key: &str, text: &str) -> Result<u64, ConfigError> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let read = || {
        let well_formed = !whole.is_empty() && digits(whole) && digits(part) && part.len() <= AMOUNT_PLACES;
        well_formed.then(|| format!("{whole}{part:0<AMOUNT_PLACES$}").parse().ok()).flatten()
    };
    read().ok_or_else(|| section.error(key, format!("`{text}` is no amount: write \"0.045\", in the wallet's currency")))
}
