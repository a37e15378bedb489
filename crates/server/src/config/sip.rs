//! `[sip]`: where phones and trunks reach the program.

use super::document::Section;
use super::{ConfigError, encryption, files};
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;
use walletline_voice::{EncryptionPolicy, SessionLimits, StreamLimits, TlsFiles};

/// The SIP listeners and their limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sip {
    /// The UDP listener.
    pub udp: SocketAddr,
    /// The TCP listener, where there is one.
    pub tcp: Option<SocketAddr>,
    /// The TLS listener, where there is one, with its certificate.
    pub tls: Option<(SocketAddr, TlsFiles)>,
    /// Customers' calls at once, from phones and browsers together; the next one is told 503. Protects the calls that are up.
    pub calls_max: u32,
    /// Whether media has to be encrypted, where neither the trunk nor the line says so.
    pub encryption: EncryptionPolicy,
    /// How long a session lasts that nobody refreshes, as we ask for it (RFC 4028).
    pub session: Duration,
    /// TCP and TLS connections at once, and of one address among them.
    pub connections: (usize, usize),
}

/// Twice what the largest group of agents the tests drive can hold in queues and calls; an operator raises it with the machine.
const CALLS_MAX_DEFAULT: u32 = 500;

/// From the shortest session of RFC 4028 to a day.
const SESSION_S: RangeInclusive<u32> = 90..=86_400;

impl Sip {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let address = "an address and port, for example 127.0.0.1:5060";
        let udp = section.parse("udp", address)?.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, 5060).into());
        let calls_max = section.number("calls_max", 1..=10_000)?.unwrap_or(CALLS_MAX_DEFAULT);
        let tcp = section.parse("tcp", address)?;
        let tls = tls(&mut section, address)?;
        let encryption = encryption::read(&mut section)?.unwrap_or_default();
        let session = section.number("session_s", SESSION_S)?.map_or(SessionLimits::default().expires, seconds);
        let StreamLimits { connections, per_address, .. } = StreamLimits::default();
        let mut many = |key, default| {
            section
                .number(key, 1..=100_000)
                .map(|given| given.map_or(default, |many| usize::try_from(many).unwrap_or(usize::MAX)))
        };
        let connections = (many("connections", connections)?, many("connections_per_address", per_address)?);
        section.finish()?;
        Ok(Self { udp, tcp, tls, calls_max, encryption, session, connections })
    }
}

fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}

/// TLS needs a certificate and its key; one of them without TLS would leave an operator in clear text unawares.
fn tls(section: &mut Section, address: &str) -> Result<Option<(SocketAddr, TlsFiles)>, ConfigError> {
    let listener = section.parse("tls", address)?;
    let mut file = |key| {
        let path = section.text(key)?;
        path.map(|path| files::existing(section, key, path)).transpose()
    };
    let (certificate, private_key, authorities) = (file("certificate")?, file("private_key")?, file("authorities")?);
    match (listener, certificate, private_key) {
        (Some(listener), Some(certificate), Some(private_key)) => {
            Ok(Some((listener, TlsFiles { certificate, private_key, authorities })))
        }
        (Some(_), None, _) => Err(section.error("certificate", "is missing: sip.tls needs a certificate and its private key")),
        (Some(_), Some(_), None) => Err(section.error("private_key", "is missing: sip.certificate needs its private key")),
        (None, None, None) if authorities.is_none() => Ok(None),
        (None, _, _) => {
            Err(section
                .error("tls", format!("is missing: the certificate is for SIP over TLS; give {address}, or remove its keys")))
        }
    }
}
