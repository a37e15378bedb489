//! Reads the parts of SIP addresses that routing needs, from header values as they came: the address inside a name-addr, its
//! user, host and port, and header parameters such as `tag` and `expires`. Never resolves a name and never panics on any text.

use crate::SipTransport;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Port of SIP over UDP and TCP where an address names none (RFC 3261 section 19.1.2).
const SIP_PORT: u16 = 5060;
/// The same for TLS.
const SIPS_PORT: u16 = 5061;

/// Splits a From, To, Contact or Route value into its address and the parameters after it (without the leading `;`).
/// In the form without angle brackets the parameters belong to the header (RFC 3261 section 20).
pub(crate) fn split_name_addr(value: &str) -> Option<(&str, &str)> {
    let value = value.trim();
    let open = find_outside_quotes(value, b'<');
    let (uri, rest) = match open {
        Some(open) => {
            let inner = &value[open + 1..];
            let close = inner.find('>')?;
            (&inner[..close], &inner[close + 1..])
        }
        None => match value.find(';') {
            Some(semicolon) => value.split_at(semicolon),
            None => (value, ""),
        },
    };
    let uri = uri.trim();
    // A quote that is still here opened a display name that never ends.
    if uri.is_empty() || (open.is_none() && uri.contains('"')) {
        return None;
    }
    Some((uri, rest.trim().trim_start_matches(';').trim()))
}

