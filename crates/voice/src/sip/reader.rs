//! What the signalling makes of one datagram, and nothing after it: the guard, then the transaction layer's own reading, as the
//! receiving task asks them. For tests and fuzz targets.

use super::address::{SipUri, split_list, split_name_addr, tag, unescape_user, without_headers};
use super::fields::{RAck, ReferTo, Replaces, SessionExpires, info_key, min_se, rseq};
use super::guard::{Guard, Verdict};
use super::stack::agrees_on_tags;
use rsipstack::sip::{SipMessage, Transport};
use rsipstack::transport::SipConnection;
use std::net::SocketAddr;

/// What becomes of a SIP datagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SipRead {
    /// It goes on as these bytes. `understood` is false where the transaction layer cannot read it, and it is refused after all.
    Taken {
        /// As it came, or repaired.
        message: Vec<u8>,
        /// Whether a transaction can be made of it.
        understood: bool,
    },
    /// It is answered without any state.
    Answered(Vec<u8>),
    /// Nothing.
    Dropped,
}

/// An address as it stands in From, To, Contact or a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SipAddressRead {
    /// The address itself.
    pub uri: String,
    /// Its user part, percent-escapes read; none where the address cannot be taken apart.
    pub user: Option<String>,
    /// The tag after it.
    pub tag: Option<String>,
}

/// Judges datagrams as one engine does.
#[derive(Debug, Default)]
pub struct SipReader {
    guard: Guard,
}

impl SipReader {
    /// Reads one datagram.
    #[must_use]
    pub fn read(&self, datagram: &[u8], source: SocketAddr) -> SipRead {
        match self.guard.judge(datagram, source) {
            Verdict::Pass(message) => {
                let message = message.into_owned();
                let understood = is_understood(&message, source);
                SipRead::Taken { message, understood }
            }
            Verdict::Answer(answer) => SipRead::Answered(answer),
            Verdict::Drop => SipRead::Dropped,
        }
    }
}

/// What a header field or a body of one of SIP's extensions says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SipFieldRead {
    /// A Session-Expires, as it is written again.
    SessionExpires(String),
    /// A Min-SE.
    MinSe(u32),
    /// An RAck, as it is written again.
    RAck(String),
    /// An RSeq.
    RSeq(u32),
    /// A Replaces, as it is written again.
    Replaces(String),
    /// A Refer-To: the user part, and the Replaces within as it is written again.
    ReferTo(String, Option<String>),
    /// The key in the body of an INFO whose type is this name.
    Key(char),
}

/// Reads a header field by its full name, or the body of an INFO by its type. `None` where we would refuse or pass over it.
#[must_use]
pub fn sip_field(name: &str, value: &str) -> Option<SipFieldRead> {
    Some(match name {
        "Session-Expires" => SipFieldRead::SessionExpires(SessionExpires::parse(value)?.write()),
        "Min-SE" => SipFieldRead::MinSe(min_se(value)?),
        "RAck" => SipFieldRead::RAck(RAck::parse(value)?.write()),
        "RSeq" => SipFieldRead::RSeq(rseq(value)?),
        "Replaces" => SipFieldRead::Replaces(Replaces::parse(value)?.write()),
        "Refer-To" => {
            let read = ReferTo::parse(value).ok()?;
            SipFieldRead::ReferTo(read.user, read.replaces.map(|replaces| replaces.write()))
        }
        content_type => SipFieldRead::Key(info_key(content_type, value.as_bytes())?),
    })
}

fn is_understood(message: &[u8], source: SocketAddr) -> bool {
    let parsed = SipMessage::try_from(message)
        .ok()
        .and_then(|parsed| SipConnection::update_msg_received(parsed, source, Transport::Udp).ok());
    match parsed {
        Some(SipMessage::Request(request)) => agrees_on_tags(&request),
        Some(SipMessage::Response(_)) => true,
        None => false,
    }
}

/// Reads the addresses of a header value.
#[must_use]
pub fn sip_addresses(value: &str) -> Vec<SipAddressRead> {
    let read = |value: &str| {
        let (uri, _) = split_name_addr(value)?;
        let user = SipUri::parse(without_headers(uri)).map(|uri| unescape_user(uri.user));
        Some(SipAddressRead { uri: uri.to_owned(), user, tag: tag(value).map(str::to_owned) })
    };
    split_list(value).into_iter().filter_map(read).collect()
}
