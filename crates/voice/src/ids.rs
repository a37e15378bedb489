//! Names of legs, playbacks and clips: plain values that can cross a wire.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// One leg: our side of one call to one phone or browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LegId(pub u128);

impl fmt::Display for LegId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// One playback on a leg, chosen by the controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PlaybackId(pub u64);

/// The name of a clip in the library, for example `zh-CN/main.menu`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClipId(pub Arc<str>);

impl From<&str> for ClipId {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

/// What carries a SIP message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SipTransport {
    /// Datagrams. What was stored before there was a choice came so.
    #[default]
    Udp,
    /// A connection in clear.
    Tcp,
    /// An encrypted connection.
    Tls,
}

impl SipTransport {
    /// As a URI's `transport` parameter names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
        }
    }
}

/// Everything needed to end a confirmed SIP dialog without the process that set it up (RFC 3261 section 12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialogRecord {
    /// Call-ID.
    pub call_id: String,
    /// Our From (or To) header value, tag included.
    pub local: String,
    /// Their To (or From) header value, tag included.
    pub remote: String,
    /// Their Contact: the Request-URI of our BYE.
    pub remote_target: String,
    /// Route set, in order.
    pub routes: Vec<String>,
    /// A CSeq above every one we may have used.
    pub next_cseq: u32,
    /// Where the last message of the dialog came from.
    pub peer: std::net::SocketAddr,
    /// What carried it.
    #[serde(default)]
    pub transport: SipTransport,
}