/// The value of a parameter in a list such as `tag=abc;expires=60`; empty for one without a value.
pub(crate) fn param<'a>(params: &'a str, name: &str) -> Option<&'a str> {
    params.split(';').find_map(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// The tag of a From or To value.
pub(crate) fn tag(value: &str) -> Option<&str> {
    let (_, params) = split_name_addr(value)?;
    param(params, "tag").filter(|tag| !tag.is_empty())
}

/// Splits a header value with several addresses at the commas between them, not at those in quotes or brackets.
pub(crate) fn split_list(value: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped, mut angle) = (0, false, false, false);
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'<' if !quoted => angle = true,
            b'>' if !quoted => angle = false,
            b',' if !quoted && !angle => {
                parts.push(value[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(value[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn find_outside_quotes(value: &str, wanted: u8) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    value.bytes().position(|byte| {
        if escaped {
            escaped = false;
            return false;
        }
        match byte {
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => return byte == wanted && !quoted,
        }
        false
    })
}

/// A SIP or tel URI taken apart, borrowing from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SipUri<'a> {
    /// `sip`, `sips`, `tel`, or something we do not serve.
    pub(crate) scheme: &'a str,
    /// User part without password, still percent-encoded; the number of a tel URI; empty when there is none.
    pub(crate) user: &'a str,
    /// Host as written, brackets of an IPv6 address included; empty for every scheme but sip and sips.
    pub(crate) host: &'a str,
    /// Port, where one is written.
    pub(crate) port: Option<u16>,
    /// Parameters after the host, without the leading `;`.
    pub(crate) params: &'a str,
}

impl<'a> SipUri<'a> {
    /// Reads a URI without brackets around it. `None` where it has no scheme, no host, or a bad port.
    pub(crate) fn parse(uri: &'a str) -> Option<Self> {
        let (scheme, rest) = uri.trim().split_once(':')?;
        if scheme.is_empty() || !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) {
            return None;
        }
        if scheme.eq_ignore_ascii_case("tel") {
            let (user, params) = rest.split_once(';').unwrap_or((rest, ""));
            return (!user.is_empty()).then_some(Self { scheme, user, host: "", port: None, params });
        }
        if !scheme.eq_ignore_ascii_case("sip") && !scheme.eq_ignore_ascii_case("sips") {
            // What stands after another scheme has a grammar of its own.
            return (!rest.is_empty()).then_some(Self { scheme, user: "", host: "", port: None, params: "" });
        }
        // The user part may hold `;` and `?`, so it ends at the last `@` before anything else is looked for.
        let (user, rest) = rest.rsplit_once('@').unwrap_or(("", rest));
        let user = user.split_once(':').map_or(user, |(user, _password)| user);
        let rest = rest.split_once('?').map_or(rest, |(rest, _headers)| rest);
        let (host_port, params) = rest.split_once(';').unwrap_or((rest, ""));
        let (host, port) = split_port(host_port.trim())?;
        Some(Self { scheme, user, host, port, params })
    }

    /// Whether this is a scheme we take calls for.
    pub(crate) fn is_served(&self) -> bool {
        ["sip", "sips", "tel"].iter().any(|served| self.scheme.eq_ignore_ascii_case(served))
    }

    /// The transport that the URI asks for, where it does; `sips` is TLS whatever else is written (RFC 3261 section 26.2.2).
    pub(crate) fn transport(&self) -> Option<SipTransport> {
        if self.scheme.eq_ignore_ascii_case("sips") {
            return Some(SipTransport::Tls);
        }
        let named = param(self.params, "transport")?;
        [SipTransport::Udp, SipTransport::Tcp, SipTransport::Tls]
            .into_iter()
            .find(|known| named.eq_ignore_ascii_case(known.name()))
    }

    /// The host without the brackets of an IPv6 address: what a certificate must be for.
    pub(crate) fn host_name(&self) -> &'a str {
        self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(self.host)
    }

    /// The socket address, where the host is a literal. Names are never resolved here.
    pub(crate) fn socket_addr(&self) -> Option<SocketAddr> {
        let ip = match self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(v6) => IpAddr::V6(v6.parse::<Ipv6Addr>().ok()?),
            None => self.host.parse().ok()?,
        };
        let default = if self.transport() == Some(SipTransport::Tls) { SIPS_PORT } else { SIP_PORT };
        Some(SocketAddr::new(ip, self.port.unwrap_or(default)))
    }
}

/// A URI as it may stand in a Request-URI or a To: without the headers that a Contact may carry (section 19.1.1). They are not
/// taken over either, so that nobody who registers can have us send fields of theirs (section 19.1.5).
pub(crate) fn without_headers(uri: &str) -> &str {
    // An unescaped `?` may stand in the user part.
    let host = uri.rfind('@').map_or(0, |at| at + 1);
    uri[host..].find('?').map_or(uri, |at| &uri[..host + at])
}

fn split_port(host_port: &str) -> Option<(&str, Option<u16>)> {
    let colon = match host_port.find(']') {
        Some(close) => host_port[close..].find(':').map(|at| close + at),
        None => host_port.find(':'),
    };
    let (host, port) = match colon {
        Some(colon) => (&host_port[..colon], Some(host_port[colon + 1..].parse().ok()?)),
        None => (host_port, None),
    };
    (!host.is_empty()).then_some((host, port))
}

/// The user part with its percent-escapes read, where they make text.
pub(crate) fn unescape_user(user: &str) -> String {
    let bytes = user.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| user.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| user.to_owned())
}

/// Where a request to `uri` is sent. The address as given, unless it cannot be meant for us: a name, or a private address that
/// was told from behind a network address translator; then `seen`, where the phone's messages come from.
pub(crate) fn next_hop(uri: &str, seen: SocketAddr) -> SocketAddr {
    let Some(given) = SipUri::parse(uri).and_then(|uri| uri.socket_addr()) else { return seen };
    if given.ip() == seen.ip() || (is_reachable_from_afar(given.ip()) && given.port() != 0) { given } else { seen }
}

