//! `[media]`: where audio is sent from and to.

use super::ConfigError;
use super::document::Section;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::time::Duration;
use walletline_voice::SilenceLimits;

/// The address and ports of media.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// The address media sockets are bound to.
    pub bind: IpAddr,
    /// The address told to phones and browsers.
    pub advertise: IpAddr,
    /// The UDP ports media may use.
    pub ports: RangeInclusive<u16>,
    /// How long the far end of a call over SIP may send no media at all before the call is ended.
    pub silence: SilenceLimits,
}

/// Fewer ports carry not one call: two legs, and a neighbour of each for RTCP.
const PORTS_MIN: u16 = 4;

impl Media {
    pub(super) fn read(mut section: Section) -> Result<Self, ConfigError> {
        let address = "an IP address, for example 127.0.0.1";
        let bind: IpAddr = section.parse("bind", address)?.unwrap_or_else(|| Ipv4Addr::LOCALHOST.into());
        let advertise: Option<IpAddr> = section.parse("advertise", address)?;
        if advertise.is_none() && bind.is_unspecified() {
            let what = format!("is missing: with media.bind = \"{bind}\" phones must be told an address they can reach");
            return Err(section.error("advertise", what));
        }
        if advertise.is_some_and(|ip| ip.is_unspecified() || ip.is_multicast()) {
            return Err(section.error("advertise", "must be an address that phones and browsers can reach"));
        }
        let ports = match section.text("ports")? {
            None => 30_000..=39_999,
            Some(text) => ports(&text).ok_or_else(|| {
                let what = format!("`{text}` is no range of ports: give first-last from 1024 to 65535, for example 30000-39999");
                section.error("ports", what)
            })?,
        };
        let SilenceLimits { expected, held } = SilenceLimits::default();
        let mut limit = |key, range, default| {
            section.number(key, range).map(|given| given.map_or(default, |seconds| Duration::from_secs(seconds.into())))
        };
        let silence = SilenceLimits {
            expected: limit("silence_s", 10..=86_400, expected)?,
            held: limit("silence_on_hold_s", 60..=86_400, held)?,
        };
        section.finish()?;
        Ok(Self { bind, advertise: advertise.unwrap_or(bind), ports, silence })
    }
}

fn ports(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-')?;
    let (first, last): (u16, u16) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first >= 1_024 && last.checked_sub(first)? >= PORTS_MIN - 1).then_some(first..=last)
}
