//! The configuration: a TOML file, environment variables over it, and the rules both must keep. It is read whole before anything
//! starts; what is wrong is told in one line that names the key. It never guesses, and passes over no key in silence.

mod audit;
mod data;
mod document;
mod encryption;
mod error;
mod files;
mod flow;
mod http;
mod ice;
mod keeping;
mod keys;
mod ladder;
mod line;
mod media;
mod messages;
mod names;
mod network;
mod queue;
mod references;
mod refunds;
mod secrets;
mod sip;
mod staff;
mod stir;
mod store;
mod transfer;
mod trunk;
mod uploads;
mod wallet;
mod wechat_pay;

pub use audit::Audit;
pub use data::Data;
pub use error::ConfigError;
pub use flow::FlowSource;
pub use http::{Http, Tls};
pub use ice::{Ice, Turn, TurnSecret};
pub use keys::{KeySource, Keys};
pub use line::Line;
pub use media::Media;
pub use messages::{HttpGateway, HttpReceipts, MailEncryption, MailRoute, Messages, SmppGateway, SmsGateway, SmsRoute, Trust};
pub use network::NetworkApi;
pub use queue::Queue;
pub use sip::Sip;
pub use staff::{Limits, Staff};
pub use stir::Stir;
pub use store::Store;
pub use transfer::Transfer;
pub use trunk::Trunk;
pub use uploads::Uploads;
pub use wallet::{OAuth, Wallet, WalletApi};
pub use wechat_pay::WechatPay;

use document::{Document, Section};
use std::path::Path;
use walletline_core::identity::Ladder;
use walletline_core::money::Policy;

/// Everything the program is told from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `[http]`.
    pub http: Http,
    /// `[sip]`.
    pub sip: Sip,
    /// `[stir]`, where it is written.
    pub stir: Option<Stir>,
    /// `[media]`.
    pub media: Media,
    /// `[ice]`.
    pub ice: Ice,
    /// `[store]`.
    pub store: Store,
    /// `[data]`.
    pub data: Data,
    /// `[keys]`.
    pub keys: Keys,
    /// `[staff]`.
    pub staff: Staff,
    /// `[audit]`.
    pub audit: Audit,
    /// `[ladder]`: the shipped rows, with those that are written in their place.
    pub ladder: Ladder,
    /// `[refunds]`: the shipped rules, with those that are written in their place.
    pub refunds: Policy,
    /// `[uploads]`.
    pub uploads: Uploads,
    /// `[[wallet]]`.
    pub wallets: Vec<Wallet>,
    /// `[[line]]`.
    pub lines: Vec<Line>,
    /// `[[queue]]`.
    pub queues: Vec<Queue>,
    /// `[[trunk]]`.
    pub trunks: Vec<Trunk>,
    /// `[[transfer]]`.
    pub transfers: Vec<Transfer>,
    /// Whether this is the demo world, with people and customers that are known to everybody.
    pub demo: bool,
}

/// The demo world's own document.
const DEMO: &str = include_str!("demo.toml");

impl Config {
    /// Reads the configuration: the demo world's document when asked for, then the file, then the environment.
    ///
    /// # Errors
    /// The first thing found wrong.
    pub fn load(
        file: Option<&Path>,
        demo: bool,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut document = Document::empty();
        if demo {
            document.lay(DEMO)?;
        }
        if let Some(path) = file {
            let text = std::fs::read_to_string(path)
                .map_err(|e| ConfigError::new("--config", format!("`{}` cannot be read: {e}", path.display())))?;
            document.lay(&text)?;
        }
        document.lay_environment(environment);
        Self::read(document, demo)
    }

    fn read(mut document: Document, demo: bool) -> Result<Self, ConfigError> {
        let data = Data::read(document.section("data"))?;
        let keys = Keys::read(document.section("keys"), &data, demo)?;
        let config = Self {
            http: Http::read(document.section("http"))?,
            sip: Sip::read(document.section("sip"))?,
            stir: Stir::read(document.section("stir"))?,
            media: Media::read(document.section("media"))?,
            ice: Ice::read(document.section("ice"))?,
            store: Store::read(document.section("store"))?,
            staff: Staff::read(document.section("staff"), &keys, demo)?,
            keys,
            audit: Audit::read(document.section("audit"), &data, demo)?,
            ladder: ladder::read(document.section("ladder"))?,
            refunds: refunds::read(document.section("refunds"))?,
            uploads: Uploads::read(document.section("uploads"))?,
            data,
            wallets: all(document.list("wallet"), Wallet::read)?,
            lines: all(document.list("line"), Line::read)?,
            queues: all(document.list("queue"), Queue::read)?,
            trunks: all(document.list("trunk"), Trunk::read)?,
            transfers: all(document.list("transfer"), Transfer::read)?,
            demo,
        };
        config.check_references()?;
        if demo {
            config.check_loopback()?;
        }
        Ok(config)
    }

    /// What `serve` needs beyond what every command needs: somebody to serve.
    ///
    /// # Errors
    /// [`ConfigError`] when there is no wallet or no line.
    pub fn check_serving(&self) -> Result<(), ConfigError> {
        if self.wallets.is_empty() {
            let what = "no wallet is configured: add a [[wallet]] with id and name to the file given by --config, or try --demo";
            return Err(ConfigError::new("wallet", what));
        }
        if self.lines.is_empty() {
            let what = "no line is configured: add a [[line]] with number and wallet to the file given by --config";
            return Err(ConfigError::new("line", what));
        }
        let connected = self.wallets.iter().position(|wallet| wallet.gsma.is_some());
        if let Some(place) = connected.filter(|_| self.keys.master.is_none() && !self.demo) {
            let what = format!("is missing: wallet[{place}].gsma needs it, because codes and numbers are kept under it");
            return Err(ConfigError::new("keys.master", what));
        }
        let sends = self.wallets.iter().position(|wallet| wallet.messages.has_sms() || wallet.messages.mail.is_some());
        if let Some(place) = sends.filter(|_| self.keys.master.is_none() && !self.demo) {
            let what = format!("is missing: wallet[{place}].messages needs it, because what waits to be sent is sealed under it");
            return Err(ConfigError::new("keys.master", what));
        }
        let recorded = self.lines.iter().position(|line| line.record);
        if let Some(place) = recorded.filter(|_| self.keys.master.is_none() && !self.demo) {
            let what = format!("is missing: line[{place}].record needs it, because recordings are encrypted under it");
            return Err(ConfigError::new("keys.master", what));
        }
        self.check_flows()
    }

    /// The demo's passwords are printed on its banner: nobody off this machine may reach it.
    fn check_loopback(&self) -> Result<(), ConfigError> {
        let listeners = [
            ("http.listen", self.http.listen.ip()),
            ("http.internal", self.http.internal.ip()),
            ("sip.udp", self.sip.udp.ip()),
            ("media.bind", self.media.bind),
        ];
        let tls = self.sip.tls.as_ref().map(|(address, _)| *address);
        let streams =
            [("sip.tcp", self.sip.tcp), ("sip.tls", tls)].into_iter().filter_map(|(key, address)| Some((key, address?.ip())));
        match listeners.into_iter().chain(streams).find(|(_, address)| !address.is_loopback()) {
            None => Ok(()),
            Some((key, address)) => {
                let what = format!("{address} is off loopback, which --demo refuses (its passwords are public): use 127.0.0.1");
                Err(ConfigError::new(key, what))
            }
        }
    }
}

fn all<T>(entries: Vec<Section>, read: fn(Section) -> Result<T, ConfigError>) -> Result<Vec<T>, ConfigError> {
    entries.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests;
