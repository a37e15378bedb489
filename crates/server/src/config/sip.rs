//! `[sip]`: where phones and trunks reach the program.

use super::ConfigError;
use super::document::Section;
use super::encryption;
use std::net::{Ipv4Addr, SocketAddr};
use walletline_voice::EncryptionPolicy;

/// The SIP listener and its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sip {
    /// The UDP listener.
    pub udp: SocketAddr,
    /// A TCP listener that is asked for. None is served in this version; the start says so.
    pub tcp: Option<SocketAddr>,
    /// Customers' calls at once, from phones and browsers together; the next one is told 503. Protects the calls that are up.
    pub calls_max: u32,
    /// Whether media has to be encrypted, where neither the trunk nor the line says so.
    pub encryption: EncryptionPolicy,
}

/// Twice what the largest group of agents the tests drive can hold in queues and calls; an operator raises it with the machine.
const CALLS_MAX_DEFAULT: u32 = 500;

impl Sip {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let address = "an address and port, for example 127.0.0.1:5060";
        let udp = section.parse("udp", address)?.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, 5060).into());
        let calls_max = section.number("calls_max", 1..=10_000)?.unwrap_or(CALLS_MAX_DEFAULT);
        let tcp = section.parse("tcp", address)?;
        // Who asks for encryption must not be left with clear text and a warning.
        for key in ["tls", "certificate", "private_key"] {
            section.not_yet(key, "SIP is spoken over UDP (sip.udp); remove this key")?;
        }
        let encryption = encryption::read(&mut section)?.unwrap_or_default();
        section.finish()?;
        Ok(Self { udp, tcp, calls_max, encryption })
    }
}