fn is_reachable_from_afar(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast())
        }
        IpAddr::V6(v6) => {
            !(v6.is_unique_local() || v6.is_loopback() || v6.is_unicast_link_local() || v6.is_unspecified() || v6.is_multicast())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn takes_addresses_apart() {
        let cases = [
            ("<sip:8000@10.0.0.1:5070;lr>;tag=ab", "sip:8000@10.0.0.1:5070;lr", Some("ab")),
            ("\"A <b>, \\\" c\" <sip:x@h>;expires=60;tag=\"q\"", "sip:x@h", Some("q")),
            ("sip:plain@h;tag=t", "sip:plain@h", Some("t")),
            ("<sip:x@h;tag=inner>", "sip:x@h;tag=inner", None),
        ];
        for (value, uri, wanted) in cases {
            assert_eq!(split_name_addr(value).map(|(uri, _)| uri), Some(uri), "{value}");
            assert_eq!(tag(value), wanted, "{value}");
        }
        for bad in ["<sip:x@h", "\"open <sip:x@h>", "\"open <sip:x@h>;tag=t"] {
            assert_eq!(split_name_addr(bad), None, "{bad}");
        }
    }

    #[test]
    fn takes_uris_apart() {
        let uri = SipUri::parse("sip:+44;x=1:pw@[2001:db8::1]:5071;transport=udp?a=b").unwrap();
        assert_eq!((uri.user, uri.host, uri.port, uri.params), ("+44;x=1", "[2001:db8::1]", Some(5071), "transport=udp"));
        assert_eq!(uri.socket_addr(), Some("[2001:db8::1]:5071".parse().unwrap()));
        assert_eq!(SipUri::parse("tel:8000;phone-context=x").map(|uri| uri.user), Some("8000"));
        assert_eq!(SipUri::parse("sip:h").unwrap().socket_addr(), None);
        assert_eq!(SipUri::parse("sip:1.2.3.4").unwrap().socket_addr(), Some("1.2.3.4:5060".parse().unwrap()));
        let secure = SipUri::parse("sips:a@1.2.3.4;transport=tcp").unwrap();
        assert_eq!((secure.transport(), secure.socket_addr()), (Some(SipTransport::Tls), Some("1.2.3.4:5061".parse().unwrap())));
        assert_eq!(SipUri::parse("sip:a@h;transport=TCP").unwrap().transport(), Some(SipTransport::Tcp));
        assert_eq!(SipUri::parse("sip:a@h;transport=ws").unwrap().transport(), None);
        for bad in ["", "sip:", "8000", "sip:x@h:99999", ":x"] {
            assert_eq!(SipUri::parse(bad), None, "{bad}");
        }
        assert_eq!(SipUri::parse("urn:service:sos").map(|uri| (uri.scheme, uri.is_served())), Some(("urn", false)));
        assert_eq!(unescape_user("%2B86%"), "+86%");
        let routed = "sip:a?b@h:5070;x=y?Route=%3Csip:evil%3E";
        assert_eq!((without_headers(routed), without_headers("tel:8000")), ("sip:a?b@h:5070;x=y", "tel:8000"));
    }

    #[test]
    fn splits_lists_outside_quotes_and_brackets() {
        assert_eq!(split_list("<sip:a@h>, \"x, y\" <sip:b,c@h>,, sip:d@h"), ["<sip:a@h>", "\"x, y\" <sip:b,c@h>", "sip:d@h"]);
    }

    #[test]
    fn sends_to_the_contact_unless_it_was_told_from_behind_a_translator() {
        let cases = [
            ("sip:a@127.0.0.1:6000", "127.0.0.1:5555", "127.0.0.1:6000"),
            ("sip:a@192.168.1.9:5060", "203.0.113.9:1024", "203.0.113.9:1024"),
            ("sip:a@198.51.100.7", "203.0.113.9:1024", "198.51.100.7:5060"),
            ("sip:a@phone.example", "203.0.113.9:1024", "203.0.113.9:1024"),
        ];
        for (uri, seen, wanted) in cases {
            assert_eq!(next_hop(uri, seen.parse().unwrap()), wanted.parse().unwrap(), "{uri} from {seen}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken_apart_without_panic(text in "\\PC{0,80}", seen in any::<u16>()) {
            let _ = tag(&text);
            let _ = unescape_user(&text);
            let _ = SipUri::parse(&text).map(|uri| uri.socket_addr());
            let joined: usize = split_list(&text).iter().map(|part| part.len()).sum();
            prop_assert!(joined <= text.len());
            let seen = SocketAddr::from(([127, 0, 0, 1], seen));
            let _ = next_hop(&text, seen);
        }
    }
}
