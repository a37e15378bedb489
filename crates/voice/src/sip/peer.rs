//! Where a far end was seen, and where a request to it goes: transport, address and, on TCP and TLS, the connection. Decides by the
//! text of an address alone; resolves no name and opens nothing.

use super::address::{SipUri, next_hop};
use crate::SipTransport;
use std::net::SocketAddr;

/// Where a message came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    pub(crate) transport: SipTransport,
    pub(crate) address: SocketAddr,
    /// The connection, on a transport that has one.
    pub(crate) flow: Option<u64>,
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) transport: SipTransport,
    pub(super) address: SocketAddr,
    /// The connection that is used while it is open. Without one, or when it is gone, another one to `address` is.
    pub(super) flow: Option<u64>,
    /// Whom a certificate must name, should a TLS connection have to be opened.
    pub(super) host: String,
}

impl Peer {
    /// A far end that sends datagrams.
    pub(crate) const fn udp(address: SocketAddr) -> Self {
        Self { transport: SipTransport::Udp, address, flow: None }
    }

    /// The way back to it.
    pub(super) fn hop(self) -> Hop {
        Hop { transport: self.transport, address: self.address, flow: self.flow, host: self.address.ip().to_string() }
    }
}

/// Where a request to `uri` is sent whose owner was seen at `seen`. The URI's own transport counts; one that names none is reached as
/// its owner was, so that nothing said over TLS is answered in clear. The open connection is used where the address is on its host:
/// a phone's Contact names the port it listens on, not the one it connected from (RFC 5626 in effect, without its parameters).
pub(super) fn route(uri: &str, seen: Peer) -> Hop {
    let parsed = SipUri::parse(uri);
    let transport = parsed.and_then(|uri| uri.transport()).unwrap_or(seen.transport);
    let address = next_hop(uri, seen.address);
    let flow = seen.flow.filter(|_| transport == seen.transport && address.ip() == seen.address.ip());
    let host = parsed.map(|uri| uri.host_name().to_owned()).filter(|host| !host.is_empty());
    Hop { transport, address, flow, host: host.unwrap_or_else(|| address.ip().to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_the_open_connection_unless_the_address_is_elsewhere() {
        let (udp, tcp, tls) = (SipTransport::Udp, SipTransport::Tcp, SipTransport::Tls);
        let cases = [
            // What the URI says, how its owner was seen, and then the transport, the address and whether the connection is used.
            ("sip:a@192.168.1.9:5060", tcp, tcp, "203.0.113.9:1024", true),
            ("sip:a@203.0.113.9:5070", tcp, tcp, "203.0.113.9:5070", true),
            ("sip:a@203.0.113.9:5070;transport=tcp", tls, tcp, "203.0.113.9:5070", false),
            ("sip:a@203.0.113.9", tls, tls, "203.0.113.9:5060", true),
            ("sips:a@198.51.100.7", tls, tls, "198.51.100.7:5061", false),
            ("sip:a@phone.example;transport=tls", tls, tls, "203.0.113.9:1024", true),
            ("sip:a@203.0.113.9;transport=udp", tcp, udp, "203.0.113.9:5060", false),
        ];
        for (uri, seen_by, transport, address, reused) in cases {
            let seen = Peer { transport: seen_by, address: "203.0.113.9:1024".parse().unwrap(), flow: Some(7) };
            let hop = route(uri, seen);
            assert_eq!((hop.transport, hop.address, hop.flow.is_some()), (transport, address.parse().unwrap(), reused), "{uri}");
        }
        assert_eq!(route("sips:a@pbx.example", Peer::udp("203.0.113.9:1".parse().unwrap())).host, "pbx.example");
        assert_eq!(route("nonsense", Peer::udp("203.0.113.9:1".parse().unwrap())).host, "203.0.113.9");
    }
}
