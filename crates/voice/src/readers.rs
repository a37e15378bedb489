//! Everything here that reads what a stranger can send, as functions of bytes alone: the same code that the engine runs, without its
//! sockets, calls and limits. It exists so that tests (`tests/parsers_hold.rs`) and fuzz targets (`fuzz/` in the repository) can
//! put to it what no peer would. It decides nothing, and no part of the engine calls it.

pub use crate::media::reader::{
    AudioReader, BrowserReader, KeyReader, MediaRead, RtcpRead, RtpRead, media_datagram, rtcp_packet,
};
pub use crate::sip::reader::{SipAddressRead, SipFieldRead, SipRead, SipReader, sip_addresses, sip_field};

use crate::passport::read_identity;
use crate::registrar::digest::Authorization;
use crate::sdp::{Crypto, Local, SdpError, read_answer, read_offer, write_answer};
use crate::{BadPassport, EncryptionPolicy, Passport, Verstat};
use std::net::SocketAddr;

/// What two sides agree on in an exchange of session descriptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRead {
    /// Name of the codec.
    pub codec: &'static str,
    /// Its payload type.
    pub payload_type: u8,
    /// Payload type of telephone events.
    pub telephone_event: Option<u8>,
    /// Where media goes; none while the far end holds us.
    pub address: Option<SocketAddr>,
}

impl From<crate::sdp::Stream> for StreamRead {
    fn from(stream: crate::sdp::Stream) -> Self {
        let crate::sdp::Stream { address, codec, payload_type, telephone_event, .. } = stream;
        Self { codec: codec.name(), payload_type, telephone_event, address }
    }
}

/// Reads a phone's offer; the stream, and our answer with media at `local`. Under a key of its own the phone gets that key back.
///
/// # Errors
/// [`SdpError`] says why it is refused.
pub fn sdp_offer(offer: &[u8], local: SocketAddr) -> Result<(StreamRead, String), SdpError> {
    let offer = read_offer(offer, EncryptionPolicy::Preferred)?;
    let answer = write_answer(&offer, &Local { address: local, session_id: 1, version: 1 }, offer.stream.crypto.as_ref());
    Ok((offer.stream.into(), answer))
}

/// Reads the answer to an offer, as who made the offer would: a key in it has to be for one that was offered.
///
/// # Errors
/// [`SdpError`] says why it is refused.
pub fn sdp_answer(answer: &[u8], offer: &[u8]) -> Result<StreamRead, SdpError> {
    let offered: Vec<Crypto> =
        read_offer(offer, EncryptionPolicy::Preferred).ok().and_then(|offer| offer.stream.crypto).into_iter().collect();
    read_answer(answer, EncryptionPolicy::Preferred, &offered).map(Into::into)
}

/// Reads the value of an `a=crypto`; as it is written again. `None` where we could not serve it.
#[must_use]
pub fn sdp_key(value: &str) -> Option<String> {
    Crypto::read(value).map(|key| key.write())
}

/// A digest as a phone proves a password with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestRead {
    /// Its parameters by name, as far as they are used; quoted strings unquoted.
    pub parameters: Vec<(&'static str, String)>,
    /// Whether algorithm and quality of protection are the ones that we offer.
    pub is_as_offered: bool,
}

/// Reads an Authorization field. `None` where it is no digest that could be checked.
#[must_use]
pub fn digest(value: &str) -> Option<DigestRead> {
    let read = Authorization::parse(value)?;
    let is_as_offered = read.is_as_offered();
    let Authorization { username, realm, nonce, uri, response, algorithm, qop, nc, cnonce } = read;
    let needed = [("username", username), ("realm", realm), ("nonce", nonce), ("uri", uri), ("response", response)];
    let optional = [("algorithm", algorithm), ("qop", qop), ("nc", nc), ("cnonce", cnonce)];
    let given = optional.into_iter().filter_map(|(name, value)| Some((name, value?)));
    Some(DigestRead { parameters: needed.into_iter().chain(given).collect(), is_as_offered })
}

/// Reads a value of an Identity field. `None` where it is of another kind than caller ID.
#[must_use]
pub fn identity(value: &str) -> Option<Result<Passport, BadPassport>> {
    read_identity(value)
}

/// Reads a carrier's verdict, and the indicator beside it. `None` where the word is not known.
#[must_use]
pub fn verstat(value: &str, indicator: &str) -> Option<Verstat> {
    Verstat::read(value, Some(indicator))
}
