//! What an operator says of a carrier: where its calls come from and go to, how both sides prove who they are, and how much of it
//! there may be. Plain values; a password is never printed.

use super::number::NumberPlan;
use super::rules::{self, DialRule, NumberKinds};
use crate::{DialRefusal, Network, SipTransport};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use zeroize::Zeroizing;

/// A carrier's equipment, as we know it before it says a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrunkSettings {
    /// Its id, unique among the trunks.
    pub id: String,
    /// Where its calls come from. Empty: from anywhere if `login` or `certificate` says who it is, else from its targets.
    pub from: Vec<Network>,
    /// How the carrier proves itself when it calls.
    pub login: Option<Login>,
    /// Names of which its TLS certificate must hold one. Empty: it needs none.
    pub certificate: Vec<String>,
    /// Authorities (PEM) that sign the carrier's certificates: the only ones for its calls, and for connections to its targets.
    pub authorities: Option<PathBuf>,
    /// Where calls to it go. Empty: it is for incoming calls alone.
    pub targets: Vec<Target>,
    /// How we prove ourselves to the carrier.
    pub account: Option<Account>,
    /// Calls at once, in both directions together.
    pub calls_max: Option<u32>,
    /// New calls a second, in both directions together.
    pub calls_per_second: Option<u32>,
    /// What may be dialled. Empty: nothing.
    pub allow: Vec<DialRule>,
    /// How it writes numbers.
    pub numbers: NumberPlan,
    /// What callees are shown in place of a number of ours.
    pub caller_ids: BTreeMap<String, String>,
    /// How often its targets are asked whether they are there; none: never.
    pub probe: Option<Duration>,
}

impl TrunkSettings {
    /// Whether its rules let a number be dialled, whatever else may come in the way.
    ///
    /// # Errors
    /// [`DialRefusal`] says which rule does not.
    pub fn may_dial(&self, number: &str, kinds: &NumberKinds) -> Result<(), DialRefusal> {
        if self.targets.is_empty() {
            return Err(DialRefusal::NoTrunk);
        }
        let number = self.numbers.outgoing(number).ok_or(DialRefusal::NotANumber)?;
        rules::check(&self.allow, &number, kinds)
    }
}

/// A user name and its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: Secret,
    /// The host in From by which its calls are told from a stranger's, besides the user name.
    pub domain: Option<String>,
}

/// Our account with a carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Our user name there.
    pub user: String,
    /// The password.
    pub password: Secret,
    /// The carrier's domain: the host of its addresses.
    pub domain: String,
    /// How long a registration is asked for; none: we do not register.
    pub register: Option<Duration>,
}

/// A text that is never printed, and wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Keeps a secret.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// One place that takes a trunk's calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// A name or an address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What carries the messages.
    pub transport: SipTransport,
    /// Lower ones are tried first.
    pub priority: u16,
    /// Share among those of one priority (RFC 2782).
    pub weight: u16,
}

/// Where a target names none.
const PRIORITY: u16 = 10;
const WEIGHT: u16 = 10;

impl Target {
    /// Host and port as they stand in an address.
    #[must_use]
    pub fn host_port(&self) -> String {
        if self.host.contains(':') { format!("[{}]:{}", self.host, self.port) } else { format!("{}:{}", self.host, self.port) }
    }
}

/// The text names no target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write host:port;transport=udp, with ;priority=N;weight=N where several targets share the calls")]
pub struct BadTarget;

impl FromStr for Target {
    type Err = BadTarget;

    /// `host[:port][;transport=udp|tcp|tls][;priority=N][;weight=N]`; the port is 5060, on TLS 5061.
    fn from_str(text: &str) -> Result<Self, BadTarget> {
        let mut parts = text.split(';').map(str::trim);
        let address = parts.next().ok_or(BadTarget)?;
        let (mut transport, mut priority, mut weight) = (None, None, None);
        for part in parts {
            let (key, value) = part.split_once('=').ok_or(BadTarget)?;
            let number = || value.parse::<u16>().map_err(|_| BadTarget);
            let twice = match key {
                "transport" => {
                    let known = [SipTransport::Udp, SipTransport::Tcp, SipTransport::Tls];
                    let named = known.into_iter().find(|known| known.name() == value).ok_or(BadTarget)?;
                    transport.replace(named).is_some()
                }
                "priority" => priority.replace(number()?).is_some(),
                "weight" => weight.replace(number()?).is_some(),
                _ => true,
            };
            if twice {
                return Err(BadTarget);
            }
        }
        let transport = transport.unwrap_or_default();
        let (host, port) = split_host(address).ok_or(BadTarget)?;
        let port = port.unwrap_or(if transport == SipTransport::Tls { 5061 } else { 5060 });
        let (priority, weight) = (priority.unwrap_or(PRIORITY), weight.unwrap_or(WEIGHT));
        Ok(Self { host, port, transport, priority, weight })
    }
}

fn split_host(address: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match address.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, if rest.is_empty() { None } else { Some(rest.strip_prefix(':')?) })
        }
        None => address.split_once(':').map_or((address, None), |(host, port)| (host, Some(port))),
    };
    let port = match port {
        None => None,
        Some(port) => Some(port.parse::<u16>().ok().filter(|port| *port > 0)?),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    (!host.is_empty() && host.chars().all(is_name)).then(|| (host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_host_and_how_it_is_reached() {
        let (udp, tcp, tls) = (SipTransport::Udp, SipTransport::Tcp, SipTransport::Tls);
        for (text, host, port, transport, priority, weight) in [
            ("sbc.carrier.example", "sbc.carrier.example", 5060, udp, 10, 10),
            ("sbc.carrier.example;transport=tls", "sbc.carrier.example", 5061, tls, 10, 10),
            ("203.0.113.7:5070;transport=tcp;priority=20;weight=0", "203.0.113.7", 5070, tcp, 20, 0),
            ("[2001:db8::1]:5080", "2001:db8::1", 5080, udp, 10, 10),
            ("[2001:db8::1]", "2001:db8::1", 5060, udp, 10, 10),
        ] {
            let target: Target = text.parse().unwrap();
            assert_eq!(target, Target { host: host.to_owned(), port, transport, priority, weight }, "{text}");
        }
        assert_eq!("[2001:db8::1]".parse::<Target>().unwrap().host_port(), "[2001:db8::1]:5060");
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for text in [
            "",
            "a:0",
            "a:70000",
            "a b",
            "sip:a",
            "a;transport=ws",
            "a;weight",
            "a;weight=-1",
            "a;weight=1;weight=2",
            "a;x=y",
            "[2001:db8::1",
            "[a]:5060",
            "2001:db8::1",
        ] {
            assert_eq!(text.parse::<Target>(), Err(BadTarget), "{text}");
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        let login = Login { user: "u".to_owned(), password: Secret::new("hunter2".to_owned()), domain: None };
        assert!(!format!("{login:?}").contains("hunter2"));
    }
}
