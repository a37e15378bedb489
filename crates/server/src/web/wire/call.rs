//! What travels on the connection of a call that a browser dials. Keys go through the call itself, as RFC 4733 events.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a page of the public site says. The line and the language stand in the address of the connection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FromVisitor {
    /// Dial. The first message, once.
    Dial {
        /// The browser's offer, with all its candidates.
        sdp: String,
    },
    /// The way to the server was lost: a new offer, over another network. `answer` follows, and the call goes on.
    Restart {
        /// The browser's offer, with all its candidates.
        sdp: String,
    },
    /// Here I am again: the connection of this call was lost. Instead of `dial`, on another connection; `returned` follows, or `ended`
    /// when there is no such call any more.
    Return {
        /// As it came with the first answer.
        ticket: String,
    },
    /// Hang up.
    Hangup {},
}

/// What a browser needs before it calls.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallSettings {
    /// For `RTCPeerConnection`, as it is.
    pub(crate) ice_servers: Vec<IceServer>,
}

/// A STUN or TURN server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IceServer {
    /// Its addresses.
    pub(crate) urls: Vec<String>,
    /// Of a TURN server: good until the time in it, Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) username: Option<String>,
    /// Of a TURN server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) credential: Option<String>,
}

/// What the server says to whoever dialled.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ToCaller {
    /// The hotline answers.
    Answer {
        /// Complete: no candidates follow.
        sdp: String,
        /// With the first answer: what to show when the page comes back over another connection. A secret of the page.
        #[serde(skip_serializing_if = "Option::is_none")]
        ticket: Option<String>,
    },
    /// The page is back: the call goes on over this connection.
    Returned {},
    /// The call is over, or never came about. The connection closes.
    Ended {
        /// Why.
        cause: DialEnd,
    },
}

/// How a dialled call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DialEnd {
    /// Either side hung up.
    HungUp,
    /// The line is full.
    Busy,
    /// There is no such line.
    UnknownLine,
    /// The program takes no more calls.
    Overloaded,
    /// Too many calls come from this network.
    TooMany,
    /// It could not be set up, or its audio was lost.
    Failed,
}
